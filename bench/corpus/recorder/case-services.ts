/** Everything that runs in one case: backends and services with their addresses, their releases and their settings. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildRepository, git } from '../../../demo/repository.ts';
import { startBackend } from '../backends/all.ts';
import type { BackendName, Running, RunningBackend, ServiceDefinition, ServiceName } from '../template.ts';
import type { Composed } from './compose.ts';
import type { Deployment } from './deployments.ts';
import { type CasePlan, variantOf } from './plan.ts';
import { portsOf } from './ports.ts';
import { type Release, type RunningService, runningService } from './running-service.ts';

export interface CaseServices {
  /** A bare-bones clone of it all. */
  readonly repository: string;
  /** Of all commits, oldest first. */
  readonly hashes: readonly string[];
  readonly ports: ReadonlyMap<ServiceName | BackendName, number>;
  readonly addresses: Running['addresses'];
  readonly services: ReadonlyMap<ServiceName, RunningService>;
  readonly backends: ReadonlyMap<BackendName, RunningBackend>;
  readonly initial: ReadonlyMap<ServiceName, Release>;
  readonly played: readonly (Deployment & { readonly release: Release })[];
  /** Where each release lay: what is to be told of it is its folder in a container. */
  readonly trees: readonly string[];
  end(): Promise<void>;
}

export interface CaseFolders {
  /** Of the case, removed afterwards. */
  readonly root: string;
  /** The template's. */
  readonly faults: string;
  readonly logs: string;
  /** Lists the processes that were started, one a line. */
  readonly processes: string;
}

export function foldersIn(root: string): CaseFolders {
  const folders = { root, faults: join(root, 'faults'), logs: join(root, 'logs'), processes: join(root, 'processes') };
  mkdirSync(folders.faults, { recursive: true });
  mkdirSync(folders.logs, { recursive: true });
  return folders;
}

export function logFileOf(folders: CaseFolders, service: ServiceName): string {
  return join(folders.logs, service, 'service.log');
}
export function outputFileOf(folders: CaseFolders, service: ServiceName): string {
  return join(folders.logs, service, 'output.log');
}

/** Writes the repository and builds what will be deployed; nothing is started but the backends. */
export async function prepareServices(
  {
    plan,
    composed,
    definitions,
    slot,
  }: {
    readonly plan: CasePlan;
    readonly composed: Composed;
    readonly definitions: readonly ServiceDefinition[];
    readonly slot: number;
  },
  folders: CaseFolders,
  signal: AbortSignal,
): Promise<CaseServices> {
  const { template } = plan;
  const repository = join(folders.root, 'repository');
  const hashes = await buildRepository(repository, composed.history, new Date(composed.onsetTold));
  const names = [...template.services, ...template.backends];
  const free = await portsOf(slot, names.length);
  const ports = new Map(names.map((name, index) => [name, free[index] ?? 0]));
  const addresses = Object.fromEntries([...ports].map(([name, port]) => [name, `http://127.0.0.1:${port}`]));
  const backends = new Map<BackendName, RunningBackend>();
  for (const name of template.backends) backends.set(name, await startBackend(name, ports.get(name) ?? 0));
  const environment = template.environment?.(variantOf(plan), folders.faults) ?? {};
  const deployed = definitions.filter(({ name }) => template.services.includes(name));
  const services = new Map(
    deployed.map((definition) => {
      const { name } = definition;
      mkdirSync(join(folders.logs, name), { recursive: true });
      const service = runningService({
        definition,
        port: ports.get(name) ?? 0,
        addresses,
        environment: environment[name] ?? {},
        logFile: logFileOf(folders, name),
        outputFile: outputFileOf(folders, name),
        onStart: (pid) => appendFileSync(folders.processes, `${pid}\n`),
        signal,
      });
      return [name, service] as const;
    }),
  );
  const releases = releaser(repository, hashes, folders, signal);
  const initial = new Map<ServiceName, Release>();
  const played: (Deployment & { release: Release })[] = [];
  for (const definition of deployed) {
    const own = composed.initial.find(({ service }) => service === definition.name);
    if (own === undefined) throw new Error(`${definition.name} is deployed nowhere`);
    initial.set(definition.name, await releases.make(definition, own.index));
  }
  for (const deployment of composed.played) {
    const definition = deployed.find(({ name }) => name === deployment.service);
    if (definition) played.push({ ...deployment, release: await releases.make(definition, deployment.index) });
  }
  return {
    repository,
    hashes,
    ports,
    addresses,
    services,
    backends,
    initial,
    played,
    trees: releases.trees,
    async end() {
      await Promise.all([...services.values()].map((service) => service.end()));
      await Promise.all([...backends.values()].map((backend) => backend.close()));
    },
  };
}

/** Each release in a work tree of its own, built before anything runs: a deploy is then no more than a restart. */
function releaser(repository: string, hashes: readonly string[], folders: CaseFolders, signal: AbortSignal) {
  const trees: string[] = [];
  return {
    trees,
    async make(definition: ServiceDefinition, index: number): Promise<Release> {
      const revision = hashes[index];
      if (revision === undefined) throw new Error(`There is no commit ${index} for ${definition.name}`);
      const tree = join(folders.root, 'releases', `${definition.name}-${trees.length}`);
      await git(repository, ['worktree', 'add', '--quiet', '--detach', tree, revision]);
      trees.push(tree);
      await definition.build?.(join(tree, definition.folder), signal);
      return { tree, revision };
    },
  };
}
