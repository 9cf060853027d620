/** Which causes fit, how sure each is, what speaks for it and what would change it. */
import type { Claim } from '../domain/claim.ts';
import type { FaultClass } from '../domain/fault-class.ts';
import type { Cause, Hypothesis } from '../domain/hypothesis.ts';
import { ABSTAIN_BELOW } from '../domain/hypothesis.ts';
import { capital, shortHash } from '../lib/wording.ts';
import { type Blame, blame, readOrRollBack, worthOf } from './blame.ts';
import { commitSignals } from './change.ts';
import { CAP_NOT_BLAMED, CAP_NOT_REPRODUCED, calibrated, groupsOf, logOdds, shares } from './confidence.ts';
import { ownCrash } from './fault-classes/code-error.ts';
import type { Reading, Signal } from './fault-classes/rule.ts';
import { endsUnexplained } from './fault-classes/starts.ts';
import { compete } from './precedence.ts';
import type { Scene, Trace } from './scene.ts';
import { placeOf, statementOf } from './statements.ts';
import { isStrong } from './suspicion.ts';
import { weakHypotheses } from './weak.ts';

const MAX_HYPOTHESES = 5;

export type Draft = Omit<Hypothesis, 'id'>;

/**
 * Best first. Empty where nothing fits at all: then nothing is claimed. `weight`: less than 1 where something else explains
 * what is seen.
 */
export function rankHypotheses(readings: readonly Reading[], scene: Scene, weight = 1): Hypothesis[] {
  const competing = compete(readings, scene);
  const blamed = competing.map((reading) => blame(reading, scene));
  const scores = competing.map((reading, index) =>
    logOdds([...reading.signals, ...(blamed[index]?.signals ?? [])], reading.against),
  );
  const probabilities = shares(scores);
  const plain = competing.map((reading, index) =>
    draft(reading, undefined, { probability: probabilities[index] ?? 0, weight }, scene),
  );
  const drafts = competing.flatMap((reading, index) => {
    const alone = plain[index];
    const guess = blamed[index];
    if (!alone || !guess) return alone ?? [];
    const after = plain.map(({ confidence }) => confidence).filter((confidence) => confidence < alone.confidence);
    const ahead = { probability: probabilities[index] ?? 0, weight, rivals: Math.max(0, ...after) };
    return draftsOf(reading, guess, { alone, ...ahead }, scene);
  });
  const weak = weight < 1 ? [] : weakHypotheses(drafts, scene);
  return [...drafts, ...weak]
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, MAX_HYPOTHESES)
    .map((best, index) => ({ id: `H${index + 1}`, ...best }));
}

/** How sure each class is by itself, before any commit is weighed. */
export function classShares(readings: readonly Reading[], scene: Scene): Map<FaultClass, number> {
  const competing = compete(readings, scene);
  const probabilities = shares(competing.map(({ signals, against }) => logOdds(signals, against)));
  return new Map(competing.map(({ rule }, index) => [rule.class, probabilities[index] ?? 0]));
}

interface Likelihood {
  readonly probability: number;
  readonly weight: number;
  /** The same without a commit. */
  readonly alone?: Draft;
}

/** `rivals`: the most that a class after this one has. */
function draftsOf(
  reading: Reading,
  blamed: Blame,
  { rivals, ...likelihood }: Required<Likelihood> & { readonly rivals: number },
  scene: Scene,
): Draft[] {
  const { probability, weight, alone } = likelihood;
  const joint = draft(reading, blamed, { ...likelihood, probability: probability * worthOf(blamed) }, scene);
  const second = scene.ranking?.suspects[1];
  const others: Draft[] = [];
  if (second?.isDirect && second.suspicion >= 0.15) {
    const signals = commitSignals(second, second.suspicion, scene);
    const rival = { suspect: second, share: second.suspicion, signals, isNamed: false };
    others.push(draft(reading, rival, { probability: probability * second.suspicion, weight }, scene));
  }
  // Under the abstain level the commit is not named in the verdict: the class stands alone, and the commit after it. Nor
  // may a mere name put the class behind one that was behind it.
  const least = blamed.isNamed ? Math.max(ABSTAIN_BELOW, rivals) : ABSTAIN_BELOW;
  return joint.confidence >= least ? [joint, ...others] : [alone, joint, ...others];
}

function draft(reading: Reading, blamed: Blame | undefined, likelihood: Likelihood, scene: Scene): Draft {
  const crash = crashOf(reading, scene);
  const signals = [...reading.signals, ...(blamed?.signals ?? [])];
  const groups = groupsOf(signals);
  const isOwn = reading.rule.class === 'code-error';
  const unsure = blamed ? blamed.isNamed || !isStrong(blamed.suspect) : isOwn || isHalfOf(reading, scene);
  const limit = unsure ? CAP_NOT_BLAMED : CAP_NOT_REPRODUCED;
  const { confidence: worth, score } = calibrated(
    likelihood.probability,
    blamed ? 'commit' : 'cause',
    groups.length,
    limit,
  );
  const confidence = Math.floor(worth * likelihood.weight * 100) / 100;
  const cause = causeOf(reading, blamed, crash, scene);
  return {
    cause,
    statement: statementOf({ cause, confidence, reading, crash, alone: nameOnly(blamed, likelihood) }, scene),
    confidence,
    score,
    groups,
    supporting: uniqueClaims(signals),
    contradicting: uniqueClaims(reading.against),
    wouldChange: wouldChange(reading, blamed, scene),
    actions: actionsOf(reading, cause, { scene, isNamed: blamed?.isNamed ?? false }),
  };
}

/** A process that ends with an error of its own does so for a reason, and of that nothing was seen. */
function isHalfOf({ rule }: Reading, scene: Scene): boolean {
  return rule.class === 'process-down' && endsUnexplained(scene);
}

/** How sure the class is by itself, where its commit is merely named; undefined: it is not. */
function nameOnly(blamed: Blame | undefined, { alone }: Likelihood): number | undefined {
  return blamed?.isNamed ? (alone?.confidence ?? 0) : undefined;
}

/** The trace that a cause in code is shown by. */
function crashOf(reading: Reading, scene: Scene): Trace | undefined {
  if (reading.rule.class === 'code-error') return ownCrash(scene);
  const cited = new Set(reading.signals.flatMap((signal) => signal.cites));
  return reading.rule.mayBeCommit ? scene.traces.find((trace) => cited.has(trace.id)) : undefined;
}

function causeOf(reading: Reading, blamed: Blame | undefined, crash: Trace | undefined, scene: Scene): Cause {
  const { rule } = reading;
  const isConfig = rule.kind === 'config';
  const frame = crash?.data.frames[crash.data.crashFrame ?? -1];
  const own = rule.class === 'code-error' ? frame : undefined;
  return {
    kind: blamed && !isConfig ? 'code' : rule.kind,
    class: rule.class,
    service: blamed?.suspect.service ?? scene.context.service.name,
    dependency: rule.kind === 'dependency' ? (reading.entity ?? null) : null,
    commit: blamed?.suspect.commit.hash ?? null,
    file: blamed ? (blamed.suspect.at?.path ?? null) : (own?.repositoryPath ?? null),
    line: blamed ? (blamed.suspect.at?.line ?? null) : own?.repositoryPath ? own.line : null,
  };
}

function uniqueClaims(signals: readonly Signal[]): Claim[] {
  const claims = new Map<string, Claim>();
  for (const { words, cites } of signals) claims.set(words, { text: `${capital(words)}.`, cites: [...cites] });
  return [...claims.values()];
}

function wouldChange(reading: Reading, blamed: Blame | undefined, scene: Scene): string[] {
  const list: string[] = [];
  if (blamed) {
    list.push(
      `Raised by: the failure is gone after a revert of ${shortHash(blamed.suspect.commit.hash)} in a test run`,
    );
    list.push(`Lowered by: the same failure at a revision before ${shortHash(blamed.suspect.commit.hash)}`);
  } else if (reading.rule.kind === 'dependency')
    list.push(
      'Raised by: the dependency answers again and the failure ends',
      'Lowered by: another client reaches it without errors',
    );
  else list.push(`Lowered by: the failure goes on after ${reading.rule.name} is ruled out by hand`);
  const missing = scene.gaps.filter((gap) => gap.coveredBy === undefined).slice(0, 2);
  for (const gap of missing) list.push(`Not seen, could change it: ${gap.unknown} (${gap.id})`);
  return list;
}

function actionsOf(reading: Reading, cause: Cause, told: { scene: Scene; isNamed: boolean }): string[] {
  const actions = reading.rule.actions(told.scene, reading.entity);
  if (!cause.commit) return actions;
  const name = shortHash(cause.commit);
  const others = actions.filter((action) => !action.startsWith('Roll back'));
  if (told.isNamed) return [readOrRollBack(cause.commit), ...others];
  const place = cause.file ? ` (${placeOf(cause)})` : '';
  return [`Revert commit ${name}${place}, or roll back to the deployment before it`, ...others];
}
