/**
 * `npm run bench public [set…]`: public root-cause sets through the engine's own entries, scored by their official scripts.
 * The data is read from BENCH_DATA; a set that is not there is skipped, and that is said.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Bench, type BenchContext, type Figure, figure, keepCases } from '../figures.ts';
import { type OfficialScorer, officialScorer } from './official-scorer.ts';
import type { Predictions, PublicSet, PublicVariant, ScoredFigure } from './public-set.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export interface Measured {
  readonly figures: readonly Figure[];
  /** For people: ours, the trivial method's and what others published. */
  readonly lines: readonly string[];
  /** Per case; the same bytes for the same data and the same program. */
  readonly cases: unknown;
}

export function publicSets(sets: readonly PublicSet[]): Bench {
  return async (context) => {
    const benchData = resolve(ROOT, process.env.BENCH_DATA ?? join('..', 'shared', 'bench'));
    const figures: Figure[] = [];
    for (const set of sets) {
      if (context.parts.length > 0 && !context.parts.includes(set.name)) continue;
      context.signal.throwIfAborted();
      if (!existsSync(join(benchData, set.name, 'cases'))) {
        context.say(`${set.name}: skipped, there is no such set in ${benchData} (BENCH_DATA)`);
        continue;
      }
      const measured = await measureSet(set, benchData, context);
      for (const line of measured.lines) context.say(line);
      keepCases(join('public', set.name), measured.cases);
      figures.push(...measured.figures);
    }
    return figures;
  };
}

export async function measureSet(
  set: PublicSet,
  benchData: string,
  { scratch, signal }: Pick<BenchContext, 'scratch' | 'signal'>,
): Promise<Measured> {
  const folder = join(benchData, set.name);
  const scorer = officialScorer(benchData, set.name, scratch);
  const predictions = await set.predict(folder);
  const isRepeatable = JSON.stringify(await set.predict(folder)) === JSON.stringify(predictions);
  const ours = set.figures(await scorer.score(predictions));
  const trivial = set.baseline ? set.figures(await scorer.score(await scorer.baseline(set.baseline))) : [];
  const variants = [];
  for (const variant of set.variants ?? []) variants.push(await measureVariant(set, variant, folder, scorer));
  const misses: string[] = [];
  for (const caseId of Object.keys(predictions).toSorted()) {
    signal.throwIfAborted();
    if (!(await isRight(set, scorer, predictions, caseId))) misses.push(caseId);
  }
  const prefix = `${set.name.replaceAll('-', '_')}_`;
  return {
    figures: [
      ...ours.map((one) => asFigure(prefix, one)),
      figure(`${prefix}repeatable`, isRepeatable ? 1 : 0, 'yes=1', { atLeast: 1 }),
      ...variants.map(({ scored }) => asFigure(prefix, scored)),
      ...trivial.map(({ name, value, unit }) => figure(`${prefix}${name}_trivial`, value, unit)),
    ],
    lines: linesOf(set, ours, trivial, misses),
    cases: { set: set.name, misses, predictions, variants: variants.map(({ scored, runs }) => ({ ...scored, runs })) },
  };
}

/** The mean of its disturbances. */
async function measureVariant(set: PublicSet, variant: PublicVariant, folder: string, scorer: OfficialScorer) {
  const answerOf = (caseId: string): unknown =>
    JSON.parse(readFileSync(join(folder, 'answers', `${caseId}.json`), 'utf8'));
  const runs = await variant.predict(folder, answerOf);
  const values: number[] = [];
  for (const predictions of runs) values.push(set.figures(await scorer.score(predictions))[0]?.value ?? 0);
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const { name, atLeast } = variant;
  return { scored: { name, value: mean, unit: 'share', atLeast } satisfies ScoredFigure, runs };
}

/** What the official script says when this case's prediction is all there is: a missing case counts as wrong. */
async function isRight(
  set: PublicSet,
  scorer: OfficialScorer,
  predictions: Predictions,
  caseId: string,
): Promise<boolean> {
  const alone = set.figures(await scorer.score({ [caseId]: predictions[caseId] }));
  return (alone[0]?.value ?? 0) > 0;
}

function asFigure(prefix: string, { name, value, unit, atLeast, atMost }: ScoredFigure): Figure {
  const budget = { ...(atLeast === undefined ? {} : { atLeast }), ...(atMost === undefined ? {} : { atMost }) };
  return figure(`${prefix}${name}`, value, unit, budget);
}

function linesOf(
  set: PublicSet,
  ours: readonly ScoredFigure[],
  trivial: readonly ScoredFigure[],
  misses: readonly string[],
): string[] {
  const beside = new Map(trivial.map(({ name, value }) => [name, value]));
  return [
    `${set.name}: ${set.measures}`,
    ...ours.map(({ name, value, unit }) => {
      const other = beside.get(name);
      return `  ${name}: ${value} ${unit}${other === undefined ? '' : ` (${set.baseline?.join(' ') ?? ''}: ${other})`}`;
    }),
    ...set.published.map(({ who, figure: published }) => `  published, ${who}: ${published}`),
    `  not right: ${misses.length > 0 ? misses.join(', ') : 'none'}`,
  ];
}
