/** Evidence, hypotheses and what stays open, from what was collected. Pure: the same observations give the same bytes. */
import type { Evidence, Observed } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { Observation } from '../domain/telemetry.ts';
import { checkAlert } from './alert-check.ts';
import { withCalm } from './calm/nothing-wrong.ts';
import { observeCode } from './code.ts';
import type { AnalysisContext } from './context.ts';
import { notChecked, ruledOut } from './exclusions.ts';
import { FAULT_RULES } from './fault-classes/all.ts';
import { readRule } from './fault-classes/rule.ts';
import { numberGaps, refusedPaths, traceLosses, unlookedAt, wrongClocks } from './gaps.ts';
import { observeHistory, repositoryOf } from './history.ts';
import { rankHypotheses } from './hypotheses.ts';
import { observeMemory } from './memory.ts';
import { dateOnset } from './onset.ts';
import { observeTelemetry } from './producers.ts';
import { buildScene } from './scene.ts';
import { rankSuspects } from './suspicion.ts';
import { timelineOf } from './timeline.ts';
import { dependentsOf } from './topology/verdict.ts';

export function analyze(observations: readonly Observation[], context: AnalysisContext): Facts {
  const telemetry = observeTelemetry(observations, context);
  const onset = dateOnset(telemetry, context);
  const began = onset ?? context.provisionalOnset;
  const ranking = rankSuspects(observations, telemetry, context, began);
  const evidence = numbered([
    ...telemetry,
    ...observeHistory(observations, context, ranking, began),
    ...observeCode(observations, context),
    ...observeMemory(observations, context),
  ]);
  const gaps = numberGaps(observations, [
    ...unlookedAt(context),
    ...refusedPaths(telemetry),
    ...traceLosses(telemetry),
    ...wrongClocks(observations, context),
  ]);
  const scene = buildScene({ observations, context, evidence, gaps, onset: began, ranking });
  const readings = FAULT_RULES.map((rule) => readRule(rule, scene));
  const alertCheck = checkAlert(scene);
  const hypotheses = withCalm(rankHypotheses(readings, scene), alertCheck, scene);
  return {
    service: context.service.name,
    registered: context.registered,
    dependents: dependentsOf(context),
    alertConfirmed: alertCheck.state,
    alertCheck: alertCheck.claim,
    window: context.window,
    onset: onset ?? null,
    repository: repositoryOf(observations, context) ?? null,
    evidence,
    gaps,
    hypotheses,
    ruledOut: ruledOut(readings, hypotheses, scene),
    notChecked: notChecked(readings, scene),
    timeline: timelineOf(scene, onset ?? null, hypotheses),
  };
}

function numbered(observed: readonly Observed[]): Evidence[] {
  return observed.map((item, index) => ({ ...item, id: `E${index + 1}` }));
}
