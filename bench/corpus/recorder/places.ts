/** Where things are said to be: paths and addresses of this machine never leave it, those of a small shop's stand for them. */
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BackendName, ServiceDefinition, ServiceName } from '../template.ts';
import type { CaseFolders, CaseServices } from './case-services.ts';
import type { Setting } from './plan.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** Packages may lie in another checkout, behind a link. */
const PACKAGES_ROOT = dirname(realpathSync(join(ROOT, 'node_modules')));

export const REPOSITORY_ROOT = '/var/lib/incident-agent/repositories/shop';

const PORTS: Readonly<Record<ServiceName | BackendName, number>> = {
  storefront: 8080,
  orders: 8001,
  ledger: 8002,
  'weather-app1': 8000,
  'mongo-api-service': 9000,
  mongodb: 27017,
  'open-meteo': 8026,
  payments: 8443,
};
const NAMES: readonly (ServiceName | BackendName)[] = [
  'storefront',
  'orders',
  'ledger',
  'weather-app1',
  'mongo-api-service',
  'mongodb',
  'open-meteo',
  'payments',
];
/** The first address of a container network is its gateway. */
const FIRST_HOST = 2;

/** `orders:8001`, as it is reached by its users. */
export function hostOf(name: ServiceName | BackendName, setting: Setting): string {
  return `${setting === 'containers' ? name : '127.0.0.1'}:${PORTS[name]}`;
}
/** As a socket names it. */
function socketOf(name: ServiceName | BackendName, setting: Setting): string {
  return setting === 'containers'
    ? `172.18.0.${NAMES.indexOf(name) + FIRST_HOST}:${PORTS[name]}`
    : hostOf(name, setting);
}

/** Where the code of a service lies when it runs. */
export function sourcePathOf(name: ServiceName, setting: Setting): string {
  return setting === 'containers' ? '/srv/app' : `/opt/${name}/current`;
}
export function logPathsOf(name: ServiceName): Record<'service' | 'output', string> {
  return { service: `/var/log/${name}/service.log`, output: `/var/log/${name}/output.log` };
}

/** What stands in a text instead of what stood there when it was recorded. */
export type Retelling = (text: string) => string;

export function retellPlaces(
  service: ServiceName,
  {
    running,
    folders,
    definitions,
    setting,
  }: {
    readonly running: Pick<CaseServices, 'ports' | 'trees'>;
    readonly folders: CaseFolders;
    readonly definitions: readonly ServiceDefinition[];
    readonly setting: Setting;
  },
): Retelling {
  const source = sourcePathOf(service, setting);
  const paths: [string, string][] = running.trees.flatMap((tree) => [
    ...definitions.map(({ folder, name }): [string, string] => [join(tree, folder), sourcePathOf(name, setting)]),
    [tree, source],
  ]);
  paths.push(
    [join(folders.logs), '/var/log'],
    [folders.faults, '/var/lib/shop'],
    [folders.root, '/var/lib/shop'],
    [process.execPath, '/usr/local/bin/node'],
    ...[ROOT, PACKAGES_ROOT].flatMap((root): [string, string][] => [
      [join(root, 'node_modules'), `${source}/node_modules`],
      [join(root, 'packages'), `${source}/node_modules/@shop`],
      [root, source],
    ]),
  );
  const longestFirst = paths.toSorted(([left], [right]) => right.length - left.length);
  return (text) => withPorts(withPaths(text, longestFirst), running.ports, setting);
}

function withPaths(text: string, paths: readonly (readonly [string, string])[]): string {
  let told = text;
  for (const [from, to] of paths) told = told.replaceAll(from, to);
  return told
    .replaceAll(/\/(?:root|home\/\w+)\/\.pyenv\/versions\/[\w.]+\/lib\//g, '/usr/local/lib/')
    .replaceAll(/\/(?:root|home\/\w+)\/\.pyenv\/(?:versions\/[\w.]+|shims)\//g, '/usr/local/');
}

/** Of each port of the case: in a URL, in a socket's words, and where it is called one. */
function withPorts(text: string, ports: CaseServices['ports'], setting: Setting): string {
  if (!/\d{5}/.test(text)) return text;
  let told = text;
  for (const [name, port] of ports) {
    if (!told.includes(String(port))) continue;
    const host = hostOf(name, setting);
    const [hostName = ''] = host.split(':');
    told = told
      .replaceAll(new RegExp(`(://(?:[^\\s/@]*@)?)(?:127\\.0\\.0\\.1|localhost):${port}\\b`, 'g'), `$1${host}`)
      .replaceAll(new RegExp(`(?:127\\.0\\.0\\.1|localhost)([:/])${port}\\b`, 'g'), (_all, between: string) =>
        socketOf(name, setting).replace(':', between),
      )
      .replaceAll(
        new RegExp(`(['"])(?:127\\.0\\.0\\.1|localhost)\\1(\\D{1,12})${port}\\b`, 'g'),
        `$1${hostName}$1$2${PORTS[name]}`,
      )
      .replaceAll(new RegExp(`(?<=port[^\\w\\n]{1,4})${port}\\b`, 'gi'), String(PORTS[name]));
  }
  return told;
}
