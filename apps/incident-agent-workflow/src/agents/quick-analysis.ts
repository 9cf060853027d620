/** The baseline in seconds: what went wrong, the likely cause, what to check first. Stands even if all after it fails. */
import type { Claim } from '../domain/claim.ts';
import type { Facts } from '../domain/facts.ts';
import type { QuickFinding } from '../domain/finding.ts';
import { ABSTAIN_BELOW } from '../domain/hypothesis.ts';
import { indicators } from './indicators.ts';

const MAX_CHECKS = 4;

export function quickAnalysis(facts: Facts): QuickFinding {
  const [first] = facts.hypotheses;
  const claims: Claim[] = [facts.alertCheck, ...indicators(facts, 2)];
  if (first && first.cause.kind !== 'none') claims.push(first.statement);
  return { claims: claims.filter((claim) => claim.cites.length > 0), checkFirst: checksFirst(facts) };
}

/** The actions of the best hypothesis; without one, what would show most. */
export function checksFirst(facts: Facts): string[] {
  const [first] = facts.hypotheses;
  const checks = first && first.confidence >= ABSTAIN_BELOW ? [...first.actions] : [...generalChecks(facts)];
  for (const gap of facts.gaps) {
    if (checks.length >= MAX_CHECKS) break;
    if (gap.coveredBy === undefined) checks.push(`See ${gap.unknown} (${gap.id}): ${gap.detail}`);
  }
  return checks.slice(0, MAX_CHECKS);
}

/** What to do where no cause is established: by what is known to be failing. */
export function generalChecks(facts: Facts): string[] {
  const checks: string[] = [];
  if (!facts.registered)
    checks.push(`Add ${facts.service} to service_registry.json: its health address, logs and repository are not known`);
  for (const hypothesis of facts.hypotheses.slice(0, 2)) checks.push(...hypothesis.actions.slice(0, 1));
  if (!facts.evidence.some((item) => item.kind === 'logs' || item.kind === 'stack-trace'))
    checks.push(`Read the log of ${facts.service} around the time of the alert`);
  checks.push(`Ask the health address of ${facts.service} by hand, from where its callers run`);
  return checks;
}
