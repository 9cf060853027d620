/** What sources answer, in the words of the domain; the wire shapes end in the adapters. Plain JSON: no NaN, no Date. */
import { z } from 'zod';
import { Gap } from './gap.ts';
import { EarlierIncident } from './memory.ts';
import { Question } from './question.ts';

/** `value` null: the sample exists and is not a number (Prometheus NaN, ±Inf). A missing sample is absent. */
export const Point = z.object({ at: z.string(), value: z.number().nullable() });
export type Point = z.infer<typeof Point>;

/** One raw series, points in time order. */
export const Series = z.object({
  metric: z.string(),
  labels: z.record(z.string(), z.string()),
  points: z.array(Point),
});
export type Series = z.infer<typeof Series>;

/** One entry, redacted. `at`: the line's own time where it has one (else when it was ingested). */
export const LogLine = z.object({
  at: z.string().optional(),
  /** Entries of one stream are in order: file path, or the stream's labels. */
  stream: z.string(),
  /** 1-based line in a file; undefined where the source has none. */
  line: z.number().int().positive().optional(),
  text: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;

export const Probe = z.object({
  of: z.enum(['health', 'ready']),
  url: z.string(),
  at: z.string(),
  /** undefined: no HTTP answer came; `failure` says why. */
  httpStatus: z.number().int().optional(),
  failure: z.enum(['refused', 'timeout', 'dns', 'tls', 'reset', 'other']).optional(),
  detail: z.string(),
  durationMilliseconds: z.number(),
  /** First 2,000 characters, redacted. */
  body: z.string(),
  /** As the header says that the registry's `deployed_revision` names. */
  revision: z.string().optional(),
});
export type Probe = z.infer<typeof Probe>;

export const ScrapeTarget = z.object({
  url: z.string(),
  health: z.enum(['up', 'down', 'unknown']),
  lastError: z.string(),
  lastScrapeAt: z.string().optional(),
});
export type ScrapeTarget = z.infer<typeof ScrapeTarget>;

export const ChangedFile = z.object({
  path: z.string(),
  /** Of a renamed file: what it was called before. */
  oldPath: z.string().optional(),
  status: z.enum(['added', 'modified', 'deleted', 'renamed', 'other']),
  /** Unified hunks, redacted, bounded; empty for binary or too large ones. */
  patch: z.string(),
});
export type ChangedFile = z.infer<typeof ChangedFile>;

export const Commit = z.object({
  hash: z.string().regex(/^[0-9a-f]{40,64}$/),
  committedAt: z.string(),
  authoredAt: z.string(),
  /** First line of the message, redacted. Authors are not kept: changes are named, people are not. */
  subject: z.string(),
  parents: z.array(z.string()),
  files: z.array(ChangedFile),
});
export type Commit = z.infer<typeof Commit>;

export const RepositoryState = z.object({
  /** Absolute path of the work tree. */
  root: z.string(),
  head: z.string(),
  /** The revision that runs, and how that is known; else head, stated. */
  deployedRevision: z.string(),
  deployedFrom: z.enum(['registry', 'metric', 'alert', 'tag', 'head']),
  /** The service's folder inside the repository, '' for the root. */
  servicePath: z.string(),
  shallow: z.boolean(),
  remoteUrl: z.string().optional(),
});
export type RepositoryState = z.infer<typeof RepositoryState>;

export const CodeExcerpt = z.object({
  path: z.string(),
  revision: z.string(),
  firstLine: z.number().int().positive(),
  /** Redacted; each at most 500 characters. */
  lines: z.array(z.string()),
  totalLines: z.number().int().nonnegative(),
});
export type CodeExcerpt = z.infer<typeof CodeExcerpt>;

export const BlamedLine = z.object({
  path: z.string(),
  line: z.number().int().positive(),
  hash: z.string(),
  committedAt: z.string(),
});
export type BlamedLine = z.infer<typeof BlamedLine>;

/** A line that holds the text that was asked for. */
export const CodeMatch = z.object({ path: z.string(), line: z.number().int().positive(), text: z.string() });
export type CodeMatch = z.infer<typeof CodeMatch>;

/** What one file became between two revisions. */
export const RevisionDiff = z.object({ from: z.string(), to: z.string(), files: z.array(ChangedFile) });
export type RevisionDiff = z.infer<typeof RevisionDiff>;

/** Something that happened around the service at a known time. */
export const ChangeEvent = z.object({
  at: z.string(),
  /** `switch`: a feature flag; `status`: what a provider or platform says of itself; `tag`: a name given to a revision. */
  kind: z.enum(['deploy', 'switch', 'job', 'status', 'tag']),
  /** null: of no service in particular. */
  service: z.string().nullable(),
  /** The version, the flag, the job, the provider. */
  name: z.string(),
  /** Hash, or the beginning of one. */
  revision: z.string().optional(),
  /** In words; redacted. */
  text: z.string(),
});
export type ChangeEvent = z.infer<typeof ChangeEvent>;

/** A place of a built file, and the one in its source; both are paths of the repository. */
export const OriginalPlace = z.object({
  path: z.string(),
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  source: z.string(),
  sourceLine: z.number().int().positive(),
});
export type OriginalPlace = z.infer<typeof OriginalPlace>;

export const Telemetry = z.object({
  series: z.array(Series),
  /** Sorted by code units, each once. */
  metricNames: z.array(z.string()),
  targets: z.array(ScrapeTarget),
  logLines: z.array(LogLine),
  probe: Probe,
  repository: RepositoryState,
  commits: z.array(Commit),
  paths: z.array(z.string()),
  code: CodeExcerpt,
  earlierIncidents: z.array(EarlierIncident),
  blame: z.array(BlamedLine),
  originals: z.array(OriginalPlace),
  matches: z.array(CodeMatch),
  diff: RevisionDiff,
  events: z.array(ChangeEvent),
});
export type Telemetry = z.infer<typeof Telemetry>;

/** What one source said to one question. A present but empty field means "looked, there was none". */
export const Answer = z.object({
  source: z.string(),
  /** Can be pasted into Prometheus, Loki or a shell and gives the same data. */
  query: z.string(),
  telemetry: Telemetry.partial(),
  gaps: z.array(Gap),
});
export type Answer = z.infer<typeof Answer>;

/** A question with the answer that was taken and everything that could not be seen. One line of `questions.jsonl`. */
export const Observation = z.object({ question: Question, answer: Answer });
export type Observation = z.infer<typeof Observation>;
