/** From raw probabilities with their outcomes to a map that says what they are worth (METHODS §7). */
import {
  type ConfidenceMap,
  logit,
  mapConfidence,
} from '../../../apps/incident-agent-workflow/src/domain/confidence-map.ts';
import { boundaries, mean } from './reliability.ts';

/** One labelled answer; `family`: what it must not be fitted on when it is judged. */
export interface Labelled {
  readonly raw: number;
  readonly isRight: boolean;
  readonly family: string;
}

/** METHODS §7, measured there: below it three shrunk bins have the smaller error. */
const PLATT_FROM = 40;
/** Fewer than this say nothing about any bin. */
const FEWEST = 6;
const BINS = 3;
/** Each bin counts as if so many more cases with the base rate were in it. */
const SHRINKAGE = 4;

export function fitMap(labelled: readonly Labelled[]): ConfidenceMap {
  if (labelled.length < FEWEST) return { kind: 'identity' };
  return labelled.length < PLATT_FROM ? fitBins(labelled) : fitPlatt(labelled);
}

/** Each answer as mapped by a fit that has seen nothing of its family, in the order given. */
export function crossFitted(labelled: readonly Labelled[]): number[] {
  const maps = new Map<string, ConfidenceMap>();
  for (const { family } of labelled)
    if (!maps.has(family)) maps.set(family, fitMap(labelled.filter((other) => other.family !== family)));
  return labelled.map(({ raw, family }) => mapConfidence(raw, maps.get(family) ?? { kind: 'identity' }));
}

const ROUNDS = 100;
const ENOUGH = 1e-10;
/** Keeps the system solvable where one side is empty or separable; the smoothed targets keep the answer finite. */
const RIDGE = 1e-6;

/** Platt (1999) with the targets of Lin, Lin and Weng (2007), by Newton's method on the log-odds. */
export function fitPlatt(labelled: readonly Labelled[]): ConfidenceMap {
  const rightCount = labelled.filter(({ isRight }) => isRight).length;
  const high = (rightCount + 1) / (rightCount + 2);
  const low = 1 / (labelled.length - rightCount + 2);
  const samples = labelled.map(({ raw, isRight }) => ({ x: logit(raw), target: isRight ? high : low }));
  let line = { slope: 0, intercept: logit((rightCount + 1) / (labelled.length + 2)) };
  for (let round = 0; round < ROUNDS; round += 1) {
    const step = newtonStep(samples, line);
    const next = halvedUntilBetter(samples, line, step);
    const moved = Math.abs(next.slope - line.slope) + Math.abs(next.intercept - line.intercept);
    line = next;
    if (moved < ENOUGH) break;
  }
  // A negative slope would turn the order of the scoring round: then the score tells nothing, and the base rate stands.
  if (line.slope < 0) return { kind: 'platt', slope: 0, intercept: logit(mean(samples.map(({ target }) => target))) };
  return { kind: 'platt', slope: line.slope, intercept: line.intercept };
}

interface Line {
  readonly slope: number;
  readonly intercept: number;
}
type Samples = readonly { readonly x: number; readonly target: number }[];

function newtonStep(samples: Samples, line: Line): Line {
  let [slopeSlope, slopeIntercept, interceptIntercept, slope, intercept] = [RIDGE, 0, RIDGE, 0, 0];
  for (const { x, target } of samples) {
    const said = 1 / (1 + Math.exp(-(line.slope * x + line.intercept)));
    const weight = said * (1 - said);
    slopeSlope += weight * x * x;
    slopeIntercept += weight * x;
    interceptIntercept += weight;
    slope += (said - target) * x;
    intercept += said - target;
  }
  const determinant = slopeSlope * interceptIntercept - slopeIntercept * slopeIntercept;
  return {
    slope: (interceptIntercept * slope - slopeIntercept * intercept) / determinant,
    intercept: (slopeSlope * intercept - slopeIntercept * slope) / determinant,
  };
}

function halvedUntilBetter(samples: Samples, line: Line, step: Line): Line {
  const before = loss(samples, line);
  for (let share = 1; share > 1e-8; share /= 2) {
    const next = { slope: line.slope - share * step.slope, intercept: line.intercept - share * step.intercept };
    if (loss(samples, next) <= before) return next;
  }
  return line;
}

function loss(samples: Samples, line: Line): number {
  return samples.reduce((sum, { x, target }) => {
    const odds = line.slope * x + line.intercept;
    // −t·ln p − (1−t)·ln(1−p) with p = σ(odds), written so that it does not overflow.
    return sum + Math.max(odds, 0) - odds * target + Math.log1p(Math.exp(-Math.abs(odds)));
  }, 0);
}

/** Bins of equal size, drawn to the base rate, pooled until they rise. */
export function fitBins(labelled: readonly Labelled[]): ConfidenceMap {
  const sorted = labelled.toSorted((a, b) => a.raw - b.raw);
  const baseRate = mean(sorted.map(({ isRight }) => Number(isRight)));
  const pooled: { from: number; count: number; rightCount: number }[] = [];
  const shrunk = (bin: { count: number; rightCount: number }) =>
    (bin.rightCount + SHRINKAGE * baseRate) / (bin.count + SHRINKAGE);
  for (const [from, to] of boundaries(
    sorted.map(({ raw }) => raw),
    BINS,
  )) {
    const own = sorted.slice(from, to);
    let bin = { from, count: own.length, rightCount: own.filter(({ isRight }) => isRight).length };
    for (let last = pooled.at(-1); last && shrunk(last) >= shrunk(bin); last = pooled.at(-1)) {
      bin = { from: last.from, count: last.count + bin.count, rightCount: last.rightCount + bin.rightCount };
      pooled.pop();
    }
    pooled.push(bin);
  }
  // A bin ends half-way between its last case and the first of the next one.
  const below = pooled.slice(1).map(({ from }) => ((sorted[from - 1]?.raw ?? 0) + (sorted[from]?.raw ?? 1)) / 2);
  return { kind: 'bins', below, values: pooled.map(shrunk) };
}
