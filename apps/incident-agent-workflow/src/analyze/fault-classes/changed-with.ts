/** What rules ask of a failure together with what was changed, or with the code that it comes from. */
import { quoted, shortHash } from '../../lib/wording.ts';
import { fileKind } from '../commits/file-kinds.ts';
import { isNew } from '../novelty.ts';
import { citesOfCommit } from '../statements.ts';
import { healthDoesNotAnswer, restarted, textSays, upIsZero } from './predicates.ts';
import type { Predicate } from './rule.ts';
import { TEXTS } from './texts.ts';

const SETTINGS_CODE = /(?:^|\/)(?:config(?:uration)?|settings?|options|environment|env)\.\w+$/i;

/** The database refuses what is written, and its schema was changed lately: without that, what is written is wrong. */
export const refusedSinceMigration: Predicate = (scene) => {
  const refused = textSays(TEXTS.constraint)(scene);
  if (typeof refused === 'string') return refused;
  const migration = scene.ranking?.suspects.find(
    ({ commit, isRecent }) => isRecent && commit.files.some(({ path }) => fileKind(path, () => false) === 'migration'),
  );
  const cites = migration ? citesOfCommit(scene, migration.commit.hash) : [];
  if (!migration || cites.length === 0) return 'absent';
  const words = `${refused.words}, and commit ${shortHash(migration.commit.hash)} changed the schema`;
  return { ...refused, words, cites: [...refused.cites, ...cites] };
};

/** What only code that is wrong throws, whatever it reads: a setting that is missing or odd gives a KeyError or an error of its own. */
const OF_WRONG_CODE =
  /^(?:Uncaught )?(?:TypeError|ReferenceError|SyntaxError|AttributeError|NameError|UnboundLocalError|ImportError|NoMethodError|(?:java\.lang\.)?NullPointerException)/;

/** What reads the settings throws, and the service does not run or was just started. */
export const settingsCodeFails: Predicate = (scene) => {
  const thrown = scene.traces.find(({ data }) => {
    const frame = data.frames[data.crashFrame ?? -1];
    const isSettings = SETTINGS_CODE.test(frame?.repositoryPath ?? frame?.file ?? '');
    return isSettings && isNew(data, scene.context) && !OF_WRONG_CODE.test(data.type);
  });
  if (!thrown) return scene.logsSeen ? 'absent' : 'unknown';
  const isAtStart = [upIsZero, healthDoesNotAnswer, restarted].some((look) => typeof look(scene) !== 'string');
  if (!isAtStart) return 'absent';
  const { type, message } = thrown.data;
  const words = `${type} ${quoted(message, 100)} was thrown where the settings are read`;
  return { words, cites: [thrown.id], group: 'traces', weight: 2 };
};
