/** Commands that change something: insert, update, delete, findAndModify. */
import { type Document, ObjectId } from 'bson';
import { z } from 'zod';
import { CommandError } from './command-error.ts';
import { projected } from './projection.ts';
import { BsonDocument, parseCommand } from './schemas.ts';
import type { Collection, Storage } from './storage.ts';
import { updated } from './update.ts';
import { areEqual, idOf, valueKey } from './values.ts';

const Insert = z.object({
  insert: z.string(),
  $db: z.string(),
  documents: z.array(BsonDocument).min(1),
  ordered: z.boolean().default(true),
});

export function insert(command: unknown, storage: Storage): Document {
  const { insert: name, $db, documents, ordered } = parseCommand(Insert, command);
  const collection = storage.collection($db, name);
  let inserted = 0;
  const outcome = eachOf(documents, ordered, (document) => {
    if (!collection.insert({ _id: new ObjectId(), ...document })) throw duplicateKey(`${$db}.${name}`, idOf(document));
    inserted += 1;
  });
  return { n: inserted, ...outcome, ok: 1 };
}

const Upsert = z.literal(false, 'The stand-in cannot upsert').default(false);
const Update = z.object({
  update: z.string(),
  $db: z.string(),
  updates: z
    .array(z.object({ q: BsonDocument, u: BsonDocument, multi: z.boolean().default(false), upsert: Upsert }))
    .min(1),
  ordered: z.boolean().default(true),
});

export function update(command: unknown, storage: Storage): Document {
  const { update: name, $db, updates, ordered } = parseCommand(Update, command);
  const collection = storage.collection($db, name);
  let matched = 0;
  let modified = 0;
  const outcome = eachOf(updates, ordered, ({ q, u, multi }) => {
    for (const document of collection.select({ filter: q, limit: multi ? 0 : 1 })) {
      const result = updated(document, u);
      matched += 1;
      if (areEqual(document, result)) continue;
      modified += 1;
      collection.replace(result);
    }
  });
  return { n: matched, nModified: modified, ...outcome, ok: 1 };
}

const Delete = z.object({
  delete: z.string(),
  $db: z.string(),
  deletes: z.array(z.object({ q: BsonDocument, limit: z.union([z.literal(0), z.literal(1)]) })).min(1),
  ordered: z.boolean().default(true),
});

export function remove(command: unknown, storage: Storage): Document {
  const { delete: name, $db, deletes, ordered } = parseCommand(Delete, command);
  const collection = storage.collection($db, name);
  let removed = 0;
  const outcome = eachOf(deletes, ordered, ({ q, limit }) => {
    const documents = collection.select({ filter: q, limit });
    removed += documents.length;
    for (const document of documents) collection.remove(document);
  });
  return { n: removed, ...outcome, ok: 1 };
}

const FindAndModify = z.object({
  findAndModify: z.string(),
  $db: z.string(),
  query: BsonDocument.default({}),
  sort: BsonDocument.default({}),
  fields: BsonDocument.default({}),
  remove: z.boolean().default(false),
  update: BsonDocument.optional(),
  new: z.boolean().default(false),
  upsert: Upsert,
});

export function findAndModify(command: unknown, storage: Storage): Document {
  const asked = parseCommand(FindAndModify, command);
  if (asked.remove === (asked.update !== undefined)) {
    throw new CommandError(9, 'FailedToParse', 'Either an update or remove=true must be specified');
  }
  const collection = storage.collection(asked.$db, asked.findAndModify);
  const [document] = collection.select({ filter: asked.query, sort: asked.sort, limit: 1 });
  if (!document) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null, ok: 1 };
  const result = changed(collection, document, asked.update);
  const value = projected(asked.new && result ? result : document, asked.fields);
  return { lastErrorObject: { n: 1, updatedExisting: result !== undefined }, value, ok: 1 };
}

/** undefined: it has been removed, there being no update. */
function changed(collection: Collection, document: Document, change: Document | undefined): Document | undefined {
  if (!change) {
    collection.remove(document);
    return undefined;
  }
  const result = updated(document, change);
  collection.replace(result);
  return result;
}

/** Runs the statements of one command; a refused one is reported by its place, and ends an ordered command. */
function eachOf<Statement>(
  statements: readonly Statement[],
  isOrdered: boolean,
  run: (statement: Statement) => void,
): Document {
  const writeErrors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index, code: error.code, errmsg: error.message });
      if (isOrdered) break;
    }
  }
  return writeErrors.length === 0 ? {} : { writeErrors };
}

function duplicateKey(namespace: string, id: unknown): CommandError {
  const message = `E11000 duplicate key error collection: ${namespace} index: _id_ dup key: ${valueKey(id)}`;
  return new CommandError(11000, 'DuplicateKey', message);
}
