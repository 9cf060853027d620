/** One order of events from what was seen, what the investigation made of it, and the run itself. */
import type { Facts, TimelineEntry } from '../domain/facts.ts';
import type { Findings } from '../domain/finding.ts';
import type { Run } from '../domain/incident.ts';
import { WORDS } from '../lib/catalogue/words.ts';
import { compareInstants } from '../lib/time.ts';
import type { Cites } from './cites.ts';

/** What does not fit is dropped from the kinds that repeat themselves first. */
const MAX_ENTRIES = 40;
const KINDS_THAT_REPEAT: ReadonlySet<TimelineEntry['kind']> = new Set(['log', 'metric', 'probe', 'alert']);
const ORDER_AT_ONE_INSTANT: readonly TimelineEntry['kind'][] = [
  'commit',
  'deploy',
  'onset',
  'metric',
  'log',
  'probe',
  'alert',
  'agent',
];

export function timelineOf(
  known: { readonly facts: Facts; readonly findings: Findings; readonly run: Pick<Run, 'pipelineId' | 'createdAt'> },
  outcome: { readonly at: string; readonly text: string; readonly cites: string[] },
  cites: Cites,
): TimelineEntry[] {
  const asked: TimelineEntry = {
    at: known.run.createdAt,
    kind: 'agent',
    text: WORDS.investigationBegins(known.run.pipelineId),
    cites: [],
  };
  const all = [
    ...known.facts.timeline,
    ...(known.findings.investigation?.order ?? []),
    asked,
    { ...outcome, kind: 'agent' as const },
  ];
  return bounded(distinct(all.toSorted(compareEntries))).map((entry) => ({ ...entry, cites: cites(entry.cites) }));
}

function compareEntries(a: TimelineEntry, b: TimelineEntry): number {
  return (
    compareInstants(a.at, b.at) ||
    ORDER_AT_ONE_INSTANT.indexOf(a.kind) - ORDER_AT_ONE_INSTANT.indexOf(b.kind) ||
    (a.text < b.text ? -1 : Number(a.text > b.text))
  );
}

function distinct(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const seen = new Map<string, TimelineEntry>();
  for (const entry of entries) {
    const key = JSON.stringify([entry.at, entry.text]);
    const twin = seen.get(key);
    seen.set(key, twin ? { ...twin, cites: [...twin.cites, ...entry.cites] } : entry);
  }
  return [...seen.values()];
}

function bounded(entries: readonly TimelineEntry[]): TimelineEntry[] {
  let surplus = entries.length - MAX_ENTRIES;
  const kept = entries.toReversed().filter(({ kind }) => {
    if (surplus <= 0 || !KINDS_THAT_REPEAT.has(kind)) return true;
    surplus -= 1;
    return false;
  });
  return kept.toReversed().slice(-MAX_ENTRIES);
}
