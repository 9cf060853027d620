/** Instants as ISO 8601 text, up to nine decimals. A Date keeps three, so what has more is computed in nanoseconds. */

import { canonicalMilliseconds } from './instant-text.ts';

/** Milliseconds since 1970; undefined where the text is no instant. Decimals beyond three are cut. */
export function millisecondsOf(instant: string): number | undefined {
  const known = instant.length === 24 ? canonicalMilliseconds(instant) : Number.NaN;
  const milliseconds = Number.isNaN(known) ? Date.parse(instant) : known;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** ISO 8601 in UTC with three decimals. Out of the range of a Date: undefined. */
export function isoOfMilliseconds(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Nanoseconds since 1970, all nine decimals kept; undefined where the text is no instant. */
export function nanosecondsOf(instant: string): bigint | undefined {
  const milliseconds = millisecondsOf(instant);
  if (milliseconds === undefined) return undefined;
  const beyondMilliseconds = /\.\d{3}(\d{1,6})/.exec(instant)?.[1] ?? '';
  return BigInt(milliseconds) * 1_000_000n + BigInt(beyondMilliseconds.padEnd(6, '0'));
}

/** ISO 8601 in UTC with nine decimals, as many as Loki keeps. undefined: out of the range of a Date. */
export function isoOfNanoseconds(nanoseconds: bigint): string | undefined {
  const beyondMilliseconds = ((nanoseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const iso = isoOfMilliseconds(Number((nanoseconds - beyondMilliseconds) / 1_000_000n));
  return iso?.replace('Z', `${String(beyondMilliseconds).padStart(6, '0')}Z`);
}

/** From `earlier` to `later`, negative when they are the other way round. NaN where one is no instant. */
export function secondsBetween(earlier: string, later: string): number {
  const from = nanosecondsOf(earlier);
  const to = nanosecondsOf(later);
  return from === undefined || to === undefined ? Number.NaN : Number(to - from) / 1e9;
}

/** In UTC with three decimals. The instant itself where it cannot be moved that far. */
export function plusSeconds(instant: string, seconds: number): string {
  return isoOfMilliseconds((millisecondsOf(instant) ?? Number.NaN) + seconds * 1000) ?? instant;
}

/** Orders instants whatever their decimals and offsets; what is no instant comes last. */
export function compareInstants(left: string, right: string): number {
  const a = nanosecondsOf(left);
  const b = nanosecondsOf(right);
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a < b ? -1 : Number(a > b);
}
