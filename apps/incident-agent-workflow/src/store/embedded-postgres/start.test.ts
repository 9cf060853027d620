import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../adapters/system/clock.ts';
import type { Log } from '../../ports.ts';
import { type Database, openDatabase, translated } from '../database.ts';
import { until } from '../test-database.ts';
import { isPostgresAlive } from './postmaster-file.ts';
import { leaveEmbeddedPostgres, startEmbeddedPostgres, stopEmbeddedPostgres } from './start.ts';
import { watchEmbeddedPostgres } from './watch.ts';

const QUIET: Log = { info() {}, warn() {}, error() {} };

/** Empty at the beginning of each test. */
let folder: string;
/** Holds a server for the tests that do not ask for a first start. */
let used: string;
let database: Database | undefined;
beforeAll(async () => {
  used = await mkdtemp(join(tmpdir(), 'incident-agent-embedded-'));
  await start(used);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'incident-agent-embedded-'));
});
afterEach(async () => {
  await database?.destroy();
  database = undefined;
  await remove(folder);
});
afterAll(() => remove(used));

function start(folderOfServer: string) {
  return startEmbeddedPostgres({ folder: folderOfServer, log: QUIET });
}

async function remove(folderOfServer: string): Promise<void> {
  await stopEmbeddedPostgres(folderOfServer);
  await rm(folderOfServer, { recursive: true });
}

function open(url: string): Database {
  database = openDatabase({ url, log: QUIET, poolSize: 3 });
  return database;
}

async function valuesIn(db: Database): Promise<number[]> {
  const { rows } = await sql<{ value: number }>`SELECT value FROM kept ORDER BY value`.execute(db);
  return rows.map(({ value }) => value);
}

test('it is made, adopted while it runs, and after a stop found on the same port with what was committed', async () => {
  const made = await start(folder);
  expect(made.adopted).toBe(false);
  const first = open(made.url);
  await sql`CREATE TABLE kept (value integer)`.execute(first);
  await sql`INSERT INTO kept VALUES (1)`.execute(first);
  expect(await start(folder)).toEqual({ ...made, adopted: true });

  await stopEmbeddedPostgres(folder);
  expect(isPostgresAlive(made.pid)).toBe(false);
  await first.destroy();
  const again = await start(folder);
  expect(again).toMatchObject({ adopted: false, url: made.url });
  expect(await valuesIn(open(again.url))).toEqual([1]);
});

test('of several that start at once on an empty folder one makes it and the others adopt it', async () => {
  const all = await Promise.all([start(folder), start(folder), start(folder)]);
  expect(all.filter(({ adopted }) => !adopted)).toHaveLength(1);
  expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
});

test('it is adopted through another path to the same folder', async () => {
  const { pid } = await start(used);
  const other = `${used}-link`;
  await symlink(used, other);
  try {
    expect(await startEmbeddedPostgres({ folder: other, log: QUIET })).toMatchObject({ adopted: true, pid });
  } finally {
    await rm(other);
  }
});

test('what a killed first start left is begun anew', async () => {
  const program = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dirname, 'start.ts'))});
    await startEmbeddedPostgres({ folder: ${JSON.stringify(folder)}, log: { info() {}, warn() {}, error() {} } });`;
  // A group of its own, so that initdb is killed with it.
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { detached: true, stdio: 'inherit' });
  await until('initdb has begun', async () =>
    (await readdir(folder, { recursive: true })).some((path) => path.endsWith('PG_VERSION')),
  );
  process.kill(-child.pid!, 'SIGKILL');
  expect(await start(folder)).toMatchObject({ adopted: false });
});

test('only the right password opens it, and only its owner can read that', async () => {
  const { url } = await start(used);
  const wrong = Object.assign(new URL(url), { password: 'guessed' }).toString();
  await expect(translated(() => sql`SELECT 1`.execute(open(wrong)))).rejects.toMatchObject({ code: 'refused' });
  expect((await stat(join(used, 'postgres.password'))).mode & 0o077).toBe(0);
});

test('a number that a living stranger has by now does not keep it from starting', async () => {
  const { port } = await start(used);
  await stopEmbeddedPostgres(used);
  const stale = [process.pid, join(used, 'postgres'), 0, port, '', '127.0.0.1', '', 'ready', ''].join('\n');
  await writeFile(join(used, 'postgres', 'postmaster.pid'), stale);
  expect(await start(used)).toMatchObject({ adopted: false, port });
});

test('a port that somebody else has taken meanwhile is given up for another', async () => {
  const { port } = await start(used);
  await stopEmbeddedPostgres(used);
  const stranger = createServer();
  await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
  try {
    const moved = await start(used);
    expect(moved.port).not.toBe(port);
    expect(await readFile(join(used, 'postgres.port'), 'utf8')).toBe(String(moved.port));
  } finally {
    stranger.close();
  }
});

test('killed under load it comes back on its port with every committed row, and clients go on', async () => {
  const server = await start(used);
  const watch = watchEmbeddedPostgres({ folder: used, server, log: QUIET, clock: systemClock });
  const db = open(server.url);
  await sql`CREATE TABLE kept (value integer PRIMARY KEY)`.execute(db);
  const committed: number[] = [];
  const failures: unknown[] = [];
  const over = new AbortController();

  async function write(lane: number): Promise<void> {
    for (let value = lane; !over.signal.aborted; value += 3) {
      try {
        await translated(() =>
          db.transaction().execute(async (transaction) => {
            await sql`INSERT INTO kept VALUES (${value})`.execute(transaction);
            await new Promise(setImmediate); // a break may also come between two statements
          }),
        );
        committed.push(value);
      } catch (error) {
        failures.push(error);
        await systemClock.sleep(50);
      }
    }
  }

  const writing = Promise.all([write(0), write(1), write(2)]);
  await until('some rows are committed', () => committed.length > 50);
  process.kill(server.pid, 'SIGKILL');
  await until('the break is felt', () => failures.length > 0);
  const before = committed.length;
  await until('it is written again', () => committed.length > before + 50);
  over.abort();
  await writing;

  expect(await valuesIn(db)).toEqual(expect.arrayContaining(committed));
  for (const failure of failures) expect(failure).toMatchObject({ code: 'unreachable', retryable: true });
  await watch.stop();
  expect(await start(used)).toMatchObject({ adopted: true, port: server.port });
});

test('of two who use it the first that leaves lets it run, the last one stops it', async () => {
  const { pid, url } = await start(folder);
  const other = open(url);
  await sql`SELECT 1`.execute(other);
  await leaveEmbeddedPostgres(folder);
  expect(isPostgresAlive(pid)).toBe(true);
  await other.destroy();
  await leaveEmbeddedPostgres(folder);
  expect(isPostgresAlive(pid)).toBe(false);
  await leaveEmbeddedPostgres(folder); // nobody is there any more
});
