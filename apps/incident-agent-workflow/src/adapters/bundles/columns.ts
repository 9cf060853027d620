/**
 * What is long, held by column: the same values with each name written once. Times are held as steps from the first
 * one where that gives the very same text back. Whatever a column cannot give back stays a list of rows.
 */
import { z } from 'zod';
import { AgentError } from '../../domain/error.ts';
import type { LogLine, Point } from '../../domain/telemetry.ts';
import { isoOfMilliseconds, isoOfNanoseconds, millisecondsOf, nanosecondsOf } from '../../lib/time.ts';

/** null: that row has no time. Steps count from the last row that has one, the first from `from`. */
const Times = z.union([
  z.array(z.string().nullable()),
  z.object({ from: z.string(), unit: z.enum(['ms', 'ns']), steps: z.array(z.number().int().nullable()) }),
]);
type Times = z.infer<typeof Times>;

const LogColumns = z.object({
  columns: z.object({
    at: Times,
    stream: z.array(z.string()),
    /** Left out where no row has one. */
    line: z.array(z.number().nullable()).optional(),
    text: z.array(z.string()),
  }),
});
const PointColumns = z.object({ columns: z.object({ at: Times, value: z.array(z.number().nullable()) }) });

/** As columns, or as they are where those would lose something. */
export function logLinesToColumns(lines: readonly LogLine[]): unknown {
  const hasLines = lines.some(({ line }) => line !== undefined);
  return faithful(lines, columnsToLogLines, {
    columns: {
      at: timesOf(lines.map(({ at }) => at)),
      stream: lines.map(({ stream }) => stream),
      ...(hasLines ? { line: lines.map(({ line }) => line ?? null) } : {}),
      text: lines.map(({ text }) => text),
    },
  });
}

/** Texts of instants that were written before: all series of one scrape have the same times. */
export type KnownInstants = Map<number, string>;

/** Throws ZodError where a column is wrong, AgentError('malformed') where they do not fit together. */
export function columnsToLogLines(stored: unknown, known: KnownInstants = new Map()): unknown[] {
  const { at, stream, line, text } = LogColumns.parse(stored).columns;
  const times = instantsOf(at, known);
  sameLength([times, stream, text, ...(line ? [line] : [])]);
  return text.map((words, index) => ({
    ...present('at', times[index]),
    stream: stream[index],
    ...present('line', line?.[index]),
    text: words,
  }));
}

export function pointsToColumns(points: readonly Point[]): unknown {
  return faithful(points, columnsToPoints, {
    columns: { at: timesOf(points.map(({ at }) => at)), value: points.map(({ value }) => value) },
  });
}

/** Throws as `columnsToLogLines` does. */
export function columnsToPoints(stored: unknown, known: KnownInstants = new Map()): unknown[] {
  const { at, value } = PointColumns.parse(stored).columns;
  const times = instantsOf(at, known);
  sameLength([times, value]);
  return value.map((number, index) => ({ ...present('at', times[index]), value: number }));
}

function faithful(rows: readonly unknown[], read: (stored: unknown) => unknown[], columns: unknown): unknown {
  return JSON.stringify(read(columns)) === JSON.stringify(rows) ? columns : rows;
}

function present(name: string, value: string | number | null | undefined): Record<string, unknown> {
  return value === null || value === undefined ? {} : { [name]: value };
}

function sameLength(columns: readonly (readonly unknown[])[]): void {
  const lengths = [...new Set(columns.map(({ length }) => length))];
  if (lengths.length > 1)
    throw new AgentError('malformed', `columns of different length (${lengths.join(', ')})`, { retryable: false });
}

function timesOf(instants: readonly (string | undefined)[]): Times {
  return (
    stepsOf(instants, 'ms', exactMilliseconds) ??
    stepsOf(instants, 'ns', exactNanoseconds) ??
    instants.map((at) => at ?? null)
  );
}

/** undefined: an instant is not written the way it would be read back, or a step is too long for a number. */
function stepsOf(
  instants: readonly (string | undefined)[],
  unit: 'ms' | 'ns',
  read: (instant: string) => bigint | undefined,
): Times | undefined {
  const from = instants.find((at) => at !== undefined);
  if (from === undefined) return undefined;
  let last = read(from);
  const steps: (number | null)[] = [];
  for (const at of instants) {
    const now = at === undefined ? last : read(at);
    if (now === undefined || last === undefined) return undefined;
    const step = Number(now - last);
    if (!Number.isSafeInteger(step)) return undefined;
    steps.push(at === undefined ? null : step);
    last = now;
  }
  return { from, unit, steps };
}

function instantsOf(times: Times, known: KnownInstants): (string | null)[] {
  if (Array.isArray(times)) return times;
  const { from, unit, steps } = times;
  const start = nanosecondsOf(from) ?? notAnInstant(from);
  const write = unit === 'ms' ? millisecondWriter(start, known) : nanosecondWriter(start);
  return steps.map((step) => (step === null ? null : (write(step) ?? notAnInstant(`${from} and ${step} ${unit}`))));
}

function millisecondWriter(start: bigint, known: KnownInstants): (step: number) => string | undefined {
  let last = Number(start / 1_000_000n);
  return (step) => {
    last += step;
    const text = known.get(last) ?? isoOfMilliseconds(last);
    if (text !== undefined) known.set(last, text);
    return text;
  };
}

function nanosecondWriter(start: bigint): (step: number) => string | undefined {
  let last = start;
  return (step) => {
    last += BigInt(step);
    return isoOfNanoseconds(last);
  };
}

function notAnInstant(text: string): never {
  throw new AgentError('malformed', `${text} is no instant`, { retryable: false });
}

function exactMilliseconds(instant: string): bigint | undefined {
  const milliseconds = millisecondsOf(instant);
  return milliseconds !== undefined && isoOfMilliseconds(milliseconds) === instant ? BigInt(milliseconds) : undefined;
}

function exactNanoseconds(instant: string): bigint | undefined {
  const nanoseconds = nanosecondsOf(instant);
  return nanoseconds !== undefined && isoOfNanoseconds(nanoseconds) === instant ? nanoseconds : undefined;
}
