/** The log lines of one answer, read once, with the time that parts baseline from incident. */
import type { LogsQuestion } from '../../domain/question.ts';
import type { LogLine, Observation } from '../../domain/telemetry.ts';
import { lengthsOf } from '../../lib/clean-text.ts';
import { millisecondsOf } from '../../lib/time.ts';
import type { AnalysisContext, ReadLog } from '../context.ts';
import { type ExtractedTrace, extractTraces } from '../stack-traces/extract.ts';
import { joinPartialLines } from '../stack-traces/join-partial-lines.ts';
import { type Stretch, type WholeLog, withBeginnings } from './beginnings.ts';
import { type ClockOffset, clockOffsets } from './clock-offsets.ts';
import { MAX_PARSED, type ReadLine } from './read-log-line.ts';
import { readLogLines } from './read-log-lines.ts';

export interface LogReading {
  readonly question: LogsQuestion;
  readonly source: string;
  readonly query: string;
  readonly digest: string;
  /** In the order of the answer; each has a time where its stream has named one before it. */
  readonly lines: readonly ReadLine[];
  /** Of each line, since 1970; NaN where it has no time. */
  readonly milliseconds: Float64Array;
  /** Of streams whose own clock was not believed. */
  readonly offsets: readonly ClockOffset[];
  readonly traces: readonly ExtractedTrace[];
  readonly longest: ReadLog['longest'];
  readonly windows: {
    /** What was logged before it is the baseline. */
    readonly splitMilliseconds: number;
    /** Minutes of the baseline that the lines cover: an answer that was cut holds only the newest. */
    readonly baselineMinutes: number;
    readonly incidentMinutes: number;
  };
}

/** An alert comes after its cause: so much before the provisional onset already counts as incident. */
const GUARD_MILLISECONDS = 60_000;
/** Two of our own scrapes: a rise is seen at the first scrape after it began. */
const DATED_GUARD_MILLISECONDS = 10_000;

/** Those whose source really looked, in the order of the questions; the same question is read once. */
export function logReadings(observations: readonly Observation[], context: AnalysisContext): LogReading[] {
  const byQuestion = new Map<string, Observation>();
  for (const observation of observations) {
    const { question, answer } = observation;
    if (question.kind !== 'logs' || question.keep || !answer.telemetry.logLines) continue;
    const key = JSON.stringify([question.service.name, question.from, question.to]);
    const known = byQuestion.get(key)?.answer.telemetry.logLines;
    if (!known || known.length === 0) byQuestion.set(key, observation);
  }
  const beginnings = observations.filter(({ question }) => question.kind === 'logs' && question.keep !== undefined);
  return [...byQuestion.values()].flatMap((observation) => {
    const own = beginnings.filter(({ question }) => question.service.name === observation.question.service.name);
    return readingOf(withBeginnings(observation, own), context) ?? [];
  });
}

function readingOf(whole: WholeLog, context: AnalysisContext): LogReading | undefined {
  const { question, answer, logLines, key, unread } = whole;
  if (question.kind !== 'logs' || !logLines || !key) return undefined;
  const { lines, milliseconds, offsets, traces, longest, digest } = readOnce(logLines, key, context);
  const isCut = logLines.length >= question.maxLines || answer.gaps.some(({ reason }) => reason === 'too-large');
  return {
    question,
    source: answer.source,
    query: whole.query,
    digest,
    lines,
    milliseconds,
    offsets,
    traces,
    longest,
    windows: windowsOf(milliseconds, question, context, { isCut, unread }),
  };
}

function readOnce(
  logLines: readonly LogLine[],
  key: readonly LogLine[],
  { readLogs, digest }: AnalysisContext,
): ReadLog {
  const known = readLogs?.get(key);
  if (known) return known;
  const offsets = clockOffsets(logLines);
  const lines = readLogLines(joinPartialLines(logLines), new Set(offsets.map(({ stream }) => stream)));
  const milliseconds = Float64Array.from(lines, ({ at }) =>
    at === undefined ? Number.NaN : (millisecondsOf(at) ?? Number.NaN),
  );
  const traces = extractTraces(lines);
  const longest = longestOf(logLines);
  const read = { lines, milliseconds, offsets, traces, longest, digest: digest(JSON.stringify(logLines)) };
  readLogs?.set(key, read);
  return read;
}

/** A source cuts what is longer than it takes, and says how much it was. */
function longestOf(logLines: readonly LogLine[]): ReadLog['longest'] {
  let longest = { whole: 0, read: 0 };
  for (const { text } of logLines) {
    if (text.length <= longest.read && !text.endsWith(']')) continue;
    const { kept, whole } = lengthsOf(text);
    if (whole > longest.whole) longest = { whole, read: Math.min(kept, MAX_PARSED) };
  }
  return longest;
}

/** A service that was started minutes ago has a short baseline: an onset that the metrics date must not cost it. */
function splitOf({ datedOnset, provisionalOnset }: AnalysisContext): number | undefined {
  const dated = datedOnset === undefined ? undefined : millisecondsOf(datedOnset);
  if (dated !== undefined) return dated - DATED_GUARD_MILLISECONDS;
  const provisional = millisecondsOf(provisionalOnset);
  return provisional === undefined ? undefined : provisional - GUARD_MILLISECONDS;
}

function windowsOf(
  milliseconds: Float64Array,
  { from, to }: LogsQuestion,
  context: AnalysisContext,
  { isCut, unread }: { readonly isCut: boolean; readonly unread: readonly Stretch[] },
): LogReading['windows'] {
  const end = millisecondsOf(to) ?? 0;
  const splitMilliseconds = splitOf(context) ?? end;
  let earliest = Number.POSITIVE_INFINITY;
  for (const at of milliseconds) if (at < earliest) earliest = at;
  const asked = millisecondsOf(from) ?? splitMilliseconds;
  const start = isCut || !Number.isFinite(earliest) ? Math.max(asked, Math.min(earliest, splitMilliseconds)) : asked;
  const missed = (low: number, high: number) =>
    unread.reduce((sum, { from: a, to: b }) => sum + Math.max(0, Math.min(b, high) - Math.max(a, low)), 0);
  const before = splitMilliseconds - start - missed(start, splitMilliseconds);
  const since = end - splitMilliseconds - missed(splitMilliseconds, end);
  return {
    splitMilliseconds,
    baselineMinutes: milliseconds.length === 0 ? 0 : Math.max(0, before) / 60_000,
    incidentMinutes: Math.max(0, since) / 60_000,
  };
}
