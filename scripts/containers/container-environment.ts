/** What a service finds in its environment: its image, then the env files that are there, then `environment:`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Compose, ComposeService } from './compose.ts';
import { readDockerfile, type Stage } from './dockerfile.ts';

/** `without`: env files that shall count as missing, such as an `.env` of whoever runs this. */
export function environmentOf(
  compose: Compose,
  service: ComposeService,
  without: (path: string) => boolean = (path) => path.endsWith('.env') && !path.endsWith('compose.env'),
): Record<string, string> {
  const files = service.env_file
    .filter(({ path }) => !without(path))
    .map(({ path }) => join(compose.folder, path))
    .filter((path) => existsSync(path))
    .map((path) => parseEnv(readFileSync(path, 'utf8')));
  const image = service.build
    ? imageEnvironment(
        readDockerfile(join(compose.folder, service.build.context, service.build.dockerfile)),
        service.build.args,
      )
    : {};
  return Object.assign({}, image, ...files, service.environment);
}

/** ENV and ARG of the last stage. */
export function imageEnvironment(
  stages: readonly Stage[],
  buildArguments: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const known: Record<string, string> = {};
  const environment: Record<string, string> = {};
  for (const { keyword, words } of stages.at(-1)?.steps ?? []) {
    if (keyword !== 'ARG' && keyword !== 'ENV') continue;
    for (const word of words) {
      const [name = '', ...rest] = word.split('=');
      const value = rest.join('=').replaceAll(/\$\{?(\w+)\}?/g, (_whole, asked: string) => known[asked] ?? '');
      known[name] = keyword === 'ARG' ? (buildArguments[name] ?? value) : value;
      if (keyword === 'ENV') environment[name] = value;
    }
  }
  return environment;
}
