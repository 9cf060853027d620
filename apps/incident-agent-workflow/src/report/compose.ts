/** Puts one run's facts and findings into the report that page, PDF, Word, Markdown and mail render. Pure. */
import { alertName } from '../domain/alert.ts';
import type { CheckedClaim } from '../domain/claim.ts';
import type { Facts } from '../domain/facts.ts';
import type { Findings, StageNote } from '../domain/finding.ts';
import type { Incident, Run } from '../domain/incident.ts';
import type { Report } from '../domain/report.ts';
import { WORDS } from '../lib/catalogue/words.ts';
import { oneLine } from '../lib/clean-text.ts';
import { actionsOf } from './actions.ts';
import { knownCites } from './cites.ts';
import { impactOf } from './impact.ts';
import { keyFactsOf } from './key-facts.ts';
import { timelineOf } from './timeline.ts';
import { verdictOf } from './verdict.ts';
import { confidenceWords } from './words.ts';

export interface Composition {
  readonly incident: Incident;
  readonly run: Run;
  readonly facts: Facts;
  readonly findings: Findings;
  /** Every claim that was checked; the ones that did not survive are no longer in facts and findings. */
  readonly checked: readonly CheckedClaim[];
  readonly notes: readonly StageNote[];
  /** From 1 up. */
  readonly version: number;
  readonly generatedAt: string;
  readonly model: string;
  readonly urls: { readonly incident?: string | undefined; readonly dashboard?: string | undefined };
  readonly versions: Report['versions'];
}

const MAX_TITLE_CHARACTERS = 200;
const MAX_ALERTS = 20;
const MAX_SUMMARY_CHARACTERS = 300;
const MAX_REFUSED = 50;

/** The same input gives the same bytes. Never throws. */
export function composeReport(input: Composition): Report {
  const { facts, findings, run } = input;
  const cites = knownCites(facts);
  const verdict = verdictOf(facts, cites);
  const refused = input.checked.filter(({ result }) => result !== 'supported');
  const outcome = {
    at: input.generatedAt,
    text: WORDS.reportOut(input.version, confidenceWords(verdict, facts).replace(' · ', ', ')),
    cites: verdict.statement.cites,
  };
  return {
    schema: 'incident-report/1',
    version: input.version,
    generatedAt: input.generatedAt,
    incident: incidentPart(input),
    run: {
      id: run.id,
      pipelineId: run.pipelineId,
      reason: run.reason,
      startedAt: run.createdAt,
      route: findings.route ?? null,
    },
    window: facts.window,
    onset: facts.onset,
    verdict,
    keyFacts: keyFactsOf({ facts, incident: input.incident, verdict, generatedAt: input.generatedAt }, cites),
    impact: impactOf(facts),
    quick: findings.quick ?? null,
    triage: findings.triage ?? null,
    investigation: findings.investigation ?? null,
    code: findings.code ?? null,
    actions: actionsOf(facts, findings, verdict),
    hypotheses: [...facts.hypotheses],
    ruledOut: [...facts.ruledOut],
    notChecked: facts.notChecked.map((item) => ({ ...item, cites: cites(item.cites) })),
    evidence: [...facts.evidence],
    gaps: [...facts.gaps],
    timeline: timelineOf(input, outcome, cites),
    repository: facts.repository,
    refusedClaims: refused.slice(0, MAX_REFUSED),
    claimCounts: { supported: input.checked.length - refused.length, refused: refused.length },
    notes: [...input.notes],
    model: input.model,
    ...(findings.modelCost && { modelCost: findings.modelCost }),
    versions: input.versions,
  };
}

function incidentPart({ incident, facts, urls }: Composition): Report['incident'] {
  return {
    id: incident.id,
    title: oneLine(incident.title, MAX_TITLE_CHARACTERS),
    status: incident.status,
    severity: incident.severity,
    service: facts.service,
    openedAt: incident.openedAt,
    startedAt: incident.startedAt,
    resolvedAt: incident.resolvedAt ?? null,
    alertCount: incident.alerts.length,
    alerts: incident.alerts.slice(0, MAX_ALERTS).map((alert) => ({
      name: alertName(alert),
      status: alert.status,
      startsAt: alert.startsAt,
      summary: oneLine(alert.annotations.summary ?? alert.annotations.description ?? '', MAX_SUMMARY_CHARACTERS),
      url: alert.generatorUrl ?? null,
    })),
    url: urls.incident ?? null,
    dashboardUrl: urls.dashboard ?? null,
  };
}
