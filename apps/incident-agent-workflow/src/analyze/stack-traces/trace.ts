/** What the readers of the languages give back, before paths are mapped and traces are counted. */
import type { Frame } from '../../domain/evidence.ts';

type Language = 'javascript' | 'python' | 'java' | 'go';

export interface ParsedTrace {
  readonly language: Language;
  /** Of the innermost error. `unknown error`: the line that names it was cut off. */
  readonly type: string;
  readonly message: string;
  /** As printed: JavaScript, Java and Go from the crash outwards, the innermost error first; Python towards the crash. */
  readonly frames: readonly Frame[];
  /** The first frame of our own code, seen from the crash; undefined: there is none. */
  readonly crashFrame: number | undefined;
}

/** One line as the readers see it. */
export interface TraceLine {
  readonly text: string;
  /** It begins a record of its own (it has a time, a level, or is JSON), so it can't continue a trace. */
  readonly isHead: boolean;
}

/** A trace at `from` (inclusive) to `to` (exclusive) of the lines it was read from. */
export interface FoundTrace {
  readonly from: number;
  readonly to: number;
  readonly parsed: ParsedTrace;
}

export const UNKNOWN_TYPE = 'unknown error';
const MAX_MESSAGE = 1_000;
const MAX_NAME = 300;

/** Source and line as written; `repositoryPath` is filled in by the mapping. */
export function frameAt(
  file: string,
  line: string | undefined,
  column: string | undefined,
  name: string | undefined,
  inApp: boolean,
): Frame {
  return {
    file: file.slice(0, MAX_NAME).toWellFormed(),
    line: numberOf(line),
    column: numberOf(column),
    function: name ? name.slice(0, MAX_NAME).toWellFormed() : null,
    inApp,
    repositoryPath: null,
  };
}

function numberOf(digits: string | undefined): number | null {
  const value = digits === undefined ? Number.NaN : Number(digits);
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function messageOf(lines: readonly string[]): string {
  return lines.join('\n').trim().slice(0, MAX_MESSAGE).toWellFormed();
}

/** Each frame once: a cause repeats the frames that it shares with the error around it. */
export function withoutRepeats(frames: readonly Frame[]): Frame[] {
  const seen = new Set<string>();
  return frames.filter(({ file, line, column, function: name }) => {
    const key = JSON.stringify([file, line, column, name]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export function firstInApp(frames: readonly Frame[]): number | undefined {
  const index = frames.findIndex(({ inApp }) => inApp);
  return index < 0 ? undefined : index;
}
