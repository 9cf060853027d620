/** What the logs say as evidence: patterns of errors that are new or rose, and silence where there used to be lines. */

import type { z } from 'zod';
import type { LogEvidence, Observed } from '../../domain/evidence.ts';
import type { Observation } from '../../domain/telemetry.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { clockTime } from '../../lib/instants.ts';
import { isoOfMilliseconds, millisecondsOf } from '../../lib/time.ts';
import { counted, quoted } from '../../lib/wording.ts';
import type { AnalysisContext } from '../context.ts';
import { traceGroups } from '../stack-traces/trace-groups.ts';
import { type LogPattern, logPatterns, tellingPatterns } from './log-patterns.ts';
import { type LogReading, logReadings } from './log-reading.ts';
import type { ReadLine } from './read-log-line.ts';

type LogValues = z.infer<typeof LogEvidence>['data'];

const MAX_SAMPLES = 5;
const MAX_SAMPLE_CHARACTERS = 2_000;
const MAX_TEMPLATE_CHARACTERS = 500;
const LINES_ABOVE = 3;
const LINES_BELOW = 4;
const MAX_CONTEXT_CHARACTERS = 500;

/**
 * In the order of the questions, at most six patterns of each answer. Lines of a stack trace that is evidence itself
 * are not counted again. An answer without lines is evidence of silence; a source that could not look is none.
 */
export function observeLogs(observations: readonly Observation[], context: AnalysisContext): Observed[] {
  return logReadings(observations, context).flatMap((reading) => {
    const groups = traceGroups(reading, context.digest);
    const owned = new Set(groups.flatMap(({ traces }) => traces.flatMap(({ lineIndexes }) => lineIndexes)));
    const patterns = logPatterns(reading, owned);
    const telling = tellingPatterns(patterns, reading);
    if (telling.length > 0)
      return [...telling.map((pattern) => patternEvidence(pattern, reading)), ...silence(reading)];
    // A trace says more than "nothing new among the other lines".
    return groups.length > 0 ? silence(reading) : [nothingNew(reading), ...silence(reading)];
  });
}

function evidenceOf({ question, source, query, digest }: LogReading, title: string, values: LogValues): Observed {
  return {
    kind: 'logs',
    title,
    source,
    query,
    window: { from: question.from, to: question.to },
    digest,
    service: question.service.name,
    data: values,
  };
}

function patternEvidence(pattern: LogPattern, reading: LogReading): Observed {
  const { lines } = reading;
  const inIncident = pattern.lineIndexes.filter((index) => !isBefore(reading, index));
  const times = spanOf(reading, pattern.lineIndexes);
  const values: LogValues = {
    template: oneLine(pattern.text, MAX_TEMPLATE_CHARACTERS),
    level: pattern.level,
    baselineCount: pattern.baselineCount,
    incidentCount: pattern.incidentCount,
    firstAt: times.first,
    lastAt: times.last,
    samples: samplesOf(lines, inIncident),
    context: contextOf(lines, inIncident[0] ?? 0),
  };
  return evidenceOf(reading, titleOf(values, pattern), values);
}

function titleOf(
  { template, level, baselineCount, incidentCount, firstAt }: LogValues,
  { isNovel }: LogPattern,
): string {
  const grave = level === 'error' || level === 'fatal' || level === 'warning' ? `${level} ` : '';
  const often = incidentCount === 1 ? 'once' : counted(incidentCount, 'time');
  if (baselineCount > 0) {
    const before = baselineCount === 1 ? 'once' : counted(baselineCount, 'time');
    return `${grave}${quoted(template)} ${often} in the incident, ${before} before it`;
  }
  const word = incidentCount === 1 ? 'at' : 'since';
  const since = firstAt === null ? '' : ` ${word} ${clockTime(firstAt)}`;
  return `${grave}${quoted(template)} ${often}${since}${isNovel ? ', never before' : ''}`;
}

/** Nothing stands out: how much was looked at, so that this says something. */
function nothingNew(reading: LogReading): Observed {
  const { lines, question } = reading;
  const name = oneLine(question.service.name, 80);
  const indexes = lines.map((_line, index) => index);
  const before = indexes.filter((index) => isBefore(reading, index)).length;
  const times = spanOf(reading, indexes);
  const values: LogValues = {
    template: '<*>',
    // Not 'unknown': this is no sign of a failure.
    level: 'info',
    baselineCount: before,
    incidentCount: lines.length - before,
    firstAt: times.first,
    lastAt: times.last,
    samples: samplesOf(lines, indexes.slice(-MAX_SAMPLES)),
    context: [],
  };
  const title =
    lines.length === 0
      ? `0 lines of ${name} in the window`
      : `no new error pattern among ${counted(lines.length, 'line')} of ${name}: ${before} before the incident, ${lines.length - before} in it`;
  return evidenceOf(reading, title, values);
}

const MIN_LINES = 20;
const MIN_SILENCE_MILLISECONDS = 120_000;
const USUAL_PAUSES = 5;

/** A service that used to log and stopped: the last thing it said, and when. */
function silence(reading: LogReading): Observed[] {
  const { lines, question } = reading;
  const times = reading.milliseconds.filter((at) => !Number.isNaN(at)).sort();
  const end = millisecondsOf(question.to);
  const latest = times.at(-1);
  const last = latest === undefined ? undefined : isoOfMilliseconds(latest);
  if (latest === undefined || last === undefined || end === undefined || lines.length < MIN_LINES) return [];
  if (end - latest < Math.max(MIN_SILENCE_MILLISECONDS, USUAL_PAUSES * longestUsualPause(times))) return [];
  const indexes = lines.map((_line, index) => index);
  const ends = indexes.slice(-MAX_SAMPLES);
  const before = indexes.filter((index) => isBefore(reading, index)).length;
  const values: LogValues = {
    template: '<*>',
    level: 'info',
    baselineCount: before,
    incidentCount: lines.length - before,
    firstAt: spanOf(reading, indexes).first,
    lastAt: last,
    samples: samplesOf(lines, ends),
    context: [],
  };
  return [evidenceOf(reading, `${oneLine(question.service.name, 80)} logged nothing after ${clockTime(last)}`, values)];
}

/** Nineteen of twenty pauses are shorter. `times` ascending. */
function longestUsualPause(times: Float64Array): number {
  const pauses = times.map((at, index) => at - (times[index - 1] ?? at)).sort();
  return pauses[Math.floor(pauses.length * 0.95)] ?? 0;
}

/** False where the line has no time: then it counts as part of the incident. */
function isBefore({ milliseconds, windows }: LogReading, index: number): boolean {
  return (milliseconds[index] ?? Number.NaN) < windows.splitMilliseconds;
}

/** The earliest and the latest time among the lines, as they were read. */
function spanOf(
  { lines, milliseconds }: LogReading,
  indexes: readonly number[],
): { readonly first: string | null; readonly last: string | null } {
  let first: number | undefined;
  let last: number | undefined;
  for (const index of indexes) {
    const at = milliseconds[index] ?? Number.NaN;
    if (Number.isNaN(at)) continue;
    if (first === undefined || at < (milliseconds[first] ?? at)) first = index;
    if (last === undefined || at >= (milliseconds[last] ?? at)) last = index;
  }
  return { first: timeAt(lines, first), last: timeAt(lines, last) };
}

function timeAt(lines: readonly ReadLine[], index: number | undefined): string | null {
  return (index === undefined ? undefined : lines[index]?.at) ?? null;
}

/** The first two, then the last ones: how it began, and that it goes on. */
function samplesOf(lines: readonly ReadLine[], indexes: readonly number[]): LogValues['samples'] {
  const chosen = indexes.length <= MAX_SAMPLES ? indexes : [...indexes.slice(0, 2), ...indexes.slice(2 - MAX_SAMPLES)];
  return chosen.slice(0, MAX_SAMPLES).flatMap((index) => {
    const line = lines[index];
    if (!line) return [];
    const text = line.text.slice(0, MAX_SAMPLE_CHARACTERS).toWellFormed();
    return [{ at: line.at ?? null, stream: line.stream, line: line.line ?? null, text }];
  });
}

/** Of the same stream, the line itself included. */
function contextOf(lines: readonly ReadLine[], index: number): string[] {
  const stream = lines[index]?.stream;
  const above = lines.slice(Math.max(0, index - 200), index).filter((line) => line.stream === stream);
  const below = lines.slice(index, index + 200).filter((line) => line.stream === stream);
  return [...above.slice(-LINES_ABOVE), ...below.slice(0, LINES_BELOW + 1)].map(shortLine);
}

function shortLine({ text }: ReadLine): string {
  return text.slice(0, MAX_CONTEXT_CHARACTERS).toWellFormed();
}
