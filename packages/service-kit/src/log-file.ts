/**
 * A log file that rotates by size and whose failure never reaches the service. Written synchronously: the last line
 * before a crash is on disk, and nothing has to be closed (a FileHandle that is forgotten ends the program in Node 26).
 */
import { appendFileSync, closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

export interface LogFileOptions {
  readonly path: string;
  readonly maxFileBytes: number;
  /** How many rotated files are kept besides the live one: `service.log.1` is the youngest. */
  readonly keepFiles: number;
  /** Called once, and again only after the file has worked in between. */
  readonly onFailure: (error: unknown) => void;
  /** How long a file that failed is left alone; default 30 s: a full disk gets better, but not within a line. */
  readonly reopenAfterMilliseconds?: number;
}

export interface LogFile {
  /** Never throws; a line that cannot be written is lost. */
  write(line: string): void;
}

interface OpenFile {
  readonly descriptor: number;
  writtenBytes: number;
}

/** The live file keeps its name, so that whoever tails it finds it. A folder that is missing is made. */
export function openLogFile(options: LogFileOptions): LogFile {
  const { path, maxFileBytes, keepFiles, onFailure, reopenAfterMilliseconds = 30_000 } = options;
  let file: OpenFile | undefined;
  let brokenAt = Number.NEGATIVE_INFINITY;
  let isReported = false;

  function attempt(action: () => void): void {
    if (!file && performance.now() - brokenAt < reopenAfterMilliseconds) return;
    try {
      action();
      isReported = false;
    } catch (error) {
      if (file) closeQuietly(file);
      file = undefined;
      brokenAt = performance.now();
      if (!isReported) onFailure(error);
      isReported = true;
    }
  }
  function write(line: string): void {
    const lineBytes = Buffer.byteLength(line);
    file ??= openFile(path);
    if (file.writtenBytes > 0 && file.writtenBytes + lineBytes > maxFileBytes) {
      closeQuietly(file);
      file = undefined;
      rotate(path, keepFiles);
      file = openFile(path);
    }
    appendFileSync(file.descriptor, line);
    file.writtenBytes += lineBytes;
  }

  attempt(() => {
    file = openFile(path); // what is wrong is said at the start, not at the first line
  });
  return { write: (line) => attempt(() => write(line)) };
}

function openFile(path: string): OpenFile {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'a');
  return { descriptor, writtenBytes: fstatSync(descriptor).size };
}

function rotate(path: string, keepFiles: number): void {
  if (keepFiles === 0) rmSync(path, { force: true });
  for (let number = keepFiles; number > 0; number -= 1) {
    const younger = number === 1 ? path : `${path}.${number - 1}`;
    if (existsSync(younger)) renameSync(younger, `${path}.${number}`);
  }
}

/** Closing can report an earlier failed write, which has been dealt with. */
function closeQuietly({ descriptor }: OpenFile): void {
  try {
    closeSync(descriptor);
  } catch {
    // nothing is left to do
  }
}
