import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unregisteredService } from '../../domain/service.ts';
import { lineTime } from '../../lib/line-time.ts';
import { logFiles } from './log-files.ts';
import { readTail } from './log-tail.ts';
import { sourceContract, WINDOW } from './source-contract.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-files-'));
  path = join(folder, 'app.log');
});
afterEach(() => rm(folder, { recursive: true }));

function ask({
  maxLines = 100,
  maxBytes,
  paths = { app: path },
  keep,
}: {
  keep?: 'oldest';
  maxLines?: number;
  maxBytes?: number;
  paths?: Record<string, string>;
} = {}) {
  const service = { ...unregisteredService('weather-app1'), logPaths: paths };
  const source = logFiles(maxBytes === undefined ? {} : { maxBytes });
  return source.ask({ kind: 'logs', service, ...WINDOW, maxLines, keep }, AbortSignal.timeout(5_000));
}

async function textsAndLines(options?: Parameters<typeof ask>[0]) {
  const { telemetry } = await ask(options);
  return telemetry.logLines?.map(({ text, line }) => [line, text]);
}

/** Minutes after the beginning of the window. */
function at(minutes: number): string {
  return new Date(Date.parse(WINDOW.from) + minutes * 60_000).toISOString();
}

sourceContract('log-files', async () => {
  await writeFile(path, `${at(1)} INFO up\n`);
  return {
    source: logFiles(),
    service: { ...unregisteredService('weather-app1'), logPaths: { app: path } },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
});

test('lines of the window are kept with their numbers, a trace with the line above it', async () => {
  await writeFile(
    path,
    [`${at(-9)} old`, '  of old', `${at(1)} ERROR x`, '    at f (a.ts:1)', '', `${at(40)} late`, 'of late', ''].join(
      '\n',
    ),
  );
  expect(await textsAndLines()).toEqual([
    [3, `${at(1)} ERROR x`],
    [4, '    at f (a.ts:1)'],
    [5, ''],
  ]);
});

test('a log without any time is taken as it is, CRLF, NUL, Latin-1 and an unfinished last line too', async () => {
  await writeFile(
    path,
    Buffer.concat([Buffer.from('a\r\nb\0c\n'), Buffer.from([0x67, 0xfc, 0x6e]), Buffer.from('\nend')]),
  );
  expect(await textsAndLines()).toEqual([
    [1, 'a'],
    [2, 'b\uFFFDc'],
    [3, 'g\uFFFDn'],
    [4, 'end'],
  ]);
});

test('of more lines than asked the newest are kept, and that is a gap', async () => {
  await writeFile(path, `${Array.from({ length: 10 }, (_, index) => `${at(index)} n${index}`).join('\n')}\n`);
  const { telemetry, gaps, query } = await ask({ maxLines: 3 });
  expect(telemetry.logLines?.map(({ line }) => line)).toEqual([8, 9, 10]);
  const since = at(7).slice(11, 19);
  const detail = `read only the newest 3 of 10 lines of ${path}, from ${since} on`;
  expect(gaps).toMatchObject([{ reason: 'too-large', detail }]);
  expect(execFileSync('sh', ['-c', query], { encoding: 'utf8' }).split('\n')[0]).toBe(`${at(7)} n7`);
});

test('where the oldest are asked for, those of a huge file are found, with right numbers and a command that shows them', async () => {
  // A day of lines, of which the window takes the last part.
  const lines = Array.from(
    { length: 60_000 },
    (_, index) => `${at(-60 + index / 500)} line ${index + 1} ${'x'.repeat(40)}`,
  );
  await writeFile(path, `${lines.join('\n')}\n`);
  const { telemetry, gaps, query } = await ask({ maxLines: 100, keep: 'oldest' });
  const kept = telemetry.logLines ?? [];
  const first = lines.findIndex((line) => line.slice(0, 24) >= at(0));
  expect(kept).toHaveLength(100);
  expect(kept[0]).toMatchObject({ line: first + 1, text: lines[first] });
  expect(gaps).toMatchObject([
    {
      reason: 'too-large',
      detail: expect.stringMatching(/^read only the oldest 100 lines of .*, until \d\d:\d\d:\d\d$/),
    },
  ]);
  expect(execFileSync('sh', ['-c', query], { encoding: 'utf8' }).trimEnd().split('\n')).toEqual(
    kept.map(({ text }) => text),
  );
});

test('the oldest of a log that was rotated meanwhile begin in the older file', async () => {
  await writeFile(`${path}.1`, `${at(-20)} too old\n${at(1)} first\n`);
  await writeFile(path, `${at(3)} second\n${at(4)} third\n`);
  await utimes(`${path}.1`, new Date(at(2)), new Date(at(2)));
  const { telemetry, gaps, query } = await ask({ maxLines: 2, keep: 'oldest' });
  expect(telemetry.logLines?.map(({ text }) => text.slice(25))).toEqual(['first', 'second']);
  expect(gaps).toHaveLength(1);
  expect(execFileSync('sh', ['-c', query], { encoding: 'utf8' })).toBe(`${at(1)} first\n${at(3)} second\n`);
});

test('of a huge file only the end is read, with right line numbers, and what lies before is a gap', async () => {
  const lines = Array.from(
    { length: 60_000 },
    (_, index) => `${at(index / 10_000)} line ${index + 1} ${'x'.repeat(20)}`,
  );
  await writeFile(path, `${lines.join('\n')}\n`);
  const { telemetry, gaps } = await ask({ maxBytes: 1024 * 1024, maxLines: 100_000 });
  const kept = telemetry.logLines ?? [];
  expect(kept.length).toBeGreaterThan(10_000);
  expect(kept.at(-1)?.line).toBe(60_000);
  expect(kept[0]?.text).toBe(lines[(kept[0]?.line ?? 0) - 1]);
  expect(gaps).toMatchObject([{ reason: 'too-large', detail: `read only the last 1 MB of ${path}` }]);
});

test('rotated files are read while the window reaches back, oldest first', async () => {
  await writeFile(`${path}.2`, `${at(-20)} too old\n${at(1)} first\n`);
  await writeFile(`${path}.1`, `${at(2)} second\n`);
  await writeFile(`${path}.3`, `${at(-90)} unread\n`);
  await writeFile(path, `${at(3)} third\n`);
  for (const [index, name] of [path, `${path}.1`, `${path}.2`].entries()) {
    await utimes(name, new Date(at(20)), new Date(Date.parse(at(20)) - index * 1_000));
  }
  await utimes(`${path}.3`, new Date(at(-80)), new Date(at(-80)));
  const { telemetry, gaps, query } = await ask();
  expect(gaps).toEqual([]);
  expect(
    telemetry.logLines?.map(({ stream, line, text }) => [stream.slice(path.length), line, text.slice(25)]),
  ).toEqual([
    ['.2', 2, 'first'],
    ['.1', 1, 'second'],
    ['', 1, 'third'],
  ]);
  expect(execFileSync('sh', ['-c', query], { encoding: 'utf8' })).toBe(
    `${at(1)} first\n${at(2)} second\n${at(3)} third\n`,
  );
});

test('a file renamed before its sibling is opened is read once', async () => {
  await writeFile(path, `${at(2)} once\n`);
  await rename(path, `${path}.1`);
  const { link } = await import('node:fs/promises');
  await link(`${path}.1`, path);
  await utimes(path, new Date(at(20)), new Date(at(20)));
  expect((await ask()).telemetry.logLines).toHaveLength(1);
});

test('a file truncated while it is read gives what is left, never an error', async () => {
  await writeFile(path, 'x\n'.repeat(2_000_000));
  const reading = readTail(path, 8 * 1024 * 1024, AbortSignal.timeout(5_000));
  await truncate(path, 10);
  expect((await reading)?.lines.length).toBeLessThanOrEqual(2_000_000);
});

describe('what cannot be read is a gap', () => {
  test('a missing file', async () => {
    const { telemetry, gaps } = await ask();
    expect(telemetry).toEqual({});
    expect(gaps).toMatchObject([
      { reason: 'not-found', detail: expect.stringContaining(path), query: `tail -n 100 ${path}` },
    ]);
  });

  test('a folder, or a pipe that nobody writes to', async () => {
    await mkdir(path);
    const pipe = join(folder, 'pipe.log');
    execFileSync('mkfifo', [pipe]);
    const { gaps } = await ask({ paths: { a: path, b: pipe } });
    expect(gaps.map(({ reason }) => reason)).toEqual(['malformed', 'malformed']);
  });

  test('one of two, while the other is read', async () => {
    const other = join(folder, 'other log.txt');
    await writeFile(other, 'still here\n');
    const { telemetry, gaps, query } = await ask({ paths: { app: path, other } });
    expect(telemetry.logLines).toEqual([{ stream: other, line: 1, text: 'still here' }]);
    expect(gaps).toMatchObject([{ reason: 'not-found' }]);
    expect(query).toContain(`tail -n 1 '${other}'`);
  });

  test('a service without log_paths', async () => {
    expect((await ask({ paths: {} })).gaps).toMatchObject([
      { reason: 'not-configured', detail: expect.stringContaining('log_paths') },
    ]);
  });
});

test('an empty file was looked at: there is none', async () => {
  await writeFile(path, '');
  expect(await ask()).toMatchObject({ telemetry: { logLines: [] }, gaps: [] });
});

test('secrets do not pass', async () => {
  await writeFile(path, '{"password":"hunter2"}\n');
  await appendFile(
    path,
    '-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----\nDSN=mongodb://u:hunter2@db\n',
  );
  const answer = JSON.stringify(await ask());
  expect(answer).not.toMatch(/hunter2|MIIEvQ/);
});

test.each([
  { line: '{"time":"2026-11-23T19:47:56.816Z","level":"INFO"}', time: '2026-11-23T19:47:56.816Z' },
  { line: '{"level":30,"time":1795463276816,"msg":"x"}', time: '2026-11-23T19:47:56.816Z' },
  { line: '{"ts":1795463276.816}', time: '2026-11-23T19:47:56.816Z' },
  { line: '2026-11-23T19:47:56.816123Z ERROR x', time: '2026-11-23T19:47:56.816Z' },
  { line: '[2026-11-23 20:47:56,816 +0100] x', time: '2026-11-23T19:47:56.816Z' },
  { line: 'level=error time=2026-11-23T19:47:56Z x', time: '2026-11-23T19:47:56.000Z' },
  { line: '127.0.0.1 - - [23/Nov/2026:19:47:56 +0000] "GET / HTTP/1.1" 200', time: '2026-11-23T19:47:56.000Z' },
  { line: '    at f (/app/2026/a.ts:1)', time: undefined },
  { line: '{"time":"soon"}', time: undefined },
  { line: '2026-99-99T99:99:99Z x', time: undefined },
])('the time of $line is $time', ({ line, time }) => {
  expect(lineTime(line)).toBe(time);
});

test('without a zone the time of this machine is meant', () => {
  expect(lineTime('2026-11-23 19:47:56,816 ERROR x')).toBe(new Date(2026, 10, 23, 19, 47, 56, 816).toISOString());
});

test('any bytes are read, whole lines only, whatever is cut off', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ' '))),
      fc.nat(60),
      async (lines, maxBytes) => {
        await writeFile(path, lines.map((line) => `${line}\n`).join(''));
        const tail = await readTail(path, maxBytes, AbortSignal.timeout(5_000));
        const expected = lines
          .map((line, index) => [index + 1, line.toWellFormed()])
          .slice(lines.length - (tail?.lines.length ?? 0));
        expect(tail?.lines.map((line, index) => [(tail.firstLine ?? 0) + index, line])).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});
