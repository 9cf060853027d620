/** Which commit is suspect, "none of these" being a candidate too (METHODS §4). */
import type { Commit } from '../../domain/telemetry.ts';
import { secondsBetween } from '../../lib/time.ts';
import type { FaultyLine } from './faulty-line.ts';
import { faultyLine } from './faulty-line.ts';
import type { CrimeScene, Feature } from './features.ts';
import { FEATURE_WEIGHTS, featuresOf } from './features.ts';
import { isInert } from './inert.ts';

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
export interface RankingInput {
  readonly commits: readonly Commit[];
  readonly deployedRevision: string;
  readonly alertedAt: string;
  readonly scene: CrimeScene;
  /** The error texts speak of something outside the repository: network, name service, provider, disk. */
  readonly outsideRepository: boolean;
  /** The same failure was seen before the onset. */
  readonly seenBefore: boolean;
}

const BASE = -2;
const NONE_BASE = 1.5;
const SKEW_SECONDS = 60;
/** Features that tie a change to this failure. Without one of them a commit is only "recent". */
const DIRECT = new Set(['blame', 'hunk-distance', 'token-overlap', 'relied-on', 'removed-symbol']);
const DIRECT_VALUE = 0.25;

export function rankCommits(input: RankingInput): SuspectRanking {
  const { candidates, excluded } = eligible(input);
  const features = featuresOf(candidates, input.scene);
  const scored = candidates.map((commit, index) => {
    const list = features.get(commit.hash) ?? [];
    let score = BASE;
    for (const feature of list) score += FEATURE_WEIGHTS[feature.name] * feature.value;
    const isDirect =
      !isInert(commit) && list.some((feature) => DIRECT.has(feature.name) && feature.value >= DIRECT_VALUE);
    return { commit, score, features: list, isDirect, later: candidates.slice(0, index).reverse() };
  });
  const noneScore = scoreOfNone(input, candidates);
  const total = Math.exp(noneScore) + scored.reduce((sum, { score }) => sum + Math.exp(score), 0);
  const suspects = scored
    .map(({ commit, score, features: list, isDirect, later }) => ({
      commit,
      suspicion: Math.exp(score) / total,
      features: list,
      isDirect,
      at: isDirect ? faultyLine(commit, later, input.scene) : undefined,
    }))
    .sort((a, b) => b.suspicion - a.suspicion || (a.commit.hash < b.commit.hash ? -1 : 1));
  return { suspects, none: Math.exp(noneScore) / total, excluded };
}

function eligible({ commits, deployedRevision, alertedAt }: RankingInput) {
  const deployedIndex = commits.findIndex((commit) => commit.hash === deployedRevision);
  const candidates: Commit[] = [];
  const excluded: { commit: Commit; because: 'after-alert' | 'not-deployed' }[] = [];
  for (const [index, commit] of commits.entries()) {
    if (index < deployedIndex) excluded.push({ commit, because: 'not-deployed' });
    else if (secondsBetween(alertedAt, commit.committedAt) > SKEW_SECONDS)
      excluded.push({ commit, because: 'after-alert' });
    else candidates.push(commit);
  }
  return { candidates, excluded };
}

function scoreOfNone({ scene, outsideRepository, seenBefore }: RankingInput, candidates: readonly Commit[]): number {
  const { deployedAt } = scene.deploys;
  const sinceDeploySeconds = deployedAt === undefined ? undefined : secondsBetween(deployedAt, scene.onset);
  const touchesFrame = candidates.some((commit) =>
    commit.files.some((file) => scene.frames.some((frame) => frame.path === file.path)),
  );
  let score = NONE_BASE;
  if (outsideRepository) score += 1.5;
  if (seenBefore) score += 1;
  if (sinceDeploySeconds !== undefined && sinceDeploySeconds > 86_400) score += 1;
  if (sinceDeploySeconds !== undefined && sinceDeploySeconds >= -SKEW_SECONDS && sinceDeploySeconds < 600) score -= 0.5;
  if (touchesFrame && !seenBefore && !outsideRepository) score -= 1;
  return score;
}
