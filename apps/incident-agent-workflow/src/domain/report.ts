/** `incident-report/1`: the one model that page, PDF, Word, Markdown and mail render. */
import { z } from 'zod';
import { CheckedClaim, Claim } from './claim.ts';
import { Delivery } from './delivery.ts';
import { Evidence, MetricFamily } from './evidence.ts';
import { TimelineEntry } from './facts.ts';
import { CodeFinding, InvestigationFinding, QuickFinding, RouteChoice, StageNote, TriageFinding } from './finding.ts';
import { NumberedGap } from './gap.ts';
import { Band, bandWord, Cause, Hypothesis, RuledOut } from './hypothesis.ts';
import { IncidentStatus, Severity } from './incident.ts';
import { ModelCost } from './model-said.ts';
import { Remediation } from './proposal.ts';
import { RepositoryState } from './telemetry.ts';

export const Verdict = z.object({
  /** `not-confirmed`: the alert's claim is contradicted; `unknown`: no single cause is established. */
  status: z.enum(['established', 'unknown', 'not-confirmed']),
  band: Band,
  /** null where no cause is established. 0–1. */
  confidence: z.number().min(0).max(1).nullable(),
  cause: Cause.nullable(),
  /** One sentence, byte-identical in page, PDF, mail and chat. */
  statement: Claim,
  support: z.array(Claim),
  wouldChange: z.array(z.string()),
});
export type Verdict = z.infer<typeof Verdict>;

/** What a metric was before the incident and since, where it moved. Figures only: how they read is the renderer's. */
export const ImpactFigure = z.object({
  service: z.string(),
  metric: z.string(),
  family: MetricFamily,
  /** `1` for shares and states, `per second`, `s`, `bytes`. */
  unit: z.string(),
  /** Medians; null: not measured. */
  before: z.number().nullable(),
  since: z.number().nullable(),
  /** The worst since then, which a short peak leaves far from the median. */
  worst: z.number().nullable().optional(),
  /** At the last look. */
  last: z.number().nullable(),
  onset: z.string().nullable(),
  cite: z.string(),
});
export type ImpactFigure = z.infer<typeof ImpactFigure>;

/** What was sent where, as it stood when this report was written out. */
export const ReportDelivery = Delivery.pick({
  destination: true,
  kind: true,
  reportVersion: true,
  state: true,
  attempts: true,
  sentAt: true,
  lastError: true,
});
export type ReportDelivery = z.infer<typeof ReportDelivery>;

export const Report = z.object({
  schema: z.literal('incident-report/1'),
  /** 1: engine only. Counts up with every version that is published. */
  version: z.number().int().positive(),
  generatedAt: z.string(),
  incident: z.object({
    id: z.string(),
    title: z.string(),
    status: IncidentStatus,
    severity: Severity,
    service: z.string(),
    openedAt: z.string(),
    startedAt: z.string(),
    resolvedAt: z.string().nullable(),
    alertCount: z.number().int(),
    alerts: z.array(
      z.object({
        name: z.string(),
        status: z.string(),
        startsAt: z.string(),
        summary: z.string(),
        url: z.string().nullable(),
      }),
    ),
    url: z.string().nullable(),
    dashboardUrl: z.string().nullable(),
  }),
  run: z.object({
    id: z.string(),
    pipelineId: z.string(),
    reason: z.string(),
    startedAt: z.string(),
    route: RouteChoice.nullable(),
  }),
  window: z.object({ from: z.string(), to: z.string() }),
  onset: z.string().nullable(),
  verdict: Verdict,
  /** At most 4 cells for the head of page, PDF and mail. */
  keyFacts: z.array(z.object({ label: z.string(), value: z.string(), cites: z.array(z.string()) })),
  /** What moved, the gravest first. Absent in reports of older versions. */
  impact: z.array(ImpactFigure).optional(),
  quick: QuickFinding.nullable(),
  triage: TriageFinding.nullable(),
  investigation: InvestigationFinding.nullable(),
  code: CodeFinding.nullable(),
  /** Absent until a fix was looked for, and where none is to be. */
  remediation: Remediation.optional(),
  actions: z.array(z.string()),
  hypotheses: z.array(Hypothesis),
  ruledOut: z.array(RuledOut),
  notChecked: z.array(z.object({ what: z.string(), because: z.string(), cites: z.array(z.string()) })),
  evidence: z.array(Evidence),
  gaps: z.array(NumberedGap),
  timeline: z.array(TimelineEntry),
  repository: RepositoryState.nullable(),
  /** Claims that did not survive the check: counted here, listed in the appendix, shown nowhere else. */
  refusedClaims: z.array(CheckedClaim),
  claimCounts: z.object({ supported: z.number().int(), refused: z.number().int() }),
  notes: z.array(StageNote),
  /** `model: off (LLM_BASE_URL=off)`, … */
  model: z.string(),
  /** What asking it took; absent where it was not asked. */
  modelCost: ModelCost.optional(),
  /** Absent where nothing had been planned when it was written out, as in the copy that goes out with a message. */
  deliveries: z.array(ReportDelivery).optional(),
  versions: z.object({ agent: z.string(), rules: z.string() }),
});
export type Report = z.infer<typeof Report>;

/** As a heading: `Very likely`, `Not established`, `Alert not confirmed`. */
export function verdictWord({ status, band }: Pick<Verdict, 'status' | 'band'>): string {
  if (status === 'not-confirmed') return 'Alert not confirmed';
  const word = status === 'unknown' ? bandWord('not-established') : bandWord(band);
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
