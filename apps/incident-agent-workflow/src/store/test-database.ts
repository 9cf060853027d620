/**
 * A fresh database for a test, on one embedded server that all test processes of this user share: the first that needs
 * it starts it, the last that is done stops it.
 */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Log } from '../ports.ts';
import { withStartLock } from './embedded-postgres/lock.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from './embedded-postgres/start.ts';

export interface TestDatabase {
  readonly url: string;
  /** Drops the database, whoever is still connected to it. */
  close(): Promise<void>;
}

const SILENT: Log = { info() {}, warn() {}, error() {} };

/** On the server of `TEST_DATABASE_URL` if that is set (any database of it; the user must be able to create others). */
export async function startTestDatabase(): Promise<TestDatabase> {
  // The number of the process says whether a database that is found is still in use.
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  const given = process.env.TEST_DATABASE_URL;
  if (given) {
    await onServer(given, (client) => client.query(`CREATE DATABASE ${name}`));
    return { url: urlOf(given, name), close: () => onServer(given, (client) => drop(client, name)) };
  }
  const folder = join(tmpdir(), `incident-agent-test-postgres-18-${userInfo().uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, 'users.lock');
  const url = await withStartLock(lock, async () => {
    const server = await startEmbeddedPostgres({ folder, log: SILENT });
    await onServer(server.url, (client) => client.query(`CREATE DATABASE ${name}`));
    return server.url;
  });
  return { url: urlOf(url, name), close: () => withStartLock(lock, () => leave(folder, url, name)) };
}

async function leave(folder: string, url: string, name: string): Promise<void> {
  const isInUse = await onServer(url, async (client) => {
    await drop(client, name);
    const { rows } = await client.query<{ name: string }>(
      "SELECT datname AS name FROM pg_database WHERE datname LIKE 'test\\_%'",
    );
    const abandoned = rows.filter((row) => !isAlive(Number(row.name.split('_')[1])));
    for (const row of abandoned) await drop(client, row.name);
    return rows.length > abandoned.length;
  });
  if (!isInUse) await stopEmbeddedPostgres(folder);
}

async function drop(client: Client, name: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function onServer<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
