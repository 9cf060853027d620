/** A log of which the newest lines were kept, put together with the beginnings that were asked for by themselves. */
import type { LogLine, Observation } from '../../domain/telemetry.ts';
import { millisecondsOf } from '../../lib/time.ts';

/** In milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface WholeLog extends Observation {
  readonly query: string;
  readonly logLines: readonly LogLine[] | undefined;
  /** An answer's own list of lines, which is the same in each round in which the same is put together. */
  readonly key: readonly LogLine[] | undefined;
  /** Between what was read: lines of then were not looked at. */
  readonly unread: readonly Stretch[];
}

/** `beginnings`: of the same service, each with its oldest lines. None: the answer as it came. */
export function withBeginnings(observation: Observation, beginnings: readonly Observation[]): WholeLog {
  const { logLines } = observation.answer.telemetry;
  const read = beginnings
    .filter(({ answer }) => (answer.telemetry.logLines?.length ?? 0) > 0)
    .toSorted((a, b) => startOf(a) - startOf(b));
  const alone = { ...observation, query: observation.answer.query, logLines, key: logLines, unread: [] };
  if (read.length === 0 || !logLines) return alone;
  const parts = [...read.map(({ answer }) => answer.telemetry.logLines ?? []), logLines];
  const queries = [observation, ...read].map(({ answer }) => answer.query);
  return {
    ...alone,
    query: [...new Set(queries)].join('\n'),
    logLines: joined(parts),
    key: read.at(-1)?.answer.telemetry.logLines,
    unread: between(parts),
  };
}

function startOf({ question }: Observation): number {
  return question.kind === 'logs' ? (millisecondsOf(question.from) ?? 0) : 0;
}

/** One after the other; of each stream only what comes after what is there of it already. */
function joined(parts: readonly (readonly LogLine[])[]): LogLine[] {
  const latest = new Map<string, number>();
  const lines: LogLine[] = [];
  for (const part of parts) {
    const border = new Map(latest);
    // A line without a time belongs to the one above it.
    const isNew = new Map<string, boolean>();
    for (const line of part) {
      const at = line.at === undefined ? undefined : millisecondsOf(line.at);
      if (at !== undefined) isNew.set(line.stream, at > (border.get(line.stream) ?? Number.NEGATIVE_INFINITY));
      if (isNew.get(line.stream) === false) continue;
      lines.push(line);
      if (at !== undefined) latest.set(line.stream, Math.max(at, latest.get(line.stream) ?? at));
    }
  }
  return lines;
}

function between(parts: readonly (readonly LogLine[])[]): Stretch[] {
  const stretches: Stretch[] = [];
  let until: number | undefined;
  for (const part of parts) {
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { at } of part) {
      const milliseconds = at === undefined ? undefined : millisecondsOf(at);
      if (milliseconds === undefined) continue;
      if (milliseconds < first) first = milliseconds;
      if (milliseconds > last) last = milliseconds;
    }
    if (first > last) continue;
    if (until !== undefined && first > until) stretches.push({ from: until, to: first });
    until = Math.max(until ?? last, last);
  }
  return stretches;
}
