/** What one evidence states, sorted by kind, so that a sentence about it can be recomputed instead of believed. */
import type { Evidence } from '../domain/evidence.ts';
import type { NumberedGap } from '../domain/gap.ts';
import { changedLines } from '../lib/patches.ts';

export interface Stated {
  /** They state a finding and were made from the same data, so their figures count. */
  readonly titles: string[];
  /** Everything that is text in it: where quotes and names must be found. */
  readonly texts: string[];
  readonly instants: string[];
  readonly hashes: string[];
  /** Paths and, where known, the lines of them that it speaks of. */
  readonly places: { readonly path: string; readonly from: number; readonly to: number }[];
  readonly ratios: number[];
  readonly durationsSeconds: number[];
  readonly bytes: number[];
  readonly statuses: number[];
  readonly counts: number[];
  /** Of files apart: a commit of two files is not two commits. */
  readonly fileCounts: number[];
  readonly values: number[];
  /** Before and after, for "doubled". */
  readonly changes: { readonly before: number; readonly after: number }[];
  /** Of each metric. */
  readonly directions: ('up' | 'down' | 'flat')[];
}

export function nothingStated(): Stated {
  return {
    titles: [],
    texts: [],
    instants: [],
    hashes: [],
    places: [],
    ratios: [],
    durationsSeconds: [],
    bytes: [],
    statuses: [],
    counts: [],
    fileCounts: [],
    values: [],
    changes: [],
    directions: [],
  };
}

export function addGap(stated: Stated, gap: NumberedGap): void {
  stated.titles.push(gap.detail, gap.unknown);
  stated.texts.push(gap.source, gap.query, gap.detail, gap.unknown, gap.reason, gap.coveredBy ?? '');
}

/** Points of a series are left out but for their number: in an hour of samples nearly any time or figure is found. */
export function addEvidence(stated: Stated, item: Evidence): void {
  stated.titles.push(item.title);
  stated.texts.push(item.title, item.service, item.source, item.query);
  switch (item.kind) {
    case 'alert':
      stated.counts.push(item.data.alertCount, item.data.alertCount - 1, item.data.alerts.length);
      for (const alert of item.data.alerts) {
        stated.instants.push(alert.startsAt);
        stated.texts.push(alert.name, alert.summary, alert.status);
      }
      break;
    case 'metric':
      addMetric(stated, item.data);
      break;
    case 'logs':
      addLogs(stated, item.data);
      break;
    case 'stack-trace':
      addTrace(stated, item.data);
      break;
    case 'probe':
      stated.instants.push(item.data.at);
      stated.durationsSeconds.push(item.data.durationMilliseconds / 1000);
      if (item.data.httpStatus !== undefined) stated.statuses.push(item.data.httpStatus);
      stated.texts.push(item.data.url, item.data.detail, item.data.body, item.data.failure ?? '', item.data.of);
      break;
    case 'targets':
      addTargets(stated, item.data);
      break;
    case 'code':
      addCode(stated, item.data);
      break;
    case 'history':
      addHistory(stated, item.data);
      break;
    case 'commit':
      addCommit(stated, item.data);
      break;
    case 'memory':
      addMemory(stated, item.data);
      break;
  }
}

type Data<K extends Evidence['kind']> = Extract<Evidence, { kind: K }>['data'];

function addMetric(stated: Stated, data: Data<'metric'>): void {
  const { baselineMedian, incidentMedian, incidentExtreme, lastValue, points, unit, onset } = data;
  const figures = [baselineMedian, incidentMedian, incidentExtreme, lastValue].filter((value) => value !== null);
  stated.texts.push(data.metric, data.family, data.direction);
  // How the calls fail that it counts.
  const status = /\{failure="([1-5]\d\d)"\}$/.exec(data.metric)?.[1];
  if (status !== undefined) stated.statuses.push(Number(status));
  stated.directions.push(data.direction);
  if (onset !== null) stated.instants.push(onset);
  // Its value is an instant: when the process that runs was started.
  if (data.family === 'restart' && lastValue !== null) stated.instants.push(new Date(lastValue * 1_000).toISOString());
  const first = points[0]?.at;
  const last = points.at(-1)?.at;
  if (first !== undefined && last !== undefined) stated.instants.push(first, last);
  stated.counts.push(points.length);
  const zeroCount = points.filter((point) => point.value === 0).length;
  // None is no figure here: "was 0" would find it.
  if (zeroCount > 0) stated.counts.push(zeroCount);
  if (unit === '1') stated.ratios.push(...figures);
  if (unit === 's') stated.durationsSeconds.push(...figures);
  if (unit === 'bytes') stated.bytes.push(...figures);
  stated.values.push(...figures);
  for (const after of [incidentMedian, incidentExtreme])
    if (baselineMedian !== null && after !== null) stated.changes.push({ before: baselineMedian, after });
}

function addLogs(stated: Stated, data: Data<'logs'>): void {
  stated.texts.push(data.template, data.level, ...data.context);
  stated.counts.push(data.incidentCount, data.baselineCount, data.incidentCount + data.baselineCount);
  for (const at of [data.firstAt, data.lastAt]) if (at !== null) stated.instants.push(at);
  for (const { at, text, stream, line } of data.samples) {
    stated.texts.push(text, stream);
    if (at !== null) stated.instants.push(at);
    if (line !== null) stated.places.push({ path: stream, from: line, to: line });
  }
  stated.changes.push({ before: data.baselineCount, after: data.incidentCount });
}

function addTrace(stated: Stated, data: Data<'stack-trace'>): void {
  stated.texts.push(data.type, data.message, ...data.text, data.text.join('\n'), data.stream, data.language);
  stated.counts.push(data.count, data.baselineCount, data.count - data.baselineCount, data.frames.length);
  for (const at of [data.firstAt, data.lastAt]) if (at !== null) stated.instants.push(at);
  for (const frame of data.frames) {
    const [from, to] = frame.line === null ? [0, 0] : [frame.line, frame.line];
    stated.places.push({ path: frame.file, from, to });
    if (frame.repositoryPath !== null) stated.places.push({ path: frame.repositoryPath, from, to });
    if (frame.function !== null) stated.texts.push(frame.function);
  }
  if (!data.request) return;
  stated.texts.push(`${data.request.method} ${data.request.path}`);
  if (data.request.status !== null) stated.statuses.push(data.request.status);
}

function addTargets(stated: Stated, { targets }: Data<'targets'>): void {
  stated.counts.push(targets.length, targets.filter((target) => target.health === 'down').length);
  for (const target of targets) {
    stated.texts.push(target.url, target.lastError, target.health);
    if (target.lastScrapeAt !== undefined) stated.instants.push(target.lastScrapeAt);
  }
}

function addCode(stated: Stated, data: Data<'code'>): void {
  stated.texts.push(...data.lines, data.lines.join('\n'));
  stated.hashes.push(data.revision, ...data.blame.map((line) => line.hash));
  // The lines around it are shown, not spoken of.
  stated.places.push({ path: data.path, from: data.highlightedLine, to: data.highlightedLine });
  stated.counts.push(data.totalLines, data.lines.length);
}

function addHistory(stated: Stated, data: Data<'history'>): void {
  stated.hashes.push(data.deployedRevision, ...data.commits.map((commit) => commit.hash));
  stated.counts.push(data.commitCount);
  stated.fileCounts.push(...data.commits.map((commit) => commit.fileCount));
  stated.texts.push(...data.commits.map((commit) => commit.subject));
  stated.instants.push(...data.commits.map((commit) => commit.committedAt));
  stated.ratios.push(...data.commits.map((commit) => commit.suspicion));
  for (const { what, from = '', to = '' } of data.changes ?? []) stated.texts.push(what, from, to);
  for (const { at, name } of data.rollouts ?? []) {
    stated.texts.push(name);
    stated.instants.push(at);
  }
}

function addMemory(stated: Stated, { incidents, days, fix }: Data<'memory'>): void {
  if (fix) {
    stated.hashes.push(fix.hash);
    stated.texts.push(fix.subject);
  }
  stated.counts.push(incidents.length, incidents.length + 1, days);
  stated.durationsSeconds.push(days * 86_400);
  for (const { id, openedAt, resolvedAt, title, statement, ending, feedback, cause } of incidents) {
    stated.instants.push(openedAt, ...(resolvedAt === null ? [] : [resolvedAt]));
    stated.texts.push(id, title, statement ?? '', ending ?? '', feedback?.note ?? '', feedback?.verdict ?? '');
    if (typeof feedback?.cause === 'string') stated.texts.push(feedback.cause);
    if (cause?.commit) stated.hashes.push(cause.commit);
    if (cause?.file) stated.places.push({ path: cause.file, from: cause.line ?? 0, to: cause.line ?? 0 });
  }
}

function addCommit(stated: Stated, data: Data<'commit'>): void {
  stated.hashes.push(data.hash, ...data.parents);
  stated.instants.push(data.committedAt, data.authoredAt);
  stated.fileCounts.push(data.files.length);
  stated.texts.push(data.subject);
  if (data.minutesBeforeOnset !== null) stated.durationsSeconds.push(data.minutesBeforeOnset * 60);
  for (const file of data.files) {
    stated.texts.push(file.path, file.patch.replace(/^[+ -]/gm, ''));
    stated.places.push({ path: file.path, from: 0, to: 0 });
    for (const { oldLine, newLine } of changedLines(file.patch))
      for (const line of new Set([oldLine ?? newLine, newLine]))
        stated.places.push({ path: file.path, from: line, to: line });
  }
}
