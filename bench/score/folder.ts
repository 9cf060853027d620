/** A folder of bundles, whoever made them: read one at a time, with its split into tune, test and fresh where it has one. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { BundleLabel } from '../../apps/incident-agent-workflow/src/domain/bundle.ts';
import type { Part } from './case-result.ts';

const BUNDLE = /^(.+)\.tar\.gz$/;

/** Names of templates, or of single cases. `fresh`: recorded after the engine had been developed on the others. */
const Split = z.object({
  tune: z.array(z.string()),
  test: z.array(z.string()),
  fresh: z.array(z.string()).default([]),
});
export type Split = z.infer<typeof Split>;

/** File names, sorted. Throws where the folder cannot be read. */
export async function bundleFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => BUNDLE.test(name)).toSorted();
}

export function caseIdOf(file: string): string {
  return BUNDLE.exec(file)?.[1] ?? file;
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
  for (const part of ['test', 'tune', 'fresh'] as const)
    if (split?.[part].some((name) => names.includes(name))) return part;
  return 'all';
}

export function templateOf(label: BundleLabel | undefined): string {
  return label?.template ?? label?.class ?? label?.kind ?? 'unlabelled';
}
