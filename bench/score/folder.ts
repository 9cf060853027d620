/** A folder of bundles, whoever made them: read one at a time, with its split into tune, test and fresh where it has one. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Bundle, BundleLabel } from '../../apps/incident-agent-workflow/src/domain/bundle.ts';
import type { BenchContext } from '../figures.ts';
import { readBundleFile } from '../replay-bundle.ts';
import { type Part, SPLIT_PARTS } from './case-result.ts';

const BUNDLE = /^(.+)\.tar\.gz$/;
const TOLD_EVERY = 20;

/** Names of templates, or of single cases. `fresh`: recorded after the engine had been developed on the others. */
const Split = z.object({
  tune: z.array(z.string()),
  test: z.array(z.string()),
  fresh: z.array(z.string()).default([]),
  later: z.array(z.string()).default([]),
  latest: z.array(z.string()).default([]),
});
export type Split = z.infer<typeof Split>;

export interface FoundCase {
  readonly id: string;
  readonly file: string;
  readonly bundle: Bundle;
  readonly part: Part;
}

/**
 * Sorted by name, without those that `part` and `only` leave out. Throws where the folder cannot be read, and where a
 * bundle cannot unless `unreadable` takes it.
 */
export async function* casesIn(
  folder: string,
  { signal, say, part: wanted, only }: Pick<BenchContext, 'signal' | 'say' | 'part' | 'only'>,
  unreadable = (_file: string, error: unknown): void => {
    throw error;
  },
): AsyncGenerator<FoundCase> {
  const split = await readSplit(folder);
  const files = (await readdir(folder)).filter((name) => BUNDLE.test(name)).toSorted();
  if (files.length === 0) say(`there is no bundle (*.tar.gz) in ${folder}`);
  for (const [index, file] of files.entries()) {
    signal.throwIfAborted();
    if (index > 0 && index % TOLD_EVERY === 0) say(`${index} of ${files.length} bundles`);
    const id = BUNDLE.exec(file)?.[1] ?? file;
    const bundle = await readBundleFile(join(folder, file)).catch((error: unknown) => unreadable(file, error));
    if (!bundle) continue;
    const part = partOf(id, bundle.label, split);
    if (wanted !== undefined && part !== wanted) continue;
    if (only && !only.some((name) => id.includes(name) || templateOf(bundle.label).includes(name))) continue;
    yield { id, file, bundle, part };
  }
}

/** undefined: the folder has none. Throws where it is no split. */
export async function readSplit(folder: string): Promise<Split | undefined> {
  const path = join(folder, 'split.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = Split.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${path} is no split: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** `all` where the split does not name it: then it is scored, and belongs to no part. */
export function partOf(id: string, label: BundleLabel | undefined, split: Split | undefined): Part {
  const names = [id, templateOf(label)];
  for (const part of SPLIT_PARTS) if (split?.[part].some((name) => names.includes(name))) return part;
  return 'all';
}

export function templateOf(label: BundleLabel | undefined): string {
  return label?.template ?? label?.class ?? label?.kind ?? 'unlabelled';
}
