/** From the node that alerts towards what it depends on: whoever is off without one of its own dependencies explaining it. */
import type { DependencyGraph, Ways } from './graph.ts';

export interface Weighed {
  readonly node: string;
  /** How much trouble it has: a share of the alerting node's, or a strength. */
  readonly amount: number;
  readonly isAnomalous: boolean;
  readonly onsetMilliseconds: number | undefined;
  readonly isObserved: boolean;
}

export interface Walked {
  readonly node: string;
  readonly score: number;
  /** What explains some of its trouble. */
  readonly explainedBy: string | undefined;
  readonly isReachable: boolean;
  /** Samples behind the earliest; 0: first, or not known. */
  readonly lagSamples: number;
  /** A dependency of it that nobody watches: then it is the deepest node seen, not the root cause. */
  readonly unobservedCallee: string | undefined;
}

export interface WalkInput {
  readonly graph: DependencyGraph;
  readonly nodes: ReadonlyMap<string, Weighed>;
  /** From the alerting node; undefined: nobody knows which one that is, so none is out of reach. */
  readonly reach: Ways | undefined;
  /** Amounts are cut here when they are compared; Infinity: never. */
  readonly cap: number;
  /** Length of a sample, for the order of onsets; undefined: onsets say nothing. */
  readonly stepMilliseconds: number | undefined;
  /** The amounts hold nothing that came from a callee: none of it needs explaining. */
  readonly isOwn?: boolean;
}

/** A callee explains its caller's trouble if it has at least half as much; .3 and .7 do worse (METHODS §5). */
const GATE = 0.5;
const OUT_OF_REACH_PENALTY = 3;
const LAG_PENALTY = 0.5;
const MAX_LAG = 4;
/** Two onsets closer than this are the same time. */
export const MIN_LAG_SAMPLES = 2;

/** In the order of the nodes. */
export function walk(input: WalkInput): Walked[] {
  const earliest = earliestOnset(input);
  return [...input.nodes.values()].map((node) => {
    const { explained, by } = input.isOwn ? { explained: 0, by: undefined } : explanation(node, input);
    const isReachable = input.reach?.has(node.node) ?? true;
    const lagSamples = lagOf(node.onsetMilliseconds, earliest, input.stepMilliseconds);
    const penalty = (isReachable ? 0 : OUT_OF_REACH_PENALTY) + LAG_PENALTY * Math.min(MAX_LAG, lagSamples);
    return {
      node: node.node,
      score: Math.min(input.cap, node.amount) - explained - penalty,
      explainedBy: by,
      isReachable,
      lagSamples,
      unobservedCallee: input.graph.calleesOf(node.node).find((callee) => !isSeen(callee, input)),
    };
  });
}

function isSeen(name: string, { nodes }: WalkInput): boolean {
  return nodes.get(name)?.isObserved ?? false;
}

/** Looks through what nobody watches: what stands behind it explains as well. */
function explanation(node: Weighed, input: WalkInput): { readonly explained: number; readonly by: string | undefined } {
  let explained = 0;
  let by: string | undefined;
  const isInCircle = new Set(input.graph.circleOf(node.node));
  for (const name of new Set([...observedCallees(node.node, input), ...isInCircle])) {
    const callee = input.nodes.get(name);
    if (!callee?.isAnomalous || name === node.node || callee.amount < GATE * node.amount) continue;
    if (isInCircle.has(name) && !isEarlier(callee, node, input)) continue;
    const amount = Math.min(input.cap, callee.amount);
    if (amount > explained) {
      explained = amount;
      by = name;
    }
  }
  return { explained, by };
}

function observedCallees(name: string, input: WalkInput): string[] {
  const seen = new Set([name]);
  const found: string[] = [];
  const open = [name];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const callee of input.graph.calleesOf(at)) {
      if (seen.has(callee)) continue;
      seen.add(callee);
      if (isSeen(callee, input)) found.push(callee);
      else open.push(callee);
    }
  }
  return found;
}

/** Nodes that call each other explain each other by who was first alone; by who is worse where nobody was. */
function isEarlier(a: Weighed, b: Weighed, { stepMilliseconds }: WalkInput): boolean {
  const lag = (b.onsetMilliseconds ?? Number.NaN) - (a.onsetMilliseconds ?? Number.NaN);
  if (stepMilliseconds !== undefined && Math.abs(lag) >= MIN_LAG_SAMPLES * stepMilliseconds) return lag > 0;
  return a.amount > b.amount;
}

function earliestOnset({ nodes, reach }: WalkInput): number | undefined {
  let earliest: number | undefined;
  for (const { node, isAnomalous, onsetMilliseconds } of nodes.values())
    if (isAnomalous && onsetMilliseconds !== undefined && (reach?.has(node) ?? true))
      earliest = Math.min(earliest ?? onsetMilliseconds, onsetMilliseconds);
  return earliest;
}

function lagOf(onset: number | undefined, earliest: number | undefined, step: number | undefined): number {
  if (onset === undefined || earliest === undefined || step === undefined || step <= 0) return 0;
  const lag = (onset - earliest) / step;
  return lag >= MIN_LAG_SAMPLES ? lag : 0;
}
