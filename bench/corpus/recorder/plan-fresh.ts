/** Cases of the later templates. Each is decided by itself, so that a template can be added without renaming any case. */
import type { FaultTemplate, Variant } from '../template.ts';
import { templates } from '../templates/all.ts';
import { LATER_PARTS } from '../templates/every.ts';
import { type CasePlan, EVIDENCE_TRAITS, minutesToOnset, planCases } from './plan.ts';
import { between, pick, seeded, wholeBetween } from './random.ts';

const VARIANTS = 2;
/** Beyond those of the first plan; in no order, so that a name says nothing. */
const FIRST_NUMBER = 145;
const LAST_NUMBER = 9_999;
const DECOY_SHARE = 0.5;
const MISSING_SHARE = 0.2;
const LEVELS = ['low', 'middle', 'high'] as const;

/** The first variant of every template, then the second of every template. `taken`: numbers of other plans; it grows. */
export function planFresh(fresh: readonly FaultTemplate[], seed: number, taken = new Set<number>()): CasePlan[] {
  return Array.from({ length: VARIANTS }, (_none, index) =>
    fresh.map((template) => planOf(template, index, seed, taken)),
  ).flat();
}

/** Of all plans. */
export function allCases(seed: number): CasePlan[] {
  const taken = new Set<number>();
  return [...planCases(templates, seed), ...Object.values(LATER_PARTS).flatMap((part) => planFresh(part, seed, taken))];
}

function planOf(template: FaultTemplate, index: number, seed: number, taken: Set<number>): CasePlan {
  const both = seeded('fresh', seed, template.id);
  const level = wholeBetween(both, 0, 2);
  const pace = wholeBetween(both, 0, 2);
  const own = seeded('fresh', seed, template.id, index);
  let number = wholeBetween(own, FIRST_NUMBER, LAST_NUMBER);
  while (taken.has(number)) number += 1;
  taken.add(number);
  return {
    id: `c-${String(number).padStart(4, '0')}`,
    template,
    seed: wholeBetween(own, 1, 2 ** 31),
    magnitude: levelAt(level + index),
    traffic: levelAt(pace + index),
    minutesToOnset: minutesToOnset(own),
    isDecoy: template.culprit === undefined && own() < DECOY_SHARE,
    missing: own() < MISSING_SHARE ? pick(own, EVIDENCE_TRAITS) : undefined,
    setting: pick(own, ['containers', 'host'] as const),
    baselineFactor: between(own, 0.85, 1.3),
  };
}

function levelAt(index: number): Variant['magnitude'] {
  return LEVELS[index % LEVELS.length] ?? 'middle';
}
