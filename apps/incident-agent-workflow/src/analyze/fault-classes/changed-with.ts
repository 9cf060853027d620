/** What rules ask of a failure together with what was changed, or with the code that it comes from. */
import { quoted, shortHash } from '../../lib/wording.ts';
import { type FileKind, fileKind } from '../commits/file-kinds.ts';
import { isNotRun } from '../commits/inert.ts';
import { crashPath } from '../crashes.ts';
import { isNew } from '../novelty.ts';
import type { Scene } from '../scene.ts';
import { citesOfCommit } from '../statements.ts';
import { putDownTo } from '../suspicion.ts';
import { classOfChange } from './brought-about.ts';
import { ownCrash } from './code-error.ts';
import { MISFITS, STORAGE_CODE } from './misfits.ts';
import { healthDoesNotAnswer, restarted, textSays, upIsZero } from './predicates.ts';
import type { Predicate } from './rule.ts';
import { TEXTS } from './texts.ts';

const SOURCE_CODE = /\.(?:[cm]?[jt]sx?|py|java|kt|scala|go|rb|php|cs|rs)$/;
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

/** The program throws, and the change that it would be put down to is none of its code but of its settings. */
export const throwsSinceSettings: Predicate = (scene) => throwsSince('config', 'the settings', scene);

/** The same of the schema or of what is stored. */
export const throwsSinceMigration: Predicate = (scene) => throwsSince('migration', 'what is stored', scene);

function throwsSince(kind: FileKind, what: string, scene: Scene): ReturnType<Predicate> {
  const thrown = ownCrash(scene);
  if (!thrown) return scene.logsSeen ? 'absent' : 'unknown';
  const suspect = putDownTo(scene.ranking);
  if (!suspect?.isRecent || !isNew(thrown.data, scene.context)) return 'absent';
  // A setting that cuts a pool or a limit of time can be used; what comes of it has a class of its own.
  if (kind === 'config' && !OF_WRONG_CODE.test(thrown.data.type) && classOfChange(scene, thrown) !== undefined)
    return 'absent';
  const kindAt = (path: string) =>
    SOURCE_CODE.test(path) && OF_WRONG_CODE.test(thrown.data.type) ? 'code' : fileKind(path, isNotRun);
  const kinds = suspect.commit.files.map(({ path }) => kindAt(path));
  const place = suspect.at ? kindAt(suspect.at.path) : undefined;
  const isOnly = kinds.some((each) => each === kind) && kinds.every((each) => each === kind || each === 'not-run');
  const cites = citesOfCommit(scene, suspect.commit.hash);
  if ((!isOnly && place !== kind) || cites.length === 0) return 'absent';
  const { type, message } = thrown.data;
  const words = `${type} ${quoted(message, 100)} is thrown, and commit ${shortHash(suspect.commit.hash)} changed ${what}`;
  return { words, cites: [thrown.id, ...cites], group: 'traces', weight: 2 };
}

const MIGRATION_CODE =
  /(?:^|[/._])(?:migrat\w*|alembic|flyway|liquibase|(?:schema|db)[_-]?(?:update|upgrade|version)\w*)(?:[/._(]|$)/i;

/** What changes the schema throws itself: it is not done, or not wholly. */
export const migrationFails: Predicate = (scene) => {
  const thrown = scene.traces.find(
    ({ data }) =>
      isNew(data, scene.context) &&
      !OF_WRONG_CODE.test(data.type) &&
      data.frames.some((frame) =>
        MIGRATION_CODE.test(`${frame.repositoryPath ?? frame.file}(${frame.function ?? ''}(`),
      ),
  );
  if (!thrown) return scene.logsSeen ? 'absent' : 'unknown';
  const { type, message } = thrown.data;
  const words = `${type} ${quoted(message, 100)} was thrown while the schema was changed`;
  return { words, cites: [thrown.id], group: 'traces', weight: 2 };
};

/** What was stored is not what the program reads: it is checked where it comes from the store, not where callers send it. */
export const storedDoesNotFit: Predicate = (scene) => {
  const thrown = scene.traces.find(({ data }) => {
    const isAnswered4xx = data.request?.status != null && data.request.status < 500;
    const isStorage = STORAGE_CODE.test(crashPath(data) ?? '');
    return isStorage && !isAnswered4xx && isNew(data, scene.context) && MISFITS.test(data.type);
  });
  if (!thrown) return scene.logsSeen ? 'absent' : 'unknown';
  const { type, message } = thrown.data;
  const words = `${type} ${quoted(message, 100)} was thrown where stored data is read`;
  return { words, cites: [thrown.id], group: 'traces', weight: 2 };
};

/** What only code that is wrong throws, whatever it reads: a setting that is missing or odd gives a KeyError or an error of its own. */
const OF_WRONG_CODE =
  /^(?:Uncaught )?(?:TypeError|ReferenceError|SyntaxError|AttributeError|NameError|UnboundLocalError|ImportError|NoMethodError|(?:java\.lang\.)?NullPointerException)/;

/** What reads the settings throws, and the service does not run or was just started. */
export const settingsCodeFails: Predicate = (scene) => {
  const thrown = scene.traces.find(({ data }) => {
    const isSettings = SETTINGS_CODE.test(crashPath(data) ?? '');
    return isSettings && isNew(data, scene.context) && !OF_WRONG_CODE.test(data.type);
  });
  if (!thrown) return scene.logsSeen ? 'absent' : 'unknown';
  const isAtStart = [upIsZero, healthDoesNotAnswer, restarted].some((look) => typeof look(scene) !== 'string');
  if (!isAtStart) return 'absent';
  const { type, message } = thrown.data;
  const words = `${type} ${quoted(message, 100)} was thrown where the settings are read`;
  return { words, cites: [thrown.id], group: 'traces', weight: 2 };
};
