/** Figures may all be right and the sentence turn them around: `from 31 % to 1 %`, or "fell" of what rose. */
import type { Comparison } from './compare.ts';
import { type Quantity, quantitiesIn } from './quantities.ts';
import type { Stated } from './stated.ts';

const FROM_TO = /\bfrom\s+(.{1,40}?)\s+to\s+(?:about |at most |at least |up to )?(.{1,40})/gi;
const ROSE = /\b(?:rose|rises?|risen|rising|increas(?:e[sd]?|ing)|grew|grows?|climbed|jumped|went up)\b/i;
const FELL = /\b(?:fell|falls?|fallen|falling|drop(?:s|ped)?|decreas(?:e[sd]?|ing)|sank|shrank|went down)\b/i;
/** As for any figure (METHODS §8). */
const TOLERANCE_RATIO = 0.01;
const LEAST_TOLERANCE = 0.005;

/** undefined: it does not, or nobody can tell. `own`: the sentence without quotes. */
export function turnedAround(own: string, stated: Stated): Comparison {
  for (const [text, left = '', right = ''] of own.matchAll(FROM_TO)) {
    const [before, after] = [figureOf(left), figureOf(right)];
    if (before === undefined || after === undefined) continue;
    const has = (from: number, to: number) =>
      stated.changes.some((change) => isNear(change.before, from) && isNear(change.after, to));
    if (!has(before, after) && has(after, before) && !stated.titles.some((title) => title.includes(text.trim())))
      return { result: 'contradicted', reason: `it was the other way round: ${text.trim()}` };
  }
  return wrongWay(own, stated);
}

/** Where only metrics are cited, and all of them went the other way. */
function wrongWay(own: string, { directions, titles }: Stated): Comparison {
  if (directions.length === 0 || directions.length < titles.length) return undefined;
  const [rose, fell] = [ROSE.exec(own)?.[0], FELL.exec(own)?.[0]];
  const said = rose !== undefined && fell !== undefined ? undefined : (rose ?? fell);
  const right = rose === undefined ? 'down' : 'up';
  if (said === undefined || directions.includes(right)) return undefined;
  return { result: 'contradicted', reason: `says “${said}” of what did not` };
}

function figureOf(text: string): number | undefined {
  const [first] = quantitiesIn(text);
  return first && figureIn(first);
}

function figureIn(quantity: Quantity): number | undefined {
  switch (quantity.kind) {
    case 'percent':
      return quantity.value / 100;
    case 'duration':
      return quantity.seconds;
    case 'bytes':
      return quantity.bytes;
    case 'count':
    case 'number':
      return quantity.value;
    default:
      return undefined;
  }
}

function isNear(found: number, said: number): boolean {
  return Math.abs(found - said) <= Math.max(TOLERANCE_RATIO * Math.abs(found), LEAST_TOLERANCE);
}
