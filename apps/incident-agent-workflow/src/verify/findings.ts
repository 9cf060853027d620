/** Takes every claim out of facts and findings that its evidence does not bear out. What was refused is returned, to be listed. */
import type { CheckedClaim, Claim } from '../domain/claim.ts';
import type { Facts } from '../domain/facts.ts';
import type { CodeFinding, Findings } from '../domain/finding.ts';
import { speaksOfCause } from './causal-verbs.ts';
import { checkClaims, withoutTitles } from './check-claims.ts';

export interface Checked {
  /** Every claim that was looked at, supported or not, each once. */
  readonly checked: readonly CheckedClaim[];
}

/** Statements, support, exclusions. A hypothesis whose statement is refused goes with it. */
export function verifyFacts(facts: Facts, serviceNames: readonly string[]): Checked & { readonly facts: Facts } {
  const checker = claimChecker(facts, serviceNames);
  const hypotheses = facts.hypotheses
    .filter((hypothesis) => checker.stands(hypothesis.statement, hypothesis.confidence))
    .map((hypothesis) => ({
      ...hypothesis,
      supporting: hypothesis.supporting.filter((claim) => checker.stands(claim, hypothesis.confidence)),
      contradicting: hypothesis.contradicting.filter((claim) => checker.stands(claim, hypothesis.confidence)),
    }));
  const ruledOut = facts.ruledOut.filter(({ because }) => checker.stands(because));
  const timeline = facts.timeline.filter(({ text, cites }) => checker.stands({ text, cites }));
  const alertCheck = checker.stands(facts.alertCheck)
    ? facts.alertCheck
    : { text: 'What the alert says could not be checked.', cites: facts.alertCheck.cites };
  return { facts: { ...facts, hypotheses, ruledOut, timeline, alertCheck }, checked: checker.checked() };
}

export function verifyFindings(
  findings: Findings,
  facts: Facts,
  serviceNames: readonly string[],
): Checked & { readonly findings: Findings; readonly refused: readonly CheckedClaim[] } {
  const checker = claimChecker(facts, serviceNames);
  const standing = (claims: readonly Claim[]) => claims.filter((claim) => checker.stands(claim));
  const { quick, triage, investigation, code } = findings;
  const said = facts.hypotheses.find(({ statement }) => statement.text === investigation?.hypothesis);
  const kept: Findings = {
    ...findings,
    ...(quick && { quick: { ...quick, claims: standing(quick.claims) } }),
    ...(triage && { triage: { ...triage, keyIndicators: standing(triage.keyIndicators) } }),
    ...(investigation && {
      investigation: {
        ...investigation,
        hypothesis: said && !checker.stands(said.statement, said.confidence) ? null : investigation.hypothesis,
        health: investigation.health && checker.stands(investigation.health) ? investigation.health : null,
        claims: standing(investigation.claims),
        order: investigation.order.filter(({ text, cites }) => checker.stands({ text, cites })),
        ruledOut: investigation.ruledOut.filter(({ because }) => checker.stands(because)),
        logEvidence: investigation.logEvidence.filter(({ cite }) => checker.exists(cite)),
      },
    }),
    ...(code && { code: verifiedCode(code, checker) }),
  };
  const checked = checker.checked();
  return { findings: kept, checked, refused: checked.filter(({ result }) => result !== 'supported') };
}

/** A root cause whose reason is refused is no longer located: what is left is undetermined. */
function verifiedCode(code: CodeFinding, checker: ClaimChecker): CodeFinding {
  const { rootCause } = code;
  const stands = (claim: Claim) => checker.stands(claim);
  const kept: CodeFinding = {
    ...code,
    locations: code.locations.filter(({ cite }) => checker.exists(cite)),
    affectedCode: code.affectedCode.filter(({ path, line, why, cite }) => {
      return (
        stands({ text: `${path}:${line}`, cites: [cite] }) && stands({ text: why, cites: rootCauseCites(code, cite) })
      );
    }),
  };
  if (rootCause.status === 'undetermined')
    return { ...kept, rootCause: { ...rootCause, alternatives: rootCause.alternatives.filter(stands) } };
  if (stands(rootCause.why)) return kept;
  const text = 'No fix is proposed: its reason did not survive the check';
  const fix = { kind: 'none' as const, commit: null, text, commands: [], risk: '' };
  return { ...kept, rootCause: { status: 'undetermined', alternatives: [] }, affectedCode: [], fix };
}

function rootCauseCites({ rootCause }: CodeFinding, cite: string): string[] {
  return rootCause.status === 'undetermined' ? [cite] : [...new Set([cite, ...rootCause.why.cites])];
}

interface ClaimChecker {
  /** True if the claim is supported, and says "broke" or "caused" only of what is likely. */
  stands(claim: Claim, confidence?: number): boolean;
  exists(cite: string): boolean;
  checked(): CheckedClaim[];
}

function claimChecker(facts: Facts, serviceNames: readonly string[]): ClaimChecker {
  const results = new Map<string, CheckedClaim>();
  const ids = new Set([...facts.evidence, ...facts.gaps].map(({ id }) => id));
  const best = facts.hypotheses[0]?.confidence ?? 0;
  const titles = facts.evidence.map(({ title }) => title);
  return {
    stands(claim, confidence = best) {
      const key = JSON.stringify([claim.text, claim.cites]);
      const known = results.get(key);
      if (known) return known.result === 'supported';
      const [checked] = checkClaims([claim], facts.evidence, facts.gaps, serviceNames);
      if (!checked) return false;
      const result =
        checked.result === 'supported'
          ? (speaksOfCause(withoutTitles(claim.text, titles), confidence) ?? checked.reason)
          : checked.reason;
      const told: CheckedClaim =
        result === ''
          ? checked
          : { ...checked, result: checked.result === 'supported' ? 'unsupported' : checked.result, reason: result };
      results.set(key, told);
      return told.result === 'supported';
    },
    exists: (cite) => ids.has(cite),
    checked: () => [...results.values()],
  };
}
