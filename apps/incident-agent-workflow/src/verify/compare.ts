/** One quantity of a sentence against what the cited evidence states, with the tolerances of METHODS §8. */
import { secondsBetween } from '../lib/time.ts';
import type { Quantity } from './quantities.ts';
import { quantitiesIn } from './quantities.ts';
import { isQuotedFrom, withoutQuotes } from './quotes.ts';
import type { Stated } from './stated.ts';

/** What is wrong; undefined: nothing. `contradicted`: the evidence has a figure of that kind, and it is another. */
export type Comparison = { readonly result: 'unsupported' | 'contradicted'; readonly reason: string } | undefined;

const INSTANT_TOLERANCE_SECONDS = 1;
const DAY_SECONDS = 86_400;

export function compareQuantity(quantity: Quantity, stated: Stated): Comparison {
  switch (quantity.kind) {
    case 'instant':
      return against(
        quantity,
        stated.instants,
        (at) => Math.abs(secondsBetween(at, quantity.at)) <= INSTANT_TOLERANCE_SECONDS,
      );
    case 'clock':
      return against(quantity, stated.instants, (at) => isClockOf(at, quantity.seconds, quantity.isToMinute));
    case 'day':
      return against(quantity, stated.instants, (at) => isDayOf(at, quantity));
    case 'verbatim':
      return isQuotedFrom(quantity.text, stated.texts)
        ? undefined
        : { result: 'unsupported', reason: `${quantity.text} does not stand in what is cited` };
    case 'hash':
      return compareHash(quantity.text, stated);
    case 'place':
      return comparePlace(quantity, stated);
    case 'percent':
      return comparePercent(quantity, stated);
    case 'duration':
      return compareDuration(quantity, stated);
    case 'bytes':
      return against(quantity, stated.bytes, (bytes) => isClose(quantity.bytes, bytes, 0.01, 0));
    case 'fold':
      return against(
        quantity,
        stated.changes,
        ({ before, after }) => before > 0 && isClose(quantity.factor, after / before, 0.15, 0),
      );
    case 'status':
      return against(quantity, [...stated.statuses, ...statusesInTexts(stated)], (status) => status === quantity.value);
    case 'line':
      return against(
        quantity,
        stated.places,
        ({ from, to }) => from > 0 && quantity.value >= from && quantity.value <= to,
      );
    case 'count':
      return compareCount(quantity, stated);
    default:
      return compareNumber(quantity, stated);
  }
}

function against<T>(quantity: { readonly text: string }, pool: readonly T[], holds: (item: T) => boolean): Comparison {
  if (pool.some(holds)) return undefined;
  if (pool.length === 0) return { result: 'unsupported', reason: `nothing cited bears out ${quantity.text}` };
  return { result: 'contradicted', reason: `${quantity.text} is not what the cited evidence says` };
}

function isClockOf(at: string, seconds: number, isToMinute: boolean): boolean {
  const milliseconds = Date.parse(at);
  if (Number.isNaN(milliseconds)) return false;
  const ofDay = (milliseconds / 1000) % DAY_SECONDS;
  if (isToMinute) return Math.floor(ofDay / 60) * 60 === seconds;
  const distance = Math.abs(ofDay - seconds);
  return Math.min(distance, DAY_SECONDS - distance) <= INSTANT_TOLERANCE_SECONDS;
}

function isDayOf(at: string, { year, month, day }: Extract<Quantity, { kind: 'day' }>): boolean {
  const date = new Date(at);
  if (year !== undefined && date.getUTCFullYear() !== year) return false;
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

/** At least seven characters, and of one commit only. */
function compareHash(text: string, stated: Stated): Comparison {
  const matching = new Set(stated.hashes.filter((hash) => hash.startsWith(text.toLowerCase())));
  if (matching.size > 1) return { result: 'unsupported', reason: `${text} fits more than one commit` };
  if (matching.size === 1) return undefined;
  if (stated.texts.some((seen) => seen.includes(text))) return undefined;
  return against({ text }, stated.hashes, () => false);
}

function comparePlace(quantity: Extract<Quantity, { kind: 'place' }>, stated: Stated): Comparison {
  const { path, line } = quantity;
  const ofFile = stated.places.filter((place) => place.path === path || place.path.endsWith(`/${path}`));
  if (ofFile.length === 0) {
    if (line === undefined && stated.texts.some((seen) => seen.includes(path))) return undefined;
    return { result: 'unsupported', reason: `${path} is not in what is cited` };
  }
  if (line === undefined || ofFile.some(({ from, to }) => from > 0 && line >= from && line <= to)) return undefined;
  return { result: 'contradicted', reason: `line ${line} of ${path} is not in what is cited` };
}

function comparePercent(quantity: Extract<Quantity, { kind: 'percent' }>, stated: Stated): Comparison {
  // Half of what is printed: one who says 0.3 % does not mean 0.1 %.
  const tolerance = 0.5 / 10 ** quantity.decimals + 1e-9;
  const inTexts = titleQuantities(stated).flatMap((other) => (other.kind === 'percent' ? [other.value] : []));
  const points = [...stated.ratios.map((ratio) => ratio * 100), ...inTexts];
  return against(quantity, points, (point) => {
    // Close to nothing and to everything half a point is a lie: 0 % is not 0.4 %.
    const isExact = quantity.value === 0 || quantity.value === 100;
    return Math.abs(point - quantity.value) <= (isExact ? 0.05 : tolerance);
  });
}

/** As stated, or between two instants that are: 5 %, or half of the unit that is printed. */
function compareDuration(quantity: Extract<Quantity, { kind: 'duration' }>, stated: Stated): Comparison {
  const between: number[] = [];
  for (const from of stated.instants)
    for (const to of stated.instants) {
      const seconds = secondsBetween(from, to);
      if (seconds > 0) between.push(seconds);
    }
  const inTexts = titleQuantities(stated).flatMap((other) => (other.kind === 'duration' ? [other.seconds] : []));
  return against(quantity, [...stated.durationsSeconds, ...inTexts, ...between], (seconds) =>
    isClose(quantity.seconds, seconds, 0.05, quantity.unitSeconds / 2),
  );
}

function compareCount(quantity: Extract<Quantity, { kind: 'count' }>, stated: Stated): Comparison {
  const pool = quantity.noun.startsWith('file') ? stated.fileCounts : stated.counts;
  return against(quantity, [...pool, ...numbersInTitles(stated)], (count) => count === quantity.value);
}

/** A bare number may be any figure of the evidence; decimals are as exact as they are printed. */
function compareNumber(quantity: Extract<Quantity, { kind: 'number' }>, stated: Stated): Comparison {
  const { value, decimals } = quantity;
  const whole = [
    ...stated.counts,
    ...stated.fileCounts,
    ...stated.statuses,
    ...numbersInTitles(stated),
    ...statusesInTexts(stated),
  ];
  if (whole.includes(value)) return undefined;
  return against(quantity, [...stated.values, ...stated.durationsSeconds, ...whole], (other) =>
    decimals === 0 && Math.abs(value) < 10 ? other === value : isClose(value, other, 0.01, 0.5 / 10 ** decimals),
  );
}

function isClose(said: number, found: number, ratio: number, absolute: number): boolean {
  return Math.abs(said - found) <= Math.max(ratio * Math.abs(found), absolute) + 1e-9;
}

function titleQuantities(stated: Stated): Quantity[] {
  return stated.titles.flatMap((title) => quantitiesIn(withoutQuotes(title.slice(0, MAX_TITLE_CHARACTERS))));
}
const MAX_TITLE_CHARACTERS = 600;

function numbersInTitles(stated: Stated): number[] {
  return titleQuantities(stated).flatMap((other) =>
    other.kind === 'number' || other.kind === 'count' ? [other.value] : [],
  );
}

/** `GET /items/ -> 502 (12 ms)`, `"status":502`: how logs write it. */
function statusesInTexts(stated: Stated): number[] {
  return stated.texts.flatMap((text) =>
    [...text.matchAll(/(?:->|status\w*["']?\s*[=:]|HTTP(?:\/[\d.]+)?|answered)\s*([1-5]\d\d)\b/gi)].map((match) =>
      Number(match[1]),
    ),
  );
}
