/** How close to the onset a commit came into service, as far as deploys are known. */
import type { Commit } from '../../domain/telemetry.ts';
import { changedLines } from '../../lib/patches.ts';
import { secondsBetween } from '../../lib/time.ts';
import { identifiers } from './identifiers.ts';
import { isNotRun } from './inert.ts';

export interface Deploys {
  /** Start of the process that fails; undefined: not known, or it was started after the onset. */
  readonly deployedAt: string | undefined;
  /** Start of its predecessor, seen in the window. */
  readonly previousAt: string | undefined;
  /** The revision that ran before the present one (`build_info`); undefined: not seen in the window. */
  readonly previousRevision: string | undefined;
}

/** A revision that went live, or a switch that was turned, at a time that is known. */
export interface Rollout {
  readonly at: string;
  readonly kind: 'deploy' | 'switch';
  /** null: not told. */
  readonly service: string | null;
  /** Hash, or the beginning of one; undefined: not told. */
  readonly revision: string | undefined;
  readonly previousRevision: string | undefined;
  /** What it is called: a version, the name of a switch. */
  readonly name: string;
}

const SKEW_SECONDS = 60;
/** METHODS §4: e^(−Δ/30 min). */
const SCALE_SECONDS = 1_800;
/** What fills up takes longer to be noticed: memory, disk, descriptors, queues. */
const SLOW_SCALE_SECONDS = 4 * 3_600;
/** A commit of the range that is not its tip. */
const RANGE_SHARE = 0.6;

export interface RolloutScene {
  readonly onset: string;
  readonly deploys: Deploys;
  readonly rollouts: readonly Rollout[];
  /** Whether the failure is of a kind that builds up. */
  readonly isSlow: boolean;
  /** Hash → the service that the commit changes; absent: all change the one that fails. */
  readonly serviceOf?: ReadonlyMap<string, string> | undefined;
  /** The service that fails. */
  readonly failing?: string | undefined;
}

/** Up to the onset, earliest first: deploys of the commit's own service, and those that name none. */
export function ownRollouts(commit: Commit, { rollouts, onset, serviceOf }: RolloutScene): Rollout[] {
  const owner = serviceOf?.get(commit.hash);
  return rollouts.filter(
    ({ at, kind, service }) =>
      kind === 'deploy' &&
      (owner === undefined || service === null || service === owner) &&
      secondsBetween(at, onset) >= -SKEW_SECONDS,
  );
}

/** True if it came into service with the last deploy before the onset, of which it is known what ran before. */
export function cameWithKnown(commit: Commit, newestFirst: readonly Commit[], scene: RolloutScene): boolean {
  const own = ownRollouts(commit, scene);
  const last = own.at(-1);
  if (!last) return false;
  const before = last.previousRevision ?? previousOf(last, own)?.revision;
  const [tip, end, at] = [
    indexOf(last.revision, newestFirst),
    indexOf(before, newestFirst),
    newestFirst.indexOf(commit),
  ];
  return at === tip || (tip >= 0 && end > tip && at > tip && at < end);
}

/** 0–1. `newestFirst`: the candidates. */
export function proximity(commit: Commit, newestFirst: readonly Commit[], scene: RolloutScene): number {
  const known = rolloutValue(commit, newestFirst, scene);
  return known ?? processValue(commit, newestFirst[0] === commit, scene);
}

export function processValue(commit: Commit, isTip: boolean, scene: RolloutScene): number {
  const { deployedAt, previousAt } = scene.deploys;
  if (deployedAt === undefined) return 0;
  const cameWith = previousAt !== undefined && secondsBetween(previousAt, commit.committedAt) > 0;
  return decay(secondsBetween(deployedAt, scene.onset), scene.isSlow) * (isTip || cameWith ? 1 : RANGE_SHARE);
}

/** undefined: no rollout names a revision of this history, or a switch this commit speaks of. */
function rolloutValue(commit: Commit, newestFirst: readonly Commit[], scene: RolloutScene): number | undefined {
  let best = 0;
  let isKnown = false;
  const owner = scene.serviceOf?.get(commit.hash);
  for (const rollout of scene.rollouts) {
    // What another service was deployed with says nothing of this one.
    if (owner !== undefined && rollout.kind === 'deploy' && rollout.service !== null && rollout.service !== owner)
      continue;
    const share = shareIn(rollout, commit, newestFirst, scene.rollouts);
    if (share === undefined) continue;
    isKnown = true;
    best = Math.max(best, share * decay(secondsBetween(rollout.at, scene.onset), scene.isSlow));
  }
  return isKnown ? best : undefined;
}

/** undefined: the rollout says nothing about this history. */
function shareIn(
  rollout: Rollout,
  commit: Commit,
  newestFirst: readonly Commit[],
  all: readonly Rollout[],
): number | undefined {
  if (rollout.kind === 'switch') return speaksOf(commit, rollout.name) ? 1 : undefined;
  const tip = indexOf(rollout.revision, newestFirst);
  if (tip < 0) return undefined;
  const at = newestFirst.indexOf(commit);
  if (at === tip) return 1;
  const previous = rollout.previousRevision ?? previousOf(rollout, all)?.revision;
  const before = indexOf(previous, newestFirst);
  const isIn = at > tip && at < (before < 0 ? newestFirst.length : before);
  // Without the revision before it, the range has no known end: what is not its tip is as likely older.
  return isIn ? RANGE_SHARE * (before < 0 ? 0.5 : 1) : 0;
}

function previousOf(rollout: Rollout, all: readonly Rollout[]): Rollout | undefined {
  return (
    all
      .filter(
        (other) =>
          other.kind === 'deploy' && other.service === rollout.service && secondsBetween(other.at, rollout.at) > 0,
      )
      // Earliest first.
      .sort((a, b) => secondsBetween(b.at, a.at))
      .at(-1)
  );
}

/** −1: not told, or not of this history. */
export function indexOf(revision: string | undefined, commits: readonly Commit[]): number {
  if (revision === undefined || revision.length < 7) return -1;
  return commits.findIndex((commit) => commit.hash.startsWith(revision.toLowerCase()));
}

function decay(seconds: number, isSlow: boolean): number {
  if (!(seconds >= -SKEW_SECONDS)) return 0;
  return Math.exp(-Math.max(0, seconds) / (isSlow ? SLOW_SCALE_SECONDS : SCALE_SECONDS));
}

function speaksOf(commit: Commit, name: string): boolean {
  if (name.length < 4) return false;
  const wanted = squeezed(name);
  return commit.files.some(
    (file) =>
      !isNotRun(file.path) &&
      identifiers(
        changedLines(file.patch)
          .map((line) => line.text.replaceAll('-', '_'))
          .join('\n'),
      ).some((found) => squeezed(found).includes(wanted)),
  );
}

function squeezed(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** True if revisions that went live are known, and the commit is newer than every one of them at the onset. */
export function isNotRolledOut(commit: Commit, newestFirst: readonly Commit[], scene: RolloutScene): boolean {
  const tips = scene.rollouts
    .filter((rollout) => rollout.kind === 'deploy' && secondsBetween(rollout.at, scene.onset) >= -SKEW_SECONDS)
    .map((rollout) => indexOf(rollout.revision, newestFirst))
    .filter((index) => index >= 0);
  return tips.length > 0 && newestFirst.indexOf(commit) < Math.min(...tips);
}
