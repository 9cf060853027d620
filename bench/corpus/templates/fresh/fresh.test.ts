import { stripTypeScriptTypes } from 'node:module';
import { expect, test } from 'vitest';
import type { Tree } from '../../../../demo/repository.ts';
import { compose } from '../../recorder/compose.ts';
import { definitionsFor } from '../../recorder/definitions.ts';
import { DEFAULT_SEED } from '../../recorder/plan.ts';
import { planFresh } from '../../recorder/plan-fresh.ts';
import { services } from '../../services/all.ts';
import { everyTemplate, LATER_PARTS } from '../every.ts';
import { freshTemplates } from './all.ts';

const TELLING =
  /\b(?:bugs?|break|broken|wrong|leak|fault|fails?|crash|inject|slow|bad|n\+1|missing|deadlock|exhaust|incident|regress|oom)/i;
const plans = planFresh(freshTemplates, DEFAULT_SEED);

test('every template has a name of its own, and is of a class or of none', () => {
  const ids = everyTemplate.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const odd = freshTemplates.filter(
    ({ kind, class: faultClass, culprit }) =>
      (faultClass === null) !== (kind === 'none') || (culprit !== undefined && kind !== 'code' && kind !== 'config'),
  );
  expect(odd.map(({ id }) => id)).toEqual([]);
  expect(new Set(freshTemplates.map(({ class: faultClass }) => faultClass)).size).toBeGreaterThanOrEqual(20);
});

test('every case has a name of its own beyond the first plan, and keeps it when templates come or go', () => {
  const ids = plans.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^c-\d{4}$/.test(id) && Number(id.slice(2)) > 144)).toBe(true);
  const fewer = planFresh(freshTemplates.slice(3), DEFAULT_SEED);
  const kept = new Map(plans.map((plan) => [`${plan.template.id} ${plan.magnitude}`, plan.id]));
  for (const plan of fewer) expect(kept.get(`${plan.template.id} ${plan.magnitude}`)).toBe(plan.id);
});

test('enough cases have no guilty commit, a decoy, evidence that is missing; both variants differ', () => {
  const share = (count: number) => count / plans.length;
  expect(share(plans.filter(({ template }) => !template.culprit).length)).toBeGreaterThanOrEqual(0.3);
  expect(share(plans.filter(({ isDecoy }) => isDecoy).length)).toBeGreaterThanOrEqual(0.1);
  expect(share(plans.filter(({ missing }) => missing).length)).toBeGreaterThanOrEqual(0.1);
  for (const { id } of freshTemplates) {
    const own = plans.filter(({ template }) => template.id === id);
    expect(new Set(own.map(({ magnitude }) => magnitude)).size).toBe(own.length);
  }
});

test.each([DEFAULT_SEED, DEFAULT_SEED + 1])(
  'with seed %i every guilty change applies, marks one line, parses, and says nothing of how it ends',
  (seed) => {
    for (const plan of planFresh(Object.values(LATER_PARTS).flat(), seed)) {
      const { id } = plan.template;
      const { guilty, trees } = compose(plan, definitionsFor(plan.template, services));
      expect(guilty !== undefined, id).toBe(plan.template.culprit !== undefined);
      expect(guilty?.culprit.message ?? '', id).not.toMatch(TELLING);
      const last = trees.at(-1) ?? new Map<string, string>();
      expect(unreadable(last), id).toEqual([]);
      for (const [path, text] of last) expect(text.includes(id), path).toBe(false);
    }
  },
);

function unreadable(tree: Tree): string[] {
  return [...tree].flatMap(([path, text]) => {
    try {
      if (path.endsWith('.ts')) stripTypeScriptTypes(text);
      if (path.endsWith('.json')) JSON.parse(text);
      return [];
    } catch {
      return [path];
    }
  });
}
