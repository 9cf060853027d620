/** Where no class fits: what may be looked at, never more than "not established". */
import type { Cause } from '../domain/hypothesis.ts';
import { ABSTAIN_BELOW } from '../domain/hypothesis.ts';
import { shortHash } from '../lib/wording.ts';
import { ageWords } from './change.ts';
import { errorsRose } from './fault-classes/predicates.ts';
import type { Draft } from './hypotheses.ts';
import type { Scene } from './scene.ts';
import { citesOfCommit } from './statements.ts';

const MAX_WEAK = 3;
/** Recent and deployed, and nothing else: far under the level where anything is said to be the cause. */
const MOST = 0.35;

/** The most suspect of the recent commits, if no other hypothesis stands and something of the service's own is failing. */
export function weakHypotheses(drafts: readonly Draft[], scene: Scene): Draft[] {
  if (drafts.some((draft) => draft.confidence >= ABSTAIN_BELOW)) return [];
  const errors = errorsRose(scene);
  if (typeof errors === 'string' || !scene.ranking) return [];
  const named = new Set(drafts.map((draft) => draft.cause.commit));
  const weak: Draft[] = [];
  for (const { commit, suspicion, features } of scene.ranking.suspects) {
    if (weak.length === MAX_WEAK || named.has(commit.hash)) continue;
    if (features.some((feature) => feature.name === 'inert')) continue;
    const cites = citesOfCommit(scene, commit.hash);
    const age = ageWords(commit.committedAt, scene.onset);
    if (cites.length === 0 || age === undefined) continue;
    const cause: Cause = {
      kind: 'code',
      class: null,
      service: scene.context.service.name,
      dependency: null,
      commit: commit.hash,
      file: null,
      line: null,
    };
    weak.push({
      cause,
      statement: { text: `Not established, but possible: commit ${shortHash(commit.hash)}, made recently.`, cites },
      confidence: Math.floor(Math.min(MOST, suspicion) * 100) / 100,
      groups: ['change'],
      supporting: [{ text: `Commit ${shortHash(commit.hash)} is among those that touched the service.`, cites }],
      contradicting: [],
      wouldChange: ['Raised by: an error text or a stack trace that leads into its lines'],
      actions: [`Read the diff of ${shortHash(commit.hash)}: git show ${commit.hash}`],
    });
  }
  return weak;
}
