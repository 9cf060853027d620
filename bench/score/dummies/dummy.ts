/** What is always scored beside the engine: simple ways to answer from the same observations. All pure. */
import { type Alert, alertService } from '../../../apps/incident-agent-workflow/src/domain/alert.ts';
import type { Registry } from '../../../apps/incident-agent-workflow/src/domain/service.ts';
import type { Commit, Observation } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import type { Candidate, Prediction } from '../prediction.ts';

export interface Seen {
  readonly caseId: string;
  readonly alerts: readonly Alert[];
  readonly registry: Registry;
  readonly observations: readonly Observation[];
}

export interface Dummy {
  readonly name: string;
  predict(seen: Seen): Prediction;
}

/** A dummy does not doubt; where it is right or wrong its confidence says nothing. */
const SURE = 1;
/** A rule waits for about so long before it fires. */
const ALERT_DELAY_MILLISECONDS = 60_000;

export const NOTHING_KNOWN: Candidate = {
  kind: 'infrastructure',
  class: null,
  service: 'unknown',
  dependency: null,
  commit: null,
  file: null,
  line: null,
  confidence: SURE,
};

export function answer(candidate: Candidate | undefined): Prediction {
  return candidate ? { status: 'established', candidates: [candidate] } : { status: 'unknown', candidates: [] };
}

export function alertingService({ alerts }: Seen): string {
  return alerts.map(alertService).find((name) => name !== undefined) ?? 'unknown';
}

/** When it may have begun, by the alert alone; milliseconds since 1970. */
export function guessedOnset({ alerts }: Seen): number {
  return Math.min(...alerts.map((alert) => Date.parse(alert.startsAt))) - ALERT_DELAY_MILLISECONDS;
}

/** Newest first, each once. `service`: only those that touched it. */
export function commitsSeen({ observations }: Seen, service?: string): Commit[] {
  const commits = new Map<string, Commit>();
  for (const { question, answer: said } of observations)
    if (service === undefined || question.service.name === service)
      for (const commit of said.telemetry.commits ?? []) commits.set(commit.hash, commit);
  return [...commits.values()].sort((a, b) => Date.parse(b.committedAt) - Date.parse(a.committedAt));
}

/** The first line that a patch adds or leaves in place of another. */
export function firstChangedLine(patch: string): number | null {
  const hunk = /^@@ -\S+ \+(\d+)(?:,\d+)? @@.*\n/m.exec(patch);
  if (!hunk) return null;
  let line = Number(hunk[1]);
  for (const text of patch.slice(hunk.index + hunk[0].length).split('\n')) {
    if (text.startsWith('+') || text.startsWith('-')) return line;
    line += 1;
  }
  return Number(hunk[1]);
}
