/** The real agent as a process of its own: embedded Postgres, loopback, a free port, everything under a scratch folder. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../demo/listen.ts';
import { type Program, pause, startProgram } from '../demo/processes.ts';
import { commandLineOf, processTree } from './memory.ts';

const APPS = join(import.meta.dirname, '..', 'apps');
const START_LIMIT_MILLISECONDS = 60_000;
const STOP_LIMIT_MILLISECONDS = 15_000;
const POLL_MILLISECONDS = 10;

export interface AgentOptions {
  readonly scratch: string;
  readonly withWorker: boolean;
  /** Default: nothing registered. */
  readonly registry?: Readonly<Record<string, unknown>>;
  /** Default: an address where nobody listens. */
  readonly notifierUrl?: string;
  readonly signal: AbortSignal;
}

export interface RunningAgent {
  readonly url: string;
  /** From the start of the process to its 200 on /health/ready. */
  readonly readySeconds: number;
  /** Of the HTTP process and of Postgres: the worker and the connections descend from them. */
  readonly roots: () => number[];
  /** undefined: there is none right now. */
  workerPid(): number | undefined;
  /** Resolves when the worker takes runs; it starts after the agent is ready. */
  untilWorking(): Promise<void>;
  stop(): Promise<void>;
}

/** Ready when it resolves; when it rejects nothing of it is left running. */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const { scratch, withWorker, signal } = options;
  const dataFolder = join(scratch, 'agent');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const outputFile = join(scratch, 'agent.log');
  const began = performance.now();
  const program = startProgram({
    name: 'incident-agent-workflow',
    run: {
      file: join(APPS, 'incident-agent-workflow', 'src', 'main.ts'),
      commandLine: ['serve', ...(withWorker ? [] : ['--no-worker'])],
    },
    folder: join(APPS, 'incident-agent-workflow'),
    // As bin/incident-agent.mjs starts it.
    environment: { ...environmentOf(options, port, dataFolder), NODE_OPTIONS: '--max-semi-space-size=8' },
    outputFile,
  });
  async function stop(): Promise<void> {
    await program.stop(STOP_LIMIT_MILLISECONDS);
    killPostgres(dataFolder);
  }
  try {
    await untilReady(`${url}/health/ready`, program, outputFile, signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    readySeconds: (performance.now() - began) / 1_000,
    roots: () => [program.pid, ...(postgresPid(dataFolder) ?? [])],
    workerPid: () =>
      processTree([program.pid]).find((pid) => pid !== program.pid && commandLineOf(pid).includes('main.ts worker')),
    async untilWorking() {
      const deadline = performance.now() + START_LIMIT_MILLISECONDS;
      while (!readFileSync(outputFile, 'utf8').includes('Worker takes runs')) {
        if (performance.now() > deadline) throw new Error('The worker does not take runs');
        await pause(POLL_MILLISECONDS * 5, signal);
      }
    },
    stop,
  };
}

function environmentOf(options: AgentOptions, port: number, dataFolder: string): Record<string, string> {
  const registryPath = join(options.scratch, 'service_registry.json');
  mkdirSync(options.scratch, { recursive: true });
  writeFileSync(registryPath, JSON.stringify(options.registry ?? {}));
  return {
    PORT: String(port),
    HOST: '127.0.0.1',
    AUTH: 'off',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATA_DIR: dataFolder,
    REPORTS_DIR: join(options.scratch, 'reports'),
    LOG_DIR: join(options.scratch, 'logs'),
    SERVICE_REGISTRY_PATH: registryPath,
    NOTIFIER_URL: options.notifierUrl ?? 'http://127.0.0.1:9/notify',
    LLM_BASE_URL: 'off',
  };
}

/** Closer than the demo's own waiting, since here it is the figure. */
async function untilReady(url: string, program: Program, outputFile: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MILLISECONDS;
  for (;;) {
    signal.throwIfAborted();
    const ended = program.exit();
    if (ended !== undefined || performance.now() > deadline) {
      const tail = readFileSync(outputFile, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
      throw new Error(`The agent did not become ready (${ended ?? 'it still runs'}). It last said:\n${tail}`);
    }
    if (await isReady(url)) return;
    await pause(POLL_MILLISECONDS, signal);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

function postgresPid(dataFolder: string): [number] | undefined {
  try {
    const pid = Number(readFileSync(join(dataFolder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? [pid] : undefined;
  } catch {
    return undefined;
  }
}

/** Only what an agent leaves that had to be killed: one that stops takes it along. */
function killPostgres(dataFolder: string): void {
  for (const pid of postgresPid(dataFolder) ?? []) {
    if (!commandLineOf(pid).includes(dataFolder)) continue;
    try {
      process.kill(pid, 'SIGINT');
    } catch {
      // It has gone by itself.
    }
  }
}
