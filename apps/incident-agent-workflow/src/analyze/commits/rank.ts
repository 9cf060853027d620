/** Which commit is suspect, "none of these" being a candidate too (METHODS §4). */
import type { Commit } from '../../domain/telemetry.ts';
import { secondsBetween } from '../../lib/time.ts';
import { exposuresOf } from './exposure.ts';
import type { FaultyLine } from './faulty-line.ts';
import { faultyLine } from './faulty-line.ts';
import { FEATURE_WEIGHTS, type Feature, type FeatureName, featureValue } from './feature-names.ts';
import { type CrimeScene, featuresOf } from './features.ts';
import { isInert } from './inert.ts';
import { type NoneInput, scoreOfNone } from './none.ts';
import { newestFirst } from './order.ts';

export interface Suspect {
  readonly commit: Commit;
  /** 0–1, all suspects and `none` together 1. */
  readonly suspicion: number;
  readonly features: readonly Feature[];
  /** True if something in the change itself fits the failure; being deployed last is not enough. */
  readonly isDirect: boolean;
  /** It was made, or came into service, shortly before the failure: without that it may be named, not blamed. */
  readonly isRecent: boolean;
  readonly at: FaultyLine | undefined;
  /** The service that it changes; absent: the one that fails. */
  readonly service?: string;
}
export interface SuspectRanking {
  /** Most suspect first. */
  readonly suspects: readonly Suspect[];
  readonly none: number;
  /** Not candidates, newest first: made after the alert, or not in what is deployed. */
  readonly excluded: readonly { readonly commit: Commit; readonly because: 'after-alert' | 'not-deployed' }[];
}
export interface RankingInput extends Pick<NoneInput, 'outside' | 'seenBefore'> {
  /** In any order. */
  readonly commits: readonly Commit[];
  readonly deployedRevision: string;
  readonly alertedAt: string;
  readonly scene: CrimeScene;
  /** Other repositories: of services that the failing one calls. Its frames do not lie in them. */
  readonly neighbours?: readonly { readonly commits: readonly Commit[]; readonly deployedRevision: string }[];
}

const BASE = -2;
/** Being the last to come into service is worth less where nothing in the change fits. */
const UNTIED = -0.7;
const SKEW_SECONDS = 60;
/** Features that tie a change to the very place or name that fails. Without a tie a commit is only "recent". */
const DIRECT: ReadonlySet<FeatureName> = new Set([
  'blame',
  'hunk-distance',
  'relied-on',
  'removed-symbol',
  'demanded-symbol',
  'brought-in',
  'setting-named',
  'package-named',
]);
const DIRECT_VALUE = 0.25;
/**
 * Without such a place the change must do something that brings this kind of failure about, and do and say enough beside:
 * that it speaks of the same things is what harmless neighbours have in common with the guilty.
 */
const EXPLAINS_FROM = 0.45;
const CONTENT: readonly FeatureName[] = ['protection-removed', 'class-match', 'token-overlap', 'topic-overlap'];
const LEAST_CONTENT = 1.7;

export function rankCommits(input: RankingInput): SuspectRanking {
  const own = eligible(input.commits, input.deployedRevision, input.alertedAt);
  const others = (input.neighbours ?? []).map((each) => eligible(each.commits, each.deployedRevision, input.alertedAt));
  const elsewhere = { ...input.scene, frames: [], blame: [], code: [], definitions: [], origins: [] };
  const scored = [
    ...scoredOf(own.candidates, input.scene),
    ...others.flatMap(({ candidates }) => scoredOf(candidates, elsewhere)),
  ];
  const noneScore = scoreOfNone({ ...input, candidates: own.candidates });
  const total = Math.exp(noneScore) + scored.reduce((sum, { score }) => sum + Math.exp(score), 0);
  const sorted = scored.toSorted((a, b) => b.score - a.score || (a.commit.hash < b.commit.hash ? -1 : 1));
  const suspects = sorted.map(({ commit, score, features, isDirect, isRecent, later }, index) => ({
    commit,
    suspicion: Math.exp(score) / total,
    features,
    isDirect,
    isRecent,
    at: isDirect || index === 0 ? placeIn(commit, later, input.scene, isDirect) : undefined,
  }));
  return { suspects, none: Math.exp(noneScore) / total, excluded: own.excluded };
}

/** Without a tie it is where to begin to read, and no more. */
function placeIn(
  commit: Commit,
  later: readonly Commit[],
  scene: CrimeScene,
  isDirect: boolean,
): FaultyLine | undefined {
  const at = isInert(commit) ? undefined : faultyLine(commit, later, scene);
  return at && !isDirect ? { path: at.path, line: at.line, rule: 'latest-change' } : at;
}

function scoredOf(candidates: readonly Commit[], scene: CrimeScene) {
  const features = featuresOf(candidates, scene);
  const exposures = exposuresOf(candidates, { ...scene, isSlow: false });
  return candidates.map((commit, index) => {
    const list = features.get(commit.hash) ?? [];
    const isDirect = !isInert(commit) && isTied(list);
    let score = BASE + (isDirect ? 0 : UNTIED);
    for (const feature of list) score += FEATURE_WEIGHTS[feature.name] * feature.value;
    return {
      commit,
      score,
      features: list,
      isDirect,
      isRecent: exposures.get(commit.hash)?.isRecent ?? false,
      later: candidates.slice(0, index).reverse(),
    };
  });
}

function isTied(features: readonly Feature[]): boolean {
  const value = (name: FeatureName) => featureValue(features, name);
  if (features.some((feature) => DIRECT.has(feature.name) && feature.value >= DIRECT_VALUE)) return true;
  if (value('brings-about') >= EXPLAINS_FROM) return true;
  if (value('class-match') < EXPLAINS_FROM) return false;
  return CONTENT.reduce((sum, name) => sum + FEATURE_WEIGHTS[name] * value(name), 0) >= LEAST_CONTENT;
}

function eligible(commits: readonly Commit[], deployedRevision: string, alertedAt: string) {
  const ordered = newestFirst(commits);
  const deployedIndex = ordered.findIndex((commit) => commit.hash === deployedRevision);
  const candidates: Commit[] = [];
  const excluded: { commit: Commit; because: 'after-alert' | 'not-deployed' }[] = [];
  for (const [index, commit] of ordered.entries()) {
    if (index < deployedIndex) excluded.push({ commit, because: 'not-deployed' });
    else if (secondsBetween(alertedAt, commit.committedAt) > SKEW_SECONDS)
      excluded.push({ commit, because: 'after-alert' });
    else candidates.push(commit);
  }
  return { candidates, excluded };
}
