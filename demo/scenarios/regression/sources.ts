/** The two demo services as they lie in this repository: the end to which the scratch history leads up. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from '../../repository.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SERVICES = ['apps/weather-app1', 'apps/mongo-api-service'];
/** Settings and logs of the machine, not sources. */
const LEFT_OUT = /^apps\/[^/]+\/(?:node_modules|logs|\.env|\.data|dist)$/;

export function serviceSources(): Tree {
  const tree = new Map<string, string>();
  for (const service of SERVICES) addFolder(service, tree);
  // Tests that lean on the rest of this repository have nothing to lean on in the scratch one.
  return new Map([...tree].filter(([, text]) => !text.includes("from '../../../")));
}

function addFolder(path: string, tree: Map<string, string>): void {
  for (const name of readdirSync(join(ROOT, path)).toSorted()) {
    const inside = `${path}/${name}`;
    if (LEFT_OUT.test(inside)) continue;
    if (statSync(join(ROOT, inside)).isDirectory()) addFolder(inside, tree);
    else tree.set(inside, readFileSync(join(ROOT, inside), 'utf8'));
  }
}
