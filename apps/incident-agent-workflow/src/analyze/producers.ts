/** Everything that turns answers into evidence, in the order of the questions: that order numbers it. */
import type { Observed } from '../domain/evidence.ts';
import type { Observation } from '../domain/telemetry.ts';
import { observeAlerts } from './alerts.ts';
import type { AnalysisContext } from './context.ts';
import { observeLogs } from './logs/observe-logs.ts';
import { observeMetrics } from './metrics/observe-metrics.ts';
import { dateOnset } from './onset.ts';
import { observeProbes, observeTargets } from './probes.ts';
import { observeStackTraces } from './stack-traces/observe-stack-traces.ts';

/** What the telemetry shows, before anything is known of commits and code. Metrics first: they date what logs are compared by. */
export function observeTelemetry(observations: readonly Observation[], context: AnalysisContext): Observed[] {
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
