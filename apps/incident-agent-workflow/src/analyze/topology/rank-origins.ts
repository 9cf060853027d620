/**
 * Where trouble began: the nodes of a dependency graph ranked by how well each explains what the alert speaks of, and how
 * the damage spread from the first. One entry, whatever the data came from.
 */
import type { MetricFamily } from '../../domain/evidence.ts';
import { compareText } from '../../lib/compare-text.ts';
import { stepOf } from '../metrics/samples.ts';
import { commonCauses } from './common-cause.ts';
import { type Excess, excessOf, type NodeRequests } from './excess.ts';
import { buildGraph, type DependencyGraph, type GraphParts, type Ways, waysFrom } from './graph.ts';
import { type DirectSign, type MeasuredSeries, type NodeState, nodeStates } from './node-state.ts';
import { type Propagation, propagationFrom } from './propagation.ts';
import { troubleShares } from './shares.ts';
import type { NodeSeries } from './strength.ts';
import { readTraceDamage, type TraceDamage, type Traced, type TracesRead } from './trace-damage.ts';
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
  /** Requests followed through the nodes, from before the trouble and from since. */
  readonly traces?: { readonly before: Traced; readonly after: Traced };
}

export interface RankedNode {
  readonly node: string;
  readonly score: number;
  /** The state it was judged by. */
  readonly state: NodeState;
  /** Share of the alerting node's excess, where requests are counted; of all damaged traces, where they are followed. */
  readonly share: number | undefined;
  readonly inTraces: TraceDamage | undefined;
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
  /** `traces`: requests were followed. `shares`: they were counted. `strengths`: only levels are known. */
  readonly basis: 'traces' | 'shares' | 'strengths';
  /** Best first. */
  readonly ranked: readonly RankedNode[];
  /** From the first; undefined: no node is off at all. */
  readonly propagation: Propagation | undefined;
}

export function rankOrigins(input: OriginInput): OriginRanking {
  const traced = input.traces && readTraceDamage(input.traces.before, input.traces.after);
  const { nodes, dependencies, ...parts } = input.graph;
  const graph = buildGraph({ ...parts, nodes, dependencies: [...dependencies, ...(traced?.dependencies ?? [])] });
  const { onsetMilliseconds, series = [], measured = [], signs = [] } = input;
  const { families } = input.symptom;
  const symptom = input.symptom.node === undefined ? undefined : graph.nameOf(input.symptom.node);
  const seen = nodeStates({ graph, families, onsetMilliseconds, series, measured, signs });
  const stepMilliseconds = stepOf(series.map(({ samples }) => samples));
  const causes = commonCauses(graph, seen, stepMilliseconds);
  const states = new Map(seen);
  for (const { node, amount, onsetMilliseconds: at } of causes) states.set(node, virtualState(node, amount, at));
  const reach = symptom === undefined ? undefined : waysFrom(graph, symptom);
  const { basis, weighed } = weighing({ input, graph, states, symptom, reach, traced });
  const walked = walk({
    graph,
    nodes: weighed,
    reach,
    cap: basis === 'shares' ? 1 : Number.POSITIVE_INFINITY,
    // Shares say more than who was first by a sample or two of five minutes.
    stepMilliseconds: basis === 'strengths' ? stepMilliseconds : undefined,
    // What a trace shows is a node's own already.
    isOwn: basis === 'traces',
  });
  const isVirtual = new Set(causes.map(({ node }) => node));
  const known = {
    states,
    shares: basis === 'strengths' ? undefined : weighed,
    reach,
    isVirtual,
    damage: traced?.damage,
  };
  const ranked = inOrder(walked, states).map((one) => rankedNode(one, known));
  const hitByCount = new Set(ranked.flatMap(({ node, share }) => ((share ?? 0) > 0 ? [node] : [])));
  const first = ranked.find(({ state, share }) => state.isAnomalous || (share ?? 0) > 0);
  return {
    basis,
    ranked,
    propagation: first && propagationFrom(first.node, graph, states, stepMilliseconds, hitByCount),
  };
}

interface Weighing {
  readonly input: OriginInput;
  readonly graph: DependencyGraph;
  readonly states: ReadonlyMap<string, NodeState>;
  readonly symptom: string | undefined;
  readonly reach: Ways | undefined;
  readonly traced: TracesRead | undefined;
}

/** Counted requests say most, followed ones next; levels are what is always there. */
function weighing({ input, graph, states, symptom, reach, traced }: Weighing): {
  readonly basis: OriginRanking['basis'];
  readonly weighed: ReadonlyMap<string, Weighed>;
} {
  const { onsetMilliseconds, requests = [] } = input;
  const { families } = input.symptom;
  const excesses = excessesOf(requests, onsetMilliseconds, graph.nameOf);
  const shares =
    reach && symptom !== undefined ? troubleShares({ graph, reach, symptom, families, states, excesses }) : undefined;
  if (shares) return { basis: 'shares', weighed: shares };
  const all = [...(traced?.damage.values() ?? [])].reduce((sum, { delayed, failed }) => sum + delayed + failed, 0);
  if (!traced || all <= 0) return { basis: 'strengths', weighed: states };
  const weighed = new Map<string, Weighed>();
  for (const [name, state] of states) {
    const { delayed, failed } = traced.damage.get(name) ?? { delayed: 0, failed: 0 };
    weighed.set(name, { ...state, amount: (delayed + failed) / all, isAnomalous: delayed + failed > 0 });
  }
  return { basis: 'traces', weighed };
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
  readonly damage: ReadonlyMap<string, TraceDamage> | undefined;
}

function rankedNode(walked: Walked, { states, shares, reach, isVirtual, damage }: Known): RankedNode {
  const { node, score, explainedBy, isReachable, lagSamples, unobservedCallee } = walked;
  return {
    node,
    score,
    state: states.get(node) ?? virtualState(node, 0, undefined),
    share: shares?.get(node)?.amount,
    inTraces: damage?.get(node),
    explainedBy,
    isReachable,
    lagSamples,
    unobservedCallee,
    way: reach?.to(node) ?? [],
    isVirtual: isVirtual.has(node),
  };
}
