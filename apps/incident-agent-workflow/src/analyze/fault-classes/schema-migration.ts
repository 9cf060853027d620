import { changeBringsAbout } from './brought-about.ts';
import { migrationFails, refusedSinceMigration, storedDoesNotFit, throwsSinceMigration } from './changed-with.ts';
import { errorsRose, restarted, textSays } from './predicates.ts';
import type { FaultRule } from './rule.ts';
import { stopsWithMigration } from './stopped-with.ts';
import { TEXTS } from './texts.ts';

/** Program and database disagree on the schema. */
export const schemaMigration: FaultRule = {
  class: 'schema-migration',
  kind: 'config',
  name: 'a schema that the program does not expect',
  required: [
    [
      textSays(TEXTS.schema),
      refusedSinceMigration,
      throwsSinceMigration,
      migrationFails,
      storedDoesNotFit,
      changeBringsAbout('schema-migration'),
      stopsWithMigration,
    ],
  ],
  supporting: [errorsRose, restarted],
  excluded: [],
  mayBeCommit: true,
  subject: 'A schema that the program does not expect',
  mechanism: 'queries name what the database does not hold',
  actions: () => ['Check which migrations have run; run the missing one or roll it back together with the program'],
};
