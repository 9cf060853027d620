/** What every service of a compose file of ours must keep to. Each rule answers with one sentence for every breach. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Compose, type ComposeService, mountsOf } from './compose.ts';

interface Named {
  readonly name: string;
  readonly compose: Compose;
  readonly service: ComposeService;
}
type Rule = (named: Named) => string[];

/** Changes the owner of folders and volumes, once, and can do nothing else. */
const FOLDERS = 'folders';
/** Made by Docker as root where they are missing, then given to the services by `folders`. */
const MADE = /\/apps\/[\w-]+\/(?:logs|reports)$/;

const RULES: readonly Rule[] = [
  ({ service }) => (/^\d+[mg]$/.test(service.mem_limit ?? '') ? [] : ['has no mem_limit']),
  ({ service }) => (service.pids_limit === undefined ? ['has no pids_limit'] : []),
  ({ service }) =>
    service.logging.driver === 'json-file' && service.logging.options['max-size'] && service.logging.options['max-file']
      ? []
      : ['keeps its output for ever: logging needs max-size and max-file'],
  ({ service }) => (service.read_only ? [] : ['may write to its own root: read_only']),
  ({ service }) => (service.cap_drop.includes('ALL') ? [] : ['keeps rights of root: cap_drop ALL']),
  ({ service }) =>
    service.security_opt.includes('no-new-privileges:true') ? [] : ['may gain rights: no-new-privileges:true'],
  ({ service }) =>
    /^(?:unless-stopped|no|on-failure:\d)$/.test(service.restart)
      ? []
      : [`restart: ${service.restart} is none of ours`],
  ({ name, service }) => {
    if (name === FOLDERS) return service.network_mode === 'none' ? [] : ['is root and needs no network'];
    const isNobodySpecial = /^(?:[1-9]\d*:\d+|mongodb|postgres)$/.test(service.user ?? '');
    return [
      ...(isNobodySpecial ? [] : [`runs as ${service.user ?? 'whoever the image says'}: name an unprivileged user`]),
      ...service.cap_add.map((right) => `asks for ${right}`),
    ];
  },
  ({ name, service }) => {
    const pattern = service.build ? /^incident-agent\/[\w-]+:\d+\.\d+\.\d+$/ : /^[\w./-]+:v?\d+\.\d+[\w.-]*$/;
    const isOurs = !service.build || service.image?.includes(`/${name}:`);
    return pattern.test(service.image ?? '') && isOurs
      ? []
      : [`image ${service.image} has no version, or not this name`];
  },
  ({ service }) =>
    service.build || service.healthcheck || service.restart !== 'unless-stopped'
      ? []
      : ['is never asked whether it is well'],
  ({ service }) =>
    service.ports
      .filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))
      .map((port) => `port ${port} is open to other machines`),
  dependencies,
  mounts,
];

/** `weather-app1: has no mem_limit`; empty: all is well. */
export function breachesOf(compose: Compose): string[] {
  return [...compose.services].flatMap(([name, service]) =>
    RULES.flatMap((rule) => rule({ name, compose, service })).map((says) => `${name}: ${says}`),
  );
}

function dependencies({ name, compose, service }: Named): string[] {
  return Object.entries(service.depends_on).flatMap(([other, { condition }]) => {
    const found = compose.services.get(other);
    if (!found || other === name) return [`waits for ${other}, which there is not`];
    if (condition === 'service_completed_successfully' && found.restart !== 'no')
      return [`waits for the end of ${other}, which starts again`];
    if (condition === 'service_healthy' && !found.healthcheck && !found.build)
      return [`waits for ${other} to be well, which nobody asks it`];
    const isOptional = found.profiles.length > 0 && found.profiles.join() !== service.profiles.join();
    return isOptional ? [`waits for ${other}, which only a profile starts`] : [];
  });
}

function mounts({ compose, service }: Named): string[] {
  const volumes = mountsOf(compose, service).flatMap(({ source, isNamedVolume, isReadOnly }) => {
    if (isNamedVolume) return compose.volumes.includes(source) ? [] : [`volume ${source} is not declared`];
    if (MADE.test(source)) return [];
    return [
      ...(existsSync(source) ? [] : [`${source} is not there to mount`]),
      ...(isReadOnly ? [] : [`may write to ${source}`]),
    ];
  });
  const files = service.env_file
    .map(({ path, required }) => (required ? path : `${path}.example`))
    .filter((path) => !existsSync(join(compose.folder, path)))
    .map((path) => `${path} is not there`);
  return [...volumes, ...files];
}
