/** How much speaks for "none of these commits": a cause outside of every repository (METHODS §4, u(NONE)). */
import type { Commit } from '../../domain/telemetry.ts';
import { secondsBetween } from '../../lib/time.ts';
import type { CrimeScene } from './features.ts';

/** One thing outside of the repositories that failed, ended or changed. */
export interface OutsideCause {
  readonly kind:
    | 'network'
    | 'name service'
    | 'provider'
    | 'certificate'
    | 'credentials'
    | 'host'
    | 'disk'
    | 'clock'
    | 'traffic'
    | 'poison data';
  /** In one sentence without a full stop. */
  readonly words: string;
}
export interface NoneInput {
  readonly candidates: readonly Commit[];
  readonly scene: CrimeScene;
  readonly outside: readonly OutsideCause[];
  /** The same failure was seen before the onset. */
  readonly seenBefore: boolean;
}

const NONE_BASE = 1.5;
const OUTSIDE = 1.5;
/** A second witness of another kind: half as much again. */
const SECOND_OUTSIDE = 0.75;
const DAY_SECONDS = 86_400;
const SOON_SECONDS = 600;
const SKEW_SECONDS = 60;

export function scoreOfNone({ candidates, scene, outside, seenBefore }: NoneInput): number {
  const kinds = new Set(outside.map(({ kind }) => kind));
  const sinceDeploy = secondsSinceDeploy(scene);
  const touchesFrame = candidates.some((commit) =>
    commit.files.some((file) => scene.frames.some((frame) => frame.path === file.path)),
  );
  let score = NONE_BASE;
  if (kinds.size > 0) score += OUTSIDE;
  if (kinds.size > 1) score += SECOND_OUTSIDE;
  if (seenBefore) score += 1;
  if (sinceDeploy !== undefined && sinceDeploy > DAY_SECONDS) score += 1;
  if (sinceDeploy !== undefined && sinceDeploy < SOON_SECONDS) score -= 0.5;
  if (touchesFrame && !seenBefore && kinds.size === 0) score -= 1;
  return score;
}

/** Since the last one before the onset; undefined: no deploy is known. */
function secondsSinceDeploy({ deploys, rollouts, onset }: CrimeScene): number | undefined {
  const times = [deploys.deployedAt, ...rollouts.filter(({ kind }) => kind === 'deploy').map(({ at }) => at)];
  const since = times
    .filter((at) => at !== undefined)
    .map((at) => secondsBetween(at, onset))
    .filter((seconds) => seconds >= -SKEW_SECONDS);
  return since.length === 0 ? undefined : Math.min(...since);
}
