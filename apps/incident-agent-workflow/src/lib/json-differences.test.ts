import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { differencesOf } from './json-differences.ts';

test('the innermost places are named, with what was and what is', () => {
  const before = { a: 1, list: [{ x: 'old' }, 2], gone: true, same: [null] };
  const after = { a: 1, list: [{ x: 'new' }, 2, 3], same: [null], more: 0 };
  expect(differencesOf(before, after)).toEqual([
    { path: 'list[0].x', before: 'old', after: 'new' },
    { path: 'list.length', before: 2, after: 3 },
    { path: 'gone', before: true, after: undefined },
    { path: 'more', before: undefined, after: 0 },
  ]);
});

test('there are none exactly where the canonical text is the same', () => {
  const json = fc.jsonValue({ maxDepth: 3 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
  fc.assert(
    fc.property(json, json, (left, right) => {
      expect(differencesOf(left, right).length === 0).toBe(canonicalJson(left) === canonicalJson(right));
      expect(differencesOf(left, structuredClone(left))).toEqual([]);
    }),
  );
});
