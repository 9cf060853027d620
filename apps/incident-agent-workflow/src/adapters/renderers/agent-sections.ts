/** What each agent concluded, as labelled claims. An agent without a result is said to have none. */
import type { Claim } from '../../domain/claim.ts';
import { disagreementClaim, type ModelSaid, questionClaim } from '../../domain/model-said.ts';
import { fixSentence, type Proposal } from '../../domain/proposal.ts';
import type { Report } from '../../domain/report.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { listed, percent, shortHash } from '../../lib/wording.ts';
import { BOUNDS } from './bounds.ts';

export interface AgentSection {
  readonly name: string;
  readonly rows: readonly { readonly label: string; readonly claims: readonly Claim[] }[];
  /** Why there are no rows. */
  readonly missing: string | null;
}
type Row = AgentSection['rows'][number];

const NAMES = { triage: 'Triage', investigation: 'Investigation', code: 'Code Analysis' } as const;

export function agentSections(report: Report): AgentSection[] {
  return [
    section('triage', [...triageRows(report), ...modelRows(report.triage?.said)], report),
    section('investigation', [...investigationRows(report), ...modelRows(report.investigation?.said)], report),
    section('code', [...codeRows(report), ...modelRows(report.code?.said)], report),
    ...fixSection(report),
  ];
}

function section(key: keyof typeof NAMES, rows: Row[], report: Report): AgentSection {
  const note = report.notes.find(({ stage }) => stage.toLowerCase().startsWith(key));
  const missing = note ? `No result: ${note.note}` : 'No result in this run.';
  return {
    name: NAMES[key],
    rows: rows.filter((row) => row.claims.length > 0),
    missing: rows.length > 0 ? null : missing,
  };
}

function words(label: string, texts: readonly string[], cites: readonly string[] = []): Row {
  return claims(
    label,
    texts.filter((text) => text.trim() !== '').map((text) => ({ text, cites: [...cites] })),
  );
}

function claims(label: string, items: readonly Claim[]): Row {
  return { label, claims: items.slice(0, BOUNDS.claims) };
}

function triageRows({ triage }: Report): Row[] {
  if (triage === null) return [];
  const type = triage.errorType === 'api_error' ? 'API error' : 'service error';
  const kind = triage.faultClass === null ? type : `${type}, ${triage.faultClass}`;
  const registered = triage.registered ? '' : ', not in the registry';
  return [
    words('Service', [`${triage.service}${registered}`]),
    words('Error', [`${kind}; impact ${triage.impact}`]),
    claims('Indicators', triage.keyIndicators),
    words('May suffer too', [listed(triage.blastRadius.slice(0, 12))]),
    words('Look at', triage.lookAt),
  ];
}

function investigationRows({ investigation, hypotheses }: Report): Row[] {
  if (investigation === null) return [];
  const { request, confidence } = investigation;
  const followed = hypotheses.find(({ id }) => id === investigation.hypothesis);
  const answer = request?.status === null || request === null ? '' : ` answered ${request.status}`;
  return [
    claims('Health', investigation.health === null ? [] : [investigation.health]),
    request === null
      ? words('Request', [])
      : words('Request', [`${request.method} ${request.path}${answer}`], [request.cite]),
    words('Affected', [listed(investigation.affected.slice(0, 12))]),
    claims(
      'Holds',
      followed ? [{ ...followed.statement, text: `${percent(confidence)}: ${followed.statement.text}` }] : [],
    ),
    claims(
      'Ruled out',
      investigation.ruledOut.map(({ what, because }) => ({ text: `${what}: ${because.text}`, cites: because.cites })),
    ),
    words('Files to check', [listed(investigation.filesToCheck.slice(0, 12))]),
  ];
}

function codeRows({ code }: Report): Row[] {
  if (code === null) return [];
  const { rootCause, fix } = code;
  const place =
    rootCause.status === 'located'
      ? `${rootCause.path}${rootCause.line === null ? '' : `:${rootCause.line}`}${rootCause.commit === null ? '' : `, commit ${shortHash(rootCause.commit)}`}`
      : rootCause.status === 'outside-code'
        ? 'outside of the code'
        : 'undetermined; alternatives below';
  const alternatives = rootCause.status === 'undetermined' ? rootCause.alternatives : [rootCause.why];
  return [
    words('Root cause', [place]),
    claims(rootCause.status === 'undetermined' ? 'Alternatives' : 'Why', alternatives),
    claims(
      'Affected code',
      code.affectedCode.map(({ path, line, why, cite }) => ({ text: `${path}:${line}: ${why}`, cites: [cite] })),
    ),
    words(
      'Suggested fix',
      fix.kind === 'none' ? ['none'] : [fix.text, ...fix.commands.map((command) => `\`${command}\``)],
    ),
    words('Risk', [fix.risk]),
    words('Next steps', code.nextSteps),
  ];
}

/** Marked as the model's; what it said first and last is told first. */
function modelRows(said: ModelSaid | undefined): Row[] {
  if (!said) return [];
  return [
    claims('Model, in short', said.summary === null ? [] : [said.summary]),
    claims('Model', said.claims),
    claims('Disagreement', said.disagreements.map(disagreementClaim)),
    claims('Open question', said.openQuestions.map(questionClaim)),
    words(
      'Edit proposed by the model',
      said.edits.map(
        ({ path, search, replace }) =>
          `${path}: \`${oneLine(search, MAX_EDIT)}\` becomes \`${oneLine(replace, MAX_EDIT)}\``,
      ),
    ),
  ];
}
const MAX_EDIT = 200;

/** What was worked out and tried; before that there is nothing to be said. */
function fixSection({ remediation }: Report): AgentSection[] {
  if (!remediation) return [];
  const { proposal, draft, refused, reason, operatorAction, runbook } = remediation;
  const rows = [
    words('Fix', [fixSentence(remediation)]),
    ...(proposal ? proposalRows(proposal) : []),
    words('Draft', draft ? [`${draft.branch} on ${draft.repository}, onto ${draft.base}`] : proposal ? [reason] : []),
    words(
      'Refused',
      refused.map(({ what, because }) => `${what}: ${because}`),
    ),
    words('Instead', operatorAction === null ? [] : [operatorAction]),
    words('Runbook', runbook === null ? [] : [runbook]),
  ];
  return [{ name: 'Fix', rows: rows.filter((row) => row.claims.length > 0), missing: null }];
}

function proposalRows({ story, files, proof, risks, undo }: Proposal): Row[] {
  return [
    words('Does', [story]),
    words(
      'Changes',
      files.map(({ path, addedLines, removedLines }) => `${path}: +${addedLines} −${removedLines}`),
    ),
    words(
      'Tried',
      proof.checks.map(
        ({ name, before, after, without, milliseconds }) =>
          `${name}: before ${before}; with the fix ${after}${without === null ? '' : `; without it again ${without}`} (${(milliseconds / 1000).toFixed(1)} s)`,
      ),
    ),
    words('Risk', risks),
    words('Undo', [undo]),
  ];
}
