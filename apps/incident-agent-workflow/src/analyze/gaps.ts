/** What could not be seen, numbered in the order of the questions; the same hole is told once. */
import type { Gap, NumberedGap } from '../domain/gap.ts';
import type { Observation } from '../domain/telemetry.ts';
import { listed } from '../lib/wording.ts';

const MAX_UNKNOWNS = 4;

/** Gaps `not-configured` of one source become one; equal ones are kept once. A gap that another source covers stays apart. */
export function numberGaps(observations: readonly Observation[]): NumberedGap[] {
  const groups = new Map<string, Gap[]>();
  for (const gap of observations.flatMap(({ answer }) => answer.gaps)) {
    const group = groups.get(keyOf(gap));
    if (group) group.push(gap);
    else groups.set(keyOf(gap), [gap]);
  }
  return [...groups.values()].map((group, index) => ({ ...merged(group), id: `G${index + 1}` }));
}

function keyOf(gap: Gap): string {
  const covered = gap.coveredBy ?? '';
  if (gap.reason === 'not-configured') return JSON.stringify([gap.source, gap.reason, covered]);
  return JSON.stringify([gap.source, gap.reason, covered, gap.query, gap.detail]);
}

function merged(group: readonly Gap[]): Gap {
  const [first] = group;
  if (!first) throw new Error('a group of gaps has at least one');
  const unknowns = [...new Set(group.map((gap) => gap.unknown))];
  if (unknowns.length === 1) return first;
  const shown = unknowns.slice(0, MAX_UNKNOWNS);
  const more = unknowns.length - shown.length;
  return { ...first, query: '', unknown: listed([...shown, ...(more > 0 ? [`${more} more`] : [])]) };
}
