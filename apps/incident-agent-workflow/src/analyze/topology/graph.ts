/** Who depends on whom: services, and everything they share, which they depend on just as they do on each other. */
import { compareText } from '../../lib/compare-text.ts';

/** `shared`: a host, datastore, cluster or egress path. `virtual`: nobody watches it, its users' trouble points at it. */
export type NodeKind = 'service' | 'shared' | 'external' | 'virtual';

export interface TopologyNode {
  readonly name: string;
  readonly kind: NodeKind;
}

export interface Dependency {
  readonly caller: string;
  readonly callee: string;
}

export interface GraphParts {
  /** Nodes with their kinds; those that only appear in a dependency are services. */
  readonly nodes: readonly TopologyNode[];
  readonly dependencies: readonly Dependency[];
  /** Load balancers, proxies and clients that stand before exactly one node, and are told as that node. */
  readonly fronts?: readonly { readonly proxy: string; readonly node: string }[];
}

export interface DependencyGraph {
  /** In the order of their names. */
  readonly nodes: readonly TopologyNode[];
  readonly dependencies: readonly Dependency[];
  readonly calleesOf: (name: string) => readonly string[];
  readonly callersOf: (name: string) => readonly string[];
  /** The node that a name is told as: itself, unless it stands before another one. */
  readonly nameOf: (name: string) => string;
  /** The nodes that call each other in one circle with it, itself included; empty: it is in none. */
  readonly circleOf: (name: string) => readonly string[];
}

/** Nothing in the result depends on the order of the parts. */
export function buildGraph({ nodes, dependencies, fronts = [] }: GraphParts): DependencyGraph {
  const nameOf = contraction(fronts);
  const kinds = new Map<string, NodeKind>();
  for (const { caller, callee } of dependencies)
    for (const name of [nameOf(caller), nameOf(callee)]) kinds.set(name, 'service');
  for (const { name, kind } of nodes) if (nameOf(name) === name) kinds.set(name, kind);
  const callees = neighbours(kinds.keys());
  const callers = neighbours(kinds.keys());
  for (const dependency of dependencies) {
    const caller = nameOf(dependency.caller);
    const callee = nameOf(dependency.callee);
    if (caller === callee) continue;
    callees.get(caller)?.add(callee);
    callers.get(callee)?.add(caller);
  }
  const calleeLists = inOrder(callees);
  const callerLists = inOrder(callers);
  const names = [...kinds.keys()].sort(compareText);
  const calleesOf = (name: string): readonly string[] => calleeLists.get(name) ?? [];
  const circles = circlesOf(names, calleesOf);
  return {
    nodes: names.map((name) => ({ name, kind: kinds.get(name) ?? 'service' })),
    dependencies: names.flatMap((caller) => calleesOf(caller).map((callee) => ({ caller, callee }))),
    calleesOf,
    callersOf: (name) => callerLists.get(name) ?? [],
    nameOf,
    circleOf: (name) => circles.get(name) ?? [],
  };
}

/** A proxy before a proxy is told as what stands behind both; a circle of proxies is told as it stands. */
function contraction(fronts: readonly { readonly proxy: string; readonly node: string }[]): (name: string) => string {
  const behind = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const { proxy, node } of fronts) {
    if (behind.has(proxy) && behind.get(proxy) !== node) ambiguous.add(proxy);
    behind.set(proxy, node);
  }
  return (name) => {
    const seen = new Set<string>();
    let at = name;
    for (let next = behind.get(at); next !== undefined && !ambiguous.has(at); next = behind.get(at)) {
      if (seen.has(at)) return name;
      seen.add(at);
      at = next;
    }
    return at;
  };
}

function neighbours(names: Iterable<string>): Map<string, Set<string>> {
  return new Map([...names].map((name) => [name, new Set<string>()]));
}

function inOrder(lists: ReadonlyMap<string, ReadonlySet<string>>): Map<string, readonly string[]> {
  return new Map([...lists].map(([name, list]) => [name, [...list].sort(compareText)]));
}

/** Strongly connected components (Tarjan, without recursion: a chain may be thousands long). */
function circlesOf(
  names: readonly string[],
  calleesOf: (name: string) => readonly string[],
): Map<string, readonly string[]> {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const circles = new Map<string, readonly string[]>();
  function enter(name: string): { readonly name: string; next: number } {
    order.set(name, order.size);
    low.set(name, order.size - 1);
    open.push(name);
    isOpen.add(name);
    return { name, next: 0 };
  }
  function lower(name: string, value: number | undefined): void {
    if (value !== undefined) low.set(name, Math.min(low.get(name) ?? value, value));
  }
  function close(name: string): void {
    const members = open.splice(open.lastIndexOf(name)).sort(compareText);
    for (const member of members) {
      isOpen.delete(member);
      if (members.length > 1) circles.set(member, members);
    }
  }
  for (const start of names) {
    if (order.has(start)) continue;
    const trail = [enter(start)];
    for (let at = trail.at(-1); at !== undefined; at = trail.at(-1)) {
      const callee = calleesOf(at.name)[at.next];
      at.next += 1;
      if (callee === undefined) {
        trail.pop();
        if (low.get(at.name) === order.get(at.name)) close(at.name);
        const parent = trail.at(-1);
        if (parent) lower(parent.name, low.get(at.name));
      } else if (!order.has(callee)) trail.push(enter(callee));
      else if (isOpen.has(callee)) lower(at.name, order.get(callee));
    }
  }
  return circles;
}

/** The shortest ways from one node: fewest steps, then by name. */
export interface Ways {
  /** The start first; undefined: no way leads there. */
  readonly to: (name: string) => readonly string[] | undefined;
  readonly has: (name: string) => boolean;
  /** The start first, nearest first. */
  readonly names: readonly string[];
}

/** To everything that `from` depends on, directly or not. */
export function waysFrom(graph: DependencyGraph, from: string): Ways {
  return ways(from, (name) => graph.calleesOf(name));
}

/** To everything that depends on `of`, directly or not. `isPassable`: whether damage can go on from there. */
export function waysUpFrom(graph: DependencyGraph, of: string, isPassable: (name: string) => boolean): Ways {
  return ways(of, (name) => (name === of || isPassable(name) ? graph.callersOf(name) : []));
}

function ways(from: string, nextOf: (name: string) => readonly string[]): Ways {
  const before = new Map<string, string | undefined>([[from, undefined]]);
  for (const name of before.keys()) for (const next of nextOf(name)) if (!before.has(next)) before.set(next, name);
  return {
    has: (name) => before.has(name),
    names: [...before.keys()],
    to(name) {
      if (!before.has(name)) return undefined;
      const way: string[] = [];
      for (let at: string | undefined = name; at !== undefined; at = before.get(at)) way.push(at);
      return way.reverse();
    },
  };
}
