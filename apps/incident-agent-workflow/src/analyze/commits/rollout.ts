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
/** A commit of the range that is not its tip: all of them are new, though the last one is the likeliest reason to deploy. */
const RANGE_SHARE = 0.95;
/** Where the range has no known end, what is not its tip is as likely older; with a process, of which no revision is known, too. */
const OPEN_RANGE_SHARE = 0.3;
const RESTART_SHARE = 0.6;
/** It came into service after the failure seems to have begun, yet before the alert: the beginning may be dated too early. */
const LATE_SHARE = 0.5;
const LATE_SCALE_SECONDS = 600;
/** The beginning of a slope is dated far less sharply than that of a step. */
const SLOW_LATE_SCALE_SECONDS = 2_400;
/** What another service was deployed with: its trouble would show there first. */
const FOREIGN_SHARE = 0.7;

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
  /** When people were first told; absent: not known. */
  readonly alertedAt?: string | undefined;
}

/** Up to the alert, earliest first: deploys of the commit's own service, and those that name none. */
export function ownRollouts(commit: Commit, scene: RolloutScene): Rollout[] {
  const owner = scene.serviceOf?.get(commit.hash);
  return scene.rollouts.filter(
    ({ at, kind, service }) =>
      kind === 'deploy' && (owner === undefined || service === null || service === owner) && nearness(at, scene) > 0,
  );
}

/** 1 up to the onset, less up to the alert, 0 after it: nobody deploys a remedy for what nobody knows of. */
function nearness(at: string, { onset, alertedAt, isSlow }: RolloutScene): number {
  const late = secondsBetween(onset, at);
  if (late <= SKEW_SECONDS) return 1;
  if (alertedAt === undefined || secondsBetween(at, alertedAt) <= 0) return 0;
  return LATE_SHARE * Math.exp(-late / (isSlow ? SLOW_LATE_SCALE_SECONDS : LATE_SCALE_SECONDS));
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
  // A deploy that brought none of these commits brought none of these faults.
  if (tip === end) return false;
  return at === tip || (tip >= 0 && end > tip && at > tip && at < end);
}

/** 0–1. `newestFirst`: the candidates. */
export function proximity(commit: Commit, newestFirst: readonly Commit[], scene: RolloutScene): number {
  const known = rolloutValue(commit, newestFirst, scene);
  const owner = scene.serviceOf?.get(commit.hash);
  if (owner !== undefined && scene.failing !== undefined && owner !== scene.failing)
    // It does not run in the process that fails.
    return FOREIGN_SHARE * (known ?? 0);
  return known ?? processValue(commit, newestFirst[0] === commit, scene);
}

export function processValue(commit: Commit, isTip: boolean, scene: RolloutScene): number {
  const { deployedAt, previousAt } = scene.deploys;
  if (deployedAt === undefined) return 0;
  const cameWith = previousAt !== undefined && secondsBetween(previousAt, commit.committedAt) > 0;
  return decay(secondsBetween(deployedAt, scene.onset), scene.isSlow) * (isTip || cameWith ? 1 : RESTART_SHARE);
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
    const seconds = Math.max(0, secondsBetween(rollout.at, scene.onset));
    best = Math.max(best, share * nearness(rollout.at, scene) * decay(seconds, scene.isSlow));
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
  const previous = rollout.previousRevision ?? previousOf(rollout, all)?.revision;
  const before = indexOf(previous, newestFirst);
  if (before === tip) return 0;
  if (at === tip) return 1;
  const isIn = at > tip && at < (before < 0 ? newestFirst.length : before);
  if (!isIn) return 0;
  return before < 0 ? OPEN_RANGE_SHARE : RANGE_SHARE;
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
