/** All templates there are, of every part. */
import type { FaultTemplate } from '../template.ts';
import { templates } from './all.ts';
import { freshTemplates } from './fresh/all.ts';
import { laterTemplates } from './later/all.ts';
import { latestTemplates } from './latest/all.ts';

/** Parts that were written after the engine had been developed on those before; in the order in which they came. */
export const LATER_PARTS = { fresh: freshTemplates, later: laterTemplates, latest: latestTemplates } as const;

export const everyTemplate: readonly FaultTemplate[] = [...templates, ...Object.values(LATER_PARTS).flat()];

/** The faults of each later part, by their names, as `split.json` lists them. */
export function laterSplit(): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(LATER_PARTS).map(([part, faults]) => [part, faults.map(({ id }) => id).toSorted()]),
  );
}
