import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { measureSet, publicSets } from './bench.ts';
import type { PublicSet } from './public-set.ts';

const scratch = mkdtempSync(join(tmpdir(), 'public-bench-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const benchData = join(scratch, 'data');

/** A set of two cases with a scorer and a baseline of its own, as files. */
for (const folder of ['colours/cases', 'colours/answers', 'score'])
  mkdirSync(join(benchData, folder), { recursive: true });
for (const [name, colour] of [
  ['c-1', 'red'],
  ['c-2', 'blue'],
]) {
  writeFileSync(join(benchData, 'colours', 'cases', `${name}.txt`), `It is ${colour}.`);
  writeFileSync(join(benchData, 'colours', 'answers', `${name}.json`), JSON.stringify({ colour }));
}
const READ = `import { readFileSync } from 'node:fs'; import { join } from 'node:path';
const folder = process.argv[process.argv.indexOf('--dir') + 1];`;
writeFileSync(
  join(benchData, 'score', 'colours.mjs'),
  `${READ} const said = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const right = ['c-1', 'c-2'].filter((id) => JSON.parse(readFileSync(join(folder, 'answers', id + '.json'), 'utf8')).colour === said[id]);
console.log(JSON.stringify({ share: right.length / 2 }));`,
);
writeFileSync(
  join(benchData, 'score', 'baselines.mjs'),
  `console.log(JSON.stringify({ 'c-1': process.argv[3], 'c-2': process.argv[3] }));`,
);

const colours: PublicSet = {
  name: 'colours',
  measures: 'reading',
  predict: async () => ({ 'c-1': 'red', 'c-2': 'green' }),
  baseline: ['blue'],
  published: [{ who: 'a painter', figure: '2/2' }],
  figures: (score) => [
    { name: 'top1', value: z.object({ share: z.number() }).parse(score).share, unit: 'share', atLeast: 0.9 },
  ],
  variants: [
    {
      name: 'told',
      says: 'the answers are known',
      atLeast: 1,
      predict: async (_folder, answerOf) => [
        Object.fromEntries(
          ['c-1', 'c-2'].map((id) => [id, z.object({ colour: z.string() }).parse(answerOf(id)).colour]),
        ),
      ],
    },
  ],
};
const context = { scratch, signal: new AbortController().signal, repeats: undefined };

test('a set is scored by its own script, beside the trivial method, case by case', async () => {
  const measured = await measureSet(colours, benchData, context);
  expect(measured.figures.map(({ name, value, ok }) => [name, value, ok])).toEqual([
    ['colours_top1', 0.5, false],
    ['colours_repeatable', 1, true],
    ['colours_told', 1, true],
    ['colours_top1_trivial', 0.5, true],
  ]);
  expect(measured.cases).toMatchObject({ set: 'colours', misses: ['c-2'], predictions: { 'c-2': 'green' } });
  expect(measured.lines.join('\n')).toContain('published, a painter: 2/2');
});

test('predictions that differ from one run to the next are told', async () => {
  let runs = 0;
  const moody = { ...colours, predict: async () => ({ 'c-1': `${runs++}` }) };
  const { figures } = await measureSet(moody, benchData, context);
  expect(figures.find(({ name }) => name === 'colours_repeatable')).toMatchObject({ value: 0, ok: false });
});

test('a set whose data is not there is skipped, and that is said', async () => {
  const said: string[] = [];
  const absent = { ...colours, name: 'nowhere-to-be-found' };
  const figures = await publicSets([absent])({ ...context, parts: [], say: (line) => said.push(line) });
  expect(figures).toEqual([]);
  expect(said).toEqual([expect.stringContaining('nowhere-to-be-found: skipped')]);
});
