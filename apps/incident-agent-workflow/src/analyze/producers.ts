/** Everything that turns answers into evidence, in the order of the questions: that order numbers it. */
import type { Observed } from '../domain/evidence.ts';
import type { Question } from '../domain/question.ts';
import type { Observation } from '../domain/telemetry.ts';
import { observeAlerts } from './alerts.ts';
import type { AnalysisContext } from './context.ts';
import { observeLogs } from './logs/observe-logs.ts';
import { observeMetrics } from './metrics/observe-metrics.ts';
import { dateOnset } from './onset.ts';
import { observeProbes, observeTargets } from './probes.ts';
import { observeStackTraces } from './stack-traces/observe-stack-traces.ts';

/** Answers that say nothing of how a service is. */
const OF_CODE: ReadonlySet<Question['kind']> = new Set([
  'history',
  'file-lines',
  'blame',
  'grep',
  'diff',
  'events',
  'earlier-incidents',
]);

/** What the telemetry shows, before anything is known of commits and code; of one run worked out anew only when more came in. */
export function observeTelemetry(observations: readonly Observation[], context: AnalysisContext): readonly Observed[] {
  const size = observations.filter(({ question }) => !OF_CODE.has(question.kind)).length;
  const known = context.observed?.get(size);
  if (known) return known;
  const telemetry = observe(observations, context);
  context.observed?.set(size, telemetry);
  return telemetry;
}

/** Metrics first: they date what logs are compared by. */
function observe(observations: readonly Observation[], context: AnalysisContext): Observed[] {
  const metrics = observeMetrics(observations, context);
  const dated = { ...context, datedOnset: dateOnset(metrics, context) };
  return [
    ...observeAlerts(context),
    ...metrics,
    ...observeTargets(observations, context),
    ...observeProbes(observations, context),
    ...observeLogs(observations, dated),
    ...observeStackTraces(observations, dated),
  ];
}
