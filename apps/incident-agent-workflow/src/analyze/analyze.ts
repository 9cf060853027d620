/** Evidence, hypotheses and what stays open, from what was collected. Pure: the same observations give the same bytes. */
import type { Evidence, Observed } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import type { Observation } from '../domain/telemetry.ts';
import { type AlertCheck, checkAlert } from './alert-check.ts';
import { observeCode } from './code.ts';
import { CAP_NOT_REPRODUCED, calibrated, groupsOf } from './confidence.ts';
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
import { buildScene, type Scene } from './scene.ts';
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
  const hypotheses = hypothesesOf(rankHypotheses(readings, scene), alertCheck, scene);
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

/** Where the alert is contradicted and nothing else is likely, "nothing is wrong" is the first hypothesis. */
function hypothesesOf(ranked: readonly Hypothesis[], check: AlertCheck, scene: Scene): Hypothesis[] {
  if (check.state !== 'not-confirmed') return [...ranked];
  const groups = groupsOf(check.signals);
  const raw = groups.length > 1 ? CAP_NOT_REPRODUCED : 0.6;
  const calm: Omit<Hypothesis, 'id'> = {
    cause: {
      kind: 'none',
      class: null,
      service: scene.context.service.name,
      dependency: null,
      commit: null,
      file: null,
      line: null,
    },
    statement: check.claim,
    ...calibrated(raw, 'none', groups.length),
    groups,
    supporting: check.signals.map(({ words, cites }) => ({
      text: `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}.`,
      cites: [...cites],
    })),
    contradicting: [],
    wouldChange: ['Lowered by: the service not answering when it is asked again'],
    actions: ['Ask the health address again; check the rule and its labels if it goes on answering'],
  };
  return [calm, ...ranked]
    .sort((a, b) => b.confidence - a.confidence)
    .map((hypothesis, index) => ({ ...hypothesis, id: `H${index + 1}` }));
}
