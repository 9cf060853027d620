/** The end of a log file that others are writing, rotating and truncating meanwhile. */
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AgentError, messageOf } from '../../domain/error.ts';

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

/** Lines before the tail are counted up to here; beyond that numbers are left out. */
const MAX_COUNTED_BYTES = 256 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 10;

/**
 * The last `maxBytes` of the file, whole lines only. What is not UTF-8 reads as U+FFFD. undefined: there is no such file.
 * Throws AgentError (refused, malformed, timeout).
 */
export async function readTail(path: string, maxBytes: number, signal: AbortSignal): Promise<Tail | undefined> {
  const file = await openRegular(path);
  if (file === undefined) return undefined;
  try {
    const { size, ino } = await file.stat();
    const start = Math.max(0, size - maxBytes);
    const bytes = await readFrom(file, start, size - start, signal);
    // The first line is whole only if a newline stands before it, and that is one byte further left.
    const cut = start === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    const lines = linesOf(bytes.subarray(cut));
    const before = await countLines(file, start + cut, signal);
    const firstLine = before === undefined ? undefined : before + 1;
    return { path, lines, firstLine, isWhole: start === 0, bytes: bytes.length, inode: ino };
  } catch (error) {
    if (error instanceof AgentError) throw error;
    throw unreadable(path, error);
  } finally {
    await file.close();
  }
}

/** `service.log.1`, `service.log-20260131`, …: younger first, not those that ended before `notBefore` (milliseconds). */
export async function rotatedSiblings(path: string, notBefore: number): Promise<string[]> {
  const folder = dirname(path);
  const own = basename(path);
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) =>
      name.startsWith(own) &&
      /^[.-][\w.-]*\d[\w.-]*$/.test(name.slice(own.length)) &&
      !/\.(?:gz|bz2|xz|zst)$/.test(name),
  );
  const found: { path: string; writtenAt: number }[] = [];
  for (const name of names) {
    const file = await stat(join(folder, name)).catch(() => undefined);
    if (file?.isFile() && file.mtimeMs >= notBefore) found.push({ path: join(folder, name), writtenAt: file.mtimeMs });
  }
  return found.sort((left, right) => right.writtenAt - left.writtenAt).map((file) => file.path);
}

/** Without O_NONBLOCK opening a pipe would wait for its writer for ever. */
async function openRegular(path: string): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw unreadable(path, error);
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new AgentError('malformed', `${path} is no file: check log_paths in the service registry`, {
    retryable: false,
  });
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

async function countLines(file: FileHandle, end: number, signal: AbortSignal): Promise<number | undefined> {
  if (end > MAX_COUNTED_BYTES) return undefined;
  const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, end));
  let lines = 0;
  for (let position = 0; position < end; ) {
    stopIfAborted(signal);
    const { bytesRead } = await file.read({ buffer, position, length: Math.min(buffer.length, end - position) });
    if (bytesRead === 0) break;
    for (let at = buffer.indexOf(NEWLINE); at !== -1 && at < bytesRead; at = buffer.indexOf(NEWLINE, at + 1))
      lines += 1;
    position += bytesRead;
  }
  return lines;
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
  const isForbidden = ['EACCES', 'EPERM'].includes(codeOf(cause) ?? '');
  const detail = isForbidden
    ? `${path} may not be read: give the agent the right to read it`
    : `${path} cannot be read: ${messageOf(cause)}`;
  return new AgentError(isForbidden ? 'refused' : 'malformed', detail, { retryable: false, cause });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
