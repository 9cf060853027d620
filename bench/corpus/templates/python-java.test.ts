import { describe, expect, test } from 'vitest';
import type { Tree } from '../../../demo/repository.ts';
import { seeded } from '../recorder/random.ts';
import { ledger } from '../services/ledger.ts';
import { orders } from '../services/orders.ts';
import type { Change, Culprit, FaultTemplate, ServiceDefinition, ServiceName, Variant } from '../template.ts';
import { templates } from './all.ts';
import { pythonJavaTemplates } from './all-python-java.ts';

const SERVICES: readonly ServiceDefinition[] = [orders, ledger];
const BEGINNINGS = new Map(SERVICES.map((service) => [service.name, service.beginning()]));
const SEEDS = [1, 2, 3];
/** What a message says only when somebody knows how it will end. */
const TELLING =
  /\b(?:bug|break|broken|fault|leak|wrong|fail|crash|deadlock|exhaust|inject|incident|slow|n\+1|regress)/i;

const guilty = pythonJavaTemplates.flatMap((template) => {
  const { culprit } = template;
  return culprit === undefined ? [] : SEEDS.map((seed) => ({ template, seed, culprit }));
});

describe.each(SERVICES)('the history of $name', (service) => {
  const { changes } = service;

  test('is long enough, and each change applies after those before it and changes something', () => {
    expect(changes.length).toBeGreaterThanOrEqual(10);
    let tree = service.beginning();
    for (const change of changes) {
      const next = change.change(tree);
      expect([...next]).not.toEqual([...tree]);
      tree = next;
    }
  });

  test('says what was done and never how it ends', () => {
    for (const { message } of changes) expect(message).not.toMatch(TELLING);
  });
});

test.each(guilty.map((one) => [`${one.template.id}, seed ${one.seed}`, one] as const))(
  'the guilty change of %s applies anywhere in the history, and what comes after it leaves its one line marked',
  (_name, { template, seed, culprit }) => {
    const change = culprit.change(variantOf(template, seed));
    expect(change.message).not.toMatch(TELLING);
    const { changes } = definitionOf(change.service);
    const beginning = beginningOf(change.service);
    for (const before of [0, 4, changes.length]) {
      const earlier = applied(beginning, changes.slice(0, before));
      expect(linesMarked(earlier, change), 'before the change').toBe(0);
      const broken = change.change(earlier);
      expect(linesMarked(broken, change), 'after the change').toBe(1);
      expect(linesMarked(applied(broken, changes.slice(before)), change), 'at the end').toBe(1);
    }
  },
);

test('the cause sits in the service whose change is guilty', () => {
  for (const { template, seed, culprit } of guilty)
    expect(culprit.change(variantOf(template, seed)).service).toBe(template.service);
});

test('names are unique, and no source, message or setting holds one', () => {
  const ids = templates.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const shown = [
    ...SERVICES.flatMap((service) => [...beginningOf(service.name).values()]),
    ...guilty.map(textOfChange),
  ];
  for (const id of ids) for (const text of shown) expect(text).not.toContain(id);
});

test('the same seed asks for the same, another one for something else', () => {
  const addresses = { orders: 'http://127.0.0.1:1', ledger: 'http://127.0.0.1:2' };
  for (const template of pythonJavaTemplates) {
    const planned = (seed: number) => template.traffic({ addresses }, variantOf(template, seed));
    expect(planned(1)).toEqual(planned(1));
    expect(planned(1)).not.toEqual(planned(2));
  }
});

test('at least twenty classes of fault, about half of the faults by a commit, and three alerts for nothing', () => {
  const faults = pythonJavaTemplates.filter(({ kind }) => kind !== 'none');
  expect(new Set(faults.map((template) => template.class)).size).toBeGreaterThanOrEqual(20);
  expect(pythonJavaTemplates.length - faults.length).toBeGreaterThanOrEqual(3);
  const byCommit = faults.filter(({ culprit }) => culprit !== undefined).length / faults.length;
  expect(byCommit).toBeGreaterThan(0.4);
  expect(byCommit).toBeLessThan(0.65);
});

function variantOf({ id }: FaultTemplate, seed: number): Variant {
  return { seed, random: seeded('test', id, seed), magnitude: 'middle', traffic: 'middle' };
}

function definitionOf(name: string): ServiceDefinition {
  const found = SERVICES.find((service) => service.name === name);
  if (found === undefined) throw new Error(`${name} is neither orders nor ledger`);
  return found;
}

function beginningOf(name: ServiceName): Tree {
  return BEGINNINGS.get(name) ?? new Map();
}

function applied(tree: Tree, changes: readonly Change[]): Tree {
  let next = tree;
  for (const { change } of changes) next = change(next);
  return next;
}

function linesMarked(tree: Tree, { file, marker }: Culprit): number {
  return (tree.get(file) ?? '').split('\n').filter((line) => line.includes(marker)).length;
}

function textOfChange({ template, seed, culprit }: (typeof guilty)[number]): string {
  const change = culprit.change(variantOf(template, seed));
  const tree = change.change(beginningOf(change.service));
  return `${change.message}\n${[...tree].flat().join('\n')}`;
}
