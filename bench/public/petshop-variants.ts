/** All cases of PetShop have the same culprit, so a constant answer would be always right: these show that ours is none. */
import { z } from 'zod';
import { rankingOf, readShopCases, type ShopCase } from './petshop-case.ts';
import type { Predictions, PublicVariant } from './public-set.ts';

const Answer = z.object({ root_cause: z.object({ node: z.string() }) });
const PERMUTATIONS = 5;

export const permutedNames: PublicVariant = {
  name: 'top1_names_permuted',
  says: 'each node bears the name of another one',
  atLeast: 0.9,
  async predict(folder) {
    const shops = readShopCases(folder);
    return Array.from({ length: PERMUTATIONS }, (_, run) => predictPermuted(shops, run + 1));
  },
};

export const movedFault: PublicVariant = {
  name: 'top1_fault_moved',
  says: "the culprit's series and those of another direct callee of the alerting node change places",
  atLeast: 0.9,
  async predict(folder, answerOf) {
    const shops = readShopCases(folder);
    const culprits = new Map([...shops.keys()].map((id) => [id, Answer.parse(answerOf(id)).root_cause.node]));
    const mostPlaces = Math.max(...[...shops].map(([id, shop]) => placesFor(shop, culprits.get(id)).length));
    return Array.from({ length: mostPlaces }, (_, run) =>
      Object.fromEntries([...shops].map(([id, shop]) => [id, predictMoved(shop, culprits.get(id), run)])),
    );
  },
};

function predictMoved(shop: ShopCase, culprit: string | undefined, run: number): string[] {
  const places = placesFor(shop, culprit);
  const swapped = swap(culprit, places[run % places.length]);
  const { now, usual } = shop;
  return rankingOf({ ...shop, now: renamed(now, swapped), usual: renamed(usual, swapped) }).map(swapped);
}

/** The other nodes that the alerting one calls and that are measured at all. */
function placesFor({ alert, graph, now }: ShopCase, culprit: string | undefined): string[] {
  return graph.edges
    .flatMap(([caller, callee]) => (caller === alert.target.node && callee !== culprit ? [callee] : []))
    .filter((callee) =>
      now
        .get(callee)
        ?.values()
        .some((values) => values.some((value) => value !== undefined)),
    );
}

function swap(a: string | undefined, b: string | undefined): (name: string) => string {
  return (name) => (a === undefined || b === undefined ? name : name === a ? b : name === b ? a : name);
}

function predictPermuted(shops: ReadonlyMap<string, ShopCase>, seed: number): Predictions {
  return Object.fromEntries(
    [...shops].map(([id, shop]) => {
      const names = shuffledNames(shop.graph.nodes, seed);
      const back = new Map([...names].map(([from, to]) => [to, from]));
      return [id, rankingOf(withNames(shop, (name) => names.get(name) ?? name)).map((name) => back.get(name) ?? name)];
    }),
  );
}

function withNames({ alert, graph, seconds, now, usual }: ShopCase, nameOf: (name: string) => string): ShopCase {
  return {
    alert: { ...alert, target: { ...alert.target, node: nameOf(alert.target.node) } },
    graph: {
      nodes: graph.nodes.map(nameOf),
      edges: graph.edges.map(([caller, callee]) => [nameOf(caller), nameOf(callee)]),
    },
    seconds,
    now: renamed(now, nameOf),
    usual: renamed(usual, nameOf),
  };
}

function renamed<T>(columns: ReadonlyMap<string, T>, nameOf: (name: string) => string): ReadonlyMap<string, T> {
  return new Map([...columns].map(([name, values]) => [nameOf(name), values]));
}

/** A permutation that is the same on every machine (Fisher–Yates over a linear congruential generator). */
function shuffledNames(names: readonly string[], seed: number): ReadonlyMap<string, string> {
  const shuffled = [...names];
  let state = seed;
  for (let index = shuffled.length - 1; index > 0; index -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (index + 1));
    [shuffled[index], shuffled[other]] = [shuffled[other] ?? '', shuffled[index] ?? ''];
  }
  return new Map(names.map((name, index) => [name, shuffled[index] ?? name]));
}
