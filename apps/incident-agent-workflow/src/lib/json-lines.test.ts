import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { isAgentError } from '../domain/error.ts';
import { parseJsonLines, toJsonLines } from './json-lines.ts';

test('lines read back as they were written', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (values) => {
      expect(parseJsonLines(toJsonLines(values), z.unknown())).toEqual(JSON.parse(JSON.stringify(values)));
    }),
  );
});

test.each([
  { text: '{"a":1}\n\n{"a":', says: 'line 3: is no JSON' },
  { text: '{"a":1}\n{"a":"x"}', says: 'line 2: Invalid input: expected number, received string' },
])('$says', ({ text, says }) => {
  expect(() => parseJsonLines(text, z.object({ a: z.number() }))).toThrow(says);
});

test('any text is read or refused as malformed, nothing else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(['read', 'malformed']).toContain(outcomeOf(text));
    }),
  );
});

function outcomeOf(text: string): string {
  try {
    parseJsonLines(text, z.object({ a: z.number() }));
    return 'read';
  } catch (error) {
    return isAgentError(error) ? error.code : String(error);
  }
}
