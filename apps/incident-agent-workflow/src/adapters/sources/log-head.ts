/** The lines of a log file from a time on: found by halving, for the file may hold far more than is read. */
import type { FileHandle } from 'node:fs/promises';
import { AgentError } from '../../domain/error.ts';
import { lineTime } from '../../lib/line-time.ts';
import { CHUNK_BYTES, countLines, NEWLINE, openLogFile } from '../../lib/log-file.ts';
import { millisecondsOf } from '../../lib/time.ts';

export interface Head {
  readonly path: string;
  readonly lines: readonly string[];
  /** 1-based number of the first line; undefined where the file is too long to count. */
  readonly firstLine: number | undefined;
  /** Nothing stands after it in the file. */
  readonly isWhole: boolean;
}

/** A line is looked for in so many bytes from a place on. */
const PROBE_BYTES = 64 * 1024;

/** At most `maxBytes`, whole lines only; undefined: there is no such file. Throws AgentError where it may not be read. */
export async function readHead(
  path: string,
  range: { readonly from: number; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<Head | undefined> {
  const file = await openLogFile(path);
  if (file === undefined) return undefined;
  const proceed = () => {
    if (signal.aborted) throw new AgentError('timeout', 'reading the log file took too long', { retryable: true });
  };
  try {
    const { size } = await file.stat();
    const start = await firstByteFrom(file, size, range.from, proceed);
    const bytes = await bytesAt(file, start, Math.min(range.maxBytes, size - start));
    const isWhole = start + bytes.length >= size;
    const whole = isWhole ? bytes : bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
    const lines = whole.toString('utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    const before = await countLines(file, start, proceed);
    return { path, lines, firstLine: before === undefined ? undefined : before + 1, isWhole };
  } finally {
    await file.close();
  }
}

/** The beginning of a line at or shortly before the first that is not older. Lines in the order of their times. */
async function firstByteFrom(file: FileHandle, size: number, from: number, proceed: () => void): Promise<number> {
  let low = 0;
  let high = size;
  while (high - low > CHUNK_BYTES) {
    proceed();
    const middle = Math.floor((low + high) / 2);
    const found = await timeAfter(file, middle, size);
    if (found === undefined || found.at >= from) high = middle;
    else low = found.start;
  }
  return low;
}

/** Of the first whole line after that byte that has a time. */
async function timeAfter(file: FileHandle, position: number, size: number) {
  const bytes = await bytesAt(file, position, Math.min(PROBE_BYTES, size - position));
  let start = bytes.indexOf(NEWLINE) + 1;
  while (start > 0 && start < bytes.length) {
    const end = bytes.indexOf(NEWLINE, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end).toString('utf8');
    const at = millisecondsOf(lineTime(line) ?? '');
    if (at !== undefined) return { start: position + start, at };
    if (end < 0) return undefined;
    start = end + 1;
  }
  return undefined;
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(Math.max(0, length)), position });
  return buffer.subarray(0, bytesRead);
}
