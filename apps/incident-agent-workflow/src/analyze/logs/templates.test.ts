import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLogLine } from './read-log-line.ts';
import { mineTemplates } from './templates.ts';

function mined(texts: readonly string[], skipped: readonly number[] = []) {
  const lines = texts.map((text) => readLogLine({ text, stream: 's' }));
  return mineTemplates(lines, new Set(skipped)).map(({ level, text, lineIndexes }) => [level, text, [...lineIndexes]]);
}

test.each([
  {
    says: 'values become one template',
    texts: ['ERROR took 12 ms', 'ERROR took 7 ms'],
    found: [['error', 'took <*> ms', [0, 1]]],
  },
  {
    says: 'what is always the same stays readable, digits or not',
    texts: ['ERROR connect ECONNREFUSED 127.0.0.1:27017', 'ERROR connect ECONNREFUSED 127.0.0.1:27017'],
    found: [['error', 'connect ECONNREFUSED 127.0.0.1:27017', [0, 1]]],
  },
  {
    says: 'the level is part of it',
    texts: ['ERROR disk is full', 'WARN disk is full'],
    found: [
      ['error', 'disk is full', [0]],
      ['warning', 'disk is full', [1]],
    ],
  },
  {
    says: 'other words are another template',
    texts: ['ERROR cannot open file', 'ERROR lost the connection'],
    found: [
      ['error', 'cannot open file', [0]],
      ['error', 'lost the connection', [1]],
    ],
  },
  {
    says: 'one word of many may differ',
    texts: ['ERROR user alice has no right to read', 'ERROR user bob has no right to read'],
    found: [
      ['error', 'user alice has no right to read', [0]],
      ['error', 'user bob has no right to read', [1]],
    ],
  },
  {
    says: 'a word that differs further back is a value',
    texts: ['ERROR no right to read for alice in shop', 'ERROR no right to read for bob in shop'],
    found: [['error', 'no right to read for <*> in shop', [0, 1]]],
  },
  {
    says: 'requests go by method, path without ids, and status',
    texts: [
      'GET /items/1 -> 200 (3 ms)',
      'GET /items/22 -> 200 (9 ms)',
      'GET /items/3 -> 502 (1 ms)',
      'GET /other/3 -> 502 (1 ms)',
    ],
    found: [
      ['info', 'GET /items/<*> -> 200', [0, 1]],
      ['error', 'GET /items/<*> -> 502', [2]],
      ['error', 'GET /other/<*> -> 502', [3]],
    ],
  },
  {
    says: 'blank and skipped lines belong to nobody',
    texts: ['', '  ', 'a b', 'a b'],
    skipped: [2],
    found: [['unknown', 'a b', [3]]],
  },
])('$says', ({ texts, found, skipped }) => {
  expect(mined(texts, skipped)).toEqual(found);
});

test('each line belongs to exactly one template', () => {
  const word = fc.constantFrom('a', 'b', 'c', '1', '22', 'x=1', '<*>', 'ERROR', 'GET /a -> 500');
  const anyText = fc.oneof(
    fc.string(),
    fc.array(word, { minLength: 1 }).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 60 }), (texts) => {
      const indexes = mined(texts).flatMap(([, , own]) => own as number[]);
      const readable = texts.flatMap((text, index) =>
        readLogLine({ text, stream: 's' }).message.trim() === '' ? [] : [index],
      );
      expect(indexes.sort((a, b) => a - b)).toEqual(readable);
    }),
  );
});

test('a flood of lines that resemble nothing stays bounded and quick', () => {
  const texts = Array.from(
    { length: 20_000 },
    (_, index) => `ERROR ${String(index).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!)} x`,
  );
  const start = performance.now();
  expect(mined(texts).length).toBeLessThanOrEqual(2_001);
  expect(performance.now() - start).toBeLessThan(10_000);
});
