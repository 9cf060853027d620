import { expect, test } from 'vitest';
import type { Observation } from '../domain/telemetry.ts';
import { contextOf, FROM, logAnswer, SERVICE } from './metrics/observations.test-helper.ts';
import { leads } from './world.test-helper.ts';

function tree(paths: readonly string[]): Observation {
  const revision = 'a'.repeat(40);
  const repository = {
    root: '/srv/shop',
    head: revision,
    deployedRevision: revision,
    deployedFrom: 'head',
    servicePath: '',
    shallow: false,
  } as const;
  return {
    question: { kind: 'files', service: SERVICE },
    answer: { source: 'git', query: 'git ls-tree', telemetry: { paths: [...paths], repository }, gaps: [] },
  };
}

const AT = new Date(Date.parse(FROM) + 4_320_000).toISOString();
const TRACE = logAnswer(
  ['TypeError: x', '    at total (/app/dist/basket.js:6:24)', '    at run (/app/dist/basket.js:9:1)'].map((text) => ({
    at: AT,
    stream: 's',
    text,
  })),
);

test('frames in a built file are asked of its source map, once, if the repository holds both', () => {
  const held = tree(['src/basket.ts', 'dist/basket.js', 'dist/basket.js.map']);
  const asked = leads([TRACE, held], contextOf()).filter(({ kind }) => kind === 'originals');
  expect(asked).toMatchObject([
    {
      path: 'dist/basket.js',
      places: [
        { line: 6, column: 24 },
        { line: 9, column: 1 },
      ],
    },
  ]);
  const answered = asked.map((question): Observation => {
    return { question, answer: { source: 'git', query: 'git show', telemetry: { originals: [] }, gaps: [] } };
  });
  expect(leads([TRACE, held, ...answered], contextOf()).filter(({ kind }) => kind === 'originals')).toEqual([]);
});

test('without the map in the repository nothing is asked', () => {
  const kinds = leads([TRACE, tree(['src/basket.ts', 'dist/basket.js'])], contextOf()).map(({ kind }) => kind);
  expect(kinds).not.toContain('originals');
});
