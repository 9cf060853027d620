/** What happened, in order, each entry with what it rests on. */
import type { Evidence } from '../domain/evidence.ts';
import type { TimelineEntry } from '../domain/facts.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import { secondsBetween } from '../lib/time.ts';
import { quoted, shortHash } from '../lib/wording.ts';
import type { Scene } from './scene.ts';
import { citesOfCommit } from './statements.ts';

const MAX_ENTRIES = 40;

/** `scenes`: the alerting service's first; all hold the same evidence. Earliest first; entries of the same instant in the order of their evidence. `onset` null: it could not be dated. */
export function timelineOf(
  scenes: readonly Scene[],
  onset: string | null,
  hypotheses: readonly Hypothesis[],
): TimelineEntry[] {
  const [scene] = scenes;
  if (!scene) return [];
  const entries = [
    ...scene.evidence.flatMap((item) => entriesOf(item)),
    ...suspectCommits(scenes, hypotheses),
    ...(onset === null ? [] : onsetEntry(scene, onset)),
  ];
  return entries
    .filter((entry) => !Number.isNaN(Date.parse(entry.at)))
    .sort((a, b) => secondsBetween(b.at, a.at))
    .slice(0, MAX_ENTRIES);
}

function onsetEntry(scene: Scene, onset: string): TimelineEntry[] {
  const cites = scene.evidence
    .filter((item) => {
      if (item.kind === 'metric') return item.data.onset === onset;
      return (item.kind === 'logs' || item.kind === 'stack-trace') && item.data.firstAt === onset;
    })
    .map((item) => item.id)
    .slice(0, 3);
  return cites.length === 0 ? [] : [{ at: onset, kind: 'onset', text: 'The failure begins', cites }];
}

function entriesOf(item: Evidence): TimelineEntry[] {
  const cites = [item.id];
  switch (item.kind) {
    case 'alert':
      return item.data.alerts.map((alert) => ({
        at: alert.startsAt,
        kind: 'alert',
        text: `${alert.name} fires`,
        cites,
      }));
    case 'metric':
      if (item.data.onset === null) return [];
      return [
        { at: item.data.onset, kind: item.data.family === 'restart' ? 'deploy' : 'metric', text: item.title, cites },
      ];
    case 'stack-trace': {
      if (item.data.firstAt === null) return [];
      const text = `${item.data.type} ${quoted(item.data.message, 100)} for the first time`;
      return [{ at: item.data.firstAt, kind: 'log', text, cites }];
    }
    case 'logs':
      return item.data.firstAt === null || item.data.level === 'info' || item.data.incidentCount === 0
        ? []
        : [{ at: item.data.firstAt, kind: 'log', text: item.title, cites }];
    case 'probe':
      return [{ at: item.data.at, kind: 'probe', text: item.title, cites }];
    default:
      return [];
  }
}

function suspectCommits(scenes: readonly Scene[], hypotheses: readonly Hypothesis[]): TimelineEntry[] {
  const named = new Set(hypotheses.map((hypothesis) => hypothesis.cause.commit));
  const suspects = scenes.flatMap((scene) => (scene.ranking?.suspects ?? []).map(({ commit }) => ({ commit, scene })));
  const distinct = new Map(suspects.toReversed().map((suspect) => [suspect.commit.hash, suspect]));
  return [...distinct.values()]
    .filter(({ commit }) => named.has(commit.hash))
    .map(({ commit, scene }) => ({
      at: commit.committedAt,
      kind: 'commit' as const,
      text: `Commit ${shortHash(commit.hash)} ${quoted(commit.subject, 80)} is made`,
      cites: citesOfCommit(scene, commit.hash),
    }))
    .filter((entry) => entry.cites.length > 0);
}
