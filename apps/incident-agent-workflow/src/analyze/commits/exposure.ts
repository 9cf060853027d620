/** How far a commit has proved itself: what served well before the failure is hardly what broke, whoever wrote the line. */
import type { Commit } from '../../domain/telemetry.ts';
import { secondsBetween } from '../../lib/time.ts';
import { isNotRun } from './inert.ts';
import { cameWithKnown, indexOf, ownRollouts, processValue, type RolloutScene } from './rollout.ts';

export interface Exposure {
  /** 0–1; 1: it surely ran before the failure began, in the revision before the present one. */
  readonly alreadyRan: number;
  /** It was made, or came into service, shortly before the failure. Only then may it be called the likely cause. */
  readonly isRecent: boolean;
  /** What is left, 0–1, of a likeness that whoever wrote the failing lines has by nature. */
  readonly share: number;
}

/** METHODS §4: how far back is looked where no deploy is known. */
const RECENT_SECONDS = 72 * 3_600;
/** A process that was started some forty minutes before at most. */
const LEAST_PROXIMITY = 0.25;
/** Whether a predecessor of which only the start is known held the commit is a guess. */
const OLDER_THAN_PREDECESSOR = 0.25;
/** A first commit holds everything: that it holds the failing line as well says little. */
const BEGINNING = 0.3;
const OLD = 0.5;
const OLD_BEGINNING = 0.2;
const ALREADY_RAN = 0.15;

/** It ran before, or began the service long ago: it holds everything, so that what it holds tells nothing. */
export function isUntelling(exposure: Exposure | undefined): exposure is Exposure {
  return exposure !== undefined && exposure.share < OLD;
}

/** `newestFirst`: one line of history. */
export function exposuresOf(newestFirst: readonly Commit[], scene: RolloutScene): Map<string, Exposure> {
  return new Map(
    newestFirst.map((commit, index) => {
      const alreadyRan = ranBefore(commit, index, newestFirst, scene);
      const isRecent = alreadyRan < 1 && cameLately(commit, index, newestFirst, scene);
      return [commit.hash, { alreadyRan, isRecent, share: shareOf(commit, alreadyRan, isRecent) }];
    }),
  );
}

function shareOf(commit: Commit, alreadyRan: number, isRecent: boolean): number {
  if (alreadyRan === 1) return ALREADY_RAN;
  if (!isRecent) return isBeginning(commit) ? OLD_BEGINNING : OLD;
  return commit.parents.length === 0 ? BEGINNING : 1;
}

/** It has no parent, or only adds whole files: nothing of what it holds had worked before. */
function isBeginning(commit: Commit): boolean {
  const files = commit.files.filter((file) => !isNotRun(file.path));
  return commit.parents.length === 0 || (files.length > 0 && files.every(({ status }) => status === 'added'));
}

/**
 * Surely, if the revision before the one that failed is known and in the list; perhaps, if the commit is older than the
 * process before and newer ones are there.
 */
function ranBefore(commit: Commit, index: number, newestFirst: readonly Commit[], scene: RolloutScene): number {
  const known = ownRollouts(commit, scene).filter(({ previousRevision }) => previousRevision !== undefined);
  const isOfFailing = scene.serviceOf === undefined || scene.failing === scene.serviceOf.get(commit.hash);
  const revision = known.at(-1)?.previousRevision ?? (isOfFailing ? scene.deploys.previousRevision : undefined);
  const before = indexOf(revision, newestFirst);
  if (before > 0) return index >= before ? 1 : 0;
  const { previousAt } = scene.deploys;
  if (previousAt === undefined || !isOfFailing) return 0;
  const isOlder = (one: Commit): boolean => secondsBetween(one.committedAt, previousAt) >= 0;
  return isOlder(commit) && !newestFirst.every(isOlder) ? OLDER_THAN_PREDECESSOR : 0;
}

function cameLately(commit: Commit, index: number, newestFirst: readonly Commit[], scene: RolloutScene): boolean {
  if (secondsBetween(commit.committedAt, scene.onset) <= RECENT_SECONDS) return true;
  if (cameWithKnown(commit, newestFirst, scene)) return true;
  // A restart alone says of the newest commit at most that it may have come with it.
  return index === 0 && processValue(commit, true, scene) >= LEAST_PROXIMITY;
}
