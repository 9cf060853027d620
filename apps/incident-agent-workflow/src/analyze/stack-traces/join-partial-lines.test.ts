import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogLine } from '../../domain/telemetry.ts';
import { readLogLine } from '../logs/read-log-line.ts';
import { extractTraces } from './extract.ts';
import { joinPartialLines } from './join-partial-lines.ts';

const STACK = 'TypeError: x\n    at f (/app/src/a.js:1:2)\n    at g (/app/src/b.js:3:4)';
const RECORD = JSON.stringify({ level: 'error', message: 'failed', stack: STACK });
const AT = '2026-01-01T03:12:05.000000001Z';

function pieces(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
}

function cri(text: string, output = 'stderr'): LogLine[] {
  const cut = pieces(text, 20);
  return cut.map((piece, index) => ({
    stream: 's',
    text: `${AT} ${output} ${index < cut.length - 1 ? 'P' : 'F'} ${piece}`,
  }));
}

function docker(text: string): LogLine[] {
  const cut = pieces(`${text}\n`, 20);
  return cut.map((log) => ({ stream: 's', text: JSON.stringify({ log, stream: 'stderr', time: AT }) }));
}

function typesIn(lines: readonly LogLine[]) {
  return extractTraces(joinPartialLines(lines).map(readLogLine)).map(({ type, frames }) => [type, frames.length]);
}

test('a record that CRI cut in pieces is one', () => {
  expect(typesIn(cri(RECORD))).toEqual([['TypeError', 2]]);
  expect(joinPartialLines(cri(RECORD))).toEqual([{ stream: 's', text: `${AT} stderr F ${RECORD}` }]);
});

test('pieces of the other output in between go to their own line', () => {
  const [first, ...rest] = cri(RECORD);
  const [other, ...more] = cri('a line of more than twenty characters', 'stdout');
  const joined = joinPartialLines([first!, other!, ...rest, ...more]);
  expect(joined.map(({ text }) => text)).toEqual([
    `${AT} stderr F ${RECORD}`,
    `${AT} stdout F a line of more than twenty characters`,
  ]);
});

test('Docker’s pieces are joined up to the line end', () => {
  const lines = docker(RECORD);
  expect(lines.length).toBeGreaterThan(3);
  expect(joinPartialLines(lines)).toHaveLength(1);
  expect(typesIn(lines)).toEqual([['TypeError', 2]]);
});

test('a trace of one line each keeps its lines, whatever wraps them', () => {
  const wrapped = STACK.split('\n').flatMap((line) =>
    docker(line)
      .slice(0, 0)
      .concat({ stream: 's', text: JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: AT }) }),
  );
  expect(joinPartialLines(wrapped)).toBe(wrapped);
  expect(typesIn(wrapped)).toEqual([['TypeError', 2]]);
  const flagged = STACK.split('\n').map((line) => ({ stream: 's', text: `${AT} stderr F ${line}` }));
  expect(typesIn(flagged)).toEqual([['TypeError', 2]]);
});

test('a last piece that never comes leaves what there is', () => {
  expect(joinPartialLines(cri(RECORD).slice(0, 2))).toEqual([
    { stream: 's', text: `${AT} stderr F ${RECORD.slice(0, 40)}` },
  ]);
});

test('joining loses no line that is whole, and makes none', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(...cri(RECORD).map((line) => line.text), ...docker(RECORD).map((line) => line.text)),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
      const joined = joinPartialLines(texts.map((one) => ({ stream: 's', text: one })));
      expect(joined.length).toBeLessThanOrEqual(texts.length);
      expect(joined.length).toBeGreaterThanOrEqual(texts.length === 0 ? 0 : 1);
    }),
  );
});
