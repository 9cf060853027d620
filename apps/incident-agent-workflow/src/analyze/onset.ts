/** When the failure began: metrics say roughly, the first error line says exactly (METHODS §1.5). */
import type { Observed } from '../domain/evidence.ts';
import { secondsBetween } from '../lib/time.ts';
import type { AnalysisContext } from './context.ts';
import { ERROR_LIKE, errorLikeness } from './logs/error-likeness.ts';
import { endedAlone } from './metrics/coverage.ts';
import { isNew, type Occurrence } from './novelty.ts';

/** A change must be this strong to take part in dating. */
const MIN_SCORE = 4;
/** A log line dates the onset if it lies so close to what the metrics say. */
const AGREEMENT_SECONDS = 300;
/** Below so many series a percentile is none. */
const MIN_SERIES = 4;

/** undefined: nothing could be dated. */
export function dateOnset(observed: readonly Observed[], context: AnalysisContext): string | undefined {
  const own = observed.filter((item) => item.service === context.service.name);
  const all = observed.flatMap((item) => (item.kind === 'metric' ? [item.data] : []));
  const [metrics, strongest] = metricOnsets(own, all);
  // Texts that were never seen before say it best; those that a guess of the onset put just before it come second.
  const strict = lineOnsets(own, (occurrence) => occurrence.baselineCount === 0);
  const lenient = lineOnsets(own, (occurrence) => isNew(occurrence, context));
  if (metrics === undefined) return strict[0] ?? lenient[0];
  const agrees =
    (dated = metrics) =>
    (at: string): boolean =>
      Math.abs(secondsBetween(at, dated)) <= AGREEMENT_SECONDS;
  // Where several weak changes came long before the first error, the strongest one may have come with it.
  return strict.find(agrees()) ?? strict.find(agrees(strongest)) ?? lenient.find(agrees()) ?? metrics;
}

/**
 * The 25th percentile of many, the strongest of few; never the minimum, which one false early onset would ruin. Then the
 * strongest in any case.
 */
function metricOnsets(
  own: readonly Observed[],
  all: Parameters<typeof endedAlone>[1],
): [string | undefined, string | undefined] {
  const dated: { at: string; score: number }[] = [];
  for (const item of own) {
    if (item.kind !== 'metric' || item.data.onset === null || item.data.direction === 'flat') continue;
    // What grows all the time began long before anybody felt it.
    if (item.data.shape === 'grows') continue;
    if (item.data.family === 'restart' || item.data.family === 'other' || item.data.family === 'traffic') continue;
    const isAway = item.data.family === 'availability' && (item.data.score === null || endedAlone(item.data, all));
    const score = isAway ? MIN_SCORE : (item.data.score ?? 0);
    if (score >= MIN_SCORE) dated.push({ at: item.data.onset, score });
  }
  const strongest = dated.toSorted((a, b) => b.score - a.score)[0]?.at;
  if (dated.length < MIN_SERIES) return [strongest, strongest];
  const inOrder = dated.map(({ at }) => at).sort((a, b) => secondsBetween(b, a));
  return [inOrder[Math.floor(inOrder.length / 4)], strongest];
}

/** First occurrences of error texts that were not there before, earliest first. */
function lineOnsets(own: readonly Observed[], isNovel: (occurrence: Occurrence) => boolean): string[] {
  const firsts: string[] = [];
  for (const item of own) {
    if (item.kind !== 'stack-trace' && item.kind !== 'logs') continue;
    if (item.kind === 'logs' && !isError(item.data)) continue;
    if (item.data.firstAt !== null && isNovel(item.data)) firsts.push(item.data.firstAt);
  }
  return firsts.sort((a, b) => secondsBetween(b, a));
}

/** What a process says when it dies has no level. */
function isError({ level, samples, template }: Extract<Observed, { kind: 'logs' }>['data']): boolean {
  if (level !== 'unknown') return level !== 'info';
  return errorLikeness({ level, message: samples[0]?.text ?? template, request: undefined }) >= ERROR_LIKE;
}
