import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogNews } from '../../host-ports.ts';
import { logReader } from './log-follower.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-follower-'));
  path = join(folder, 'app.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Reads again and again, each time from the mark of the time before, as it comes back from disk. */
function follower(tailLines = 500) {
  let mark: unknown;
  return async (): Promise<LogNews> => {
    const news = await logReader().read(path, mark, { tailLines, takesRest: false });
    mark = JSON.parse(JSON.stringify(news.mark));
    return news;
  };
}
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_none, index) => `line ${from + index}\n`).join('');

test('the first look is the tail, then what was added, with its line numbers', async () => {
  writeFileSync(path, lines(1, 11));
  const look = follower(3);
  expect(await look()).toMatchObject({ lines: ['line 8', 'line 9', 'line 10'], firstLine: 8 });
  expect(await look()).toMatchObject({ lines: [] });
  appendFileSync(path, lines(11, 13));
  expect(await look()).toMatchObject({ lines: ['line 11', 'line 12'], firstLine: 11 });
});

test('a tail of none begins with what comes next', async () => {
  writeFileSync(path, lines(1, 11));
  const look = follower(0);
  expect(await look()).toMatchObject({ lines: [] });
  appendFileSync(path, 'new\n');
  expect(await look()).toMatchObject({ lines: ['new'] });
});

test('a line without an end is read when it has one, or does not grow any more', async () => {
  writeFileSync(path, 'one\nhal');
  const look = follower();
  expect(await look()).toMatchObject({ lines: ['one'] });
  appendFileSync(path, 'f\ntwo');
  expect(await look()).toMatchObject({ lines: ['half'] });
  expect(await look()).toMatchObject({ lines: ['two'] });
  expect(await look()).toMatchObject({ lines: [] });
});

test('of a rotated file the rest is read first, and files that came and went between', async () => {
  writeFileSync(path, lines(1, 4));
  const look = follower();
  await look();
  appendFileSync(path, lines(4, 6));
  renameSync(path, join(folder, 'app.log.2'));
  writeFileSync(join(folder, 'app.log.1'), lines(6, 8));
  writeFileSync(path, lines(8, 10));
  expect((await look()).lines).toEqual(['line 4', 'line 5', 'line 6', 'line 7', 'line 8', 'line 9']);
  expect((await look()).lines).toEqual([]);
});

test('a file that was copied and emptied is read on in its copy', async () => {
  writeFileSync(path, lines(1, 4));
  const look = follower();
  await look();
  appendFileSync(path, lines(4, 6));
  copyFileSync(path, join(folder, 'app.log.1'));
  truncateSync(path);
  appendFileSync(path, 'after\n');
  expect((await look()).lines).toEqual(['line 4', 'line 5', 'after']);
});

test('a file that was emptied and has grown beyond the old end is read from its beginning', async () => {
  writeFileSync(path, lines(1, 4));
  const look = follower();
  await look();
  truncateSync(path);
  writeFileSync(path, lines(100, 120));
  expect((await look()).lines).toHaveLength(20);
});

test('a log that is gone for a while is an error, and read from its beginning when it is back', async () => {
  writeFileSync(path, lines(1, 4));
  const look = follower();
  await look();
  rmSync(path);
  await expect(look()).rejects.toThrow('does the service write it?');
  writeFileSync(path, lines(50, 52));
  expect((await look()).lines).toEqual(['line 50', 'line 51']);
});

test('binary reads as text with marks, and a line of 10 MB costs no more than its beginning', async () => {
  writeFileSync(
    path,
    Buffer.concat([
      Buffer.from([0xff, 0x00, 0xfe, 0x0a]),
      Buffer.alloc(10 * 1024 * 1024, 0x78),
      Buffer.from('\nERROR end\n'),
    ]),
  );
  const { lines: read, skippedBytes } = await follower()();
  expect(read[0]).toContain('\uFFFD');
  expect(read[1]?.length).toBeLessThan(70_000);
  expect(read[1]).toContain('[cut: 10420224 more bytes]');
  expect(read[2]).toBe('ERROR end');
  expect(skippedBytes).toBe(0);
});

test('more than 32 MB at once: the newest are read and the rest is told', async () => {
  writeFileSync(path, 'first\n');
  const look = follower();
  await look();
  appendFileSync(path, 'x'.repeat(99).concat('\n').repeat(400_000));
  const { lines: read, skippedBytes } = await look();
  expect(skippedBytes).toBe(400_000 * 100 - 32 * 1024 * 1024);
  expect(read.length).toBeGreaterThan(335_000);
});

test.each([{ says: 'a folder', make: () => path.slice(0, -'/app.log'.length), message: 'is no file' }])(
  '$says is refused',
  async ({ make, message }) => {
    await expect(logReader().read(make(), undefined, { tailLines: 5, takesRest: true })).rejects.toThrow(message);
  },
);
