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

function linesWith(tree: Tree, { file, marker }: Culprit): number {
  return (tree.get(file) ?? '').split('\n').filter((line) => line.includes(marker)).length;
}

function expectToParse(tree: Tree): void {
  for (const [path, text] of tree) {
    if (path.endsWith('.ts')) expect(() => stripTypeScriptTypes(text), path).not.toThrow();
    if (path.endsWith('.json')) expect(() => JSON.parse(text), path).not.toThrow();
  }
}

describe.each(SERVICES)('$name', (service) => {
  test('has at least ten harmless changes, each of which changes something, and all that results parses', () => {
    expect(service.changes.length).toBeGreaterThanOrEqual(10);
    let tree = service.beginning();
    for (const { message, change } of service.changes) {
      const next = change(tree);
      expect([...next], message).not.toEqual([...tree]);
      expectToParse(next);
      tree = next;
    }
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
        expectToParse(tree);
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
  for (const template of typescriptTemplates) {
    expect(template.services, template.id).toContain(template.service);
    expect(template.services, template.id).toContain(template.alerting);
    const own = Object.fromEntries(Object.entries(addresses).filter(([name]) => isIn(template, name)));
    const { requests, requestsPerSecond } = template.traffic({ addresses: own }, variant(4));
    expect(requests.length, template.id).toBeGreaterThan(20);
    expect(requestsPerSecond).toBeGreaterThan(1);
    const targets = new Set(requests.map(({ url }) => new URL(url).hostname));
    expect(
      [...targets].every((name) => isIn(template, name)),
      template.id,
    ).toBe(true);
  }
});

function isIn({ services }: FaultTemplate, name: string): boolean {
  return services.some((service) => service === name);
}

test('ids are unique, and each template says either a class or that nothing is wrong', () => {
  expect(new Set(typescriptTemplates.map(({ id }) => id)).size).toBe(typescriptTemplates.length);
  expect(typescriptTemplates.length).toBeGreaterThanOrEqual(16);
  for (const { kind, class: faultClass, culprit } of typescriptTemplates) {
    expect(faultClass === null).toBe(kind === 'none');
    if (culprit) expect(['code', 'config']).toContain(kind);
  }
});
