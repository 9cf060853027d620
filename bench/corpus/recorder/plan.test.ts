import { expect, test } from 'vitest';
import { services } from '../services/all.ts';
import { templates } from '../templates/all.ts';
import { compose } from './compose.ts';
import { definitionsFor } from './definitions.ts';
import { DEFAULT_SEED, EVIDENCE_TRAITS, planCases } from './plan.ts';

const plans = planCases(templates, DEFAULT_SEED);
const composed = plans.map((plan) => ({ plan, history: compose(plan, definitionsFor(plan.template, services)) }));

function share(count: number): number {
  return count / plans.length;
}

test.each(services.map((service) => ({ service, name: service.name })))(
  '$name: each harmless change applies after those before it, and changes something',
  ({ service }) => {
    let tree = service.beginning();
    expect(service.changes.length).toBeGreaterThanOrEqual(10);
    for (const { message, change } of service.changes) {
      const next = change(tree);
      expect([...next], message).not.toEqual([...tree]);
      tree = next;
    }
  },
);

test.each([DEFAULT_SEED + 1, DEFAULT_SEED + 2])('with seed %i every case can be composed', (seed) => {
  for (const plan of planCases(templates, seed)) {
    expect(() => compose(plan, definitionsFor(plan.template, services)), plan.template.id).not.toThrow();
  }
});

test('a history has 15 to 40 commits, by several people, over at least some days', () => {
  for (const { plan, history } of composed) {
    expect(history.history.length, plan.id).toBeGreaterThanOrEqual(15);
    expect(history.history.length, plan.id).toBeLessThanOrEqual(40);
    expect(new Set(history.history.map(({ author }) => author.name)).size).toBeGreaterThanOrEqual(3);
    expect(history.history[0]?.hoursAgo, plan.id).toBeGreaterThan(48);
  }
});

test('commits are in order, none lies after the onset, and none is deployed before it is made', () => {
  for (const { plan, history } of composed) {
    const hours = history.history.map(({ hoursAgo }) => hoursAgo);
    expect(hours, plan.id).toEqual(hours.toSorted((left, right) => right - left));
    expect(hours.at(-1)).toBeGreaterThan(0);
    for (const { index, minutesBefore } of [...history.initial, ...history.played])
      expect((hours[index] ?? 0) * 60, plan.id).toBeGreaterThan(minutesBefore);
  }
});

test('the guilty change runs at the onset and not before its deploy; innocent cases have none', () => {
  for (const { plan, history } of composed) {
    const { guilty, initial, played } = history;
    expect(guilty !== undefined, plan.template.id).toBe(plan.template.culprit !== undefined);
    if (!guilty) continue;
    const own = [...initial, ...played].filter(({ service }) => service === guilty.culprit.service);
    expect(own.at(-1)?.index, plan.template.id).toBeGreaterThanOrEqual(guilty.index);
    for (const earlier of own.slice(0, -1)) expect(earlier.index, plan.template.id).toBeLessThan(guilty.index);
    expect(guilty.culprit.service).toBe(plan.template.service);
  }
});

test('the guilty commit is not always the last one, nor its deploy the newest', () => {
  const guilty = composed.filter(({ history }) => history.guilty);
  if (guilty.length === 0) return;
  const last = guilty.filter(({ history }) => history.guilty?.index === history.history.length - 1);
  expect(last.length / guilty.length).toBeLessThan(0.35);
  const latent = guilty.filter(({ plan }) => plan.template.culprit?.when === 'latent');
  const newest = latent.filter(({ history }) => history.played.at(-1)?.service === history.guilty?.culprit.service);
  expect(newest.length / Math.max(1, latent.length)).toBeLessThan(0.8);
});

test('the shares that are asked for: innocent, nothing wrong, decoys, evidence missing', () => {
  expect(plans.length).toBeGreaterThanOrEqual(120);
  expect(share(plans.filter(({ template }) => !template.culprit).length)).toBeGreaterThanOrEqual(0.4);
  expect(share(plans.filter(({ template }) => template.kind === 'none').length)).toBeGreaterThanOrEqual(0.15);
  expect(share(plans.filter(({ isDecoy }) => isDecoy).length)).toBeGreaterThanOrEqual(0.2);
  expect(share(plans.filter(({ missing }) => missing).length)).toBeGreaterThanOrEqual(0.15);
  for (const trait of EVIDENCE_TRAITS) expect(plans.map(({ missing }) => missing)).toContain(trait);
});

test('at least 24 templates, each played, each under a name of its own', () => {
  expect(templates.length).toBeGreaterThanOrEqual(24);
  expect(new Set(templates.map(({ id }) => id)).size).toBe(templates.length);
  expect(new Set(plans.map(({ template }) => template.id)).size).toBe(templates.length);
  expect(new Set(plans.map(({ seed }) => seed)).size).toBe(plans.length);
});

test('magnitudes and paces take turns', () => {
  for (const level of ['low', 'middle', 'high']) {
    expect(share(plans.filter(({ magnitude }) => magnitude === level).length)).toBeGreaterThan(0.3);
    expect(share(plans.filter(({ traffic }) => traffic === level).length)).toBeGreaterThan(0.3);
  }
});

test('names of cases follow neither templates nor kinds: neighbours are of one template no more often than by chance', () => {
  const neighbours = plans.slice(1).filter(({ template }, index) => template === plans[index]?.template);
  expect(share(neighbours.length)).toBeLessThan(0.15);
});

test('messages, files and branches do not tell: no word of a template stands in a history alone where it is guilty', () => {
  const telling = /\b(?:bug|break|broken|leak|fault|inject|crash|regression|culprit|oom|deadlock)/i;
  for (const { plan, history } of composed) {
    for (const { message } of history.history) {
      expect(message, plan.template.id).not.toMatch(telling);
      expect(message.toLowerCase()).not.toContain(plan.template.id);
    }
    const tree = history.trees.at(-1) ?? new Map<string, string>();
    for (const [path, text] of tree) {
      expect(path, plan.template.id).not.toMatch(telling);
      expect(text, path).not.toContain(plan.template.id);
    }
  }
});
