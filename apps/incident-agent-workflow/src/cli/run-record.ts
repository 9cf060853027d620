/** What of a run is kept for its bundle: nothing that only this machine knows, and no secret. */
import { posix } from 'node:path';
import type { RunRecord } from '../domain/bundle.ts';
import type { Incident } from '../domain/incident.ts';
import { type Registry, Service } from '../domain/service.ts';
import type { Observation, RepositoryState } from '../domain/telemetry.ts';
import { redact } from '../lib/redact.ts';

/** Stands for the top of a repository. The analysis reads no path of the registry: where code lies is in the answers. */
const REPOSITORY = '/repository';

export function runRecord(incident: Incident, registry: Registry, observations: readonly Observation[]): RunRecord {
  const standing = standings(observations);
  const known = new Map(registry.services.map((one) => [one.name, portable(one, standing.get(one.name))]));
  return {
    incident,
    registry: { services: [...known.values()] },
    observations: observations.map(({ question, answer }) => {
      const { service } = question;
      return { question: { ...question, service: known.get(service.name) ?? portable(service, undefined) }, answer };
    }),
  };
}

function standings(observations: readonly Observation[]): Map<string, RepositoryState> {
  const known = new Map<string, RepositoryState>();
  for (const { question, answer } of observations)
    if (answer.telemetry.repository) known.set(question.service.name, answer.telemetry.repository);
  return known;
}

function portable(service: Service, state: RepositoryState | undefined): Service {
  const { repositoryPath, deployedRevision, ...rest } = service;
  const servicePath = service.servicePath ?? state?.servicePath;
  return {
    ...Service.parse(redacted(rest)),
    logPaths: Object.fromEntries(Object.entries(service.logPaths).map(([log, path]) => [log, posix.basename(path)])),
    ...(repositoryPath === undefined ? {} : { repositoryPath: posix.join(REPOSITORY, servicePath ?? '') }),
    ...(servicePath === undefined ? {} : { servicePath }),
    ...revisionOf(deployedRevision, state),
    owners: [],
  };
}

/** `file:…` names a file of this machine: what was read from it stands instead. */
function revisionOf(named: string | undefined, state: RepositoryState | undefined): Pick<Service, 'deployedRevision'> {
  if (named === undefined) return {};
  if (!named.startsWith('file:')) return { deployedRevision: redact(named) };
  return state?.deployedFrom === 'registry' ? { deployedRevision: state.deployedRevision } : {};
}

function redacted(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redacted(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redacted(inner)]));
}
