/** What may speak for and against a commit, how much each counts, and of which kind of evidence each is. */
import type { CommitEvidence } from '../../domain/commit-evidence.ts';

export const FEATURE_WEIGHTS = {
  blame: 3,
  'hunk-distance': 1.5,
  'file-in-stack': 1.2,
  'definition-changed': 0.6,
  'on-path': 1.2,
  'off-path': -1.2,
  'deploy-proximity': 2,
  'protection-removed': 1.5,
  'class-match': 1.5,
  explains: 1,
  'brings-about': 2.5,
  'token-overlap': 1.5,
  'topic-overlap': 1.5,
  'relied-on': 1.5,
  'removed-symbol': 2,
  'demanded-symbol': 1.5,
  'brought-in': 1.5,
  'setting-named': 1.5,
  'package-named': 2,
  'package-unnamed': -0.6,
  'service-match': 1,
  churn: 1,
  inert: -3,
  history: 0.4,
  recency: 0.6,
  'long-deployed': -1,
  'not-rolled-out': -1,
  'already-ran': -3,
  'common-cause': -1.5,
} as const;
export type FeatureName = keyof typeof FEATURE_WEIGHTS;
export interface Feature {
  readonly name: FeatureName;
  /** 0–1. */
  readonly value: number;
}

export const FEATURE_NAMES: readonly FeatureName[] = Object.keys(FEATURE_WEIGHTS).filter(isFeatureName);

function isFeatureName(name: string): name is FeatureName {
  return Object.hasOwn(FEATURE_WEIGHTS, name);
}

/** 0 where it was not found. */
export function featureValue(features: readonly Feature[], name: FeatureName): number {
  return features.find((feature) => feature.name === name)?.value ?? 0;
}

const FEATURES_OF: Readonly<Record<CommitEvidence, readonly FeatureName[]>> = {
  places: ['blame', 'hunk-distance', 'file-in-stack', 'definition-changed', 'on-path', 'off-path'],
  changes: ['protection-removed', 'class-match', 'explains', 'brings-about'],
  names: [
    'token-overlap',
    'topic-overlap',
    'relied-on',
    'removed-symbol',
    'demanded-symbol',
    'brought-in',
    'setting-named',
    'package-named',
  ],
  time: ['deploy-proximity', 'recency', 'long-deployed', 'not-rolled-out', 'already-ran'],
};

/** All of the kinds that are left out. */
export function leftOut(kinds: ReadonlySet<CommitEvidence> | undefined): ReadonlySet<FeatureName> {
  return new Set([...(kinds ?? [])].flatMap((kind) => FEATURES_OF[kind]));
}
