/**
 * Whose code only suffering requests run through: what they reach by calls, as far as names tell, held against what healthy
 * ones reach (spectrum-based localisation, over the static graph of calls instead of a run).
 */
import type { CodeExcerpt } from '../../domain/telemetry.ts';
import { entryOf } from './entries.ts';
import type { RequestsByOutcome } from './requests.ts';
import { type Unit, unitAt, unitsOf } from './units.ts';

export interface Spectrum {
  /** 1: all suffering requests run through the line, and no healthy one; 0: only healthy ones do; undefined: none, or not known. */
  readonly at: (path: string, line: number) => number | undefined;
  /** The same for all code that names a setting; the greatest. */
  readonly naming: (name: string) => number | undefined;
}

/** A name that so many units have tells nobody apart. */
const MOST_OF_NAME = 3;

/** undefined: there are not both kinds of requests, or nobody knows where they enter. */
export function spectrumOf(
  { suffering, healthy }: RequestsByOutcome,
  sources: readonly CodeExcerpt[],
): Spectrum | undefined {
  const graph = graphOf(sources);
  const reachedBy = (requests: readonly string[]) =>
    requests.flatMap((request) => {
      const entry = entryOf(request, sources);
      return entry ? [reachedFrom(entry.names, entry.unit, graph)] : [];
    });
  const [bad, good] = [reachedBy(suffering), reachedBy(healthy)];
  if (bad.length === 0 || good.length === 0) return undefined;
  const ochiai = (unit: Unit): number | undefined => {
    const [inBad, inGood] = [bad, good].map((sets) => sets.filter((set) => set.has(unit)).length);
    if (!inBad) return inGood ? 0 : undefined;
    // Ochiai's coefficient.
    return inBad / Math.sqrt(bad.length * (inBad + (inGood ?? 0)));
  };
  return {
    at: (path, line) => {
      const source = sources.find((each) => each.path === path);
      const unit = source && unitAt(unitsOf(source), line);
      return unit && ochiai(unit);
    },
    naming: (name) => {
      const values = graph.all.filter(({ uses }) => uses.has(name)).flatMap((unit) => ochiai(unit) ?? []);
      return values.length === 0 ? undefined : Math.max(...values);
    },
  };
}

interface Graph {
  readonly all: readonly Unit[];
  readonly named: ReadonlyMap<string, readonly Unit[]>;
  /** What a class does as it is made. */
  readonly constructors: ReadonlyMap<Unit | undefined, readonly Unit[]>;
}

function graphOf(sources: readonly CodeExcerpt[]): Graph {
  const all = sources.flatMap((source) => unitsOf(source));
  return {
    all,
    named: Map.groupBy(all, ({ name }) => name),
    constructors: Map.groupBy(all.filter(isConstructor), ({ outer }) => outer),
  };
}

function reachedFrom(names: ReadonlySet<string>, first: Unit | undefined, { named, constructors }: Graph): Set<Unit> {
  const reached = new Set<Unit>();
  const waiting = [...(first ? [first] : []), ...[...names].flatMap((name) => unitsNamed(name, undefined, named))];
  for (let unit = waiting.pop(); unit; unit = waiting.pop()) {
    if (reached.has(unit)) continue;
    reached.add(unit);
    const { path } = unit;
    for (const name of unit.uses) waiting.push(...unitsNamed(name, path, named));
    waiting.push(...(constructors.get(unit) ?? []));
  }
  return reached;
}

function unitsNamed(name: string, path: string | undefined, named: Graph['named']): readonly Unit[] {
  const units = named.get(name) ?? [];
  return units.length <= MOST_OF_NAME ? units : units.filter((unit) => unit.path === path);
}

function isConstructor({ name, outer }: Unit): boolean {
  return name === 'constructor' || name === '__init__' || name === outer?.name;
}
