import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

test('the order of the keys does not matter; what names the value stands in front', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: 'x', version: 1, schema: 's' })).toBe(
    '{"schema":"s","version":1,"a":"x","b":[{"c":2,"d":1}]}',
  );
});

test('the value is read back as it was, but for half a surrogate pair', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value, 2))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(canonicalJson('a\ud800')).toBe('"a\ufffd"');
});
