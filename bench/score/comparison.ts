/** Now against an earlier result on the same cases (METHODS §10): what changed, whether it may be chance, what blocks. Pure. */
import { z } from 'zod';
import { percentile } from '../figures.ts';
import { type Change, clusterBootstrap } from './statistics/bootstrap.ts';
import { exactMcNemar, FEWEST_DISCORDANT, holm } from './statistics/proportions.ts';

const Blamed = z.object({ commit: z.string(), confidence: z.number() }).nullable();
/** What a comparison needs of a case; the file holds more. */
const ComparedCase = z.object({
  id: z.string(),
  template: z.string(),
  milliseconds: z.number(),
  isRepeatable: z.boolean(),
  engine: z.object({
    score: z
      .object({
        ranks: z.record(z.string(), z.number().nullable()),
        confidence: z.number(),
        isRight: z.boolean(),
        falselyBlamed: Blamed,
      })
      .nullable(),
    removal: z.union([z.object({ failure: z.string() }), z.object({ falselyBlamed: Blamed })]).nullable(),
  }),
});
export type ComparedCase = z.infer<typeof ComparedCase>;
/** `bench/results/incidents-cases.json`. */
export const CaseFile = z.object({ schema: z.literal('incident-scores/1'), cases: z.array(ComparedCase) });

export interface BinaryChange {
  readonly name: string;
  readonly wins: number;
  readonly losses: number;
  /** undefined: too few pairs differ for any count to mean something. */
  readonly p: number | undefined;
  readonly interval: Change | undefined;
}

export interface Comparison {
  readonly common: number;
  readonly onlyBefore: number;
  readonly onlyNow: number;
  readonly firsts: readonly BinaryChange[];
  /** Positive: better. */
  readonly means: readonly { readonly name: string; readonly change: Change }[];
  /** All p-values above, corrected together, by name. */
  readonly corrected: readonly { readonly name: string; readonly p: number }[];
  /** Why this must not go in; empty: nothing speaks against it. */
  readonly blocks: readonly string[];
}

const COMPARED = ['class', 'commit'] as const;
/** METHODS §10. */
const SLOWEST_P95_MILLISECONDS = 1_000;

interface Pair {
  readonly template: string;
  readonly before: ComparedCase;
  readonly now: ComparedCase;
}

export function compare(before: readonly ComparedCase[], now: readonly ComparedCase[]): Comparison {
  const earlier = new Map(before.map((one) => [one.id, one]));
  const pairs = now.flatMap((one): Pair[] => {
    const old = earlier.get(one.id);
    return old ? [{ template: one.template, before: old, now: one }] : [];
  });
  const firsts = COMPARED.map((level) => firstsOf(level, pairs));
  const means = meansOf(pairs);
  const named = [
    ...firsts.flatMap(({ name, p }) => (p === undefined ? [] : [{ name, p }])),
    ...means.map(({ name, change }) => ({ name, p: change.p })),
  ];
  const adjusted = holm(named.map(({ p }) => p));
  return {
    common: pairs.length,
    onlyBefore: before.length - pairs.length,
    onlyNow: now.length - pairs.length,
    firsts,
    means,
    corrected: named.map(({ name }, index) => ({ name, p: adjusted[index] ?? 1 })),
    blocks: blocksOf(pairs, firsts),
  };
}

function rankAt(level: string, { engine }: ComparedCase): number | null | undefined {
  return engine.score?.ranks[level];
}

function firstsOf(level: string, pairs: readonly Pair[]): BinaryChange {
  const ranked = pairs.filter(
    ({ before, now }) => rankAt(level, before) !== undefined && rankAt(level, now) !== undefined,
  );
  const differences = ranked.map(({ template, before, now }) => ({
    cluster: template,
    value: Number(rankAt(level, now) === 1) - Number(rankAt(level, before) === 1),
  }));
  const wins = differences.filter(({ value }) => value > 0).length;
  const losses = differences.filter(({ value }) => value < 0).length;
  return {
    name: `${level} A@1`,
    wins,
    losses,
    p: wins + losses < FEWEST_DISCORDANT ? undefined : exactMcNemar(wins, losses),
    interval: clusterBootstrap(differences),
  };
}

type Measure = (one: ComparedCase) => number | undefined;
/** Of one case; more is better. undefined: not measured there. */
const MEASURES: readonly { readonly name: string; readonly of: Measure }[] = [
  {
    name: 'Brier score, lower by',
    of: ({ engine: { score } }) => (score ? -((score.confidence - Number(score.isRight)) ** 2) : undefined),
  },
  ...COMPARED.map((level) => ({ name: `${level} 1/rank`, of: (one: ComparedCase) => reciprocal(rankAt(level, one)) })),
];

function reciprocal(rank: number | null | undefined): number | undefined {
  return rank === null ? 0 : rank && 1 / rank;
}

function meansOf(pairs: readonly Pair[]): { name: string; change: Change }[] {
  return MEASURES.flatMap(({ name, of }) => {
    const differences = pairs.flatMap(({ template, before, now }) => {
      const [old, fresh] = [of(before), of(now)];
      return old === undefined || fresh === undefined ? [] : [{ cluster: template, value: fresh - old }];
    });
    const change = clusterBootstrap(differences);
    return change ? [{ name, change }] : [];
  });
}

function blocksOf(pairs: readonly Pair[], firsts: readonly BinaryChange[]): string[] {
  const worse = firsts.filter(({ interval }) => interval !== undefined && interval.high < 0);
  const unstable = pairs.filter(({ now }) => !now.isRepeatable);
  const p95 =
    pairs.length === 0
      ? 0
      : percentile(
          pairs.map(({ now }) => now.milliseconds),
          0.95,
        );
  return [
    ...worse.map(({ name, interval }) => `${name} is worse: at best by ${interval?.high.toFixed(3)}`),
    ...pairs.flatMap((pair) => newlyBlamed(pair).map((commit) => `${pair.now.id}: ${commit} is newly blamed, falsely`)),
    ...unstable.map(({ now }) => `${now.id}: two replays differ`),
    ...(p95 > SLOWEST_P95_MILLISECONDS ? [`the p95 of the analysis is ${Math.round(p95)} ms`] : []),
  ];
}

function newlyBlamed({ before, now }: Pair): string[] {
  const blamed = [now.engine.score?.falselyBlamed, removalBlame(now)];
  const earlier = [before.engine.score?.falselyBlamed, removalBlame(before)];
  return blamed.flatMap((one, index) => (one && !earlier[index] ? [one.commit.slice(0, 8)] : []));
}

function removalBlame({ engine: { removal } }: ComparedCase) {
  return removal && 'falselyBlamed' in removal ? removal.falselyBlamed : null;
}
