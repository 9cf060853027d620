/**
 * Several nodes that do not depend on each other fail together: then what they share is looked at, even if nobody
 * watches it. Such a node is given its users' trouble, so that it explains them.
 */
import { type DependencyGraph, waysFrom } from './graph.ts';
import type { NodeState } from './node-state.ts';
import { MIN_LAG_SAMPLES } from './walk.ts';

export interface CommonCause {
  readonly node: string;
  /** Those that fail and use it, in the order of their names. */
  readonly users: readonly string[];
  readonly amount: number;
  readonly onsetMilliseconds: number | undefined;
}

const HEALTHY_USER_PENALTY = 0.5;

/** Nodes that nobody watches, that all who fail and stand lowest use, and that no healthy one uses; best first. */
export function commonCauses(
  graph: DependencyGraph,
  states: ReadonlyMap<string, NodeState>,
  stepMilliseconds: number | undefined,
): CommonCause[] {
  const failing = [...states.values()].filter(({ isAnomalous }) => isAnomalous);
  if (failing.length < 2) return [];
  const causes: (CommonCause & { readonly score: number })[] = [];
  for (const { name } of graph.nodes) {
    if (states.get(name)?.isObserved) continue;
    const users = graph.callersOf(name).flatMap((user) => states.get(user) ?? []);
    const failingUsers = users.filter(({ isAnomalous }) => isAnomalous);
    const healthyUsers = users.filter(({ isAnomalous, isObserved }) => isObserved && !isAnomalous);
    const together = atTheSameTime(failingUsers, stepMilliseconds);
    if (healthyUsers.length > 0 || !areUnrelated(graph, together)) continue;
    const without = failing.filter(({ node }) => !dependsOn(graph, node, name));
    const score = sum(together) - sum(without) - HEALTHY_USER_PENALTY * healthyUsers.length;
    if (score <= 0) continue;
    const onsets = together.flatMap(({ onsetMilliseconds }) => onsetMilliseconds ?? []);
    causes.push({
      node: name,
      users: together.map(({ node }) => node),
      amount: Math.max(...together.map(({ amount }) => amount)),
      onsetMilliseconds: onsets.length > 0 ? Math.min(...onsets) : undefined,
      score,
    });
  }
  return causes
    .toSorted((a, b) => b.score - a.score)
    .map(({ node, users, amount, onsetMilliseconds }) => ({ node, users, amount, onsetMilliseconds }));
}

/** The larger part of them whose onsets lie within two samples; those without an onset are not spoken against. */
function atTheSameTime(users: readonly NodeState[], stepMilliseconds: number | undefined): NodeState[] {
  if (stepMilliseconds === undefined) return [...users];
  const width = MIN_LAG_SAMPLES * stepMilliseconds;
  const undated = users.filter(({ onsetMilliseconds }) => onsetMilliseconds === undefined);
  let best: NodeState[] = [];
  for (const { onsetMilliseconds: first } of users) {
    if (first === undefined) continue;
    const near = users.filter(({ onsetMilliseconds: at }) => at !== undefined && at >= first && at - first <= width);
    if (near.length > best.length) best = near;
  }
  return users.filter((user) => best.includes(user) || undated.includes(user));
}

function areUnrelated(graph: DependencyGraph, users: readonly NodeState[]): boolean {
  return users.some((a, index) =>
    users.slice(index + 1).some((b) => !dependsOn(graph, a.node, b.node) && !dependsOn(graph, b.node, a.node)),
  );
}

function dependsOn(graph: DependencyGraph, user: string, used: string): boolean {
  return waysFrom(graph, user).has(used);
}

function sum(states: readonly NodeState[]): number {
  return states.reduce((total, { amount }) => total + amount, 0);
}
