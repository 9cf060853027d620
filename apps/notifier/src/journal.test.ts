import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Entry, openJournal } from './journal.ts';
import { now } from './testing/messages.ts';

function entry(key: string, state: Entry['state']): Entry {
  const receipt = { channel: 'email' as const, idempotency_key: key, sent_at: now, message_id: `<${key}@example.com>` };
  return { key, state, channel: 'email', at: now, ...(state === 'sent' && { receipt }) };
}

async function scratch(): Promise<AsyncDisposable & { path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'notifier-journal-'));
  return {
    path: join(folder, 'new', 'receipts.jsonl'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

test('what was written is there after a restart, the newest state of each key', async () => {
  await using place = await scratch();
  const journal = await openJournal(place.path);
  for (const [key, state] of [
    ['a', 'sending'],
    ['b', 'sending'],
    ['a', 'sent'],
    ['c', 'failed'],
  ] as const)
    await journal.write(entry(key, state));
  const again = await openJournal(place.path);
  expect(['a', 'b', 'c', 'd'].map((key) => again.find(key)?.state)).toEqual(['sent', 'sending', 'failed', undefined]);
  expect(again.find('a')?.receipt?.message_id).toBe('<a@example.com>');
});

test('opening a journal writes nothing, so a second process cannot harm the first', async () => {
  await using place = await scratch();
  await openJournal(place.path);
  await expect(readFile(place.path)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('cut off at any byte, all whole lines are read and the next one is not lost', async () => {
  await using place = await scratch();
  const journal = await openJournal(place.path);
  await journal.write(entry('a', 'sent'));
  const firstLine = (await readFile(place.path)).byteLength;
  await journal.write(entry('b', 'sent'));
  const whole = await readFile(place.path);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: firstLine, max: whole.byteLength }), async (bytes) => {
      await writeFile(place.path, whole);
      await truncate(place.path, bytes);
      await (await openJournal(place.path)).write(entry('c', 'sending'));
      const again = await openJournal(place.path);
      expect(again.find('a')?.state).toBe('sent');
      expect(again.find('b')?.state).toBe(bytes >= whole.byteLength - 1 ? 'sent' : undefined);
      expect(again.find('c')?.state).toBe('sending');
    }),
    { numRuns: 40 },
  );
});

test('lines that are no entries are skipped and counted', async () => {
  await using place = await scratch();
  await (await openJournal(place.path)).write(entry('a', 'sent'));
  await appendFile(place.path, '{"key":1}\nnonsense\n\0\0\0\n');
  const journal = await openJournal(place.path);
  expect(journal.unreadableLines).toBe(3);
  expect(journal.find('a')?.state).toBe('sent');
});

test('the file and the memory stay bounded: the oldest keys are forgotten, the newest are kept', async () => {
  await using place = await scratch();
  const journal = await openJournal(place.path, 10);
  await Promise.all(Array.from({ length: 50 }, (_, index) => journal.write(entry(`key-${index}`, 'sent'))));
  const lines = (await readFile(place.path, 'utf8')).trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(20);
  const again = await openJournal(place.path, 10);
  expect(again.find('key-49')?.state).toBe('sent');
  expect(again.find('key-40')?.state).toBe('sent');
  expect(again.find('key-39')).toBeUndefined();
});

test('a failed write of "sending" leaves no trace, and a later write works again', async () => {
  await using place = await scratch();
  await writeFile(join(place.path, '..', '..', 'new'), 'a file where the folder should be');
  const journal = await openJournal(place.path).catch(() => undefined);
  expect(journal).toBeUndefined(); // said at start, not at the first message
  await rm(join(place.path, '..'));
  const opened = await openJournal(place.path);
  await writeFile(join(place.path, '..'), '');
  await expect(opened.write(entry('a', 'sending'))).rejects.toThrow('EEXIST');
  expect(opened.find('a')).toBeUndefined();
  await rm(join(place.path, '..'));
  await opened.write(entry('a', 'sending'));
  expect((await openJournal(place.path)).find('a')?.state).toBe('sending');
});
