/** `npm run schema`: the JSON Schema of reports, as docs/incident-report.schema.json holds it. A test compares the two. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CheckedClaim, Claim } from '../apps/incident-agent-workflow/src/domain/claim.ts';
import * as evidence from '../apps/incident-agent-workflow/src/domain/evidence.ts';
import { TimelineEntry } from '../apps/incident-agent-workflow/src/domain/facts.ts';
import { NumberedGap } from '../apps/incident-agent-workflow/src/domain/gap.ts';
import { Cause, Hypothesis, RuledOut } from '../apps/incident-agent-workflow/src/domain/hypothesis.ts';
import { EarlierIncident } from '../apps/incident-agent-workflow/src/domain/memory.ts';
import { ModelSaid } from '../apps/incident-agent-workflow/src/domain/model-said.ts';
import { Proof, Proposal, Remediation } from '../apps/incident-agent-workflow/src/domain/proposal.ts';
import { ImpactFigure, Report, ReportDelivery, Verdict } from '../apps/incident-agent-workflow/src/domain/report.ts';

const FILE = join(import.meta.dirname, '..', 'docs', 'incident-report.schema.json');

/** What has a definition of its own, by name; everything else stands where it is used. */
const NAMED: Readonly<Record<string, z.ZodType>> = {
  Claim,
  CheckedClaim,
  Cause,
  Hypothesis,
  RuledOut,
  NumberedGap,
  TimelineEntry,
  Verdict,
  ImpactFigure,
  ReportDelivery,
  ModelSaid,
  Proof,
  Proposal,
  Remediation,
  EarlierIncident,
  Frame: evidence.Frame,
  AlertEvidence: evidence.AlertEvidence,
  MetricEvidence: evidence.MetricEvidence,
  LogEvidence: evidence.LogEvidence,
  StackTraceEvidence: evidence.StackTraceEvidence,
  ProbeEvidence: evidence.ProbeEvidence,
  TargetsEvidence: evidence.TargetsEvidence,
  CodeEvidence: evidence.CodeEvidence,
  HistoryEvidence: evidence.HistoryEvidence,
  CommitEvidence: evidence.CommitEvidence,
  MemoryEvidence: evidence.MemoryEvidence,
};

/** Lenient as a reader of reports should be: fields that a later version adds are allowed. */
export function reportSchema(): string {
  const names = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) schema.register(names, { id });
  const { $schema, ...schema } = z.toJSONSchema(Report, { target: 'draft-2020-12', io: 'input', metadata: names });
  const about = {
    $schema,
    title: 'incident-report/1',
    description: 'What page, PDF, Word, Markdown and mail are rendered from; report.json is one of these.',
  };
  return `${JSON.stringify({ ...about, ...schema }, null, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(FILE, reportSchema());
  console.log('docs/incident-report.schema.json');
}
