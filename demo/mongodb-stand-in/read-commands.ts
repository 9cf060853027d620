/** Commands that look: find, count, aggregate (as far as countDocuments needs it), the list of collections. */
import type { Document } from 'bson';
import { z } from 'zod';
import { CommandError } from './command-error.ts';
import type { Cursors } from './cursors.ts';
import { matches } from './filter.ts';
import { projected } from './projection.ts';
import { BsonDocument, Count, parseCommand } from './schemas.ts';
import type { Storage } from './storage.ts';

const Find = z.object({
  find: z.string(),
  $db: z.string(),
  filter: BsonDocument.default({}),
  sort: BsonDocument.default({}),
  projection: BsonDocument.default({}),
  skip: Count.default(0),
  limit: Count.default(0),
  batchSize: Count.optional(),
  singleBatch: z.boolean().default(false),
});

export function find(command: unknown, storage: Storage, cursors: Cursors): Document {
  const asked = parseCommand(Find, command);
  const documents = storage.collection(asked.$db, asked.find).select(asked);
  const shown = documents.map((document) => projected(document, asked.projection));
  return cursors.firstBatch(`${asked.$db}.${asked.find}`, shown, asked.batchSize, asked.singleBatch);
}

const GetMore = z.object({ getMore: z.number(), $db: z.string(), collection: z.string(), batchSize: Count.optional() });

export function getMore(command: unknown, _storage: Storage, cursors: Cursors): Document {
  const asked = parseCommand(GetMore, command);
  return cursors.nextBatch(`${asked.$db}.${asked.collection}`, asked.getMore, asked.batchSize);
}

const KillCursors = z.object({ cursors: z.array(z.number()) });

export function killCursors(command: unknown, _storage: Storage, cursors: Cursors): Document {
  const asked = parseCommand(KillCursors, command).cursors;
  const cursorsKilled = cursors.kill(asked);
  const cursorsNotFound = asked.filter((id) => !cursorsKilled.includes(id));
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 };
}

const CountCommand = z.object({
  count: z.string(),
  $db: z.string(),
  query: BsonDocument.default({}),
  skip: Count.default(0),
  limit: Count.default(0),
});

export function count(command: unknown, storage: Storage): Document {
  const { count: name, $db, query, skip, limit } = parseCommand(CountCommand, command);
  return { n: storage.collection($db, name).select({ filter: query, skip, limit }).length, ok: 1 };
}

const Aggregate = z.object({
  aggregate: z.string(),
  $db: z.string(),
  pipeline: z.array(BsonDocument),
  cursor: z.object({ batchSize: Count.optional() }).default({}),
});

export function aggregate(command: unknown, storage: Storage, cursors: Cursors): Document {
  const { aggregate: name, $db, pipeline, cursor } = parseCommand(Aggregate, command);
  let documents = storage.collection($db, name).select({ filter: {} });
  for (const stage of pipeline) documents = afterStage(documents, stage);
  return cursors.firstBatch(`${$db}.${name}`, documents, cursor.batchSize);
}

function afterStage(documents: Document[], stage: Document): Document[] {
  const [name, operand, ...others] = Object.entries(stage).flat();
  if (name === '$match' && others.length === 0) {
    const filter = parseCommand(BsonDocument, operand);
    return documents.filter((document) => matches(document, filter));
  }
  if (name === '$skip') return documents.slice(parseCommand(Count, operand));
  if (name === '$limit') return documents.slice(0, parseCommand(Count, operand));
  if (name === '$group' && CountGroup.safeParse(operand).success) {
    return documents.length === 0 ? [] : [{ _id: 1, n: documents.length }];
  }
  throw new CommandError(238, 'NotImplemented', `The stand-in has no pipeline stage like '${String(name)}'`);
}

/** The one group that `countDocuments` sends. */
const CountGroup = z.strictObject({ _id: z.literal(1), n: z.strictObject({ $sum: z.literal(1) }) });

const ListCollections = z.object({ $db: z.string(), filter: BsonDocument.default({}) });

export function listCollections(command: unknown, storage: Storage, cursors: Cursors): Document {
  const { $db, filter } = parseCommand(ListCollections, command);
  const collections = storage
    .collectionNames($db)
    .map((name) => ({ name, type: 'collection', options: {}, info: { readOnly: false } }));
  const listed = collections.filter((collection) => matches(collection, filter));
  return cursors.firstBatch(`${$db}.$cmd.listCollections`, listed, listed.length);
}
