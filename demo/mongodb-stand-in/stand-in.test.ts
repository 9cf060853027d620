import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { Decimal128, type Document, Long, MongoClient, ObjectId } from 'mongodb';
import { expect, test } from 'vitest';
import { startMongodbStandIn } from './stand-in.ts';

async function connected() {
  const standIn = await startMongodbStandIn();
  const client = await MongoClient.connect(standIn.uri, { serverSelectionTimeoutMS: 2_000 });
  const database = client.db('servicedb');
  return {
    standIn,
    client,
    database,
    items: database.collection('items'),
    async [Symbol.asyncDispose]() {
      await client.close();
      await standIn.close();
    },
  };
}

async function withNumbers(count: number) {
  const mongo = await connected();
  await mongo.items.insertMany(
    Array.from({ length: count }, (_, index) => ({ number: index, isEven: index % 2 === 0 })),
  );
  return mongo;
}

test('the official driver connects, pings and learns the version', async () => {
  await using mongo = await connected();
  expect(await mongo.database.command({ ping: 1 })).toMatchObject({ ok: 1 });
  expect(await mongo.database.admin().buildInfo()).toMatchObject({ version: '7.0.0' });
});

test('a document comes back as it went in, with an _id when it had none', async () => {
  await using mongo = await connected();
  const document = {
    name: 'ünïcode ✓',
    value: 1.5,
    big: Long.fromString('9007199254740993'),
    exact: Decimal128.fromString('0.10'),
    at: new Date(0),
    bytes: Buffer.from([0, 255]),
    nothing: null,
    list: [1, { deep: true }],
    owner: new ObjectId(),
  };
  const { insertedId } = await mongo.items.insertOne({ ...document });
  expect(insertedId).toBeInstanceOf(ObjectId);
  expect(await mongo.items.findOne({ _id: insertedId }, { promoteBuffers: true })).toEqual({
    _id: insertedId,
    ...document,
  });
});

test('any flat document survives the way in and out', async () => {
  await using mongo = await connected();
  const name = fc.stringMatching(/^[a-z]{1,8}$/);
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.integer(),
    fc.double({ noNaN: true }).map((number) => number + 0) /* never -0, which the driver sends as the integer 0 */,
    fc.boolean(),
    fc.constant(null),
    fc.date({ noInvalidDate: true }),
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, value, { noNullPrototype: true }), async (document) => {
      const { insertedId } = await mongo.items.insertOne({ ...document });
      expect(await mongo.items.findOne({ _id: insertedId })).toEqual({
        ...document,
        _id: insertedId,
      });
    }),
    { numRuns: 50 },
  );
});

test.each([
  { filter: { number: 3 }, numbers: [3] },
  { filter: { number: 3, isEven: true }, numbers: [] },
  { filter: { number: { $gte: 3, $lt: 5 } }, numbers: [3, 4] },
  { filter: { number: { $in: [0, 5, 9] } }, numbers: [0, 5] },
  { filter: { $or: [{ number: 1 }, { number: 2 }] }, numbers: [1, 2] },
  { filter: { number: { $ne: 0 }, isEven: true }, numbers: [2, 4] },
  { filter: { number: '3' }, numbers: [] },
  { filter: { number: { $lt: '3' } }, numbers: [] },
  { filter: { missing: null }, numbers: [0, 1, 2, 3, 4, 5] },
  { filter: { missing: { $exists: true } }, numbers: [] },
])('$filter finds $numbers', async ({ filter, numbers }) => {
  await using mongo = await withNumbers(6);
  const found = await mongo.items.find(filter).toArray();
  expect(found.map(({ number }) => number)).toEqual(numbers);
  expect(await mongo.items.countDocuments(filter)).toBe(numbers.length);
});

test('an answer longer than a batch arrives whole, in order, sorted, skipped and limited as asked', async () => {
  await using mongo = await withNumbers(350);
  const all = await mongo.items.find().toArray();
  expect(all.map(({ number }) => number)).toEqual(Array.from({ length: 350 }, (_, index) => index));
  const some = await mongo.items
    .find()
    .sort({ isEven: 1, number: -1 })
    .skip(2)
    .limit(3)
    .project({ _id: 0, number: 1 })
    .toArray();
  expect(some).toEqual([{ number: 345 }, { number: 343 }, { number: 341 }]);
  expect(await mongo.items.countDocuments({}, { skip: 300, limit: 20 })).toBe(20);
  expect(await mongo.items.estimatedDocumentCount()).toBe(350);
});

test('a cursor that is closed early is gone', async () => {
  await using mongo = await withNumbers(350);
  const cursor = mongo.items.find().batchSize(10);
  expect(await cursor.next()).toMatchObject({ number: 0 });
  const id = cursor.id;
  await cursor.close();
  await expect(mongo.database.command({ getMore: id, collection: 'items' })).rejects.toMatchObject({
    code: 43,
    codeName: 'CursorNotFound',
  });
});

test('updates, deletes and find-and-modify change what they should and say how much', async () => {
  await using mongo = await withNumbers(6);
  expect(
    await mongo.items.updateOne({ number: 1 }, { $set: { name: 'one' }, $inc: { number: 10 }, $unset: { isEven: '' } }),
  ).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
  expect(await mongo.items.findOne({ name: 'one' }, { projection: { _id: 0 } })).toEqual({ number: 11, name: 'one' });
  expect(await mongo.items.updateMany({ isEven: true }, { $set: { isEven: true } })).toMatchObject({
    matchedCount: 3,
    modifiedCount: 0,
  });
  expect(
    await mongo.items.findOneAndUpdate({ number: 3 }, { $set: { number: 33 } }, { returnDocument: 'after' }),
  ).toMatchObject({ number: 33 });
  expect(await mongo.items.findOneAndUpdate({ number: 33 }, { $set: { number: 3 } })).toMatchObject({ number: 33 });
  expect(await mongo.items.findOneAndUpdate({ number: 99 }, { $set: { number: 3 } })).toBeNull();
  expect(await mongo.items.findOneAndDelete({ number: 3 })).toMatchObject({ number: 3 });
  expect(await mongo.items.replaceOne({ number: 5 }, { name: 'five' })).toMatchObject({ modifiedCount: 1 });
  expect(await mongo.items.deleteOne({ isEven: true })).toMatchObject({ deletedCount: 1 });
  expect(await mongo.items.deleteMany({})).toMatchObject({ deletedCount: 4 });
  expect(await mongo.items.countDocuments()).toBe(0);
});

test('the same _id twice is refused as a duplicate, the documents before it are kept', async () => {
  await using mongo = await connected();
  const documents: Document[] = [{ _id: 'a' }, { _id: 'b' }, { _id: 'a' }, { _id: 'c' }];
  await expect(mongo.items.insertMany(documents)).rejects.toMatchObject({ code: 11000, insertedCount: 2 });
  await expect(mongo.items.insertMany(documents, { ordered: false })).rejects.toMatchObject({
    code: 11000,
    insertedCount: 1,
  });
  expect((await mongo.items.find().toArray()).map((document) => Object.values(document)[0])).toEqual(['a', 'b', 'c']);
});

test.each<{ says: string; command: Document; code: number }>([
  { says: 'an unknown command', command: { refill: 'items' }, code: 59 },
  { says: 'an unknown operator', command: { find: 'items', filter: { number: { $near: 1 } } }, code: 2 },
  { says: 'JavaScript', command: { find: 'items', filter: { $where: 'true' } }, code: 2 },
  { says: 'an unknown stage', command: { aggregate: 'items', pipeline: [{ $lookup: {} }], cursor: {} }, code: 238 },
  { says: 'a field of a wrong type', command: { find: 'items', limit: 'many' }, code: 9 },
  { says: 'an inherited name', command: { constructor: 1 }, code: 59 },
])('$says is refused with code $code, and the connection stays good', async ({ command, code }) => {
  await using mongo = await withNumbers(1);
  await expect(mongo.database.command(command)).rejects.toMatchObject({ code });
  expect(await mongo.items.countDocuments()).toBe(1);
});

test.each<{ says: string; update: Document; code: number }>([
  { says: 'an unknown modifier', update: { $rename: { number: 'digit' } }, code: 9 },
  { says: 'a change of the _id', update: { $set: { _id: 1 } }, code: 66 },
  { says: 'adding to a text', update: { $set: { name: 'x' }, $inc: { isEven: 1 } }, code: 14 },
])('$says is a write error $code and changes nothing', async ({ update, code }) => {
  await using mongo = await withNumbers(1);
  await expect(mongo.items.updateOne({}, update)).rejects.toMatchObject({ code });
  expect(await mongo.items.findOne({}, { projection: { _id: 0 } })).toEqual({ number: 0, isEven: true });
});

test('collections are listed once they hold something, databases are apart', async () => {
  await using mongo = await withNumbers(1);
  await mongo.client.db('other').collection('things').insertOne({});
  expect(await mongo.database.listCollections().toArray()).toMatchObject([{ name: 'items', type: 'collection' }]);
  expect(await mongo.database.listCollections({ name: 'nothing' }).toArray()).toEqual([]);
  expect(await mongo.items.drop()).toBe(true);
  expect(await mongo.database.listCollections().toArray()).toEqual([]);
  expect(await mongo.client.db('other').dropDatabase()).toBe(true);
  expect(await mongo.client.db('other').listCollections().toArray()).toEqual([]);
});

test('a write that wants no answer gets none, and the next command still has its own', async () => {
  await using mongo = await connected();
  await mongo.items.insertOne({ number: 1 }, { writeConcern: { w: 0 } });
  expect(await mongo.items.countDocuments()).toBe(1);
});

test('a large insert, cut into many packets, is read whole', async () => {
  await using mongo = await connected();
  const text = 'x'.repeat(100_000);
  await mongo.items.insertMany(Array.from({ length: 100 }, (_, index) => ({ index, text })));
  expect((await mongo.items.findOne({ index: 99 }))?.text).toHaveLength(100_000);
});

test.each([
  { says: 'a web browser', bytes: Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n') },
  { says: 'a length of 2 GB', bytes: Buffer.from('ffffff7f00000000000000000000dd07', 'hex') },
  { says: 'a negative length', bytes: Buffer.from('ffffffff0000000000000000dd070000', 'hex') },
  { says: 'an unknown operation', bytes: Buffer.from('10000000010000000000000001000000', 'hex') },
  { says: 'a message without anything in it', bytes: Buffer.from('100000000100000000000000dd070000', 'hex') },
  {
    says: 'a section longer than its message',
    bytes: Buffer.from('1a0000000100000000000000dd0700000000000000ff000000000000', 'hex'),
  },
])('$says is hung up on, and others are still served', async ({ bytes }) => {
  await using mongo = await connected();
  const socket = connect(mongo.standIn.port, '127.0.0.1').on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  expect(await mongo.database.command({ ping: 1 })).toMatchObject({ ok: 1 });
});

test('as a program it says where it listens, and ends on SIGTERM', async () => {
  const program = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(program, 'close');
  const [line] = await once(program.stdout, 'data');
  const uri = /mongodb:\/\/\S+/.exec(String(line))?.[0] ?? '';
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 2_000 });
  expect(await client.db('servicedb').command({ ping: 1 })).toMatchObject({ ok: 1 });
  program.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await client.close();
});

test('a port that is taken is said, with exit code 1', async () => {
  await using standIn = Object.assign(await startMongodbStandIn(), {
    async [Symbol.asyncDispose]() {
      await standIn.close();
    },
  });
  const program = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--port', String(standIn.port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(program, 'close');
  const [line] = await once(program.stderr, 'data');
  expect(String(line)).toContain('EADDRINUSE');
  expect(await ended).toEqual([1, null]);
});
