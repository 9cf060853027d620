/** Whether a fault is put down to a commit, and how firmly: blamed for what its change does, or merely named for its time. */
import type { FaultClass } from '../domain/fault-class.ts';
import { LIKELY_FROM } from '../domain/hypothesis.ts';
import { shortHash } from '../lib/wording.ts';
import { commitSignals } from './change.ts';
import type { Suspect } from './commits/rank.ts';
import type { Reading, Signal } from './fault-classes/rule.ts';
import type { Scene } from './scene.ts';
import { accused, commitShare, firstOfDeploy, isTelling, namedShare, standingOut } from './suspicion.ts';

export interface Blame {
  readonly suspect: Suspect;
  readonly share: number;
  readonly signals: readonly Signal[];
  /** Named as possible only: its time fits, or what it does, and no more. */
  readonly isNamed: boolean;
}

const LEAST_SHARE = 0.2;
/** What lies outside of every repository by its nature. */
const NEVER_COMMIT: ReadonlySet<FaultClass> = new Set(['host-network', 'clock-skew', 'traffic-spike']);

/** The commit that a class may be put down to: something in the change itself must fit, else it can be named only. */
export function blame(reading: Reading, scene: Scene): Blame | undefined {
  const { ranking } = scene;
  const { class: faultClass, mayBeCommit } = reading.rule;
  if (!ranking || NEVER_COMMIT.has(faultClass)) return undefined;
  const guilty = mayBeCommit ? accused(ranking) : undefined;
  const standing = standingOut(ranking);
  // Other classes than an error in the program need the change to name what fails.
  if (guilty && (faultClass === 'code-error' || isTelling(guilty))) {
    const share = commitShare(ranking);
    // Where it comes to no blame in any case, the name is worth as much as any other.
    if (share >= LIKELY_FROM || (share >= LEAST_SHARE && !standing))
      return { suspect: guilty, share, signals: commitSignals(guilty, share, scene), isNamed: false };
  }
  const named = standing ?? firstOfDeploy(ranking);
  if (!named) return undefined;
  const share = namedShare(ranking);
  return { suspect: named, share, signals: commitSignals(named, share, scene), isNamed: true };
}

/** What is left of a class's probability with a commit that is merely named, however near its rivals are. */
const NAMED_LEAST = 0.6;

/** How much of the class's probability is left once it is put down to the commit. */
export function worthOf({ share, isNamed }: Blame): number {
  return isNamed ? NAMED_LEAST + (1 - NAMED_LEAST) * share : share;
}

/** What to do about a commit that is named and not blamed: a revert is for those that are. */
export function readOrRollBack(hash: string): string {
  return `Read what commit ${shortHash(hash)} changed, or roll back to the deployment before it and see if it ends`;
}
