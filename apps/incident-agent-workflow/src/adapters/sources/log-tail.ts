/** The end of a log file that others are writing, rotating and truncating meanwhile. */
import type { FileHandle } from 'node:fs/promises';
import { AgentError, messageOf } from '../../domain/error.ts';
import { CHUNK_BYTES, countLines, isForbidden, NEWLINE, openLogFile } from '../../lib/log-file.ts';

export interface Tail {
  readonly path: string;
  readonly lines: readonly string[];
  /** 1-based number of the first line; undefined where the file is too long to count. */
  readonly firstLine: number | undefined;
  /** Nothing stands before it in the file. */
  readonly isWhole: boolean;
  readonly bytes: number;
  /** Tells the same file under two names. */
  readonly inode: number;
}

/**
 * The last `maxBytes` of the file, whole lines only. What is not UTF-8 reads as U+FFFD. undefined: there is no such file.
 * Throws AgentError (refused, malformed, timeout).
 */
export async function readTail(path: string, maxBytes: number, signal: AbortSignal): Promise<Tail | undefined> {
  const file = await openLog(path);
  if (file === undefined) return undefined;
  try {
    const { size, ino } = await file.stat();
    const start = Math.max(0, size - maxBytes);
    const bytes = await readFrom(file, start, size - start, signal);
    // The first line is whole only if a newline stands before it, and that is one byte further left.
    const cut = start === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    const lines = linesOf(bytes.subarray(cut));
    const before = await countLines(file, start + cut, () => stopIfAborted(signal));
    const firstLine = before === undefined ? undefined : before + 1;
    return { path, lines, firstLine, isWhole: start === 0, bytes: bytes.length, inode: ino };
  } catch (error) {
    if (error instanceof AgentError) throw error;
    throw unreadable(path, error);
  } finally {
    await file.close();
  }
}

async function openLog(path: string): Promise<FileHandle | undefined> {
  try {
    return await openLogFile(path);
  } catch (error) {
    if (error instanceof AgentError) throw error;
    throw unreadable(path, error);
  }
}

async function readFrom(file: FileHandle, start: number, length: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let done = 0;
  while (done < length) {
    stopIfAborted(signal);
    const { bytesRead, buffer } = await file.read({
      buffer: Buffer.alloc(Math.min(CHUNK_BYTES, length - done)),
      position: start + done,
    });
    if (bytesRead === 0) break; // truncated meanwhile
    chunks.push(buffer.subarray(0, bytesRead));
    done += bytesRead;
  }
  return Buffer.concat(chunks);
}

function linesOf(bytes: Buffer): string[] {
  if (bytes.length === 0) return [];
  const lines = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AgentError('timeout', 'reading the log file took too long', { retryable: true });
}

function unreadable(path: string, cause: unknown): AgentError {
  const mayNot = isForbidden(cause);
  const detail = mayNot
    ? `${path} may not be read: give the agent the right to read it`
    : `${path} cannot be read: ${messageOf(cause)}`;
  return new AgentError(mayNot ? 'refused' : 'malformed', detail, { retryable: false, cause });
}
