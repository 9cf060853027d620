/** What rules ask of locks: whether a change that takes them stands at the beginning. */
import { shortHash } from '../../lib/wording.ts';
import { fileKind } from '../commits/file-kinds.ts';
import { isNotRun } from '../commits/inert.ts';
import { sidesOfAll } from '../commits/sides.ts';
import type { Scene } from '../scene.ts';
import { citesOfCommit } from '../statements.ts';
import { putDownTo } from '../suspicion.ts';
import { queueGrows } from './resources.ts';
import type { Predicate } from './rule.ts';

const TAKES_LOCK =
  /\.(?:try)?(?:[rR]ead|[wW]rite)?_?[lL]ock\(|\.R?Lock\(\)|\bsynchronized\b|\bmutex\b|\bwith \w*(?:[._]\w+)*lock\b|\bLock\b\(|Semaphore|\.acquire\(|withLock|runExclusive|for update\b|\block\s*\(/i;

/** What waits grows, what worked it off does nothing any more, and the change that stands out is one of locks. */
export const workedOffNoMore: Predicate = (scene) => {
  const queue = queueGrows(scene);
  const stopped = scene.metrics.find(({ data }) => data.shape === 'stopped' && !data.metric.includes('{route='));
  if (typeof queue === 'string') return queue;
  const suspect = suspectOfLocks(scene);
  const cites = suspect ? citesOfCommit(scene, suspect.commit.hash) : [];
  if (!stopped || !suspect || cites.length === 0) return 'absent';
  const words = `${stopped.title}, and commit ${shortHash(suspect.commit.hash)} changed what takes a lock`;
  return { words, cites: [...cites, stopped.id, ...queue.cites], group: 'metrics', weight: 2 };
};

function suspectOfLocks({ ranking }: Scene) {
  const suspect = putDownTo(ranking);
  const code = suspect?.commit.files.filter(({ path }) => fileKind(path, isNotRun) === 'code') ?? [];
  const { added, removed } = sidesOfAll(code);
  return TAKES_LOCK.test(`${added}\n${removed}`) ? suspect : undefined;
}
