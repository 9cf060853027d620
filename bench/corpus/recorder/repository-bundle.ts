/** The case's repository as a git bundle: whole, or cut off as a shallow clone has it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../../../demo/repository.ts';
import type { Composed } from './compose.ts';
import type { CasePlan } from './plan.ts';
import { seeded, wholeBetween } from './random.ts';

export interface BundledRepository {
  readonly bytes: Uint8Array;
  /** Commits at which the history is cut off. */
  readonly shallow: readonly string[];
}

const SHALLOWEST = 5;
const DEEPEST = 12;

export async function bundleRepository(
  repository: string,
  plan: CasePlan,
  composed: Composed,
): Promise<BundledRepository> {
  if (plan.missing !== 'shallow') return { bytes: await bundled(repository, `${repository}.bundle`), shallow: [] };
  const depth = Math.max(
    wholeBetween(seeded('shallow', plan.seed), SHALLOWEST, DEEPEST),
    ...oldestNeeded(composed).map((index) => composed.history.length - index + 1),
  );
  const clone = `${repository}-shallow`;
  await git(repository, [
    'clone',
    '--quiet',
    '--bare',
    `--depth=${depth}`,
    '--branch=main',
    `file://${repository}`,
    clone,
  ]);
  const shallow = (await readFile(join(clone, 'shallow'), 'utf8').catch(() => ''))
    .split('\n')
    .filter((hash) => hash !== '');
  return { bytes: await bundled(clone, `${clone}.bundle`), shallow: shallow.toSorted() };
}

/** What runs is in the clone, and of what is guilty the commit itself with the one before it. */
function oldestNeeded({ guilty, initial, played }: Composed): number[] {
  return [...(guilty ? [guilty.index] : []), ...initial.map(({ index }) => index), ...played.map(({ index }) => index)];
}

async function bundled(repository: string, file: string): Promise<Uint8Array> {
  const small = ['pack.compression=9', 'pack.window=250', 'pack.depth=250'].flatMap((setting) => ['-c', setting]);
  await git(repository, [...small, 'repack', '-a', '-d', '-f', '--quiet']);
  await git(repository, [...small, 'bundle', 'create', '--quiet', file, 'HEAD', 'main']);
  return readFile(file);
}
