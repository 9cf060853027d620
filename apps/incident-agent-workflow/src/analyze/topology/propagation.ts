/** How trouble at one node spread: from callee to caller, through nodes that were hit, never before it was there. */
import type { MetricFamily } from '../../domain/evidence.ts';
import { compareText } from '../../lib/compare-text.ts';
import { type DependencyGraph, waysUpFrom } from './graph.ts';
import type { NodeState } from './node-state.ts';
import { MIN_LAG_SAMPLES } from './walk.ts';

/** In the direction of the damage. */
export interface Hop {
  readonly from: string;
  readonly to: string;
}

export interface Propagation {
  readonly origin: string;
  /** In the order of the way from the origin. */
  readonly hops: readonly Hop[];
  /** Those that were hit, nearest first. */
  readonly victims: readonly string[];
  /** Those that depend on the origin or on a victim and were not seen to be hit; in the order of their names. */
  readonly atRisk: readonly string[];
  /** Users of the origin whose own load grew no later than its trouble, and who are not hit themselves. */
  readonly pressedBy: readonly string[];
}

/** What somebody notices, as opposed to what runs full inside. */
const NOTICED: ReadonlySet<MetricFamily> = new Set(['errors', 'latency', 'availability', 'dependency', 'restart']);

/** `hitByCount`: nodes whose requests show it, whatever their curves say. */
export function propagationFrom(
  origin: string,
  graph: DependencyGraph,
  states: ReadonlyMap<string, NodeState>,
  stepMilliseconds: number | undefined,
  hitByCount: ReadonlySet<string> = new Set(),
): Propagation {
  const source = states.get(origin);
  const isHit = (name: string): boolean => {
    const state = states.get(name);
    return hitByCount.has(name) || (state !== undefined && isDamaged(state, source));
  };
  // What nobody watches may have passed it on.
  const isPassable = (name: string): boolean => isHit(name) || !(states.get(name)?.isObserved ?? false);
  const ways = waysUpFrom(graph, origin, isPassable);
  const hops: Hop[] = [];
  const victims: string[] = [];
  const reached = new Set([origin]);
  for (const name of ways.names) {
    if (name === origin || !isHit(name)) continue;
    const sources = graph
      .calleesOf(name)
      .filter((callee) => reached.has(callee) && !isEarlier(states.get(name), states.get(callee), stepMilliseconds));
    const way = ways.to(name) ?? [];
    const through = way.slice(0, -1).every((step) => reached.has(step)) ? [] : way;
    if (sources.length === 0 && through.length === 0) continue;
    for (const callee of sources) hops.push({ from: callee, to: name });
    for (const [index, to] of through.entries()) {
      const from = through[index - 1];
      if (from !== undefined && !hops.some((hop) => hop.from === from && hop.to === to)) hops.push({ from, to });
    }
    reached.add(name);
    victims.push(name);
  }
  const callers = new Set([...reached].flatMap((name) => graph.callersOf(name)));
  const pressedBy = graph.callersOf(origin).filter((user) => !reached.has(user) && presses(states.get(user), source));
  return {
    origin,
    hops,
    victims,
    atRisk: [...callers].filter((name) => !reached.has(name) && !pressedBy.includes(name)).sort(compareText),
    pressedBy,
  };
}

/** By what is noticed of it; a node of which only load is measured was hit if that grew after the origin's trouble began. */
function isDamaged(state: NodeState, source: NodeState | undefined): boolean {
  if (!state.isAnomalous) return false;
  const noticed = state.strengths.filter(({ family }) => NOTICED.has(family));
  if (state.signs.length > 0 || noticed.some(({ isAnomalous }) => isAnomalous)) return true;
  return noticed.length === 0 && (state.onsetMilliseconds ?? 0) > (source?.onsetMilliseconds ?? 0);
}

function presses(state: NodeState | undefined, source: NodeState | undefined): boolean {
  if (!state?.isAnomalous || state.onsetMilliseconds === undefined) return false;
  return state.onsetMilliseconds <= (source?.onsetMilliseconds ?? Number.NEGATIVE_INFINITY);
}

/** Whether it was in trouble clearly before what it depends on: then that did not cause it. */
function isEarlier(caller: NodeState | undefined, callee: NodeState | undefined, step: number | undefined): boolean {
  const [a, b] = [caller?.onsetMilliseconds, callee?.onsetMilliseconds];
  return a !== undefined && b !== undefined && step !== undefined && b - a >= MIN_LAG_SAMPLES * step;
}
