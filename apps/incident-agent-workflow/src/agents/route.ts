/** Quick or full, and why: the full route costs a model and a proof, the quick one does not. Pure. */
import { evidenceOfKind } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { RouteChoice } from '../domain/finding.ts';
import { type Hypothesis, LIKELY_FROM, VERY_LIKELY_FROM } from '../domain/hypothesis.ts';
import type { Route, Run, Severity } from '../domain/incident.ts';
import { displayName, percent } from '../lib/wording.ts';

export interface RouteInputs {
  /** By a person, or by intake: it always wins. */
  readonly forced?: Route | undefined;
  readonly isAskedFor?: boolean | undefined;
  readonly severity: Severity;
  /** `none`: there is no model, so nothing of it can be used up. */
  readonly budget: 'none' | 'left' | 'used-up';
}

export function routeInputs(
  run: Pick<Run, 'forcedRoute' | 'reason'>,
  rest: Omit<RouteInputs, 'forced' | 'isAskedFor'>,
): RouteInputs {
  return { ...rest, forced: run.forcedRoute, isAskedFor: run.reason === 'manual' };
}

export function chooseRoute(facts: Facts, inputs: RouteInputs): RouteChoice {
  if (inputs.forced) return { route: inputs.forced, reason: forcedBy(inputs) };
  const [first] = facts.hypotheses;
  if (facts.alertConfirmed === 'not-confirmed' && (!first || first.cause.kind === 'none'))
    return { route: 'quick', reason: 'the alert is not confirmed, there is nothing to explain' };
  if (!isSeen(facts)) return { route: 'quick', reason: 'nothing but the alert itself could be seen' };
  const choice = first ? byCause(first, facts, inputs) : full('the service fails and no cause fits');
  if (choice.route === 'quick' || inputs.budget !== 'used-up' || first?.cause.commit) return choice;
  return { route: 'quick', reason: `${choice.reason}, but what models may cost today is used up` };
}

function byCause(first: Hypothesis, facts: Facts, { severity }: RouteInputs): RouteChoice {
  const { cause, confidence } = first;
  const sure = percent(confidence);
  if (confidence < LIKELY_FROM) return full(`the best cause found is only ${sure} sure`);
  if (cause.commit) return full('a commit is suspect: its fix can be worked out and tried');
  const known = knownFrom(first, facts);
  if (known !== undefined) return quick(`it failed like this before (${known}), and the cause found is the same`);
  if (severity === 'info') return quick(`the alert is for information, and the cause is ${sure} sure`);
  if (cause.kind === 'code') return full('the cause is in the code');
  if (severity === 'critical' && confidence < VERY_LIKELY_FROM)
    return full(`it is critical, and the cause is only ${sure} sure`);
  if (cause.kind === 'dependency') {
    const name = cause.dependency ? displayName(cause.dependency) : 'a dependency';
    return quick(`the cause lies in ${name}, outside the code, and is ${sure} sure`);
  }
  return quick(`the cause is an operator's matter and ${sure} sure`);
}

/**
 * A quick run that knows too little goes on as a full one, also where a person asked for a quick one. Not in a storm,
 * nor where a full one has nothing to look at or nothing to pay with.
 */
export function escalated(choice: RouteChoice, facts: Facts, inputs: RouteInputs): RouteChoice {
  if (choice.route === 'full' || (inputs.forced && !inputs.isAskedFor)) return choice;
  if (facts.alertConfirmed === 'not-confirmed' || !isSeen(facts) || inputs.budget === 'used-up') return choice;
  const [first] = facts.hypotheses;
  if (first && first.confidence >= LIKELY_FROM) return choice;
  const found = first ? `the best cause found is only ${percent(first.confidence)} sure` : 'no cause fits';
  return full(`${choice.reason}; went on as full because ${found}`);
}

function forcedBy({ forced, isAskedFor }: RouteInputs): string {
  if (isAskedFor) return 'asked for, so the evidence was not weighed';
  return forced === 'quick' ? 'many alerts at once, or one about this agent: kept short' : 'set when it was taken in';
}

/** The newest incident that failed the same way for the same reason, unless somebody said that it was not. */
function knownFrom({ cause }: Hypothesis, facts: Facts): string | undefined {
  return evidenceOfKind(facts.evidence, 'memory')
    .filter(({ data }) => data.sameBy !== 'alert')
    .flatMap(({ data }) => data.incidents)
    .find(
      (earlier) =>
        earlier.cause?.class === cause.class &&
        earlier.cause.dependency === cause.dependency &&
        earlier.feedback?.verdict !== 'wrong',
    )?.id;
}

function isSeen({ evidence }: Facts): boolean {
  return evidence.some(({ kind }) => kind !== 'alert');
}

function full(reason: string): RouteChoice {
  return { route: 'full', reason };
}
function quick(reason: string): RouteChoice {
  return { route: 'quick', reason };
}
