/** The HTTP request that a trace belongs to: named in its own line, or answered right before or after it. */
import { millisecondsOf } from '../../lib/time.ts';
import type { ReadLine } from '../logs/read-log-line.ts';
import type { LoggedRequest } from '../logs/request-text.ts';

const MAX_LINES = 20;
const MAX_MILLISECONDS = 2_000;
/** A trace that names no request is tied only to one that failed right beside it. */
const MAX_LINES_UNNAMED = 5;

/** undefined: no request is named, and none failed close by in the same stream. */
export function failedRequest(lines: readonly ReadLine[], lineIndexes: readonly number[]): LoggedRequest | undefined {
  const first = lineIndexes[0] ?? 0;
  const last = lineIndexes.at(-1) ?? first;
  const own = lineIndexes.map((index) => lines[index]?.request).find((request) => request !== undefined);
  if (own && own.status !== null) return own;
  const reach = own ? MAX_LINES : MAX_LINES_UNNAMED;
  for (const index of outward(first, last, reach)) {
    const line = lines[index];
    const request = line?.request;
    if (!request || request.status === null || request.status < 500) continue;
    if (line.stream !== lines[first]?.stream || !isClose(line.at, lines[first]?.at)) continue;
    // The line of the failure names the route, the line of the answer the path: the method is what they share.
    if (!own || own.method === request.method) return request;
  }
  return own;
}

/** The answer is logged after its failure: below first, then above, one step at a time. */
function outward(first: number, last: number, reach: number): number[] {
  const indexes: number[] = [];
  for (let step = 1; step <= reach; step += 1) indexes.push(last + step, first - step);
  return indexes;
}

function isClose(left: string | undefined, right: string | undefined): boolean {
  const from = left === undefined ? undefined : millisecondsOf(left);
  const to = right === undefined ? undefined : millisecondsOf(right);
  return from === undefined || to === undefined || Math.abs(from - to) <= MAX_MILLISECONDS;
}
