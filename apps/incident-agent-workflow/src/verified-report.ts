/** The one way into a report: every sentence, the engine's own too, is checked against its evidence first. Pure. */
import type { CheckedClaim } from './domain/claim.ts';
import type { Facts } from './domain/facts.ts';
import type { Findings, StageNote } from './domain/finding.ts';
import type { Incident, Run } from './domain/incident.ts';
import { saidBy } from './domain/model-said.ts';
import type { Remediation } from './domain/proposal.ts';
import type { Report } from './domain/report.ts';
import type { ResponseTools } from './ports.ts';
import { composeReport } from './report/compose.ts';
import { verifyFacts, verifyFindings } from './verify/findings.ts';

export interface Investigated {
  readonly incident: Incident;
  readonly run: Run;
  readonly facts: Facts;
  readonly findings: Findings;
  readonly remediation?: Remediation | undefined;
  readonly notes: readonly StageNote[];
  /** `off (LLM_BASE_URL=off)`, or the model's name. */
  readonly model: string;
  /** From 1 up. */
  readonly version: number;
}

export function verifiedReport(investigated: Investigated, tools: ResponseTools): Report {
  const { incident, run } = investigated;
  const names = tools.registry.services.map((service) => service.name);
  const looked = verifyFacts(investigated.facts, names);
  const concluded = verifyFindings(investigated.findings, investigated.facts, names);
  const { remediation, ...investigation } = investigated;
  const report = composeReport({
    ...investigation,
    facts: looked.facts,
    findings: concluded.findings,
    checked: [...looked.checked, ...concluded.checked, ...checkedOfModel(concluded.findings)],
    generatedAt: tools.clock.now(),
    urls: tools.urls(incident, run),
    versions: tools.versions,
  });
  return remediation ? { ...report, remediation } : report;
}

/** Checked when it was said; listed with the engine's own. */
function checkedOfModel(findings: Findings): CheckedClaim[] {
  return saidBy(findings).flatMap((said) => {
    const kept = [...(said.summary ? [said.summary] : []), ...said.claims];
    return [...kept.map((claim) => ({ ...claim, result: 'supported' as const, reason: '' })), ...said.dropped];
  });
}
