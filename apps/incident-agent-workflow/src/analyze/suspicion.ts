/** From the first evidence to suspect commits: what is asked of the ranking, and how its answer is read. */
import type { Observed } from '../domain/evidence.ts';
import type { Commit, Observation } from '../domain/telemetry.ts';
import { earliest } from '../lib/instants.ts';
import { changedLines, textsOf } from '../lib/patches.ts';
import { secondsBetween } from '../lib/time.ts';
import { blamableTraces, framesOf } from './blamable.ts';
import { candidatesOf, OWN } from './candidates.ts';
import { allBlame, allCode } from './code.ts';
import type { ClassShares } from './commits/class-symptoms.ts';
import { type FeatureName, featureValue } from './commits/feature-names.ts';
import { newestFirst } from './commits/order.ts';
import { outsideCauses } from './commits/outside.ts';
import { type KnownHistory, placed, placedRollouts } from './commits/placed-rollouts.ts';
import { shiftsOf } from './commits/quantities.ts';
import type { Suspect, SuspectRanking } from './commits/rank.ts';
import { rankCommits } from './commits/rank.ts';
import type { Rollout } from './commits/rollout.ts';
import type { AnalysisContext } from './context.ts';
import type { ObservedTrace } from './crashes.ts';
import { spokenText, withoutFrames } from './crashes.ts';
import { crashNamesOf, definitionFrames } from './definitions.ts';
import { deploysOf, rolloutsOf } from './deploys.ts';
import { isEnvironmental } from './fault-classes/texts.ts';
import type { History } from './history.ts';
import { isNew } from './novelty.ts';
import { origins } from './origins.ts';
import { requestsByOutcome } from './reach/requests.ts';
import { sourcesOf } from './reach/sources.ts';
import { type Spectrum, spectrumOf } from './reach/spectrum.ts';
import { isCommonFailure, librariesOf, saidOf } from './said.ts';
import { isRequestLine, tellingOf } from './telling.ts';

/** undefined: the history could not be read. `classes`: of fault that fit, where the rules were read already. */
export function rankSuspects(
  observations: readonly Observation[],
  observed: readonly Observed[],
  context: AnalysisContext,
  dated: string,
  classes?: ClassShares,
): SuspectRanking | undefined {
  const told = rolloutsOf(observations, context);
  const candidates = candidatesOf(observations, context, told);
  if (!candidates) return undefined;
  const history = knownHistory(observations, candidates.own);
  const rollouts = placedRollouts(told, history);
  const { name } = context.service;
  const traces = blamableTraces(observed, context);
  const onset = beganFor(traces, rollouts, name, dated);
  const deploys = deploysOf(observations, context, onset);
  const messages = messagesOf(traces, observed, context);
  const frames = framesOf(traces);
  const alertedAt = earliest(context.alerts.map((alert) => alert.startsAt)) ?? context.window.to;
  const ranking = rankCommits({
    commits: candidates.own.commits,
    deployedRevision: placed(candidates.own.repository.deployedRevision, name, history) ?? '',
    neighbours: candidates.neighbours.map(({ commits, repository }) => ({
      commits,
      deployedRevision: repository.deployedRevision,
    })),
    alertedAt,
    scene: {
      frames,
      definitions: definitionFrames(observations, context.service.name, crashNamesOf(observations, frames)),
      origins: origins(observations, context.service.name),
      messages,
      said: saidOf(messages, observed, context),
      libraries: librariesOf(traces),
      code: allCode(observations, context.service.name),
      blame: allBlame(observations, context.service.name),
      onset,
      alertedAt,
      deploys: { ...deploys, previousRevision: placed(deploys.previousRevision, name, history) },
      rollouts,
      failing: context.service.name,
      serviceOf: candidates.serviceOf,
      nearness: candidates.nearness,
      classes,
      spectrum: spectrumIn(observations, name, onset),
      isCommon: isCommonFailure(observed, context),
      without: context.without,
    },
    outside: outsideCauses(observed, observations, context, onset),
    seenBefore: traces.length > 0 && traces.every((trace) => !isNew(trace.data, context)),
  });
  const suspects = ranking.suspects.map((suspect) => ({
    ...suspect,
    service: candidates.serviceOf.get(suspect.commit.hash) ?? context.service.name,
  }));
  return { ...ranking, suspects };
}

function spectrumIn(observations: readonly Observation[], service: string, onset: string): Spectrum | undefined {
  const sources = sourcesOf(observations, service);
  return sources.length === 0 ? undefined : spectrumOf(requestsByOutcome(observations, service, onset), sources);
}

const SKEW_SECONDS = 60;

/**
 * When that began which a change might explain. A dependency that was away for a moment is another matter: where the service
 * was deployed after that, and its own crashes were first seen after the deploy, they are what counts.
 */
function beganFor(
  traces: readonly ObservedTrace[],
  rollouts: readonly Rollout[],
  service: string,
  dated: string,
): string {
  const first = earliest(
    traces.flatMap(({ data }) => (data.baselineCount === 0 && data.firstAt !== null ? [data.firstAt] : [])),
  );
  if (first === undefined) return dated;
  const isBetween = rollouts.some(
    ({ kind, service: of, at }) =>
      kind === 'deploy' &&
      of === service &&
      secondsBetween(dated, at) > SKEW_SECONDS &&
      secondsBetween(at, first) >= -SKEW_SECONDS,
  );
  return isBetween ? first : dated;
}

/** Of the repository that the candidates lie in. */
function knownHistory(observations: readonly Observation[], own: History): KnownHistory {
  const all: Commit[] = [];
  const readAt = new Map<string, { revision: string; newest: string | undefined }>();
  for (const { question, answer } of observations) {
    const { commits, repository } = answer.telemetry;
    if (question.kind !== 'history' || !commits || repository?.root !== own.repository.root) continue;
    all.push(...commits);
    if (question.scope === undefined)
      readAt.set(question.service.name, {
        revision: repository.deployedRevision,
        // As git lists them.
        newest: commits[0]?.hash,
      });
  }
  return { all: newestFirst(all), candidates: own.commits, readAt };
}

/** Without a trace, the error lines have to do, unless they only speak of the outside. */
function messagesOf(
  traces: readonly ObservedTrace[],
  observed: readonly Observed[],
  context: AnalysisContext,
): string[] {
  if (traces.length > 0) return traces.map((trace) => spokenText(trace.data));
  const lines: string[] = [];
  for (const item of observed) {
    if (item.kind !== 'logs' || item.service !== context.service.name || item.data.level === 'info') continue;
    const text = tellingOf(withoutFrames(item.data.samples[0]?.text ?? item.data.template)).speech;
    if (isNew(item.data, context) && !isEnvironmental(text) && !isRequestLine(text)) lines.push(text);
  }
  return [...lines, ...(context.heard ?? [])];
}

/**
 * The commit that may be blamed: something in the change itself fits the failure, and more speaks for it than for none.
 * Never one without parents: a beginning (or the edge of a shallow clone) broke nothing that had worked before.
 */
export function accused(ranking: SuspectRanking): Suspect | undefined {
  const first = ranking.suspects[0];
  if (!first?.isDirect || first.commit.parents.length === 0) return undefined;
  return first.suspicion > ranking.none ? first : undefined;
}

const NAMED = { proximity: 0.3, share: 0.5 } as const;

/**
 * The commit that may be named, never blamed, where nothing in a change fits well enough: it came into service just before,
 * or it does what brings this class of fault about, and it is more likely than "none of these" and all others together.
 */
export function standingOut(ranking: SuspectRanking): Suspect | undefined {
  const [first] = ranking.suspects;
  if (!first || first.commit.parents.length === 0 || namedShare(ranking) < NAMED.share) return undefined;
  const value = (name: FeatureName) => featureValue(first.features, name);
  // What only rearranges or rewords seldom breaks anything, whenever it came.
  const isJustBefore = first.isRecent && value('deploy-proximity') >= NAMED.proximity && value('inert') === 0;
  return isJustBefore || first.isDirect ? first : undefined;
}

/** More likely than everything else together, "none of these" included. */
const DEPLOY_SHARE = 0.5;

/**
 * The first of the commits that one deploy brought in just before, where it is likelier that one of them did it than
 * anything else, and nothing tells them apart: whoever looks at the deploy begins with it. Named, never blamed.
 */
export function firstOfDeploy(ranking: SuspectRanking): Suspect | undefined {
  const [first] = ranking.suspects;
  if (!first || first.commit.parents.length === 0 || !isOfDeploy(first)) return undefined;
  const together = ranking.suspects.filter(isOfDeploy).reduce((sum, { suspicion }) => sum + suspicion, 0);
  return together >= DEPLOY_SHARE ? first : undefined;
}

/** Of the failing service, in service just before, and no mere rewording. */
function isOfDeploy({ features, isRecent }: Suspect): boolean {
  const value = (name: FeatureName) => featureValue(features, name);
  return (
    isRecent && value('service-match') === OWN && value('deploy-proximity') >= NAMED.proximity && value('inert') === 0
  );
}

/** How sure the first suspect is among all, 0–1. Of scores known to be under-confident the squares are compared. */
export function namedShare({ suspects, none }: SuspectRanking): number {
  const squares = suspects.map(({ suspicion }) => suspicion ** 2);
  const total = squares.reduce((sum, square) => sum + square, none ** 2);
  return total > 0 ? (squares[0] ?? 0) / total : 0;
}

/** Whatever the incident is put down to: the one that is blamed, else the one that stands out. */
export function putDownTo(ranking: SuspectRanking | undefined): Suspect | undefined {
  return ranking && (accused(ranking) ?? standingOut(ranking));
}

/** The one that is blamed, if its change touches the very place or name that fails. */
export function surelyAccused(ranking: SuspectRanking | undefined): Suspect | undefined {
  const suspect = ranking && accused(ranking);
  return suspect && isStrong(suspect) ? suspect : undefined;
}

/** Features that tie the change to the very place or name that fails, not only to the time. */
const STRONG: Readonly<Partial<Record<FeatureName, number>>> = {
  blame: 0.5,
  'hunk-distance': 0.5,
  'removed-symbol': 1,
  'demanded-symbol': 1,
  'brought-in': 1,
  'setting-named': 1,
  'package-named': 1,
  'brings-about': 0.45,
};

/** Whether it may be called the likely cause: its change touches what fails, and it did not serve well for long before. */
export function isStrong(suspect: Suspect): boolean {
  return suspect.isRecent && isTelling(suspect);
}

/** Whether its change touches the very place or name that fails, or does what brings such a failure about. */
export function isTelling(suspect: Suspect): boolean {
  const value = (name: FeatureName) => featureValue(suspect.features, name);
  if (suspect.features.some((feature) => feature.value >= (STRONG[feature.name] ?? Number.POSITIVE_INFINITY)))
    return true;
  // It took out or cut what keeps this very kind of failure away.
  if (value('explains') >= 0.45 && value('protection-removed') >= 0.6) return true;
  // Another program has names of its own: what they have in common is the trade that both are in. And what only says
  // something else says it in the names of what is near.
  if (value('service-match') !== OWN || value('inert') > 0) return false;
  return value('token-overlap') + value('relied-on') >= 0.8;
}

/** It brought in what the error names, in a change that cuts a limit of time. */
export function shortensPatience({ commit, features }: Suspect): boolean {
  const isNamed = features.some(({ name, value }) => name === 'brought-in' && value > 0);
  const isCut = commit.files.some(({ patch }) => {
    const lines = changedLines(patch);
    return shiftsOf(textsOf(lines, '-'), textsOf(lines, '+')).some(({ logRatio }) => logRatio < 0);
  });
  return isNamed && isCut;
}

/**
 * How sure the first suspect is, 0–1. The share alone is too low: many weak candidates add up (METHODS §4 measures it as
 * under-confident), so it is averaged, geometrically, with the share against its strongest rival and "none of these",
 * which counts twice. Hand-set until fitted on a corpus.
 */
export function commitShare(ranking: SuspectRanking): number {
  const [first, second] = ranking.suspects;
  if (!first) return 0;
  const againstRivals = first.suspicion / (first.suspicion + (second?.suspicion ?? 0) + ranking.none);
  return Math.cbrt(first.suspicion * againstRivals * againstRivals);
}
