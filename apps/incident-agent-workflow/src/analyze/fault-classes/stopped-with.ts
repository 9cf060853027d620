/**
 * Why a process does not run, where no log says so: it was replaced by a build whose change is of its settings, its schema
 * or its code, and did not come up or stay up from then on.
 */
import { clockTime } from '../../lib/instants.ts';
import { shortHash } from '../../lib/wording.ts';
import { featureValue } from '../commits/feature-names.ts';
import { type FileKind, fileKind } from '../commits/file-kinds.ts';
import { isNotRun } from '../commits/inert.ts';
import type { Suspect } from '../commits/rank.ts';
import { isOwnCrash } from '../crashes.ts';
import type { Scene } from '../scene.ts';
import { citesOfCommit } from '../statements.ts';
import { putDownTo } from '../suspicion.ts';
import { restartsAgain } from './endings.ts';
import { healthDoesNotAnswer, upIsZero } from './predicates.ts';
import type { Look, Predicate } from './rule.ts';
import { namesFault } from './texts.ts';

export const stopsWithSettings: Predicate = (scene) => stopsWith('config', 'the settings', scene);
export const stopsWithMigration: Predicate = (scene) => stopsWith('migration', 'the schema', scene);
export const stopsWithCode: Predicate = (scene) => stopsWith('code', 'the code', scene);

/** It came into service at the very moment. */
const AT_ONCE = 0.5;

function stopsWith(kind: FileKind, what: string, scene: Scene): Look {
  // Who takes the connection is there, and stuck or busy.
  if (scene.health?.data.failure === 'timeout') return 'absent';
  const gone = [upIsZero, healthDoesNotAnswer, restartsAgain].map((look) => look(scene));
  const seen = gone.find((look) => typeof look !== 'string');
  if (!seen || typeof seen === 'string') return scene.logsSeen || gone.includes('absent') ? 'absent' : 'unknown';
  // Whoever says why it ended is heard.
  const isTold = scene.texts.some(({ text }) => namesFault(text)) || scene.traces.some(({ data }) => isOwnCrash(data));
  const suspect = putDownTo(scene.ranking);
  if (isTold || !suspect?.isRecent || kindOf(suspect) !== kind) return 'absent';
  const proximity = featureValue(suspect.features, 'deploy-proximity');
  const cites = citesOfCommit(scene, suspect.commit.hash);
  if (proximity < AT_ONCE || cites.length === 0) return 'absent';
  return {
    words: `it runs no more since ${clockTime(scene.onset)}, and commit ${shortHash(suspect.commit.hash)}, which came into service then, changed ${what}`,
    cites: [...seen.cites, ...cites],
    group: 'change',
    weight: 1.5,
  };
}

/** A change of the schema is one whatever else it holds; one of the settings holds nothing else that runs. */
export function kindOf({ commit }: Suspect): FileKind | undefined {
  const kinds = new Set(commit.files.map(({ path }) => fileKind(path, isNotRun)).filter((kind) => kind !== 'not-run'));
  if (kinds.has('migration')) return 'migration';
  return kinds.size === 1 ? [...kinds][0] : kinds.has('code') ? 'code' : undefined;
}
