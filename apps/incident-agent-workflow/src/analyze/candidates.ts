/** Which commits may be to blame: the service's own, those of its neighbours within two hops, and what they share. */
import { findService, type Registry, type Service } from '../domain/service.ts';
import type { Commit, Observation } from '../domain/telemetry.ts';
import { indexOf, type Rollout } from './commits/rollout.ts';
import type { AnalysisContext } from './context.ts';
import { type History, historyOf, repositoryOf } from './history.ts';

/** METHODS §4: as near as the service itself, as something that it calls, or (load travels that way) that calls it. */
export const OWN = 1;
const NEIGHBOUR = 0.3;
/** Files of no service in particular: libraries, settings, infrastructure of all. */
const SHARED = 0.3;
const HOPS = 2;

export interface Candidates {
  readonly own: History;
  /** Histories of other repositories. */
  readonly neighbours: readonly History[];
  /** Commit → how near its service is to the one that fails, 0–1. */
  readonly nearness: ReadonlyMap<string, number>;
  /** Commit → the service it changes; what is shared counts as the service that fails. */
  readonly serviceOf: ReadonlyMap<string, string>;
}

/** undefined: no history could be read. */
export function candidatesOf(
  observations: readonly Observation[],
  context: AnalysisContext,
  rollouts: readonly Rollout[],
): Candidates | undefined {
  const known = historyOf(observations, context.service.name);
  if (!known) return undefined;
  const repository = repositoryOf(observations, context) ?? known.repository;
  const near = neighboursOf(context.service, context.registry);
  const commits = new Map(known.commits.map((commit) => [commit.hash, commit]));
  const neighbours: History[] = [];
  for (const { question, answer } of observations) {
    if (question.kind !== 'history' || !answer.telemetry.commits || !answer.telemetry.repository) continue;
    const isSameRepository = answer.telemetry.repository.root === repository.root;
    if (isSameRepository) for (const commit of answer.telemetry.commits) commits.set(commit.hash, commit);
    else if (near.includes(question.service.name))
      neighbours.push({ commits: answer.telemetry.commits, repository: answer.telemetry.repository });
  }
  const places = placesOf(context, near, repository);
  const nearness = new Map<string, number>();
  const serviceOf = new Map<string, string>();
  const touching: Commit[] = [];
  const own = [...commits.values()];
  for (const commit of own) {
    const owner = ownerOf(commit, places, { context, rollouts, commits: own });
    const value =
      owner === 'shared' ? SHARED : owner === context.service.name ? OWN : near.includes(owner) ? NEIGHBOUR : 0;
    if (value === 0) continue;
    touching.push(commit);
    nearness.set(commit.hash, value);
    serviceOf.set(commit.hash, owner === 'shared' ? context.service.name : owner);
  }
  for (const { question, answer } of observations)
    if (question.kind === 'history' && answer.telemetry.repository?.root !== repository.root)
      for (const commit of answer.telemetry.commits ?? []) {
        nearness.set(commit.hash, NEIGHBOUR);
        serviceOf.set(commit.hash, question.service.name);
      }
  return { own: { commits: touching, repository }, neighbours, nearness, serviceOf };
}

/** What the service calls and what calls it, each at most two hops away. */
export function neighboursOf(service: Service, registry: Registry): string[] {
  const callers = registry.services
    .filter((other) => other.name !== service.name && calleesOf(other, registry).includes(service.name))
    .map(({ name }) => name);
  return [...new Set([...calleesOf(service, registry), ...callers])];
}

/** What the service calls, at most two hops away, nearest first. */
export function calleesOf(service: Service, registry: Registry): string[] {
  const found: string[] = [];
  let reached = [service];
  for (let hop = 0; hop < HOPS; hop += 1) {
    const next = reached
      .flatMap(({ dependsOn }) => dependsOn)
      .filter((name) => name !== service.name && !found.includes(name));
    found.push(...new Set(next));
    reached = next.map((name) => findService(registry, name)).filter((each) => each !== undefined);
  }
  return found;
}

interface Place {
  readonly service: string;
  /** undefined: not told. '' : the whole repository. */
  readonly folder: string | undefined;
  /** What is left of its name without words like `service`. */
  readonly stem: string;
}

function placesOf(context: AnalysisContext, near: readonly string[], repository: History['repository']): Place[] {
  const { root, servicePath } = repository;
  const others = [...new Set([...near, ...context.registry.services.map(({ name }) => name)])]
    .filter((name) => name !== context.service.name)
    .map((name) => ({ name, service: findService(context.registry, name) }));
  return [
    { service: context.service.name, folder: servicePath, stem: stemOf(context.service.name) },
    ...others.map(({ name, service }) => ({ service: name, folder: folderOf(service, root), stem: stemOf(name) })),
  ];
}

function folderOf(service: Service | undefined, root: string): string | undefined {
  if (service?.repositoryPath === undefined) return undefined;
  if (service.repositoryPath === root) return service.servicePath ?? '';
  return service.repositoryPath.startsWith(`${root}/`) ? service.repositoryPath.slice(root.length + 1) : undefined;
}

/** `recommendationservice`, `recommendation-svc` and `services/recommendation` are one. */
function stemOf(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const stem = plain.replace(/(?:service|svc|server|app|api|worker|backend)$/, '');
  return stem.length >= 3 ? stem : plain;
}

/** In another folder of those that the service's own is one of. */
function isBeside(path: string, folder: string | undefined): boolean {
  const around = folder?.split('/').slice(0, -1).join('/') ?? '';
  return around !== '' && path.startsWith(`${around}/`);
}

interface Known {
  readonly context: AnalysisContext;
  readonly rollouts: readonly Rollout[];
  readonly commits: readonly Commit[];
}

/** The service that a commit belongs to; `shared`: to none in particular. */
function ownerOf(commit: Commit, places: readonly Place[], { context, rollouts, commits }: Known): string {
  const [own, ...others] = places;
  const paths = commit.files.map((file) => file.path);
  const within = (place: Place | undefined): boolean =>
    place?.folder !== undefined && place.folder !== '' && paths.some((path) => path.startsWith(`${place.folder}/`));
  if (within(own)) return context.service.name;
  // Where several services live together, each is deployed at whatever was the newest: the folder says whose it is.
  const owner = others.find(
    ({ folder }) => folder && paths.length > 0 && paths.every((path) => path.startsWith(`${folder}/`)),
  );
  if (owner) return owner.service;
  const deployed = rollouts.filter(
    (rollout) => rollout.service !== null && commits[indexOf(rollout.revision, commits)] === commit,
  );
  if (deployed.some(({ service }) => service === context.service.name))
    // It was the newest of all when the service was deployed, and lies beside its folder, where another program does.
    return own?.folder && paths.length > 0 && paths.every((path) => isBeside(path, own.folder))
      ? 'shared'
      : context.service.name;
  const elsewhere = deployed[0]?.service ?? others.find((place) => within(place))?.service;
  if (elsewhere) return elsewhere;
  const segments = paths.flatMap((path) =>
    path
      .toLowerCase()
      .split('/')
      .map((part) => stemOf(part)),
  );
  const named = places.find((place) => segments.includes(place.stem));
  if (named) return named.service;
  // Where several services live together, what lies in no folder of theirs is everybody's.
  const isAlone = own?.folder === '' && !others.some(({ folder }) => folder !== undefined) && rollouts.length === 0;
  return isAlone ? context.service.name : 'shared';
}
