/**
 * For tests: a fresh, migrated database on a real Postgres. The first call of a process starts an embedded server in
 * a temporary folder, the last disposal stops it; with TEST_DATABASE_URL set, that server is used instead.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Client } from 'pg';
import type { Log } from '../ports.ts';
import { type Database, openDatabase } from './database.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from './embedded-postgres/start.ts';
import { migrate } from './migrations.ts';

export interface TestDatabase extends AsyncDisposable {
  /** Of this database alone; may be handed to other processes and to the queue. */
  readonly url: string;
  readonly database: Database;
  /** Drops the database; clients that are still connected are cut off. */
  dispose(): Promise<void>;
  /** The same. */
  close(): Promise<void>;
}

interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

const FOLDER_PREFIX = 'incident-agent-test-';
const QUIET: Log = { info() {}, warn() {}, error() {} };
let shared: Promise<TestServer> | undefined;
let users = 0;

/** `isMigrated` false: an empty database, for tests of the migrations themselves. */
export async function startTestDatabase({ isMigrated = true, poolSize = 5 } = {}): Promise<TestDatabase> {
  users += 1;
  shared ??= startServer();
  const server = await shared;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(server.url, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server.url), { pathname: `/${name}` }).toString();
  const database = openDatabase({ url, log: QUIET, poolSize });
  if (isMigrated) await migrate(database);

  async function dispose(): Promise<void> {
    await database.destroy();
    await execute(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    users -= 1;
    if (users > 0) return;
    shared = undefined;
    await server.stop();
  }
  return { url, database, dispose, close: dispose, [Symbol.asyncDispose]: dispose };
}

/** Cuts off every other client of the database, as a restart of the server would. */
export async function cutConnections({ url }: Pick<TestDatabase, 'url'>): Promise<void> {
  await execute(
    url,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
}

/** Resolves once `isTrue` has said so; rejects after 15 s, naming what was waited for. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`waited 15 s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** How many rows a query gives. */
export async function countRows(database: Database, query: string): Promise<number> {
  return (await sql.raw(query).execute(database)).rows.length;
}

async function startServer(): Promise<TestServer> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined && given !== '') return { url: given, stop: async () => {} };
  await sweepAbandoned();
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const { url, pid } = await startEmbeddedPostgres({ folder, log: QUIET });
  const kill = () => {
    process.kill(pid, 'SIGINT');
  };
  process.once('exit', kill); // a test run that ends without disposing leaves no server behind
  return {
    url,
    async stop() {
      process.off('exit', kill);
      await stopEmbeddedPostgres(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A test process that was killed could not stop its server: the next one does. Its number is in the folder's name. */
async function sweepAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    await stopEmbeddedPostgres(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {}); // the server may go down between the answer and the end
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
