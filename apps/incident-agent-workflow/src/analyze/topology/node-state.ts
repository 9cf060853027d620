/** What is known of each node when the guilty one is looked for: how far it is off, in which family, since when. */
import type { MetricFamily } from '../../domain/evidence.ts';
import { compareText } from '../../lib/compare-text.ts';
import type { DependencyGraph } from './graph.ts';
import { type NodeSeries, type Strength, strengthOf, strengthOfScore } from './strength.ts';

/** Seen directly, not read from a curve: it does not answer, it was restarted, it was killed. */
export interface DirectSign {
  readonly node: string;
  readonly atMilliseconds: number | undefined;
  /** `its health address refuses connections`. */
  readonly words: string;
}

export interface NodeState {
  readonly node: string;
  /** ln(1 + score) of what speaks loudest, weighed by family; 0: nothing does. */
  readonly amount: number;
  readonly isAnomalous: boolean;
  readonly onsetMilliseconds: number | undefined;
  /** What the amount stands on. */
  readonly loudest: Strength | undefined;
  readonly strengths: readonly Strength[];
  readonly signs: readonly DirectSign[];
  /** False: nothing was ever measured there. */
  readonly isObserved: boolean;
}

/** A failing latency alert is seldom made by errors elsewhere, and the other way round. */
const OTHER_FAMILY_WEIGHT = 0.5;
/** Something that is down is as far off as anything can be. */
const DIRECT_SIGN_SCORE = 1_000;
const DIRECT_FAMILIES: ReadonlySet<MetricFamily> = new Set(['availability', 'dependency', 'restart']);

export interface MeasuredSeries extends Strength {
  readonly node: string;
}

export interface StateInput {
  readonly graph: DependencyGraph;
  /** Families that the alert speaks of; empty: any. */
  readonly families: readonly MetricFamily[];
  readonly onsetMilliseconds: number;
  readonly series: readonly NodeSeries[];
  /** Series that were measured elsewhere. */
  readonly measured: readonly MeasuredSeries[];
  readonly signs: readonly DirectSign[];
}

/** One state for each node of the graph, and for each that is only measured; in the order of their names. */
export function nodeStates(input: StateInput): ReadonlyMap<string, NodeState> {
  const strengths = new Map<string, Strength[]>();
  const signs = new Map<string, DirectSign[]>();
  const { nameOf } = input.graph;
  for (const one of input.series) {
    const strength = strengthOf(one, input.onsetMilliseconds);
    const known = listOf(strengths, nameOf(one.node));
    if (strength) known.push(strength);
  }
  for (const one of input.measured) listOf(strengths, nameOf(one.node)).push(one);
  for (const sign of input.signs) listOf(signs, nameOf(sign.node)).push(sign);
  const names = new Set([...input.graph.nodes.map(({ name }) => name), ...strengths.keys(), ...signs.keys()]);
  return new Map(
    [...names]
      .sort(compareText)
      .map((node) => [node, stateOf(node, strengths.get(node) ?? [], signs.get(node) ?? [], input.families)]),
  );
}

function listOf<T>(lists: Map<string, T[]>, name: string): T[] {
  const list = lists.get(name) ?? [];
  lists.set(name, list);
  return list;
}

function stateOf(
  node: string,
  strengths: readonly Strength[],
  signs: readonly DirectSign[],
  families: readonly MetricFamily[],
): NodeState {
  const isJudgedByFamily = strengths.some(({ family }) => families.includes(family));
  const weighed = strengths
    .map((strength) => ({
      strength,
      amount: strength.strength * weightOf(strength.family, families, isJudgedByFamily),
    }))
    .toSorted((a, b) => b.amount - a.amount || compareText(a.strength.metric, b.strength.metric));
  const [loudest] = weighed;
  const onsets = [
    ...weighed.flatMap(({ strength, amount }) =>
      // A faint early move must not date what a loud one shows.
      strength.isAnomalous && amount >= (loudest?.amount ?? 0) / 2 ? [strength.onsetMilliseconds] : [],
    ),
    ...signs.map(({ atMilliseconds }) => atMilliseconds),
  ].filter((at) => at !== undefined);
  return {
    node,
    amount: signs.length > 0 ? strengthOfScore(DIRECT_SIGN_SCORE) : (loudest?.amount ?? 0),
    isAnomalous: signs.length > 0 || weighed.some(({ strength }) => strength.isAnomalous),
    onsetMilliseconds: onsets.length > 0 ? Math.min(...onsets) : undefined,
    loudest: loudest?.strength,
    strengths,
    signs,
    isObserved: strengths.length > 0 || signs.length > 0,
  };
}

/** A node that nobody measures in the alert's families is judged by what is measured of it: a datastore has no 5xx share. */
function weightOf(family: MetricFamily, families: readonly MetricFamily[], isJudgedByFamily: boolean): number {
  if (families.length === 0 || families.includes(family) || DIRECT_FAMILIES.has(family) || !isJudgedByFamily) return 1;
  return OTHER_FAMILY_WEIGHT;
}
