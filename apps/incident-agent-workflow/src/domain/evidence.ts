/** One observed fact, numbered, with the exact query and the bounded data behind it. */
import { z } from 'zod';
import { Severity } from './incident.ts';
import { EarlierIncident } from './memory.ts';
import { BlamedLine, CodeExcerpt, Commit, Point, Probe, ScrapeTarget } from './telemetry.ts';

const Common = {
  id: z.string().regex(/^E\d+$/),
  /** States the finding, not the topic: "5xx share rose from 0 % to 31 % at 03:12:05". One line. */
  title: z.string(),
  source: z.string(),
  query: z.string(),
  window: z.object({ from: z.string(), to: z.string() }),
  /** Of the data as collected; the same data gives the same digest. */
  digest: z.string(),
  service: z.string(),
};

export const MetricFamily = z.enum([
  'availability',
  'traffic',
  'errors',
  'latency',
  'dependency',
  'saturation',
  'restart',
  'other',
]);
export type MetricFamily = z.infer<typeof MetricFamily>;

export const AlertEvidence = z.object({
  ...Common,
  kind: z.literal('alert'),
  data: z.object({
    alerts: z.array(
      z.object({
        name: z.string(),
        status: z.enum(['firing', 'resolved']),
        startsAt: z.string(),
        summary: z.string(),
        /** As its label says. */
        severity: Severity.optional(),
      }),
    ),
    /** Alerts of the incident; the list above is bounded. */
    alertCount: z.number().int(),
  }),
});

/** A derived series (a rate, a share, a gauge) with what was computed from it. */
export const MetricEvidence = z.object({
  ...Common,
  kind: z.literal('metric'),
  data: z.object({
    metric: z.string(),
    family: MetricFamily,
    /** '1' for ratios and booleans, 'per second', 's', 'bytes'. */
    unit: z.string(),
    /** At most 600, time order; a missing interval is a gap in time, never interpolated. */
    points: z.array(Point),
    baselineMedian: z.number().nullable(),
    /** Median and extreme after onset, in the direction that is bad for this family. */
    incidentMedian: z.number().nullable(),
    incidentExtreme: z.number().nullable(),
    score: z.number().nullable(),
    direction: z.enum(['up', 'down', 'flat']),
    onset: z.string().nullable(),
    lastValue: z.number().nullable(),
    /** `grows`: rises without levelling off; `stopped`: a count that rises no more; `full`: at its limit. */
    shape: z.enum(['grows', 'stopped', 'full']).optional(),
  }),
});

export const LogEvidence = z.object({
  ...Common,
  kind: z.literal('logs'),
  data: z.object({
    /** Constant words with `<*>` where they vary. */
    template: z.string(),
    level: z.enum(['fatal', 'error', 'warning', 'info', 'unknown']),
    baselineCount: z.number().int(),
    incidentCount: z.number().int(),
    firstAt: z.string().nullable(),
    lastAt: z.string().nullable(),
    samples: z.array(
      z.object({ at: z.string().nullable(), stream: z.string(), line: z.number().nullable(), text: z.string() }),
    ),
    /** Lines around the first sample, in order. */
    context: z.array(z.string()),
  }),
});

export const Frame = z.object({
  /** As written in the trace. */
  file: z.string(),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  function: z.string().nullable(),
  inApp: z.boolean(),
  /** The repository's own path, where it could be mapped. */
  repositoryPath: z.string().nullable(),
  /** The place in a built file of the repository that was written in the trace; `line` is then that of the source, or null. */
  built: z.object({ path: z.string(), line: z.number().int(), column: z.number().int() }).optional(),
});
export type Frame = z.infer<typeof Frame>;

export const StackTraceEvidence = z.object({
  ...Common,
  kind: z.literal('stack-trace'),
  data: z.object({
    language: z.string(),
    type: z.string(),
    message: z.string(),
    frames: z.array(Frame),
    /** Index into frames: the first frame of our own code. */
    crashFrame: z.number().int().nullable(),
    fingerprint: z.string(),
    count: z.number().int(),
    baselineCount: z.number().int(),
    firstAt: z.string().nullable(),
    lastAt: z.string().nullable(),
    request: z.object({ method: z.string(), path: z.string(), status: z.number().int().nullable() }).nullable(),
    stream: z.string(),
    line: z.number().int().nullable(),
    text: z.array(z.string()),
    /** The errors that were thrown because of it, from the inside outwards. */
    around: z.array(z.object({ type: z.string(), message: z.string() })).optional(),
    /** Go: how many other goroutines waited in each state. */
    goroutines: z.record(z.string(), z.number().int()).optional(),
    /** What is missing or not certain, a sentence each. */
    losses: z.array(z.string()).optional(),
  }),
});

export const ProbeEvidence = z.object({ ...Common, kind: z.literal('probe'), data: Probe });
export const TargetsEvidence = z.object({
  ...Common,
  kind: z.literal('targets'),
  data: z.object({ targets: z.array(ScrapeTarget) }),
});
export const CodeEvidence = z.object({
  ...Common,
  kind: z.literal('code'),
  data: CodeExcerpt.extend({
    highlightedLine: z.number().int(),
    blame: z.array(BlamedLine),
    /** Where the highlighted line stands in the newest revision; null: it was changed since. Absent: that is what runs, or was not asked. */
    lineAtHead: z.number().int().nullable().optional(),
    /** The error text that is written here. */
    origin: z.string().optional(),
  }),
});
/** The commits that touched the service in the window, with the suspect ranking. */
export const HistoryEvidence = z.object({
  ...Common,
  kind: z.literal('history'),
  data: z.object({
    commitCount: z.number().int(),
    deployedRevision: z.string(),
    deployedFrom: z.enum(['registry', 'metric', 'alert', 'tag', 'head']),
    commits: z.array(
      z.object({
        hash: z.string(),
        committedAt: z.string(),
        subject: z.string(),
        fileCount: z.number().int(),
        /** Share of suspicion, "none of these" being a candidate too. 0–1. */
        suspicion: z.number(),
      }),
    ),
    /** Settings, dependencies, migrations and builds among what they changed. */
    changes: z
      .array(
        z.object({
          hash: z.string(),
          kind: z.enum(['config', 'dependency', 'migration', 'build']),
          /** The file; of a dependency its name. */
          what: z.string(),
          from: z.string().optional(),
          to: z.string().optional(),
        }),
      )
      .optional(),
    /** Revisions that went live and switches that were turned, as far as they are known; oldest first. */
    rollouts: z
      .array(
        z.object({
          at: z.string(),
          kind: z.enum(['deploy', 'switch']),
          service: z.string().nullable(),
          name: z.string(),
        }),
      )
      .optional(),
  }),
});
/** One suspect commit with its diff. */
export const CommitEvidence = z.object({
  ...Common,
  kind: z.literal('commit'),
  data: Commit.extend({ minutesBeforeOnset: z.number().nullable() }),
});

/** Earlier incidents of the same failure, newest first. */
export const MemoryEvidence = z.object({
  ...Common,
  kind: z.literal('memory'),
  data: z.object({
    /** What they have in common with this one; an alert alone says least. */
    sameBy: z.enum(['trace', 'log', 'alert']),
    incidents: z.array(EarlierIncident),
    /** From the first of them to this one. */
    days: z.number(),
    /** What was done in the code while the last of them was open: its commit taken back, or its file changed. */
    fix: z.object({ how: z.enum(['revert', 'change']), hash: z.string(), subject: z.string() }).optional(),
  }),
});

export const Evidence = z.discriminatedUnion('kind', [
  AlertEvidence,
  MetricEvidence,
  LogEvidence,
  StackTraceEvidence,
  ProbeEvidence,
  TargetsEvidence,
  CodeEvidence,
  HistoryEvidence,
  CommitEvidence,
  MemoryEvidence,
]);
export type Evidence = z.infer<typeof Evidence>;
export type EvidenceKind = Evidence['kind'];
export type EvidenceOf<K extends EvidenceKind> = Extract<Evidence, { kind: K }>;
/** Before it is numbered. */
export type Observed = Evidence extends infer E ? (E extends Evidence ? Omit<E, 'id'> : never) : never;

/** Went down, and was 0: a state whose samples merely ended is not known to have been. */
export function wasZero({ direction, points }: Pick<EvidenceOf<'metric'>['data'], 'direction' | 'points'>): boolean {
  return direction === 'down' && points.some(({ value }) => value === 0);
}

/** Of a state that is 1 while all is well: down without having been 0, so its samples ended. */
export function hasEnded({ direction, points }: Pick<EvidenceOf<'metric'>['data'], 'direction' | 'points'>): boolean {
  return direction === 'down' && points.length > 0 && points.every(({ value }) => value !== 0);
}

export function evidenceOfKind<K extends EvidenceKind>(evidence: readonly Evidence[], kind: K): EvidenceOf<K>[] {
  return evidence.filter((item): item is EvidenceOf<K> => item.kind === kind);
}
