/** Quick or full, and why: the full route costs a model and a proof, the quick one does not. */
import type { Facts } from '../domain/facts.ts';
import type { RouteChoice } from '../domain/finding.ts';
import { LIKELY_FROM } from '../domain/hypothesis.ts';
import type { Route } from '../domain/incident.ts';
import { displayName, percent } from '../lib/wording.ts';

/** `forced`: by a person, or by storm admission; it always wins. */
export function chooseRoute(facts: Facts, forced?: Route): RouteChoice {
  if (forced) return { route: forced, reason: 'asked for, so the evidence was not weighed' };
  const [first] = facts.hypotheses;
  if (facts.alertConfirmed === 'not-confirmed' && (!first || first.cause.kind === 'none'))
    return { route: 'quick', reason: 'the alert is not confirmed, there is nothing to explain' };
  if (facts.evidence.every((item) => item.kind === 'alert'))
    return { route: 'quick', reason: 'nothing but the alert itself could be seen' };
  if (!first) return { route: 'full', reason: 'the service fails and no cause fits' };
  const sure = percent(first.confidence);
  if (first.confidence < LIKELY_FROM) return { route: 'full', reason: `the best cause found is only ${sure} sure` };
  if (first.cause.commit) return { route: 'full', reason: 'a commit is suspect: its fix can be worked out and tried' };
  if (first.cause.kind === 'dependency') {
    const name = first.cause.dependency ? displayName(first.cause.dependency) : 'a dependency';
    return { route: 'quick', reason: `the cause lies in ${name}, outside the code, and is ${sure} sure` };
  }
  return first.cause.kind === 'code'
    ? { route: 'full', reason: 'the cause is in the code' }
    : { route: 'quick', reason: `the cause is an operator's matter and ${sure} sure` };
}
