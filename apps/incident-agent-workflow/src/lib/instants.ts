/** How instants are shown and compared in sentences. Reckoning with them is in time.ts. */
import { secondsBetween } from './time.ts';

/** `03:12:05`, UTC: how sentences name a time of the incident's day. Text that is no instant stays as it is. */
export function clockTime(at: string): string {
  const milliseconds = Date.parse(at);
  return Number.isNaN(milliseconds) ? at : new Date(milliseconds).toISOString().slice(11, 19);
}

/** The earliest of them; undefined: there is none. */
export function earliest(instants: readonly string[]): string | undefined {
  let first: string | undefined;
  for (const at of instants) if (first === undefined || secondsBetween(first, at) < 0) first = at;
  return first;
}
