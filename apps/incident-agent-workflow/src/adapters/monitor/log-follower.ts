/** What a log has gained since it was last read, through rotation, truncation and restarts of the reader. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { AgentError, messageOf } from '../../domain/error.ts';
import type { LogNews, LogReader, LogReadOptions } from '../../host-ports.ts';
import { CHUNK_BYTES, countLines, isForbidden, NEWLINE, openLogFile, rotatedLogs } from '../../lib/log-file.ts';
import { splitLines } from './line-splitter.ts';

/** How far a log has been read. */
const LogMark = z.object({
  inode: z.number(),
  /** Of the first byte that is not read. */
  offset: z.number().int().nonnegative(),
  /** Lines before the offset; null: not counted. */
  lines: z.number().int().nonnegative().nullable(),
  /** Digest of the file's first bytes: a file that was emptied and written again has others. */
  head: z.string(),
  headBytes: z.number().int().nonnegative(),
  /** When it was last read: a line without an end that has not grown since is all there will be. */
  size: z.number().int().nonnegative(),
});
type LogMark = z.infer<typeof LogMark>;

const HEAD_BYTES = 256;
/** Of one log in one look. Beyond it the newest count. */
const MAX_BYTES = 32 * 1024 * 1024;

/** `log.read` with the marks of one monitor; a mark in another form counts as none. */
export function logReader(): LogReader {
  return {
    read: (path, mark, options) => readNews(path, LogMark.safeParse(mark).data, options),
  };
}

async function readNews(path: string, mark: LogMark | undefined, options: LogReadOptions): Promise<LogNews> {
  const before = mark === undefined ? [] : await beforeRotation(path, mark);
  const file = await openLog(path);
  if (file === undefined) {
    if (mark === undefined || before.length === 0) throw new Error(`there is no ${path}: does the service write it?`);
    return { ...joined(before), mark: NOTHING_READ };
  }
  try {
    const { size, ino } = await file.stat();
    const goesOn = mark !== undefined && (await isSame(file, ino, size, mark));
    const start = mark === undefined ? await startOfTail(file, size, options.tailLines) : goesOn ? mark.offset : 0;
    const linesBefore = goesOn && mark ? mark.lines : ((await countLines(file, start)) ?? null);
    const isSettled = goesOn && mark?.size === size;
    const read = await readLines(file, start, size, isSettled || options.takesRest);
    const all = [...before, { lines: read.lines, skippedBytes: read.skippedBytes }];
    const headBytes = Math.min(HEAD_BYTES, read.end);
    return {
      ...joined(all),
      firstLine: before.length > 0 || linesBefore === null || read.skippedBytes > 0 ? undefined : linesBefore + 1,
      mark: {
        inode: ino,
        offset: read.end,
        lines: linesBefore === null || read.skippedBytes > 0 ? null : linesBefore + read.lines.length,
        head: await headOf(file, headBytes),
        headBytes,
        size,
      },
    };
  } finally {
    await file.close();
  }
}

const NOTHING_READ: LogMark = { inode: 0, offset: 0, lines: 0, head: '', headBytes: 0, size: 0 };

interface Piece {
  readonly lines: readonly string[];
  readonly skippedBytes: number;
}

function joined(pieces: readonly Piece[]) {
  return {
    lines: pieces.flatMap(({ lines }) => lines),
    firstLine: undefined,
    skippedBytes: pieces.reduce((sum, { skippedBytes }) => sum + skippedBytes, 0),
  };
}

/** The rest of the file that was read last, and those that came and went between, oldest first. Empty: the file is still there. */
async function beforeRotation(path: string, mark: LogMark): Promise<Piece[]> {
  if (mark.headBytes === 0) return [];
  const live = await openLog(path);
  if (live) {
    try {
      const { ino, size } = await live.stat();
      if (await isSame(live, ino, size, mark)) return [];
    } finally {
      await live.close();
    }
  }
  const pieces: Piece[] = [];
  let isFound = false;
  for (const rotated of await rotatedLogs(path)) {
    const file = await openLog(rotated.path).catch(() => undefined);
    if (file === undefined) continue;
    try {
      const { ino, size } = await file.stat();
      // Renamed, or copied before the file itself was emptied.
      const isLast = !isFound && size >= mark.offset && (await headOf(file, mark.headBytes)) === mark.head;
      if (!isLast && !isFound) continue;
      isFound = true;
      const isTheMarked = isLast || ino === mark.inode;
      pieces.push(await readLines(file, isTheMarked ? mark.offset : 0, size, true));
    } finally {
      await file.close();
    }
  }
  return pieces;
}

async function isSame(file: FileHandle, inode: number, size: number, mark: LogMark): Promise<boolean> {
  return inode === mark.inode && size >= mark.offset && (await headOf(file, mark.headBytes)) === mark.head;
}

async function headOf(file: FileHandle, bytes: number): Promise<string> {
  const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(bytes), position: 0 });
  return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex').slice(0, 16);
}

/** Where the last `tailLines` lines begin. */
async function startOfTail(file: FileHandle, size: number, tailLines: number): Promise<number> {
  if (tailLines === 0) return size;
  let found = 0;
  const lowest = Math.max(0, size - MAX_BYTES);
  for (let end = size; end > lowest; ) {
    const from = Math.max(lowest, end - CHUNK_BYTES);
    const { buffer } = await file.read({ buffer: Buffer.alloc(end - from), position: from });
    for (let at = buffer.length - 1; at >= 0; at -= 1) {
      // The last line's own end is not the end of a line before it.
      if (buffer[at] !== NEWLINE || from + at === size - 1) continue;
      found += 1;
      if (found === tailLines) return from + at + 1;
    }
    end = from;
  }
  return lowest;
}

/** Whole lines; the last one without an end only where `takesRest`: else it is still being written. */
async function readLines(file: FileHandle, start: number, size: number, takesRest: boolean) {
  const from = Math.max(start, size - MAX_BYTES);
  const splitter = splitLines();
  let position = from;
  const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(1, size - from)));
  while (position < size) {
    const length = Math.min(buffer.length, size - position);
    const { bytesRead } = await file.read({ buffer, position, length });
    if (bytesRead === 0) break; // emptied meanwhile
    splitter.take(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  const { lines, restBytes } = splitter.end(takesRest);
  const cutOff = from > start ? 1 : 0; // begins in the middle of a line
  return { lines: lines.slice(cutOff), end: position - restBytes, skippedBytes: from - start };
}

async function openLog(path: string): Promise<FileHandle | undefined> {
  try {
    return await openLogFile(path);
  } catch (error) {
    if (error instanceof AgentError) throw error;
    const cure = isForbidden(error) ? ': give the reader the right to read it' : '';
    throw new Error(`${path} cannot be read (${messageOf(error)})${cure}`, { cause: error });
  }
}
