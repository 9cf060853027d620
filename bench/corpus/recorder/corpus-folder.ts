/** A folder of recorded cases: `c-0001.tar.gz` …, and `split.json`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBundle } from '../../../apps/incident-agent-workflow/src/adapters/bundles/bundle-file.ts';
import type { Bundle } from '../../../apps/incident-agent-workflow/src/domain/bundle.ts';

const BUNDLE = /^(c-\d{4})\.tar\.gz$/;

export const CORPUS = join(import.meta.dirname, '..', '..', 'incidents');

export function bundlePath(folder: string, id: string): string {
  return join(folder, `${id}.tar.gz`);
}

/** Names of the cases that are there, sorted. A folder that is missing has none. */
export async function recordedCases(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => BUNDLE.exec(name)?.[1] ?? []).toSorted();
}

export async function readCase(folder: string, id: string): Promise<Bundle> {
  return readBundle(await readFile(bundlePath(folder, id)));
}
