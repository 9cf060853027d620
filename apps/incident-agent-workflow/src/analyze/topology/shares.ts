/**
 * Each node's trouble as a share of what the alerting node has too much of: failed requests, or seconds. Where requests
 * are counted this beats scores: a loud client with five requests explains nothing (METHODS §5).
 */
import type { MetricFamily } from '../../domain/evidence.ts';
import type { Excess } from './excess.ts';
import type { DependencyGraph, Ways } from './graph.ts';
import type { NodeState } from './node-state.ts';
import type { Weighed } from './walk.ts';

/** As in the walk: less than half of the caller's strength explains nothing of it. */
const GATE = 0.5;

export interface ShareInput {
  readonly graph: DependencyGraph;
  readonly reach: Ways;
  readonly symptom: string;
  readonly families: readonly MetricFamily[];
  readonly states: ReadonlyMap<string, NodeState>;
  readonly excesses: ReadonlyMap<string, Excess>;
}

/** undefined: the alerting node's requests were not counted, or nothing of the kind grew there. */
export function troubleShares(input: ShareInput): ReadonlyMap<string, Weighed> | undefined {
  const measure = MEASURES.find(({ family, excessOf }) => {
    const own = input.excesses.get(input.symptom);
    return input.families.includes(family) && own !== undefined && (excessOf(own) ?? 0) > 0;
  });
  const own = input.excesses.get(input.symptom);
  const all = measure && own && measure.excessOf(own);
  if (!measure || !all) return undefined;
  const shares = new Map<string, Weighed>();
  for (const [name, state] of input.states) {
    const excess = input.excesses.get(name);
    const isOff = excess !== undefined && measure.isOff(state, excess);
    const amount = isOff ? Math.max(0, (measure.excessOf(excess) ?? 0) / all) : 0;
    const isObserved = state.isObserved || excess !== undefined;
    shares.set(name, { ...state, amount, isAnomalous: isOff && amount > 0, isObserved });
  }
  return withUncounted(shares, input);
}

interface Measure {
  readonly family: MetricFamily;
  readonly excessOf: (excess: Excess) => number | undefined;
  /** More than the node's own restlessness. */
  readonly isOff: (state: NodeState, excess: Excess) => boolean;
}

const MEASURES: readonly Measure[] = [
  { family: 'errors', excessOf: ({ failed }) => failed, isOff: (_state, { hasMoreFailures }) => hasMoreFailures },
  {
    family: 'latency',
    excessOf: ({ seconds }) => seconds,
    // The mean may hide what p95 and p99 show.
    isOff: ({ strengths }) => strengths.some(({ family, isAnomalous }) => family === 'latency' && isAnomalous),
  },
];

/** A datastore that nobody counts requests of has at most its caller's share, by how its strength compares. */
function withUncounted(
  shares: Map<string, Weighed>,
  { graph, reach, states, excesses }: ShareInput,
): ReadonlyMap<string, Weighed> {
  for (const name of reach.names) {
    const state = states.get(name);
    if (!state?.isAnomalous || excesses.has(name)) continue;
    let amount = 0;
    for (const caller of graph.callersOf(name)) {
      const strength = states.get(caller)?.amount ?? 0;
      const share = shares.get(caller)?.amount ?? 0;
      if (strength > 0 && state.amount >= GATE * strength)
        amount = Math.max(amount, share * Math.min(1, state.amount / strength));
    }
    if (amount > 0) shares.set(name, { ...state, amount, isAnomalous: true });
  }
  return shares;
}
