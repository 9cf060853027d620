/** When the process that fails was started, and what ran before it, as far as its metrics say. */
import type { Observation, Series } from '../domain/telemetry.ts';
import { secondsBetween } from '../lib/time.ts';
import type { AnalysisContext } from './context.ts';

export interface Deploys {
  /** Start of the process that fails; undefined: not known, or it was started after the onset. */
  readonly deployedAt: string | undefined;
  /** Start of its predecessor, seen in the window. */
  readonly previousAt: string | undefined;
  /** The revision that ran before the present one (`build_info`); undefined: not seen in the window. */
  readonly previousRevision: string | undefined;
}

const SKEW_SECONDS = 60;

export function deploysOf(observations: readonly Observation[], context: AnalysisContext, onset: string): Deploys {
  const starts = startTimes(seriesOf(observations, context, 'process_start_time_seconds'));
  const deployedAt = starts.findLast((at) => secondsBetween(at, onset) >= -SKEW_SECONDS);
  return {
    deployedAt,
    previousAt: starts.findLast((at) => deployedAt !== undefined && secondsBetween(at, deployedAt) > 0),
    previousRevision: previousRevision(seriesOf(observations, context, 'build_info')),
  };
}

function seriesOf(observations: readonly Observation[], context: AnalysisContext, metric: string): Series[] {
  return observations.flatMap(({ question, answer }) =>
    question.kind === 'metric' && question.metric === metric && question.service.name === context.service.name
      ? (answer.telemetry.series ?? [])
      : [],
  );
}

function startTimes(series: readonly Series[]): string[] {
  const seconds = new Set<number>();
  for (const { points } of series)
    for (const { value } of points) if (value !== null && value > 0) seconds.add(Math.round(value));
  return [...seconds].sort((a, b) => a - b).map((each) => new Date(each * 1000).toISOString());
}

/** The one that was seen last of those that are no longer seen. */
function previousRevision(series: readonly Series[]): string | undefined {
  const seen = series
    .map(({ labels, points }) => ({ revision: labels.revision, at: points.findLast(({ value }) => value === 1)?.at }))
    .filter((item): item is { revision: string; at: string } => item.revision !== undefined && item.at !== undefined)
    .sort((a, b) => secondsBetween(b.at, a.at));
  const current = seen.at(-1);
  return seen.findLast(({ revision }) => revision !== current?.revision)?.revision;
}
