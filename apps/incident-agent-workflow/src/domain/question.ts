/**
 * Everything that can be asked of a source: a closed union. Engine and model choose from the same menu.
 * A question names what it wants, never how a source is asked: the adapter writes the query, with values escaped.
 * Later kinds (runbook, silences) join here.
 */
import { z } from 'zod';
import { Service } from './service.ts';

const Window = { from: z.string(), to: z.string() };

/** Raw samples of every series of one metric. `labels` narrow it by equality. Rates are computed by the analysis, per raw series. */
export const MetricQuestion = z.object({
  kind: z.literal('metric'),
  service: Service,
  metric: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/),
  labels: z.record(z.string(), z.string()),
  ...Window,
  stepSeconds: z.number().positive(),
});
/** Names of all metrics that the service has series of in the window: what there is to be asked. */
export const MetricNamesQuestion = z.object({ kind: z.literal('metric-names'), service: Service, ...Window });
/** Whether the scraper sees the service, and why not. */
export const TargetsQuestion = z.object({ kind: z.literal('targets'), service: Service });
/** Log lines, newest kept when there are more than `maxLines`. */
export const LogsQuestion = z.object({
  kind: z.literal('logs'),
  service: Service,
  ...Window,
  maxLines: z.number().int().positive(),
  /** The oldest instead: where a flood has crowded out how it began. */
  keep: z.literal('oldest').optional(),
});
/** One GET of the service's own health or readiness address, from the registry only. */
export const ProbeQuestion = z.object({ kind: z.literal('probe'), service: Service, of: z.enum(['health', 'ready']) });
/** Commits that touched the service's path, newest first, with files and bounded patches; and where the repository stands. */
export const HistoryQuestion = z.object({
  kind: z.literal('history'),
  service: Service,
  /** `repository`: whatever they touched. Without it: the service's own path. */
  scope: z.literal('repository').optional(),
  since: z.string(),
  until: z.string(),
  maxCommits: z.number().int().positive(),
});
/** Every path of the tree at the deployed revision (else head). */
export const FilesQuestion = z.object({ kind: z.literal('files'), service: Service });
/** Lines of one file at one revision; `path` must be one of the repository's own. */
export const FileLinesQuestion = z.object({
  kind: z.literal('file-lines'),
  service: Service,
  path: z.string(),
  revision: z.string(),
  fromLine: z.number().int().positive(),
  toLine: z.number().int().positive(),
});
export const BlameQuestion = z.object({
  kind: z.literal('blame'),
  service: Service,
  path: z.string(),
  revision: z.string(),
  fromLine: z.number().int().positive(),
  toLine: z.number().int().positive(),
});

/** Where a text stands in the service's code at one revision, word for word: no pattern, no option. */
export const GrepQuestion = z.object({
  kind: z.literal('grep'),
  service: Service,
  revision: z.string(),
  text: z.string().min(3).max(200),
  /** Files or folders; empty: the service's own folder. */
  paths: z.array(z.string()).max(20),
  maxMatches: z.number().int().positive().max(200),
});
/** What files became from one revision to another. */
export const DiffQuestion = z.object({
  kind: z.literal('diff'),
  service: Service,
  from: z.string(),
  to: z.string(),
  paths: z.array(z.string()).min(1).max(20),
});
/** Deploys, flags that were turned, jobs, what providers say, and revisions that were given a name. */
export const EventsQuestion = z.object({ kind: z.literal('events'), service: Service, ...Window });

/** Where places of a built file were written, by the source map that the repository holds beside it at that revision. */
export const OriginalsQuestion = z.object({
  kind: z.literal('originals'),
  service: Service,
  path: z.string(),
  revision: z.string(),
  places: z.array(z.object({ line: z.number().int().positive(), column: z.number().int().positive() })).max(20),
});

/** Incidents opened before that are known by one of these signatures, newest first. */
export const EarlierIncidentsQuestion = z.object({
  kind: z.literal('earlier-incidents'),
  service: Service,
  signatures: z.array(z.string()),
  before: z.string(),
});

export const Question = z.discriminatedUnion('kind', [
  MetricQuestion,
  MetricNamesQuestion,
  TargetsQuestion,
  LogsQuestion,
  ProbeQuestion,
  HistoryQuestion,
  FilesQuestion,
  FileLinesQuestion,
  BlameQuestion,
  GrepQuestion,
  DiffQuestion,
  EventsQuestion,
  OriginalsQuestion,
  EarlierIncidentsQuestion,
]);
export type Question = z.infer<typeof Question>;
export type QuestionKind = Question['kind'];
export type MetricQuestion = z.infer<typeof MetricQuestion>;
export type MetricNamesQuestion = z.infer<typeof MetricNamesQuestion>;
export type LogsQuestion = z.infer<typeof LogsQuestion>;
export type ProbeQuestion = z.infer<typeof ProbeQuestion>;

/** What nobody can say when a question stays without an answer: the `unknown` of its gap. */
export function unknownWithout(question: Question): string {
  const { name } = question.service;
  switch (question.kind) {
    case 'metric':
      return `${question.metric} of ${name}`;
    case 'metric-names':
      return `which metrics ${name} has`;
    case 'targets':
      return `whether the scraper sees ${name}`;
    case 'logs':
      return question.keep ? `how the log of ${name} began` : `log lines of ${name}`;
    case 'probe':
      return question.of === 'health' ? `whether ${name} answers` : `whether ${name} is ready`;
    case 'history':
      return `what was changed in ${name}`;
    case 'files':
      return `which files ${name} consists of`;
    case 'file-lines':
      return `the code of ${name} at ${question.path}:${question.fromLine}`;
    case 'blame':
      return `which commits wrote ${question.path}:${question.fromLine} of ${name}`;
    case 'grep':
      return `where ${JSON.stringify(question.text)} stands in the code of ${name}`;
    case 'diff':
      return `what changed in ${question.paths[0] ?? 'the code'} of ${name} since it was deployed`;
    case 'earlier-incidents':
      return `whether ${name} has failed like this before`;
    case 'events':
      return `deploys and switches of ${name}`;
    case 'originals':
      return `which lines ${question.path} of ${name} was built from`;
  }
}

/** Two questions with the same key ask the same thing. */
export function questionKey(question: Question): string {
  const { service, ...rest } = question;
  return JSON.stringify([service.name, ...Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
