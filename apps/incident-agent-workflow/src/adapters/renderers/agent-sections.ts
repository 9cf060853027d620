/** What each agent concluded, as labelled claims. An agent without a result is said to have none. */
import type { ModelSaid } from '../../domain/model-said.ts';
import type { Report } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { listed, percent, shortHash } from '../../lib/wording.ts';
import { claims, filled, type Row, words } from './rows.ts';

export interface AgentSection {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Why there are no rows. */
  readonly missing: string | null;
}
const NAMES = WORDS.agents;

export function agentSections(report: Report): AgentSection[] {
  return [
    section('triage', [...triageRows(report), ...modelRows(report.triage?.said)], report),
    section('investigation', [...investigationRows(report), ...modelRows(report.investigation?.said)], report),
    section('code', [...codeRows(report), ...modelRows(report.code?.said)], report),
  ];
}

function section(key: keyof typeof NAMES, rows: Row[], report: Report): AgentSection {
  const note = report.notes.find(({ stage }) => stage.toLowerCase().startsWith(key));
  const missing = note ? WORDS.noResultBecause(note.note) : WORDS.noResult;
  return {
    name: NAMES[key],
    rows: filled(rows),
    missing: rows.length > 0 ? null : missing,
  };
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

/** Marked as the model's. Where it disagrees and what it asks has a section of its own. */
function modelRows(said: ModelSaid | undefined): Row[] {
  if (!said) return [];
  return [
    claims('Model, in short', said.summary === null ? [] : [said.summary]),
    claims('Model', said.claims),
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
