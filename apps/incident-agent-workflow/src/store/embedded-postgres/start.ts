/**
 * A real Postgres under our own data folder: made if missing, adopted if running, restarted on the same port if it
 * dies. It listens on loopback only, with a random password; it survives the process that started it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, chown, mkdir, open, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client, type QueryResult } from 'pg';
import { AgentError, messageOf } from '../../domain/error.ts';
import type { Log } from '../../ports.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { withStartLock } from './lock.ts';
import { keptPort } from './port.ts';
import { isPostgresAlive, readPostmaster, removeStalePidFile } from './postmaster-file.ts';
import { chooseRunAs, type RunAs } from './run-as.ts';

export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  /** It ran already. */
  readonly adopted: boolean;
  readonly pid: number;
}

export interface EmbeddedOptions {
  /** Holds `postgres/` (the data), the password and the server's log. */
  readonly folder: string;
  readonly log: Log;
}

const USER = 'app';
const UNFINISHED = 'postgres.unfinished.';
const START_LIMIT_MILLISECONDS = 30_000;
const START_ATTEMPTS = 3;
const POLL_MILLISECONDS = 25;
const SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = '32MB'
max_connections = 60
`;

/** Starts or adopts. The same folder always gives the same port, so that clients reconnect by themselves. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  await mkdir(options.folder, { recursive: true });
  const folder = await realpath(options.folder); // as Postgres names it
  return withStartLock(join(folder, 'postgres.lock'), async () => {
    const dataDirectory = join(folder, 'postgres');
    const adopted = await adopt(folder, dataDirectory);
    if (adopted) return adopted;
    const binaries = await findBinaries();
    const runAs = await chooseRunAs();
    const isNew = !existsSync(join(dataDirectory, 'PG_VERSION'));
    if (isNew) await initialise(folder, dataDirectory, binaries, runAs);
    await removeStalePidFile(dataDirectory);
    const port = await launchOnPort(folder, dataDirectory, binaries, runAs);
    if (isNew) syncFiles(dataDirectory, binaries, runAs, options.log);
    const postmaster = await readPostmaster(dataDirectory);
    options.log.info(`Embedded Postgres runs on port ${port}`, { folder });
    return { url: await urlOf(folder, port), port, adopted: false, pid: postmaster?.pid ?? 0 };
  });
}

/** Fast shutdown: clients are cut off, everything committed is kept. Resolves when it is down. */
export async function stopEmbeddedPostgres(folder: string): Promise<void> {
  const postmaster = await readPostmaster(join(folder, 'postgres'));
  if (!postmaster || !isPostgresAlive(postmaster.pid)) return;
  try {
    process.kill(postmaster.pid, 'SIGINT');
  } catch {
    return; // it has just gone
  }
  const deadline = performance.now() + 10_000;
  while (isPostgresAlive(postmaster.pid) && performance.now() < deadline) await setTimeout(POLL_MILLISECONDS);
}

/** Whoever leaves last turns off the light: others may have adopted the server. Called when one's own connections are closed. */
export async function leaveEmbeddedPostgres(folder: string): Promise<void> {
  const real = await realpath(folder);
  await withStartLock(join(real, 'postgres.lock'), async () => {
    const postmaster = await readPostmaster(join(real, 'postgres'));
    if (!postmaster || !isPostgresAlive(postmaster.pid)) return;
    if (!(await isInUse(await urlOf(real, postmaster.port)))) await stopEmbeddedPostgres(real);
  });
}

/** False also where it cannot be asked: then nobody works on it either. A connection that is just closing is waited for. */
async function isInUse(url: string): Promise<boolean> {
  const deadline = performance.now() + CLOSING_LIMIT_MILLISECONDS;
  for (;;) {
    const others = await ask(url, OTHER_CLIENTS).then(
      ({ rows }) => rows.length > 0,
      () => false,
    );
    if (!others || performance.now() > deadline) return others;
    await setTimeout(POLL_MILLISECONDS);
  }
}

const CLOSING_LIMIT_MILLISECONDS = 500;
const OTHER_CLIENTS = `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1`;

async function adopt(folder: string, dataDirectory: string): Promise<EmbeddedPostgres | undefined> {
  const deadline = performance.now() + START_LIMIT_MILLISECONDS;
  let postmaster = await readPostmaster(dataDirectory);
  while (postmaster && isPostgresAlive(postmaster.pid) && performance.now() < deadline) {
    const url = await urlOf(folder, postmaster.port);
    if (postmaster.isReady && (await serves(url, dataDirectory)))
      return { url, port: postmaster.port, adopted: true, pid: postmaster.pid };
    await setTimeout(POLL_MILLISECONDS); // starting up, or going down
    postmaster = await readPostmaster(dataDirectory);
  }
  return undefined;
}

async function serves(url: string, dataDirectory: string): Promise<boolean> {
  try {
    const { rows } = await ask(url, 'SHOW data_directory');
    return rows[0]?.data_directory === dataDirectory;
  } catch {
    return false;
  }
}

async function ask(url: string, query: string): Promise<QueryResult<Record<string, unknown>>> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {}); // the server may go down between the answer and the end
  await client.connect();
  try {
    return await client.query(query);
  } finally {
    await client.end();
  }
}

/** Under another name until it is whole: what a killed `initdb` leaves looks finished and never starts. */
async function initialise(folder: string, dataDirectory: string, binaries: Binaries, runAs: RunAs): Promise<void> {
  const leftOver = (await readdir(folder)).filter((name) => name.startsWith(UNFINISHED));
  // One whose starter was killed may still be writing: then it stays, and hurts nobody.
  for (const name of leftOver) await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
  const unfinished = join(folder, UNFINISHED + randomBytes(4).toString('hex'));
  await mkdir(unfinished, { mode: 0o700 });
  const passwordFile = join(folder, 'postgres.password');
  await writeFile(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  if (runAs.owner) for (const path of [unfinished, passwordFile]) await chown(path, runAs.owner.uid, runAs.owner.gid);
  const { command, commandArguments } = runAs.wrap(binaries.initdb, [
    '-D',
    unfinished,
    '-U',
    USER,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync', // see syncFiles
  ]);
  await toEnd(command, commandArguments, runAs);
  await appendFile(join(unfinished, 'postgresql.auto.conf'), SETTINGS);
  await rename(unfinished, dataDirectory);
}

/** Waiting for the disk before the first start costs seconds on a busy one: it is done while the server runs already. */
function syncFiles(dataDirectory: string, binaries: Binaries, runAs: RunAs, log: Log): void {
  const { command, commandArguments } = runAs.wrap(binaries.initdb, ['--sync-only', '-D', dataDirectory]);
  toEnd(command, commandArguments, runAs).catch((error: unknown) => {
    log.warn('The new database files could not be written through to the disk', { reason: messageOf(error) });
  });
}

async function toEnd(command: string, commandArguments: readonly string[], runAs: RunAs): Promise<void> {
  const child = spawn(command, commandArguments, {
    ...runAs.spawnOptions,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code !== 0) throw new AgentError('refused', `initdb failed: ${said.trim()}`, { retryable: false });
}

/** Another program may take the port between our look and the server's: then it ends at once, and another try is made. */
async function launchOnPort(folder: string, dataDirectory: string, binaries: Binaries, runAs: RunAs): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await keptPort(folder);
    const child = await launch(folder, dataDirectory, port, binaries, runAs);
    try {
      await untilReady(await urlOf(folder, port), child);
      return port;
    } catch (error) {
      if (attempt < START_ATTEMPTS && isOver(child)) continue;
      throw new AgentError('unreachable', `The embedded Postgres does not start: see ${join(folder, 'postgres.log')}`, {
        retryable: true,
        cause: error,
      });
    }
  }
}

async function launch(
  folder: string,
  dataDirectory: string,
  port: number,
  binaries: Binaries,
  runAs: RunAs,
): Promise<ChildProcess> {
  const output = await open(join(folder, 'postgres.log'), 'a', 0o600);
  try {
    const { command, commandArguments } = runAs.wrap(binaries.postgres, ['-D', dataDirectory, '-p', String(port)]);
    // Detached: a Ctrl-C on the terminal must not reach it before those who use it.
    const child = spawn(command, commandArguments, {
      ...runAs.spawnOptions,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      env: { ...process.env, LC_ALL: 'C' },
    });
    child.once('error', () => {}); // seen as "does not become ready"
    child.unref();
    return child;
  } finally {
    await output.close();
  }
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MILLISECONDS;
  for (;;) {
    try {
      await ask(url, 'SELECT 1');
      return;
    } catch (error) {
      if (isOver(child) || performance.now() > deadline) throw error;
      await setTimeout(POLL_MILLISECONDS);
    }
  }
}

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

async function urlOf(folder: string, port: number): Promise<string> {
  const password = await readFile(join(folder, 'postgres.password'), 'utf8').catch(() => '');
  return `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
}
