/** The stack traces in the logs as evidence: what was thrown, where in our code, how often, since when, for which request. */

import type { z } from 'zod';
import type { Frame, Observed, StackTraceEvidence } from '../../domain/evidence.ts';
import type { Observation, OriginalPlace, RepositoryState } from '../../domain/telemetry.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { clockTime } from '../../lib/instants.ts';
import { counted } from '../../lib/wording.ts';
import type { AnalysisContext } from '../context.ts';
import { type LogReading, logReadings } from '../logs/log-reading.ts';
import { readable } from '../logs/read-log-line.ts';
import { failedRequest } from './failed-request.ts';
import { located } from './located.ts';
import type { NamedError } from './trace.ts';
import { type TraceGroup, timeOfTrace, traceGroups } from './trace-groups.ts';

type TraceValues = z.infer<typeof StackTraceEvidence>['data'];

const MAX_FRAMES = 60;
const MAX_AROUND = 8;
const MAX_TITLE_MESSAGE = 140;

/** In the order of the questions, at most four of each answer. */
export function observeStackTraces(observations: readonly Observation[], context: AnalysisContext): Observed[] {
  return logReadings(observations, context).flatMap((reading) => {
    const tree = treeOf(observations, reading.question.service.name);
    const groups = traceGroups(reading, context.digest);
    return groups.map((group) => evidenceOf(group, reading, tree));
  });
}

interface Tree {
  readonly paths: readonly string[];
  readonly repository: RepositoryState;
  readonly originals: readonly OriginalPlace[];
}

/** undefined: the repository could not be looked at. */
function treeOf(observations: readonly Observation[], service: string): Tree | undefined {
  let paths: readonly string[] | undefined;
  let repository: RepositoryState | undefined;
  for (const { question, answer } of observations) {
    if (question.service.name !== service) continue;
    paths ??= answer.telemetry.paths;
    repository ??= answer.telemetry.repository;
  }
  const originals = observations.flatMap(({ question, answer }) =>
    question.service.name === service ? (answer.telemetry.originals ?? []) : [],
  );
  return paths && repository ? { paths, repository, originals } : undefined;
}

function evidenceOf(group: TraceGroup, reading: LogReading, tree: Tree | undefined): Observed {
  const { question, source, query, digest } = reading;
  const values = valuesOf(group, reading, tree);
  return {
    kind: 'stack-trace',
    title: titleOf(values),
    source,
    query,
    window: { from: question.from, to: question.to },
    digest,
    service: question.service.name,
    data: values,
  };
}

function valuesOf(group: TraceGroup, { lines, question }: LogReading, tree: Tree | undefined): TraceValues {
  const [shown] = group.traces;
  const first = shown?.lineIndexes[0] ?? 0;
  const kept = bounded(shown?.frames ?? [], shown?.crashFrame);
  const { frames, crashFrame, losses } = tree
    ? located(kept, shown?.language, question.service, tree)
    : { ...kept, losses: [] };
  const said = [...(shown?.losses ?? []), ...cutLoss(shown?.frames.length ?? 0), ...losses];
  const times = group.traces.flatMap((trace) => timeOfTrace(lines, trace) ?? []).sort();
  const requests = group.traces.map(({ lineIndexes }) => failedRequest(lines, lineIndexes));
  return {
    language: shown?.language ?? 'javascript',
    type: shown?.type ?? '',
    message: readable(shown?.message ?? ''),
    frames: [...frames],
    crashFrame: crashFrame ?? null,
    fingerprint: group.fingerprint,
    count: group.traces.length,
    baselineCount: group.baselineCount,
    firstAt: times[0] ?? null,
    lastAt: times.at(-1) ?? null,
    request: requests.find((request) => request !== undefined) ?? null,
    stream: lines[first]?.stream ?? '',
    line: lines[first]?.line ?? null,
    text: (shown?.text ?? []).map(readable),
    ...(shown?.around?.length ? { around: shown.around.slice(0, MAX_AROUND).map(readableError) } : {}),
    ...(shown?.goroutines ? { goroutines: shown.goroutines } : {}),
    ...(said.length > 0 ? { losses: said } : {}),
  };
}

function readableError({ type, message }: NamedError): NamedError {
  return { type: readable(type), message: readable(message) };
}

function cutLoss(frameCount: number): string[] {
  return frameCount > MAX_FRAMES ? [`it has ${frameCount} frames: ${MAX_FRAMES} around the crash are kept`] : [];
}

/** The outermost calls go first; the crash frame stays, however deep it lies. */
function bounded(
  frames: readonly Frame[],
  crashFrame: number | undefined,
): { readonly frames: readonly Frame[]; readonly crashFrame: number | undefined } {
  if (frames.length <= MAX_FRAMES) return { frames, crashFrame };
  const middle = crashFrame ?? 0;
  const from = Math.min(Math.max(0, middle - MAX_FRAMES / 2), frames.length - MAX_FRAMES);
  return {
    frames: frames.slice(from, from + MAX_FRAMES),
    crashFrame: crashFrame === undefined ? undefined : crashFrame - from,
  };
}

/** `TypeError: Cannot read … at src/items.ts:42, 18 times since 03:12:06`. */
function titleOf({ type, message, frames, crashFrame, count, baselineCount, firstAt }: TraceValues): string {
  const frame = crashFrame === null ? undefined : frames[crashFrame];
  const place = frame ? ` at ${placeOf(frame)}` : '';
  const what = oneLine(message === '' ? type : `${type}: ${message}`, MAX_TITLE_MESSAGE);
  const since = firstAt === null ? '' : count === 1 ? ` at ${clockTime(firstAt)}` : ` since ${clockTime(firstAt)}`;
  const before = baselineCount === 0 ? '' : ` (${baselineCount} of them before the incident)`;
  return `${what}${place}, ${count === 1 ? 'once' : counted(count, 'time')}${since}${before}`;
}

function placeOf({ repositoryPath, file, line }: Frame): string {
  const path = oneLine(repositoryPath ?? file.replace(/^file:\/\//, ''), 160);
  return line === null ? path : `${path}:${line}`;
}
