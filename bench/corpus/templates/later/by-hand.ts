/** What people do to data by hand, beside the services that own it. */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { type Document, MongoClient } from 'mongodb';
import type { CaseWorld } from '../../template.ts';

const run = promisify(execFile);
const STATEMENT =
  'import sqlite3, sys; db = sqlite3.connect(sys.argv[1], timeout=5); db.execute(sys.argv[2]); db.commit()';
const OPEN_TRANSACTION =
  'import sqlite3, sys, time; db = sqlite3.connect(sys.argv[1], timeout=5, isolation_level=None); ' +
  'db.execute("BEGIN IMMEDIATE"); time.sleep(float(sys.argv[2])); db.execute("ROLLBACK")';

/** One SQL statement in a database file. */
export async function statement(file: string, sql: string): Promise<void> {
  await run('python3', ['-c', STATEMENT, file, sql]);
}

/** Somebody begins to write and keeps the database for so long, at most as long as the case. */
export async function openTransaction(world: CaseWorld, file: string, seconds: number): Promise<void> {
  const holder = spawn('python3', ['-c', OPEN_TRANSACTION, file, String(seconds)], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  holder.once('error', () => undefined);
  world.signal.addEventListener('abort', () => holder.kill('SIGKILL'), { once: true });
  await ended;
}

/** Written past the service, into its collection. */
export async function writeItems(world: CaseWorld, documents: readonly Document[]): Promise<void> {
  await withItems(world, async (items) => void (await items.insertMany([...documents])));
}
export async function removeItems(world: CaseWorld, filter: Document): Promise<void> {
  await withItems(world, async (items) => void (await items.deleteMany(filter)));
}

type Items = ReturnType<ReturnType<MongoClient['db']>['collection']>;

async function withItems({ addresses }: CaseWorld, use: (items: Items) => Promise<void>): Promise<void> {
  const { port } = new URL(addresses.mongodb ?? '');
  const client = new MongoClient(`mongodb://127.0.0.1:${port}`, { serverSelectionTimeoutMS: 2_000 });
  try {
    await use(client.db(ITEMS_DATABASE).collection('items'));
  } finally {
    await client.close();
  }
}
const ITEMS_DATABASE = 'servicedb';
