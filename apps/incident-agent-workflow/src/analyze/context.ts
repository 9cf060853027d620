/** What every part of the analysis is given. All of it comes in as an argument: same input, same evidence, same bytes. */
import type { Alert } from '../domain/alert.ts';
import { serviceFinder } from '../domain/alert-service.ts';
import type { LeftOut } from '../domain/commit-evidence.ts';
import type { Observed } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { Incident, Run } from '../domain/incident.ts';
import { findService, type Registry, type Service, unregisteredService } from '../domain/service.ts';
import type { LogLine } from '../domain/telemetry.ts';
import { compareText } from '../lib/compare-text.ts';
import type { ClockOffset } from './logs/clock-offsets.ts';
import type { ReadLine } from './logs/read-log-line.ts';
import type { ExtractedTrace } from './stack-traces/extract.ts';

export interface AnalysisContext extends LeftOut {
  /** The incident's alerts, earliest first. */
  readonly alerts: readonly Alert[];
  /** Of the incident: what was opened before it is earlier. An alert that is repeated is received anew. */
  readonly openedAt: string;
  readonly service: Service;
  readonly registered: boolean;
  readonly registry: Registry;
  /** What was asked for: from before the alert until the run's own "now". */
  readonly window: { readonly from: string; readonly to: string };
  /** The alert's start less its `for`: good enough to part baseline from incident until the onset is dated. */
  readonly provisionalOnset: string;
  /** When the metrics say that it began. Parts the log's baseline far sharper, where they say it. */
  readonly datedOnset?: string | undefined;
  /** Hex digest of a text (SHA-256 in production): handed in, because the analysis imports nothing from Node. */
  readonly digest: (text: string) => string;
  /** What the caller's errors say, where this service is looked into because of it: its own log may be silent. */
  readonly heard?: readonly string[] | undefined;
  /** Of this run: a log is looked at in each round of questions and read once. Absent: it is read each time. */
  readonly readLogs?: WeakMap<readonly LogLine[], ReadLog> | undefined;
  /** Of this run: what its answers show, by how many there were. They only grow. Absent: it is worked out each time. */
  readonly observed?: Map<number, readonly Observed[]> | undefined;
}

export interface ReadLog {
  readonly lines: readonly ReadLine[];
  /** Of each line, since 1970; NaN where it has no time. */
  readonly milliseconds: Float64Array;
  /** Of streams whose own clock was not believed. */
  readonly offsets: readonly ClockOffset[];
  /** Every trace in them: two kinds of evidence ask for them. */
  readonly traces: readonly ExtractedTrace[];
  /** Characters of the longest line as it was written, and how many of them were read. */
  readonly longest: { readonly whole: number; readonly read: number };
  readonly digest: string;
}

/** As what an alert without a service is spoken of. */
export const UNKNOWN_SERVICE = 'unknown service';

const BASELINE_MINUTES = 60;
/** An alert may be days old; looking at all of it would cost the recent detail. */
const LONGEST_WINDOW_MINUTES = 360;
/** `startsAt` comes after the rule's `for` (30 s in the rules we ship), a scrape and an evaluation. */
const ALERT_DELAY_SECONDS = 60;

export function analysisContext(
  incident: Incident,
  run: Pick<Run, 'createdAt'>,
  known: Pick<AnalysisContext, 'registry' | 'digest' | 'without'>,
): AnalysisContext {
  const alerts = incident.alerts.toSorted(
    (a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt) || compareText(a.fingerprint, b.fingerprint),
  );
  const name = incident.service ?? alerts.map(serviceFinder(known.registry)).find((service) => service !== undefined);
  const registered = name === undefined ? undefined : findService(known.registry, name);
  const to = Date.parse(run.createdAt);
  const [first] = alerts;
  // A start in the future is a clock that runs ahead, or a mistake: then "now" is the best that is known.
  const start = Math.min(Date.parse(first?.startsAt ?? incident.startedAt), to);
  return {
    alerts,
    openedAt: incident.openedAt,
    service: registered ?? unregisteredService(name ?? UNKNOWN_SERVICE),
    registered: registered !== undefined,
    registry: known.registry,
    window: {
      from: instant(Math.max(start - BASELINE_MINUTES * 60_000, to - LONGEST_WINDOW_MINUTES * 60_000)),
      to: instant(to),
    },
    provisionalOnset: instant(start - ALERT_DELAY_SECONDS * 1_000),
    digest: known.digest,
    readLogs: new WeakMap(),
    observed: new Map(),
    without: known.without,
  };
}

/** What stands when the look itself failed: nothing was seen, and the report says so. */
export function nothingSeen(context: AnalysisContext): Facts {
  return {
    service: context.service.name,
    registered: context.registered,
    alertConfirmed: 'unknown',
    alertCheck: {
      text: 'Nothing could be looked at, so the alert is neither confirmed nor contradicted.',
      cites: ['G1'],
    },
    window: context.window,
    onset: null,
    repository: null,
    evidence: [],
    gaps: [
      {
        id: 'G1',
        source: 'incident-agent-workflow',
        query: '',
        reason: 'malformed',
        detail: 'The look at the sources failed; the notes of this report say why.',
        unknown: `everything about ${context.service.name}`,
      },
    ],
    hypotheses: [],
    ruledOut: [],
    notChecked: [],
    timeline: [],
  };
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
