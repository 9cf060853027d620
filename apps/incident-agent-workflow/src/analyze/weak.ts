/** Where no class fits: the change that explains the failure, and what else may be looked at. */
import type { FaultClass } from '../domain/fault-class.ts';
import type { Cause } from '../domain/hypothesis.ts';
import { ABSTAIN_BELOW } from '../domain/hypothesis.ts';
import { shortHash, upperFirst } from '../lib/wording.ts';
import { readOrRollBack } from './blame.ts';
import { ageWords, commitSignals } from './change.ts';
import type { Suspect, SuspectRanking } from './commits/rank.ts';
import { classOfDeeds } from './fault-classes/brought-about.ts';
import { errorsRose } from './fault-classes/predicates.ts';
import type { Signal } from './fault-classes/rule.ts';
import { kindOf } from './fault-classes/stopped-with.ts';
import type { Draft } from './hypotheses.ts';
import type { Scene } from './scene.ts';
import { citesOfCommit } from './statements.ts';
import { accused, commitShare, namedShare, standingOut } from './suspicion.ts';

const MAX_WEAK = 3;
/** Recent and deployed, and nothing else: far under the level where anything is said to be the cause. */
const MOST = 0.35;

/** What a commit's change alone may be worth, without a class of fault that fits. */
const MOST_OF_CHANGE = 0.6;

/** What failed, as errors that rose or a text that is new. */
function failing(scene: Scene): Signal | undefined {
  const errors = errorsRose(scene);
  if (typeof errors !== 'string') return errors;
  const text = scene.texts.find(({ isNovel }) => isNovel);
  if (!text) return undefined;
  return { words: 'an error that was never seen before was logged', cites: [text.cite], group: text.group, weight: 1 };
}

interface Guess {
  readonly suspect: Suspect;
  readonly share: number;
  /** Why this one. */
  readonly because: string;
  readonly actions: readonly string[];
}

/** Without a class there is one witness less: whoever is named stands out by far. */
const FAR_AHEAD = 0.7;

/** The accused commit: its change does what brings the failure about. Else the one that came into service as it began. */
function guessOf(ranking: SuspectRanking): Guess | undefined {
  const suspect = accused(ranking);
  if (suspect) {
    const name = shortHash(suspect.commit.hash);
    return {
      suspect,
      share: commitShare(ranking),
      because: 'its change fits the failure',
      actions: [`Revert commit ${name}, or roll back to the deployment before it`],
    };
  }
  const share = namedShare(ranking);
  const named = share >= FAR_AHEAD ? standingOut(ranking) : undefined;
  return (
    named && {
      suspect: named,
      share,
      because: 'it came into service as the failure began; the commit is possible, not blamed',
      actions: [readOrRollBack(named.commit.hash)],
    }
  );
}

/** What fails is not told: the kind of what was changed says most of it. */
function classOf(suspect: Suspect): FaultClass {
  const kind = kindOf(suspect);
  return kind === 'migration'
    ? 'schema-migration'
    : (classOfDeeds(suspect) ?? (kind === 'config' ? 'bad-config' : 'code-error'));
}

/** If no class fits. */
function byChange(scene: Scene): Draft[] {
  const guess = scene.ranking && guessOf(scene.ranking);
  const errors = failing(scene);
  if (!guess || !errors) return [];
  const { suspect, share } = guess;
  const signals = commitSignals(suspect, share, scene);
  const cites = citesOfCommit(scene, suspect.commit.hash);
  if (signals.length === 0 || cites.length === 0) return [];
  const name = shortHash(suspect.commit.hash);
  const service = suspect.service ?? scene.context.service.name;
  const { path = null, line = null } = suspect.at ?? {};
  const confidence = Math.floor(Math.min(MOST_OF_CHANGE, MOST_OF_CHANGE * share) * 100) / 100;
  const hedge = confidence >= ABSTAIN_BELOW ? 'Possibly' : 'Not established, but to be looked at:';
  return [
    {
      cause: {
        kind: 'code',
        class: classOf(suspect),
        service,
        dependency: null,
        commit: suspect.commit.hash,
        file: path,
        line,
      },
      statement: { text: `${hedge} commit ${name} of ${service}: ${guess.because}.`, cites },
      confidence,
      score: { raw: Math.round(share * 10_000) / 10_000, cap: MOST_OF_CHANGE },
      groups: [...new Set(['change' as const, errors.group])],
      supporting: [...signals, errors].map(({ words, cites: each }) => ({
        text: `${upperFirst(words)}.`,
        cites: [...each],
      })),
      contradicting: [],
      wouldChange: [`Raised by: the failure is gone after a revert of ${name} in a test run`],
      actions: [...guess.actions],
    },
  ];
}

/** The most suspect of the recent commits, if no other hypothesis stands and something of the service's own is failing. */
export function weakHypotheses(drafts: readonly Draft[], scene: Scene): Draft[] {
  if (drafts.some((draft) => draft.confidence >= ABSTAIN_BELOW)) return [];
  const weak: Draft[] = byChange(scene);
  const errors = errorsRose(scene);
  if (typeof errors === 'string' || !scene.ranking) return weak;
  const named = new Set([...drafts, ...weak].map((draft) => draft.cause.commit));
  for (const { commit, suspicion, features } of scene.ranking.suspects) {
    if (weak.length === MAX_WEAK || named.has(commit.hash)) continue;
    if (features.some((feature) => feature.name === 'inert')) continue;
    const cites = citesOfCommit(scene, commit.hash);
    const age = ageWords(commit.committedAt, scene.onset);
    if (cites.length === 0 || age === undefined) continue;
    const cause: Cause = {
      kind: 'code',
      class: 'code-error',
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
