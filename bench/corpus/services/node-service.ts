/** What the TypeScript services of the corpus have in common: real sources, a Node process, one log file. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from '../../../demo/repository.ts';
import { serviceSources } from '../../../demo/scenarios/regression/sources.ts';
import type { Running, ServiceDefinition } from '../template.ts';

/** As a small container has them. */
const OPEN_FILES = 256;
const HEAP_MEGABYTES = 192;

/** Every file below a folder of this repository, under another path. */
export function filesBelow(folder: string, under: string): Tree {
  const tree = new Map<string, string>();
  function add(path: string, inside: string): void {
    for (const name of readdirSync(path).toSorted()) {
      if (statSync(join(path, name)).isDirectory()) add(join(path, name), `${inside}/${name}`);
      else tree.set(`${inside}/${name}`, readFileSync(join(path, name), 'utf8'));
    }
  }
  add(folder, under);
  return tree;
}

/** One of the demo's services, moved to where this shop keeps its services. */
export function demoService(name: string): Tree {
  const from = `apps/${name}/`;
  const own = [...serviceSources()].filter(([path]) => path.startsWith(from));
  return new Map(own.map(([path, text]) => [`services/${name}/${path.slice(from.length)}`, text]));
}

/** `isLoggingToFile`: it writes its log file itself; else that is its stdout. stderr holds what Node itself says at the end. */
export function nodeCommand(
  running: Running,
  environment: Readonly<Record<string, string>>,
  isLoggingToFile: boolean,
): ReturnType<ServiceDefinition['command']> {
  const output = isLoggingToFile ? '/dev/null' : '"$0"';
  const shell = `ulimit -n ${OPEN_FILES}; exec "$@" >>${output} 2>>"$0"`;
  const main = join(running.folder, 'src', 'main.ts');
  const node = [process.execPath, `--max-old-space-size=${HEAP_MEGABYTES}`, main];
  return {
    program: '/bin/sh',
    commandLine: ['-c', shell, running.logFile, ...node],
    environment: { PORT: String(running.port), HOST: '127.0.0.1', NO_COLOR: '1', ...environment },
  };
}

/** The part of an environment that has a value. */
export function given(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) found[name] = value;
  return found;
}
