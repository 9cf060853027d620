/** Evidence, hypotheses and what stays open, from what was collected. Pure: the same observations give the same bytes. */
import type { Evidence, Observed } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { Observation } from '../domain/telemetry.ts';
import { secondsBetween } from '../lib/time.ts';
import { checkAlert } from './alert-check.ts';
import { withCalm } from './calm/nothing-wrong.ts';
import { observeCode } from './code.ts';
import type { AnalysisContext } from './context.ts';
import { suspectedAskers } from './deep/askers.ts';
import { asksAnew, broughtBy } from './deep/asks.ts';
import { type Concluded, combined } from './deep/combine.ts';
import { tieOf, withTie } from './deep/origin.ts';
import { type Suspected, suspectedServices } from './deep/suspects.ts';
import { innocentServices, sufferers } from './deep/told.ts';
import { notChecked, ruledOut } from './exclusions.ts';
import { FAULT_RULES } from './fault-classes/all.ts';
import { type Reading, readRule } from './fault-classes/rule.ts';
import { numberGaps, refusedPaths, traceLosses, unlookedAt, wrongClocks } from './gaps.ts';
import { observeHistory, repositoryOf } from './history.ts';
import { classShares, rankHypotheses } from './hypotheses.ts';
import { logLosses, metricLosses } from './losses.ts';
import { observeMemory } from './memory.ts';
import { dateOnset } from './onset.ts';
import { observeTelemetry } from './producers.ts';
import { buildScene, type Scene, type SceneInput } from './scene.ts';
import { rankSuspects } from './suspicion.ts';
import { timelineOf } from './timeline.ts';
import { unheard } from './unheard.ts';

export function analyze(observations: readonly Observation[], context: AnalysisContext): Facts {
  const telemetry = observeTelemetry(observations, context);
  const onset = dateOnset(telemetry, context);
  const began = onset ?? context.provisionalOnset;
  const looked = lookedInto(observations, telemetry, context);
  const ranked: Ranked[] = [];
  for (const [index, each] of [context, ...looked.map((one) => one.context)].entries()) {
    const at = index === 0 ? began : onsetBeside(dateOnset(telemetry, each), began);
    const caller = ranked.find((one) => one.context.service.name === looked[index - 1]?.caller)?.unranked;
    ranked.push(ranksFor(each, { observations, telemetry, onset: at, caller }));
  }
  const evidence = numbered([
    ...telemetry,
    ...observeHistory(observations, ranked),
    ...observeCode(observations, context),
    ...observeMemory(observations, context),
  ]);
  const gaps = numberGaps(observations, [
    ...unlookedAt(
      context,
      looked.map((one) => one.context.service.name),
    ),
    ...refusedPaths(telemetry),
    ...traceLosses(telemetry),
    ...wrongClocks(observations, context),
    ...metricLosses(observations),
    ...logLosses(observations, context),
    ...unheard(observations, context, [context.service, ...looked.map((one) => one.context.service)]),
  ]);
  const scenes: Scene[] = [];
  for (const [index, each] of ranked.entries()) {
    const { caller: name, asks } = looked[index - 1] ?? {};
    const caller = scenes.find((scene) => scene.context.service.name === name);
    const callee = asks === true ? scenes[0] : undefined;
    scenes.push(buildScene({ ...each, observations, evidence, gaps, caller, callee }));
  }
  const [scene, ...deep] = scenes;
  if (!scene) throw new Error('the alerting service is always looked at');
  const readings = FAULT_RULES.map((rule) => readRule(rule, scene));
  const alertCheck = checkAlert(scene);
  const own: Concluded = {
    scene,
    rank: (weight) => withCalm((rest) => rankHypotheses(readings, scene, weight * rest), alertCheck, scene),
  };
  const hypotheses = combined([own, ...deep.flatMap((each) => conclude(each, readings) ?? [])]);
  return {
    service: context.service.name,
    registered: context.registered,
    dependents: sufferers(scenes, hypotheses),
    alertConfirmed: alertCheck.state,
    alertCheck: alertCheck.claim,
    window: context.window,
    onset: onset ?? null,
    repository: repositoryOf(observations, context) ?? null,
    evidence,
    gaps,
    hypotheses,
    ruledOut: [...innocentServices(deep), ...ruledOut(readings, hypotheses, scene)],
    notChecked: notChecked(readings, scene),
    timeline: timelineOf(scenes, onset ?? null, hypotheses),
  };
}

/** What comes of it is felt at once, or by the next alert: what began long before at a service has another reason. */
const FELT_WITHIN_SECONDS = 300;

function onsetBeside(own: string | undefined, began: string): string {
  return own !== undefined && Math.abs(secondsBetween(own, began)) <= FELT_WITHIN_SECONDS ? own : began;
}

interface LookedInto extends Partial<Suspected> {
  readonly context: AnalysisContext;
  /** It is looked into because it may ask otherwise, not because it is asked. */
  readonly asks?: boolean;
}

/** Suspected, and asked about. */
function lookedInto(
  observations: readonly Observation[],
  telemetry: readonly Observed[],
  context: AnalysisContext,
): LookedInto[] {
  const asked = new Set(
    observations.flatMap(({ question }) => (question.kind === 'logs' ? [question.service.name] : [])),
  );
  const called = suspectedServices(telemetry, context);
  const asking = suspectedAskers(telemetry, context).map((each) => ({ context: each, asks: true }));
  return [...called, ...asking].filter((one) => asked.has(one.context.service.name));
}

/** The same rules as for the alerting service, with the tie to its caller as one more witness; undefined: there is none. */
function conclude(scene: Scene, ofAlerting: readonly Reading[]): Concluded | undefined {
  const asks = asksAnew(scene);
  if (asks) {
    const brought = broughtBy(ofAlerting, asks);
    return { scene, rank: (weight) => rankHypotheses(brought, scene, weight) };
  }
  const tie = tieOf(scene);
  if (!tie) return undefined;
  const readings = withTie(
    FAULT_RULES.map((rule) => readRule(rule, scene)),
    tie,
  );
  return { scene, rank: (weight) => rankHypotheses(readings, scene, weight) };
}

interface Ranked extends Pick<SceneInput, 'context' | 'onset' | 'ranking'> {
  /** What the telemetry alone shows, before any commit is weighed. */
  readonly unranked: Scene;
}

/** First what kind of fault the telemetry alone speaks of; commits are weighed by it. */
function ranksFor(
  context: AnalysisContext,
  seen: Pick<SceneInput, 'observations' | 'onset' | 'caller'> & { readonly telemetry: readonly Observed[] },
): Ranked {
  const { observations, telemetry, onset, caller } = seen;
  const unranked = buildScene({
    observations,
    context,
    evidence: numbered(telemetry),
    gaps: [],
    onset,
    ranking: undefined,
    caller,
  });
  const classes = classShares(
    FAULT_RULES.map((rule) => readRule(rule, unranked)),
    unranked,
  );
  return { context, onset, unranked, ranking: rankSuspects(observations, telemetry, context, onset, classes) };
}

function numbered(observed: readonly Observed[]): Evidence[] {
  return observed.map((item, index) => ({ ...item, id: `E${index + 1}` }));
}
