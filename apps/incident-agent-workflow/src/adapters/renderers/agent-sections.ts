/** What each agent concluded, as labelled claims. An agent without a result is said to have none. */
import type { ModelSaid } from '../../domain/model-said.ts';
import type { Report } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { percent, shortHash } from '../../lib/wording.ts';
import { claims, filled, type Row, words } from './rows.ts';

export interface AgentSection {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Why there are no rows. */
  readonly missing: string | null;
}
const NAMES = WORDS.agents;
const FOUND = WORDS.found;

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
  const type = triage.errorType === 'api_error' ? FOUND.apiError : FOUND.serviceError;
  const kind = triage.faultClass === null ? type : `${type}, ${triage.faultClass}`;
  return [
    words(FOUND.service, [triage.registered ? triage.service : FOUND.notRegistered(triage.service)]),
    words(FOUND.error, [FOUND.errorLine(kind, FOUND.impacts[triage.impact])]),
    claims(FOUND.indicators, triage.keyIndicators),
    words(FOUND.mayFail, [WORDS.listed(triage.blastRadius.slice(0, 12))]),
    words(FOUND.lookAt, triage.lookAt),
  ];
}

function investigationRows({ investigation, hypotheses }: Report): Row[] {
  if (investigation === null) return [];
  const { request, confidence } = investigation;
  const followed = hypotheses.find(({ id }) => id === investigation.hypothesis);
  return [
    claims(FOUND.health, investigation.health === null ? [] : [investigation.health]),
    request === null ? words(FOUND.request, []) : words(FOUND.request, [requestText(request)], [request.cite]),
    words(FOUND.affected, [WORDS.listed(investigation.affected.slice(0, 12))]),
    claims(
      FOUND.holds,
      followed ? [{ ...followed.statement, text: `${percent(confidence)}: ${followed.statement.text}` }] : [],
    ),
    claims(
      FOUND.ruledOut,
      investigation.ruledOut.map(({ what, because }) => ({ text: `${what}: ${because.text}`, cites: because.cites })),
    ),
    words(FOUND.files, [WORDS.listed(investigation.filesToCheck.slice(0, 12))]),
  ];
}

function codeRows({ code }: Report): Row[] {
  if (code === null) return [];
  const { rootCause, fix } = code;
  const place =
    rootCause.status === 'located'
      ? placeOf(rootCause)
      : rootCause.status === 'outside-code'
        ? FOUND.outsideCode
        : FOUND.undetermined;
  const alternatives = rootCause.status === 'undetermined' ? rootCause.alternatives : [rootCause.why];
  return [
    words(FOUND.rootCause, [place]),
    claims(rootCause.status === 'undetermined' ? FOUND.alternatives : FOUND.why, alternatives),
    claims(
      FOUND.affectedCode,
      code.affectedCode.map(({ path, line, why, cite }) => ({ text: `${path}:${line}: ${why}`, cites: [cite] })),
    ),
    words(
      FOUND.suggestedFix,
      fix.kind === 'none' ? [FOUND.noFix] : [fix.text, ...fix.commands.map((command) => `\`${command}\``)],
    ),
    words(FOUND.risk, [fix.risk]),
    words(FOUND.nextSteps, code.nextSteps),
  ];
}

function requestText({ method, path, status }: { method: string; path: string; status: number | null }): string {
  return status === null ? `${method} ${path}` : WORDS.answeredWith(`${method} ${path}`, status);
}

function placeOf({ path, line, commit }: { path: string; line: number | null; commit: string | null }): string {
  const place = line === null ? path : `${path}:${line}`;
  return commit === null ? place : FOUND.commit(place, shortHash(commit));
}

/** Marked as the model's. Where it disagrees and what it asks has a section of its own. */
function modelRows(said: ModelSaid | undefined): Row[] {
  if (!said) return [];
  return [
    claims(FOUND.modelInShort, said.summary === null ? [] : [said.summary]),
    claims(FOUND.model, said.claims),
    words(
      FOUND.modelEdit,
      said.edits.map(({ path, search, replace }) =>
        FOUND.edit(path, oneLine(search, MAX_EDIT), oneLine(replace, MAX_EDIT)),
      ),
    ),
  ];
}
const MAX_EDIT = 200;
