/** Everything that turns answers into evidence, in the order of the questions: that order numbers it. */
import type { Observed } from '../domain/evidence.ts';
import type { Observation } from '../domain/telemetry.ts';
import { observeAlerts } from './alerts.ts';
import type { AnalysisContext } from './context.ts';
import { observeLogs } from './logs/observe-logs.ts';
import { observeMetrics } from './metrics/observe-metrics.ts';
import { observeProbes, observeTargets } from './probes.ts';
import { observeStackTraces } from './stack-traces/observe-stack-traces.ts';

/** What the telemetry shows, before anything is known of commits and code. */
export function observeTelemetry(observations: readonly Observation[], context: AnalysisContext): Observed[] {
  return [
    ...observeAlerts(context),
    ...observeMetrics(observations, context),
    ...observeTargets(observations, context),
    ...observeProbes(observations, context),
    ...observeLogs(observations, context),
    ...observeStackTraces(observations, context),
  ];
}
