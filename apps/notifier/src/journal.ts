/**
 * What became of each key, on disk before anybody is told. One JSON line per change, appended and synced; the newest
 * line of a key counts. One process per file: nothing is written before the first message, so that a second process
 * that finds its port taken has not touched it.
 */
import { appendFile, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ChannelName, Receipt } from '@incident-agent/contracts/notify';
import { z } from 'zod';

/**
 * `sending`: handed to the channel and not heard of since, after a crash for ever. `unknown`: it may have arrived.
 * `failed`: it certainly did not.
 */
const Entry = z.object({
  key: z.string(),
  state: z.enum(['sending', 'sent', 'failed', 'unknown']),
  channel: ChannelName,
  at: z.string(),
  receipt: Receipt.optional(),
  error: z.string().optional(),
});
export type Entry = z.infer<typeof Entry>;

export interface ReceiptJournal {
  /** The newest entry; undefined: the key was never used, or so long ago that it was forgotten. */
  find(key: string): Entry | undefined;
  /** Resolves once the entry is on disk; rejects with the file system's error. */
  write(entry: Entry): Promise<void>;
  /** Lines of the file that could not be read when it was opened. */
  readonly unreadableLines: number;
}

/** `maxEntries`: the oldest keys beyond it are forgotten; the file is rewritten when it has twice as many lines. */
export async function openJournal(path: string, maxEntries = 10_000): Promise<ReceiptJournal> {
  const content = await readOrEmpty(path);
  const lines = content.split('\n').filter((line) => line !== '');
  const entries = new Map<string, Entry>();
  let unreadableLines = 0;
  for (const line of lines) {
    const entry = parseLine(line);
    if (entry) remember(entry);
    else unreadableLines += 1;
  }
  let lineCount = lines.length;
  let isTorn = content !== '' && !content.endsWith('\n'); // killed in the middle of a line
  let lastWrite: Promise<void> = Promise.resolve();

  return {
    unreadableLines,
    find: (key) => entries.get(key),
    write(entry) {
      const write = lastWrite.then(() => writeNow(entry));
      lastWrite = write.catch(() => undefined); // reported to its own caller, the next one tries again
      return write;
    },
  };

  function remember(entry: Entry): void {
    entries.delete(entry.key);
    entries.set(entry.key, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries) break;
      entries.delete(oldest);
    }
  }

  async function writeNow(entry: Entry): Promise<void> {
    // What became of a message is true even if the disk is full; `sending` only counts once it is safe.
    if (entry.state !== 'sending') remember(entry);
    await mkdir(dirname(path), { recursive: true });
    try {
      await appendFile(path, `${isTorn ? '\n' : ''}${JSON.stringify(entry)}\n`, { flush: true, mode: 0o600 });
      isTorn = false;
    } catch (error) {
      isTorn = true;
      throw error;
    }
    lineCount += 1;
    remember(entry);
    if (lineCount === 1) await syncFolder(dirname(path));
    if (lineCount > 2 * maxEntries) await compact();
  }

  async function compact(): Promise<void> {
    const next = `${path}.next`;
    const file = await open(next, 'w', 0o600);
    try {
      await file.writeFile(Array.from(entries.values(), (entry) => `${JSON.stringify(entry)}\n`).join(''));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, path);
    await syncFolder(dirname(path));
    lineCount = entries.size;
  }
}

function parseLine(line: string): Entry | undefined {
  try {
    return Entry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // a torn line: counted by the caller
  }
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/** Without it the file's name may be gone after a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const file = await open(folder, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
