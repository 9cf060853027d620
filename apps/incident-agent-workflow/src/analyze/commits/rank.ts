/** Which commit is suspect, "none of these" being a candidate too (METHODS §4). */
import type { Commit } from '../../domain/telemetry.ts';
import { secondsBetween } from '../../lib/time.ts';
import type { FaultyLine } from './faulty-line.ts';
import { faultyLine } from './faulty-line.ts';
import type { CrimeScene, Feature, FeatureName } from './features.ts';
import { FEATURE_WEIGHTS, featuresOf } from './features.ts';
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
  readonly at: FaultyLine | undefined;
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
const SKEW_SECONDS = 60;
/** Features that tie a change to this failure. Without one of them a commit is only "recent". */
const DIRECT: ReadonlySet<FeatureName> = new Set([
  'blame',
  'hunk-distance',
  'token-overlap',
  'relied-on',
  'removed-symbol',
  'package-named',
]);
const DIRECT_VALUE = 0.25;
/** A change whose effect explains the kind of failure, and that speaks of the same things. */
const EXPLAINS: readonly (readonly [FeatureName, number])[] = [
  ['class-match', 0.5],
  ['topic-overlap', 0.3],
];

export function rankCommits(input: RankingInput): SuspectRanking {
  const own = eligible(input.commits, input.deployedRevision, input.alertedAt);
  const others = (input.neighbours ?? []).map((each) => eligible(each.commits, each.deployedRevision, input.alertedAt));
  const elsewhere = { ...input.scene, frames: [], blame: [], code: [] };
  const scored = [
    ...scoredOf(own.candidates, input.scene),
    ...others.flatMap(({ candidates }) => scoredOf(candidates, elsewhere)),
  ];
  const noneScore = scoreOfNone({ ...input, candidates: own.candidates });
  const total = Math.exp(noneScore) + scored.reduce((sum, { score }) => sum + Math.exp(score), 0);
  const suspects = scored
    .map(({ commit, score, features, isDirect, later }) => ({
      commit,
      suspicion: Math.exp(score) / total,
      features,
      isDirect,
      at: isDirect ? faultyLine(commit, later, input.scene) : undefined,
    }))
    .sort((a, b) => b.suspicion - a.suspicion || (a.commit.hash < b.commit.hash ? -1 : 1));
  return { suspects, none: Math.exp(noneScore) / total, excluded: own.excluded };
}

function scoredOf(candidates: readonly Commit[], scene: CrimeScene) {
  const features = featuresOf(candidates, scene);
  return candidates.map((commit, index) => {
    const list = features.get(commit.hash) ?? [];
    let score = BASE;
    for (const feature of list) score += FEATURE_WEIGHTS[feature.name] * feature.value;
    return {
      commit,
      score,
      features: list,
      isDirect: !isInert(commit) && isTied(list),
      later: candidates.slice(0, index).reverse(),
    };
  });
}

function isTied(features: readonly Feature[]): boolean {
  const value = (name: FeatureName) => features.find((feature) => feature.name === name)?.value ?? 0;
  return (
    features.some((feature) => DIRECT.has(feature.name) && feature.value >= DIRECT_VALUE) ||
    EXPLAINS.every(([name, least]) => value(name) >= least)
  );
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
