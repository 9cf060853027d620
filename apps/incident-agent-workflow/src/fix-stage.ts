/** The stage that looks for a fix: after everything is concluded, on the full route only. */
import type { Run } from './domain/incident.ts';
import { Remediation } from './domain/proposal.ts';
import type { ResponseTools } from './ports.ts';
import { type Investigated, remediate } from './remediate/remediate.ts';
import type { FixTools } from './remediation-ports.ts';
import type { Stage } from './stages.ts';

export function fixStage(
  { run, ...concluded }: Omit<Investigated, 'url'> & { readonly run: Run },
  fix: FixTools,
  tools: ResponseTools,
): Stage<Remediation> {
  const investigated = { ...concluded, url: tools.urls(concluded.incident, run).incident };
  return {
    name: 'remediate',
    work: () => remediate(investigated, { ...tools, ...fix }),
    fallback: () => noFix('the look for a fix failed: see the stages that failed'),
    parse: (stored) => Remediation.parse(stored),
    summary: ({ status, proposal }) =>
      `status=${status} fix=${proposal?.kind ?? 'none'} proof=${proposal?.proof.state ?? 'none'}`,
  };
}

function noFix(reason: string): Remediation {
  return { status: 'none', reason, proposal: null, draft: null, refused: [], operatorAction: null, runbook: null };
}
