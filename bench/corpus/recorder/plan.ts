/** Which cases are played: several of each template, different in what a seed decides, under names that hint at nothing. */
import type { FaultTemplate, Variant } from '../template.ts';
import { between, pick, type Random, seeded, shuffled, wholeBetween } from './random.ts';

/** What is missing from what was recorded, on purpose. */
export const EVIDENCE_TRAITS = [
  'no-logs',
  'rotated-logs',
  'no-repository',
  'no-dependencies',
  'shallow',
  'no-baseline',
] as const;
export type EvidenceTrait = (typeof EVIDENCE_TRAITS)[number];

/** Where the services are said to run: each in a container of its own, or all on one host. */
export type Setting = 'containers' | 'host';

export interface CasePlan {
  /** `c-0001`. */
  readonly id: string;
  readonly template: FaultTemplate;
  readonly seed: number;
  readonly magnitude: Variant['magnitude'];
  readonly traffic: Variant['traffic'];
  /** From the last deploy before the onset (the guilty one, or the decoy) to the onset, in stretched minutes. */
  readonly minutesToOnset: number;
  /** A harmless commit is deployed shortly before a fault that no commit made. */
  readonly isDecoy: boolean;
  readonly missing: EvidenceTrait | undefined;
  readonly setting: Setting;
  /** Beside 1: how much longer or shorter than the template's the baseline is, so that no onset lies at a fixed offset. */
  readonly baselineFactor: number;
}

export const DEFAULT_SEED = 20_260_311;
/** As many as 15 MB hold. With few templates each is played in many variants, with many in few. */
const CASES_WANTED = 144;
/** Where nothing is wrong: at least 15 % is asked for, and a few may not be confirmed by an alert. */
const NOTHING_WRONG_SHARE = 0.175;
/** Asked for: at least 15 %. */
const MISSING_SHARE = 0.22;
/** Asked for: at least 20 % of all cases, and only those without a guilty commit can have one. */
const DECOY_SHARE_OF_INNOCENT = 0.55;
const LEVELS = ['low', 'middle', 'high'] as const;
const LONGEST_MINUTES_TO_ONSET = 60;

/** All cases of the corpus, in the order of their names. The same templates and seed give the same plan. */
export function planCases(templates: readonly FaultTemplate[], seed: number): CasePlan[] {
  const random = seeded('plan', seed);
  const wanted = [
    ...variants(
      random,
      templates.filter((template) => !isCalm(template)),
      CASES_WANTED * (1 - NOTHING_WRONG_SHARE),
    ),
    ...variants(random, templates.filter(isCalm), CASES_WANTED * NOTHING_WRONG_SHARE),
  ];
  const innocent = wanted.filter(({ template }) => !template.culprit);
  const decoys = chosen(random, innocent, DECOY_SHARE_OF_INNOCENT);
  const missing = new Map(
    [...chosen(random, wanted, MISSING_SHARE)].map((one, index) => [
      one,
      EVIDENCE_TRAITS[index % EVIDENCE_TRAITS.length],
    ]),
  );
  return shuffled(random, wanted).map((one, index) => {
    const own = seeded('case', seed, one.template.id, one.index);
    return {
      id: `c-${String(index + 1).padStart(4, '0')}`,
      template: one.template,
      seed: wholeBetween(own, 1, 2 ** 31),
      magnitude: levelAt(one.level),
      traffic: levelAt(one.level + Math.floor(one.level / LEVELS.length) + 1),
      minutesToOnset: minutesToOnset(own),
      isDecoy: decoys.has(one),
      missing: missing.get(one),
      setting: pick(own, ['containers', 'host'] as const),
      baselineFactor: between(own, 0.85, 1.3),
    };
  });
}

function isCalm({ kind }: FaultTemplate): boolean {
  return kind === 'none';
}

interface Wanted {
  readonly template: FaultTemplate;
  /** Which of its template's variants this is. */
  readonly index: number;
  /** Counts through all of them, so that the levels take turns. */
  readonly level: number;
}

/** Spread evenly; which templates have one more is decided by chance. */
function variants(random: Random, templates: readonly FaultTemplate[], total: number): Wanted[] {
  const order = shuffled(random, templates);
  const each = Math.max(1, Math.floor(total / order.length));
  const more = Math.max(0, Math.round(total) - each * order.length);
  const counts = order.map((_template, rank) => each + (rank < more ? 1 : 0));
  let level = 0;
  return order.flatMap((template, rank) =>
    Array.from({ length: counts[rank] ?? each }, (_none, index) => ({ template, index, level: level++ })),
  );
}

function levelAt(index: number): Variant['magnitude'] {
  return LEVELS[index % LEVELS.length] ?? 'middle';
}

export function variantOf(plan: CasePlan): Variant {
  return { seed: plan.seed, random: seeded('variant', plan.seed), magnitude: plan.magnitude, traffic: plan.traffic };
}

function chosen<T>(random: Random, items: readonly T[], share: number): Set<T> {
  return new Set(shuffled(random, items).slice(0, Math.ceil(items.length * share)));
}

/** 1 to 60, small ones more often: most faults show soon after the deploy. */
export function minutesToOnset(random: Random): number {
  return 1 + (LONGEST_MINUTES_TO_ONSET - 1) * random() ** 2;
}
