/** The shop's books, in Java: bench/corpus/shop/ledger is its real source. */
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ServiceDefinition } from '../template.ts';
import { ledgerChanges } from './ledger-changes.ts';
import { LEDGER_KEY } from './ledger-key.ts';
import { filesBelow } from './node-service.ts';
import { shellCommand } from './shell-command.ts';

const run = promisify(execFile);
const FOLDER = 'services/ledger';
const SOURCES = join(import.meta.dirname, '..', 'shop', 'ledger');
const MAIN_SOURCES = join('src', 'main', 'java');
/** As a small container has them. */
const OPEN_FILES = 256;
const HEAP_MEGABYTES = 48;
/** Quick to start and light beside others, as small services are tuned; the compiler costs more than it gives here. */
const MACHINE = [
  '-Xms16m',
  `-Xmx${HEAP_MEGABYTES}m`,
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
] as const;
/** A compiler that lives for two seconds is quicker without its own optimising. */
const COMPILER = ['-J-XX:TieredStopAtLevel=1', '-J-XX:+UseSerialGC', '-proc:none'] as const;

export const ledger: ServiceDefinition = {
  name: 'ledger',
  language: 'java',
  folder: FOLDER,
  dependsOn: [],
  healthPath: '/health',
  readyPath: '/health/ready',
  weight: 'jvm',
  beginning: () => filesBelow(SOURCES, FOLDER),
  changes: ledgerChanges,
  async build(folder, signal) {
    const kept = await compiled(join(folder, MAIN_SOURCES), signal);
    cpSync(kept, classesOf(folder), { recursive: true });
  },
  command(running) {
    const home = `-Dledger.home=${running.folder}`;
    const java = ['java', ...MACHINE, home, '-cp', classesOf(running.folder), 'shop.ledger.Main'];
    return shellCommand(running, OPEN_FILES, java, {
      DATA_DIR: join(dirname(running.logFile), 'data-ledger'),
      TOKEN_KEY: LEDGER_KEY,
    });
  },
};

/** The folder of the classes. The same sources are compiled once on a machine: a case compiles for seconds what many share. */
async function compiled(sources: string, signal: AbortSignal): Promise<string> {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.java'));
  const hash = createHash('sha256');
  for (const path of files.toSorted()) hash.update(`${path}\0`).update(readFileSync(join(sources, path)));
  const kept = join(tmpdir(), 'shop-ledger-classes', hash.digest('hex').slice(0, 32));
  if (existsSync(kept)) return kept;
  const fresh = `${kept}.${process.pid}.${randomUUID()}`;
  mkdirSync(fresh, { recursive: true });
  try {
    const paths = files.toSorted().map((path) => join(sources, path));
    await run('javac', [...COMPILER, '-d', fresh, ...paths], { signal });
    renameSync(fresh, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error; // else another case was quicker
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return kept;
}

function classesOf(folder: string): string {
  return join(folder, 'build', 'classes');
}
