/** Log files that others write, rotate and truncate meanwhile: opened, counted, and found under the names they had later. */
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AgentError } from '../domain/error.ts';

export const CHUNK_BYTES = 1024 * 1024;
export const NEWLINE = 10;
const MAX_COUNTED_BYTES = 256 * 1024 * 1024;

/**
 * undefined: there is no such file. Without O_NONBLOCK opening a pipe would wait for its writer for ever.
 * Throws AgentError('malformed') for what is no file, and what the system says where it refuses.
 */
export async function openLogFile(path: string): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')) return undefined;
    throw error;
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new AgentError('malformed', `${path} is no file: check log_paths in the service registry`, {
    retryable: false,
  });
}

/** The system refused because of the file's owner or mode. */
export function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(systemCodeOf(error) ?? '');
}

function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export interface RotatedLog {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
}

/** `service.log.1`, `service.log-20260131`, …, packed ones left out: oldest first. */
export async function rotatedLogs(path: string): Promise<RotatedLog[]> {
  const folder = dirname(path);
  const own = basename(path);
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) =>
      name.startsWith(own) &&
      /^[.-][\w.-]*\d[\w.-]*$/.test(name.slice(own.length)) &&
      !/\.(?:gz|bz2|xz|zst)$/.test(name),
  );
  const found: RotatedLog[] = [];
  for (const name of names) {
    const file = await stat(join(folder, name)).catch(() => undefined);
    if (file?.isFile()) found.push({ path: join(folder, name), writtenAt: file.mtimeMs });
  }
  // Written within one tick of the clock: the higher number is the older file.
  return found.toSorted(
    (left, right) => left.writtenAt - right.writtenAt || right.path.localeCompare(left.path, 'en', { numeric: true }),
  );
}

/** Line ends before `end`; undefined: too many bytes to count. `proceed` is called before each piece, and may throw. */
export async function countLines(
  file: FileHandle,
  end: number,
  proceed: () => void = () => {},
): Promise<number | undefined> {
  if (end > MAX_COUNTED_BYTES) return undefined;
  const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(1, end)));
  let lines = 0;
  for (let position = 0; position < end; ) {
    proceed();
    const { bytesRead } = await file.read({ buffer, position, length: Math.min(buffer.length, end - position) });
    if (bytesRead === 0) break;
    for (let at = buffer.indexOf(NEWLINE); at !== -1 && at < bytesRead; at = buffer.indexOf(NEWLINE, at + 1))
      lines += 1;
    position += bytesRead;
  }
  return lines;
}
