/** Somebody else's case (`--scenario-dir`): their repository, their service, their way to break it. */
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { cloneRepository, git } from '../repository.ts';
import { type WatchedService, watchedService } from '../watched-service.ts';
import { type BlackBox, startBlackBox } from './black-box.ts';
import { type OwnCase, readOwnCase, requestsOf } from './own-case.ts';
import type { Prepared, PrepareOptions, Scenario } from './scenario.ts';

const FAULT_LIMIT_MILLISECONDS = 120_000;

/** Throws one text for people when the folder is no good. */
export function scenarioFromFolder(folder: string): Scenario {
  const ownCase = readOwnCase(folder);
  return { name: ownCase.name, prepare: (options) => prepare(folder, ownCase, options) };
}

async function prepare(folder: string, ownCase: OwnCase, { ports, scratch, say }: PrepareOptions): Promise<Prepared> {
  // Outside of this repository, whose package.json would say what kind of modules their files are.
  const repository = join(mkdtempSync(join(tmpdir(), 'incident-agent-demo-')), ownCase.service);
  await cloneRepository(join(folder, ownCase.repository), repository);
  say(`${ownCase.repository} is cloned to ${repository}`);
  const url = `http://127.0.0.1:${ports['weather-app1']}`;
  const requests = requestsOf(ownCase, url);
  const blackBox = await startBlackBox(url, ownCase.health, requests);
  const service = watchedService({
    name: ownCase.service,
    url,
    healthPath: ownCase.health,
    metricsUrl: blackBox.metricsUrl,
    dependsOn: ownCase.depends_on,
    repository,
    folder: '',
    ...(ownCase.log === undefined ? {} : { logFile: join(repository, ownCase.log) }),
    run: { shell: ownCase.start },
    environment: { PORT: String(ports['weather-app1']), HOST: '127.0.0.1' },
    scratch,
  });
  return {
    repository,
    services: [service],
    broken: service.name,
    expected: { service: service.name, ...ownCase.expected },
    traffic: requests,
    observe: (request, outcome) => blackBox.observe(request, outcome),
    start: (signal) => service.start(signal),
    async breakIt(signal) {
      say(`running ${ownCase.fault}`);
      await runFault(join(folder, ownCase.fault), repository, service, signal, say);
    },
    stop: () => stopAll(service, blackBox),
  };
}

async function stopAll(service: WatchedService, blackBox: BlackBox): Promise<void> {
  await service.stop();
  await blackBox.close();
}

/** A script that moves the repository to another commit means a deployment: the service is started anew from there. */
async function runFault(
  path: string,
  repository: string,
  service: WatchedService,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const before = await git(repository, ['rev-parse', 'HEAD']);
  const environment = {
    ...process.env,
    PORT: new URL(service.url).port,
    SERVICE_URL: service.url,
    SERVICE_PID: String(service.program()?.pid ?? ''),
    REPOSITORY: repository,
  };
  const [command, commandLine] = isExecutable(path) ? [path, []] : ['sh', [path]];
  try {
    await promisify(execFile)(command, commandLine, {
      cwd: repository,
      env: environment,
      timeout: FAULT_LIMIT_MILLISECONDS,
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${basename(path)} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const after = await git(repository, ['rev-parse', 'HEAD']);
  if (after === before) return;
  say(`the repository is at ${after.slice(0, 8)} now: starting ${service.name} anew`);
  await service.deploy(after, signal);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
