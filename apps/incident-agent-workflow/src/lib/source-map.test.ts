import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAgentError } from '../domain/error.ts';
import { originalPositions } from './source-map.ts';

/** As tsc 7 and rolldown wrote them for one file of TypeScript. */
const COMPILED =
  '{"version":3,"file":"basket.js","sourceRoot":"","sources":["../src/basket.ts"],"names":[],"mappings":";;;AAIA,eAAsB,KAAkC;IACtD,IAAI,GAAG,GAAG,CAAC,CAAC;IACZ,KAAK,MAAM,IAAI,IAAI,KAAwB,EAAE,CAAC;QAC5C,GAAG,IAAI,IAAI,CAAC,KAAK,CAAC;IACpB,CAAC;IACD,OAAO,GAAG,CAAC;AACb,CAAC;AAED,OAAO,CAAC,GAAG,CAAC,KAAK,CAAC,SAAS,CAAC,CAAC,CAAC"}';
const MINIFIED =
  '{"version":3,"file":"basket.js","names":["total","sum","item","items"],"sources":["../src/basket.ts"],"mappings":"AAIA,SAAgBA,EAAM,EAA4C,CAChE,IAAIC,EAAM,EACV,IAAK,IAAMC,KAAQC,EACjB,GAAOD,EAAK,MAEd,OAAOD,CACT,CAEA,QAAQ,IAAID,EAAM,IAAA,EAAS,CAAC,E"}';

describe('where Node said that a built file failed is where the source fails', () => {
  test('compiled, line by line', () => {
    const places = originalPositions(COMPILED, [
      { line: 6, column: 24 },
      { line: 11, column: 13 },
    ]);
    expect(places).toMatchObject([
      { source: '../src/basket.ts', line: 7 },
      { source: '../src/basket.ts', line: 13 },
    ]);
  });

  test('minified, all on one line', () => {
    const places = originalPositions(MINIFIED, [
      { line: 1, column: 36 },
      { line: 1, column: 70 },
    ]);
    expect(places.map((place) => place?.line)).toEqual([7, 13]);
  });

  test('beyond the last line nothing is mapped', () => {
    expect(originalPositions(MINIFIED, [{ line: 9, column: 1 }])).toEqual([undefined]);
  });
});

test('the root of the sources stands before each', () => {
  const map = COMPILED.replace('"sourceRoot":""', '"sourceRoot":"webpack://shop/"');
  expect(originalPositions(map, [{ line: 6, column: 24 }])[0]?.source).toBe('webpack://shop/../src/basket.ts');
});

test.each(['', '{}', '{"version":2,"sources":[],"mappings":""}', '{"version":3,"sources":["a"],"mappings":"A!"}'])(
  'refused as malformed: %s',
  (text) => {
    expect(outcomeOf(text)).toBe('malformed');
  },
);

function outcomeOf(text: string): string {
  try {
    originalPositions(text, [{ line: 1, column: 1 }]);
    return 'read';
  } catch (error) {
    return isAgentError(error) ? error.code : String(error);
  }
}

test('any text and any mappings are read or refused as malformed', () => {
  const mappings = fc.string({ unit: fc.constantFrom(...Array.from('AACgBk;,/+9z!')) });
  const map = mappings.map((text) => JSON.stringify({ version: 3, sources: ['a.ts', null], mappings: text }));
  fc.assert(
    fc.property(fc.oneof(fc.string(), map), (text) => {
      expect(['read', 'malformed']).toContain(outcomeOf(text));
    }),
  );
});
