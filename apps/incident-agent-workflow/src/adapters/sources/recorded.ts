/** What a recording of everything answers to a question that nobody asked then. Pure. */
import type { Gap } from '../../domain/gap.ts';
import {
  type LogsQuestion,
  type MetricNamesQuestion,
  type MetricQuestion,
  type Question,
  type QuestionKind,
  unknownWithout,
} from '../../domain/question.ts';
import type { Answer, LogLine, Observation, Point, Series } from '../../domain/telemetry.ts';
import { escapePromqlValue } from '../../lib/escape.ts';
import { clockTime } from '../../lib/instants.ts';
import { compareInstants, millisecondsOf } from '../../lib/time.ts';
import { thousands } from '../../lib/wording.ts';
import { selectorOf } from './prometheus.ts';

/** undefined: the recording holds nothing that answers it. */
export function answerFromRecording(observations: readonly Observation[], question: Question): Answer | undefined {
  switch (question.kind) {
    case 'metric':
      return metric(ofKind(observations, question, 'metric'), question);
    case 'metric-names':
      return metricNames(ofKind(observations, question, 'metric'), question);
    case 'logs':
      return logs(ofKind(observations, question, 'logs'), question);
    case 'history':
      return history(ofKind(observations, question, 'history'), question);
    case 'earlier-incidents':
      // A recording is a world of its own, in which nothing happened before.
      return { source: 'memory', query: '', telemetry: { earlierIncidents: [] }, gaps: [] };
    default:
      return undefined;
  }
}

type ObservationOf<K extends QuestionKind> = Observation & { readonly question: Extract<Question, { kind: K }> };

function ofKind<K extends QuestionKind>(
  observations: readonly Observation[],
  { service }: Question,
  kind: K,
): ObservationOf<K>[] {
  return observations.filter(
    (one): one is ObservationOf<K> => one.question.kind === kind && one.question.service.name === service.name,
  );
}

/** Of a service whose metrics were recorded, a metric without any series has none. Where nothing could be seen, that is said again. */
function metric(recorded: readonly ObservationOf<'metric'>[], question: MetricQuestion): Answer | undefined {
  const own = recorded.filter((one) => one.question.metric === question.metric);
  const looked = (own.length > 0 ? own : recorded).find(({ answer }) => answer.telemetry.series);
  const first = looked ?? own[0];
  if (!first) return undefined;
  const series = own.flatMap(({ answer }) => answer.telemetry.series ?? []);
  return {
    source: first.answer.source,
    query: selectorOf(question),
    telemetry: looked ? { series: seriesInWindow(series, question) } : {},
    gaps: distinctGaps(own),
  };
}

/** All of which a sample was recorded in the window. */
function metricNames(
  recorded: readonly ObservationOf<'metric'>[],
  { service, from, to }: MetricNamesQuestion,
): Answer | undefined {
  const { answer } = recorded.find((one) => one.answer.telemetry.series) ?? {};
  if (!answer) return undefined;
  const isInside = within(from, to);
  const series = recorded.flatMap((one) => one.answer.telemetry.series ?? []);
  const present = series.filter(({ points }) => points.some(({ at }) => isInside(at)));
  return {
    source: answer.source,
    query: `count by (__name__) ({service="${escapePromqlValue(service.name)}"})`,
    telemetry: { metricNames: [...new Set(present.map(({ metric: name }) => name))].sort() },
    gaps: [],
  };
}

function seriesInWindow(series: readonly Series[], { labels, from, to }: MetricQuestion): Series[] {
  const wanted = Object.entries(labels);
  const isInside = within(from, to);
  const byLabels = new Map<string, Series>();
  for (const one of series) {
    if (!wanted.every(([name, value]) => one.labels[name] === value)) continue;
    const key = JSON.stringify([one.metric, one.labels]);
    const points = one.points.filter(({ at }) => isInside(at));
    const known = byLabels.get(key);
    if (known) byLabels.set(key, { ...known, points: joined(known.points, points) });
    else if (points.length > 0) byLabels.set(key, { ...one, points });
  }
  return [...byLabels].sort(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, one]) => one);
}

/** Recorded in parts that may overlap: of two samples of one instant the first is kept. */
function joined(left: readonly Point[], right: readonly Point[]): Point[] {
  const known = new Set(left.map(({ at }) => at));
  return [...left, ...right.filter(({ at }) => !known.has(at))].sort((a, b) => compareInstants(a.at, b.at));
}

/** The recording that reaches over most of the window. Newest lines are kept. */
function logs(recorded: readonly ObservationOf<'logs'>[], question: LogsQuestion): Answer | undefined {
  const widest = recorded.toSorted((a, b) => lengthOf(b.question) - lengthOf(a.question));
  const { answer } = widest.find((one) => one.answer.telemetry.logLines) ?? widest[0] ?? {};
  if (!answer) return undefined;
  const { logLines } = answer.telemetry;
  if (!logLines) return answer;
  const inside = linesInWindow(logLines, question);
  const kept = question.keep ? oldest(inside, question.maxLines) : newest(inside, question.maxLines);
  const first = kept.find(({ line }) => line.at !== undefined)?.line.at;
  const last = kept.findLast(({ line }) => line.at !== undefined)?.line.at;
  const since = first === undefined ? '' : `, from ${clockTime(first)} on`;
  const until = last === undefined ? '' : `, until ${clockTime(last)}`;
  const some = `${thousands(kept.length)} of ${thousands(inside.length)} lines`;
  const cut: Gap = {
    source: answer.source,
    query: answer.query,
    reason: 'too-large',
    detail: question.keep ? `read only the oldest ${some}${until}` : `read only the newest ${some}${since}`,
    unknown: unknownWithout(question),
  };
  return {
    ...answer,
    telemetry: { logLines: kept.map(({ line }) => line) },
    gaps: kept.length < inside.length ? [...answer.gaps, cut] : answer.gaps,
  };
}

interface TimedLine {
  readonly line: LogLine;
  /** Its own, else that of the line above it in its stream. */
  readonly milliseconds: number | undefined;
}

/** A stream without any time is taken whole; what stands above its first time belongs to that. */
function linesInWindow(lines: readonly LogLine[], { from, to }: LogsQuestion): TimedLine[] {
  const isInside = within(from, to);
  const last = new Map<string, string | undefined>();
  for (const { stream, at } of lines) if (last.get(stream) === undefined) last.set(stream, at);
  const timed: TimedLine[] = [];
  for (const line of lines) {
    const at = line.at ?? last.get(line.stream);
    last.set(line.stream, at);
    if (at === undefined || isInside(at))
      timed.push({ line, milliseconds: at === undefined ? undefined : millisecondsOf(at) });
  }
  return timed;
}

/** In their order. Of equal times the later lines are the newer ones. */
function newest(lines: readonly TimedLine[], maxLines: number): readonly TimedLine[] {
  if (lines.length <= maxLines) return lines;
  const byAge = [...lines.entries()].sort(
    ([i, a], [j, b]) =>
      (b.milliseconds ?? Number.NEGATIVE_INFINITY) - (a.milliseconds ?? Number.NEGATIVE_INFINITY) || j - i,
  );
  const kept = new Set(byAge.slice(0, maxLines).map(([index]) => index));
  return lines.filter((_, index) => kept.has(index));
}

/** In their order. Those without any time are as old as what stands before them. */
function oldest(lines: readonly TimedLine[], maxLines: number): readonly TimedLine[] {
  if (lines.length <= maxLines) return lines;
  const byAge = [...lines.entries()].sort(
    ([i, a], [j, b]) =>
      (a.milliseconds ?? Number.POSITIVE_INFINITY) - (b.milliseconds ?? Number.POSITIVE_INFINITY) || i - j,
  );
  const kept = new Set(byAge.slice(0, maxLines).map(([index]) => index));
  return lines.filter((_, index) => kept.has(index));
}

/** Where the repository itself was not recorded. */
function history(
  recorded: readonly ObservationOf<'history'>[],
  { since, until, maxCommits }: Extract<Question, { kind: 'history' }>,
): Answer | undefined {
  const { answer } = recorded.find((one) => one.answer.telemetry.commits) ?? {};
  if (!answer) return undefined;
  const isInside = within(since, until);
  const commits = (answer.telemetry.commits ?? []).filter(({ committedAt }) => isInside(committedAt));
  return { ...answer, telemetry: { ...answer.telemetry, commits: commits.slice(0, maxCommits) } };
}

function within(from: string, to: string): (at: string) => boolean {
  const start = millisecondsOf(from) ?? Number.NEGATIVE_INFINITY;
  const end = millisecondsOf(to) ?? Number.POSITIVE_INFINITY;
  return (at) => {
    const milliseconds = millisecondsOf(at);
    return milliseconds !== undefined && milliseconds >= start && milliseconds <= end;
  };
}

function lengthOf({ from, to }: LogsQuestion): number {
  return (millisecondsOf(to) ?? 0) - (millisecondsOf(from) ?? 0);
}

function distinctGaps(observations: readonly Observation[]): Gap[] {
  const gaps = observations.flatMap(({ answer }) => answer.gaps);
  return [...new Map(gaps.map((gap) => [JSON.stringify(gap), gap])).values()];
}
