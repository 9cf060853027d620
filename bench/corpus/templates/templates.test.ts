import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { Tree } from '../../../demo/repository.ts';
import { mongoApiService } from '../services/mongo-api-service.ts';
import { storefront } from '../services/storefront.ts';
import { weatherApp1 } from '../services/weather-app1.ts';
import type { Culprit, FaultTemplate, Variant } from '../template.ts';
import { typescriptTemplates } from './all-typescript.ts';

const SERVICES = [storefront, weatherApp1, mongoApiService];
const LEVELS = ['low', 'middle', 'high'] as const;
const TELLING =
  /\b(?:bugs?|breaks?|broken|wrong|leaks?|faults?|fails?|crash\w*|inject\w*|slow|bad|n\+1|missing|unbounded|catastrophic|poison)\b/i;

function variant(seed: number): Variant {
  let state = seed;
  return {
    seed,
    random: () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    },
    magnitude: LEVELS[seed % 3] ?? 'middle',
    traffic: LEVELS[(seed + 1) % 3] ?? 'middle',
  };
}

function treeAfter(service: (typeof SERVICES)[number], changes: number): Tree {
  let tree = service.beginning();
  for (const { change } of service.changes.slice(0, changes)) tree = change(tree);
  return tree;
}

function isSame(left: Tree, right: Tree): boolean {
  return left.size === right.size && [...left].every(([path, text]) => right.get(path) === text);
}

function linesWith(tree: Tree, { file, marker }: Culprit): number {
  return (tree.get(file) ?? '').split('\n').filter((line) => line.includes(marker)).length;
}

/** Most files are the same in every tree. */
const parsed = new Set<string>();

/** The paths of what does not parse. */
function unreadable(tree: Tree): string[] {
  const found: string[] = [];
  for (const [path, text] of tree) {
    if (parsed.has(text)) continue;
    try {
      if (path.endsWith('.ts')) stripTypeScriptTypes(text);
      if (path.endsWith('.json')) JSON.parse(text);
      parsed.add(text);
    } catch {
      found.push(path);
    }
  }
  return found;
}

describe.each(SERVICES)('$name', (service) => {
  test('has at least ten harmless changes, each of which changes something, and all that results parses', () => {
    expect(service.changes.length).toBeGreaterThanOrEqual(10);
    const idle: string[] = [];
    let tree = service.beginning();
    for (const { message, change } of service.changes) {
      const next = change(tree);
      if (isSame(next, tree)) idle.push(message);
      expect(unreadable(next)).toEqual([]);
      tree = next;
    }
    expect(idle).toEqual([]);
    expect([...tree.keys()].every((path) => path.startsWith(`${service.folder}/`))).toBe(true);
  });
});

const guilty = typescriptTemplates.filter(({ culprit }) => culprit !== undefined);

test.each(guilty)(
  '$id: the guilty change applies anywhere in the history, marks one line, and all parses',
  (template) => {
    for (const seed of [1, 2, 3]) {
      const culprit = template.culprit!.change(variant(seed));
      const service = SERVICES.find(({ name }) => name === culprit.service)!;
      expect(culprit.message).not.toMatch(TELLING);
      for (const before of [0, Math.floor(service.changes.length / 2), service.changes.length]) {
        const clean = treeAfter(service, before);
        expect(linesWith(clean, culprit)).toBe(0);
        let tree = culprit.change(clean);
        expect(linesWith(tree, culprit)).toBe(1);
        expect(unreadable(tree)).toEqual([]);
        for (const { change } of service.changes.slice(before)) tree = change(tree);
        expect(linesWith(tree, culprit)).toBe(1);
      }
    }
  },
);

test('each template runs the services that it names, and has users for them', () => {
  const addresses = Object.fromEntries(
    ['storefront', 'orders', 'weather-app1', 'mongo-api-service'].map((name) => [name, `http://${name}`]),
  );
  const odd = typescriptTemplates.filter((template) => {
    const own = Object.fromEntries(Object.entries(addresses).filter(([name]) => isIn(template, name)));
    const { requests, requestsPerSecond } = template.traffic({ addresses: own }, variant(4));
    const targets = [...new Set(requests.map(({ url }) => new URL(url).hostname))];
    const isComplete = [template.service, template.alerting, ...targets].every((name) => isIn(template, name));
    return !isComplete || requests.length <= 20 || requestsPerSecond <= 1;
  });
  expect(odd.map(({ id }) => id)).toEqual([]);
});

function isIn({ services }: FaultTemplate, name: string): boolean {
  return services.some((service) => service === name);
}

test('ids are unique, and each template says either a class or that nothing is wrong', () => {
  expect(new Set(typescriptTemplates.map(({ id }) => id)).size).toBe(typescriptTemplates.length);
  expect(typescriptTemplates.length).toBeGreaterThanOrEqual(16);
  const odd = typescriptTemplates.filter(
    ({ kind, class: faultClass, culprit }) =>
      (faultClass === null) !== (kind === 'none') || (culprit !== undefined && kind !== 'code' && kind !== 'config'),
  );
  expect(odd.map(({ id }) => id)).toEqual([]);
});
