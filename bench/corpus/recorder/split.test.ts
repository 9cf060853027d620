import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { templates } from '../templates/all.ts';
import { freshTemplates } from '../templates/fresh/all.ts';
import { laterTemplates } from '../templates/later/all.ts';
import { latestTemplates } from '../templates/latest/all.ts';
import { CORPUS } from './corpus-folder.ts';
import { DEFAULT_SEED, planCases } from './plan.ts';
import { type SplitTemplate, splitTemplates } from './split.ts';

const plans = planCases(templates, DEFAULT_SEED);
const counted: SplitTemplate[] = templates.map((template) => ({
  id: template.id,
  kind: template.kind,
  class: template.class,
  cases: plans.filter((plan) => plan.template.id === template.id).length,
}));

test('every template is on one side, and each side has cases of every kind', () => {
  const { tune, test: tested } = splitTemplates(counted, 7);
  expect([...tune, ...tested].toSorted()).toEqual(counted.map(({ id }) => id).toSorted());
  for (const side of [tune, tested]) {
    const kinds = new Set(counted.filter(({ id }) => side.includes(id)).map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(['code', 'config', 'dependency', 'infrastructure', 'none']);
  }
});

test('at least 50 cases are only tested', () => {
  const { test: tested } = splitTemplates(counted, DEFAULT_SEED);
  const cases = counted.filter(({ id }) => tested.includes(id)).reduce((sum, one) => sum + one.cases, 0);
  expect(cases).toBeGreaterThanOrEqual(50);
});

test('of few cases so many templates are tested that there are 50, but never all', () => {
  const few = Array.from({ length: 6 }, (_none, index) => ({ id: `t${index}`, kind: 'code', class: null, cases: 5 }));
  expect(splitTemplates(few, 1).tune).toHaveLength(1);
});

test('the same seed gives the same split whatever the order of the templates, another seed another one', () => {
  const split = splitTemplates(counted, 3);
  expect(splitTemplates(counted.toReversed(), 3)).toEqual(split);
  expect(splitTemplates(counted, 4).test).not.toEqual(split.test);
});

test('the split of the corpus is that of its templates: those of the later ones are in no other part', () => {
  const split = JSON.parse(readFileSync(join(CORPUS, 'split.json'), 'utf8'));
  expect(split).toEqual({
    ...splitTemplates(counted, DEFAULT_SEED),
    fresh: freshTemplates.map(({ id }) => id).toSorted(),
    later: laterTemplates.map(({ id }) => id).toSorted(),
    latest: latestTemplates.map(({ id }) => id).toSorted(),
  });
});
