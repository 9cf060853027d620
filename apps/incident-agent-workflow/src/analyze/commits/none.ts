/** How much speaks for "none of these commits": a cause outside of every repository (METHODS §4, u(NONE)). */
import type { FaultClass } from '../../domain/fault-class.ts';
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
const SOON = 0.5;
const SKEW_SECONDS = 60;
/**
 * A new revision and the failure in the same minutes is seldom chance: few deploys, few failures, many minutes. e^(−Δ/2 min).
 */
const COINCIDENCE = 1.25;
const COINCIDENCE_SECONDS = 120;
/** METHODS §4: e^(−Δ/30 min). */
const NOTICED_SECONDS = 1_800;
/** What fills up until somebody notices. */
const BUILDS_UP: ReadonlySet<FaultClass> = new Set([
  'memory-leak',
  'disk-full',
  'file-descriptor-limit',
  'queue-backlog',
]);
/** A program uses these up by itself: calls that fail elsewhere do not. */
const USED_UP_WITHIN: ReadonlySet<FaultClass> = new Set(['memory-leak', 'out-of-memory', 'disk-full']);
const OF_CALLS: ReadonlySet<OutsideCause['kind']> = new Set(['network', 'name service', 'provider']);
/** How much more often than others a failure of this class comes from outside of every repository. */
const BY_NATURE: Readonly<Partial<Record<FaultClass, number>>> = {
  'host-network': 2,
  'clock-skew': 2,
  'traffic-spike': 2,
  'dependency-refused': 1,
  'external-api-down': 1,
  dns: 1,
  'tls-certificate': 0.5,
  'auth-secret': 0.5,
  'disk-full': 0.5,
};

export function scoreOfNone({ candidates, scene, outside, seenBefore }: NoneInput): number {
  const ownUse = shareOf(scene, USED_UP_WITHIN);
  const kinds = new Set(outside.map(({ kind }) => kind).filter((kind) => ownUse < 1 || !OF_CALLS.has(kind)));
  const sinceDeploy = secondsSinceDeploy(scene);
  const touchesFrame = candidates.some((commit) =>
    commit.files.some((file) => scene.frames.some((frame) => frame.path === file.path)),
  );
  let score = NONE_BASE;
  if (kinds.size > 0) score += OUTSIDE;
  if (kinds.size > 1) score += SECOND_OUTSIDE;
  if (seenBefore) score += 1;
  if (sinceDeploy !== undefined && sinceDeploy > DAY_SECONDS) score += 1;
  if (sinceDeploy !== undefined && sinceDeploy < SOON_SECONDS) score -= SOON;
  if (touchesFrame && !seenBefore && kinds.size === 0) score -= 1;
  return score + byNature(scene) - COINCIDENCE * coincidence(scene);
}

/** 0–1: of what fits, how much is of these classes. */
function shareOf({ classes }: CrimeScene, wanted: ReadonlySet<FaultClass>): number {
  let [sum, all] = [0, 0];
  for (const [name, share] of classes ?? []) {
    all += share;
    if (wanted.has(name)) sum += share;
  }
  return all > 0 ? sum / all : 0;
}

/** Of the classes that fit, each in its measure. */
function byNature({ classes }: CrimeScene): number {
  let sum = 0;
  for (const [name, share] of classes ?? []) sum += share * (BY_NATURE[name] ?? 0);
  return sum;
}

/** 0–1: another revision of the failing service itself came into service at the very time. */
function coincidence(scene: CrimeScene): number {
  const { rollouts, onset, failing, alertedAt = onset } = scene;
  const own = rollouts.filter(
    ({ kind, service, revision }) => kind === 'deploy' && service === (failing ?? service) && revision,
  );
  // Of what builds up, the beginning is dated poorly; when it was noticed is known.
  const noticed = own
    .map(({ at }) => secondsBetween(at, alertedAt))
    .filter((seconds) => seconds >= 0)
    .map((seconds) => shareOf(scene, BUILDS_UP) * Math.exp(-seconds / NOTICED_SECONDS));
  const values = own
    .map(({ at }) => secondsBetween(at, onset))
    .filter((seconds) => seconds >= -SKEW_SECONDS)
    .map((seconds) => Math.exp(-Math.max(0, seconds) / COINCIDENCE_SECONDS));
  return Math.max(0, ...values, ...noticed);
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
