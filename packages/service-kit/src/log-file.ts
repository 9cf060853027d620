/** A log file that rotates by size and whose failure never reaches the service. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

/** Lines that wait for a slow disk; beyond it they are dropped, since memory matters more than a log. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

export interface LogFileOptions {
  readonly path: string;
  readonly maxFileBytes: number;
  /** How many rotated files are kept besides the live one: `service.log.1` is the youngest. */
  readonly keepFiles: number;
  /** Called once, and again only after the file has worked in between. */
  readonly onFailure: (error: Error) => void;
  /** How long a file that failed is left alone; default 30 s: a full disk gets better, but not within a line. */
  readonly reopenAfterMilliseconds?: number;
}

export interface LogFile {
  write(line: string): void;
  /** Calls back when all lines written so far are on disk or lost. */
  flush(done: () => void): void;
}

/** The live file keeps its name, so that whoever tails it finds it. A folder that is missing is made. */
export function openLogFile(options: LogFileOptions): LogFile {
  const { reopenAfterMilliseconds = 30_000 } = options;
  let stream: RotatingFileStream | undefined;
  let brokenAt = Number.NEGATIVE_INFINITY;
  let isReported = false;

  function broken(error: Error): void {
    stream = undefined;
    brokenAt = performance.now();
    if (!isReported) options.onFailure(error);
    isReported = true;
  }
  function open(): RotatingFileStream {
    const opened = openStream(options);
    opened.on('error', broken);
    opened.on('open', () => {
      isReported = false;
    });
    return opened;
  }
  function usableStream(): RotatingFileStream | undefined {
    if (stream || performance.now() - brokenAt < reopenAfterMilliseconds) return stream;
    try {
      stream = open();
    } catch (error) {
      broken(error instanceof Error ? error : new Error(String(error)));
    }
    return stream;
  }
  function write(line: string): void {
    const target = usableStream();
    if (!target || target.writableLength > MAX_WAITING_BYTES) return;
    target.write(line);
  }

  function flush(done: () => void): void {
    // Lines are written in order, so this empty one comes back last.
    if (stream) stream.write('', () => done());
    else done();
  }

  usableStream();
  return { write, flush };
}

/** Throws when the folder or the file cannot be written: said at the start, not at the first line. */
function openStream({ path, maxFileBytes, keepFiles }: LogFileOptions): RotatingFileStream {
  const folder = dirname(resolve(path));
  mkdirSync(folder, { recursive: true });
  accessSync(folder, constants.W_OK);
  return createStream(basename(path), { path: folder, size: `${maxFileBytes}B`, rotate: keepFiles });
}
