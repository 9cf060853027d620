/** A MongoDB for the demo: with an empty database of its own. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { type Program, pause, startProgram } from '../processes.ts';

export interface MongodbOptions {
  readonly port: number;
  readonly scratch: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const START_LIMIT_MILLISECONDS = 20_000;

/** Listens when it resolves. */
export async function startMongodb({ signal, ...options }: MongodbOptions): Promise<Program> {
  const program = spawnMongodb(options);
  await untilListens(program, options.port, signal);
  return program;
}

/** The real one where there is one, else a program that drivers take for it. */
function spawnMongodb({ port, scratch, say }: Omit<MongodbOptions, 'signal'>): Program {
  const outputFile = join(scratch, 'output', 'mongodb.log');
  const isReal = spawnSync('mongod', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!isReal) {
    say('MongoDB: the stand-in, since no mongod is installed');
    const file = join(import.meta.dirname, '..', 'mongodb-stand-in', 'main.ts');
    const run = { file, commandLine: ['--port', String(port)] };
    return startProgram({ name: 'mongodb', run, folder: scratch, environment: {}, outputFile });
  }
  say('MongoDB: the mongod of this machine, with a database of its own');
  const folder = join(scratch, 'mongodb');
  mkdirSync(folder, { recursive: true });
  const shell = `exec mongod --port ${port} --bind_ip 127.0.0.1 --dbpath . --quiet`;
  return startProgram({ name: 'mongodb', run: { shell }, folder, environment: {}, outputFile });
}

async function untilListens(program: Program, port: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MILLISECONDS;
  while (!(await listens(port))) {
    if (program.exit() !== undefined || performance.now() > deadline) {
      throw new Error(`MongoDB does not listen on port ${port} (${program.exit() ?? 'it still runs'}).`);
    }
    await pause(50, signal);
  }
}

function listens(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createConnection({ port, host: '127.0.0.1' });
  socket.once('connect', () => resolve(true));
  socket.once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
