/**
 * Where trouble began: the nodes of a dependency graph ranked by how well each explains what the alert speaks of, and how
 * the damage spread from the first. One entry, whatever the data came from.
 */
import type { MetricFamily } from '../../domain/evidence.ts';
import { compareText, stepOf } from '../metrics/samples.ts';
import { commonCauses } from './common-cause.ts';
import { type Excess, excessOf, type NodeRequests } from './excess.ts';
import { buildGraph, type GraphParts, type Ways, waysFrom } from './graph.ts';
import { type DirectSign, type MeasuredSeries, type NodeState, nodeStates } from './node-state.ts';
import { type Propagation, propagationFrom } from './propagation.ts';
import { troubleShares } from './shares.ts';
import type { NodeSeries } from './strength.ts';
import { type Walked, type Weighed, walk } from './walk.ts';

export interface OriginInput {
  readonly graph: GraphParts;
  /** The node that alerts; undefined: nobody knows. Families that the alert speaks of; empty: any. */
  readonly symptom: { readonly node: string | undefined; readonly families: readonly MetricFamily[] };
  /** When the trouble began, as well as it is known; early when in doubt. */
  readonly onsetMilliseconds: number;
  readonly series?: readonly NodeSeries[];
  readonly measured?: readonly MeasuredSeries[];
  readonly requests?: readonly NodeRequests[];
  readonly signs?: readonly DirectSign[];
}

export interface RankedNode {
  readonly node: string;
  readonly score: number;
  /** The state it was judged by. */
  readonly state: NodeState;
  /** Share of the alerting node's excess, where requests are counted. */
  readonly share: number | undefined;
  readonly explainedBy: string | undefined;
  readonly isReachable: boolean;
  readonly lagSamples: number;
  readonly unobservedCallee: string | undefined;
  /** From the alerting node to it; empty: no way leads there, or nobody knows where it starts. */
  readonly way: readonly string[];
  /** Nobody watches it; its users' trouble points at it. */
  readonly isVirtual: boolean;
}

export interface OriginRanking {
  /** `shares`: requests were counted. `strengths`: only levels are known. */
  readonly basis: 'shares' | 'strengths';
  /** Best first. */
  readonly ranked: readonly RankedNode[];
  /** From the first; undefined: no node is off at all. */
  readonly propagation: Propagation | undefined;
}

export function rankOrigins(input: OriginInput): OriginRanking {
  const graph = buildGraph(input.graph);
  const { onsetMilliseconds, series = [], measured = [], requests = [], signs = [] } = input;
  const { families } = input.symptom;
  const symptom = input.symptom.node === undefined ? undefined : graph.nameOf(input.symptom.node);
  const seen = nodeStates({ graph, families, onsetMilliseconds, series, measured, signs });
  const stepMilliseconds = stepOf(series.map(({ samples }) => samples));
  const causes = commonCauses(graph, seen, stepMilliseconds);
  const states = new Map(seen);
  for (const { node, amount, onsetMilliseconds: at } of causes) states.set(node, virtualState(node, amount, at));
  const reach = symptom === undefined ? undefined : waysFrom(graph, symptom);
  const shares =
    reach && symptom !== undefined
      ? troubleShares({
          graph,
          reach,
          symptom,
          families,
          states,
          excesses: excessesOf(requests, onsetMilliseconds, graph.nameOf),
        })
      : undefined;
  const nodes: ReadonlyMap<string, Weighed> = shares ?? states;
  const walked = walk({
    graph,
    nodes,
    reach,
    cap: shares ? 1 : Number.POSITIVE_INFINITY,
    // Shares say more than who was first by a sample or two of five minutes.
    stepMilliseconds: shares ? undefined : stepMilliseconds,
  });
  const isVirtual = new Set(causes.map(({ node }) => node));
  const ranked = inOrder(walked, states).map((one) => rankedNode(one, { states, shares, reach, isVirtual }));
  const first = ranked.find(({ state }) => state.isAnomalous);
  return {
    basis: shares ? 'shares' : 'strengths',
    ranked,
    propagation: first && propagationFrom(first.node, graph, states, stepMilliseconds),
  };
}

function excessesOf(
  requests: readonly NodeRequests[],
  onsetMilliseconds: number,
  nameOf: (name: string) => string,
): ReadonlyMap<string, Excess> {
  // What stands before a node counts its requests a second time.
  const own = requests.filter(({ node }) => nameOf(node) === node);
  return new Map(own.map((one) => [one.node, excessOf(one, onsetMilliseconds)]));
}

/** By score, then by how loud it is, then by who was first; names decide nothing but the order of equals. */
function inOrder(walked: readonly Walked[], states: ReadonlyMap<string, NodeState>): Walked[] {
  const amountOf = ({ node }: Walked) => states.get(node)?.amount ?? 0;
  const onsetOf = ({ node }: Walked) => states.get(node)?.onsetMilliseconds ?? Number.MAX_SAFE_INTEGER;
  return walked.toSorted(
    (a, b) => b.score - a.score || amountOf(b) - amountOf(a) || onsetOf(a) - onsetOf(b) || compareText(a.node, b.node),
  );
}

function virtualState(node: string, amount: number, onsetMilliseconds: number | undefined): NodeState {
  return {
    node,
    amount,
    isAnomalous: true,
    onsetMilliseconds,
    loudest: undefined,
    strengths: [],
    signs: [],
    isObserved: true,
  };
}

interface Known {
  readonly states: ReadonlyMap<string, NodeState>;
  readonly shares: ReadonlyMap<string, Weighed> | undefined;
  readonly reach: Ways | undefined;
  readonly isVirtual: ReadonlySet<string>;
}

function rankedNode(walked: Walked, { states, shares, reach, isVirtual }: Known): RankedNode {
  const { node, score, explainedBy, isReachable, lagSamples, unobservedCallee } = walked;
  return {
    node,
    score,
    state: states.get(node) ?? virtualState(node, 0, undefined),
    share: shares?.get(node)?.amount,
    explainedBy,
    isReachable,
    lagSamples,
    unobservedCallee,
    way: reach?.to(node) ?? [],
    isVirtual: isVirtual.has(node),
  };
}
