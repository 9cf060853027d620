/** Whether the same has failed before, and what came of it then. */
import type { EvidenceOf, Observed } from '../domain/evidence.ts';
import type { EarlierIncident } from '../domain/memory.ts';
import { signaturesOf } from '../domain/memory.ts';
import type { Question } from '../domain/question.ts';
import type { Commit, Observation } from '../domain/telemetry.ts';
import { secondsBetween } from '../lib/time.ts';
import { counted, duration, quoted, shortHash } from '../lib/wording.ts';
import type { AnalysisContext } from './context.ts';
import { historyOf } from './history.ts';

const SECONDS_A_DAY = 86_400;
/** Of the incidents; all of them are counted. */
const MAX_SHOWN = 10;

/** Asked once, when it is known what failed and how. */
export function memoryQuestion(
  observations: readonly Observation[],
  observed: readonly Observed[],
  context: AnalysisContext,
): Question[] {
  if (observations.some(({ question }) => question.kind === 'earlier-incidents')) return [];
  const signatures = signaturesOf(observed, context.service.name);
  const before = context.openedAt;
  return signatures.length === 0 ? [] : [{ kind: 'earlier-incidents', service: context.service, signatures, before }];
}

/** At most one piece of evidence: the incidents that are most alike, by trace if there are any, else by log, else by alert. */
export function observeMemory(observations: readonly Observation[], context: AnalysisContext): Observed[] {
  for (const { question, answer } of observations) {
    const all = answer.telemetry.earlierIncidents;
    if (question.kind !== 'earlier-incidents' || !all || all.length === 0) continue;
    const sameBy = (['trace', 'log', 'alert'] as const).find((kind) => all.some((one) => isAlike(one, kind)));
    if (sameBy === undefined) return [];
    const incidents = all.filter((one) => isAlike(one, sameBy));
    const first = incidents.at(-1)?.openedAt ?? question.before;
    const days = Math.round(secondsBetween(first, question.before) / SECONDS_A_DAY);
    const [last] = incidents;
    const fix = last && fixOf(last, historyOf(observations, question.service.name)?.commits ?? []);
    return [
      {
        kind: 'memory',
        title: titleOf(incidents, { sameBy, days, before: question.before, fix }),
        source: answer.source,
        query: answer.query,
        window: { from: first, to: question.before },
        digest: context.digest(JSON.stringify(incidents)),
        service: question.service.name,
        data: { sameBy, incidents: incidents.slice(0, MAX_SHOWN), days, ...(fix ? { fix } : {}) },
      },
    ];
  }
  return [];
}

function isAlike({ matched }: EarlierIncident, kind: string): boolean {
  return matched.some((signature) => signature.startsWith(`${kind} `));
}

const SAME = {
  trace: 'the same stack trace',
  log: 'the same error text',
  alert: 'the same alert',
} as const;

type Memory = EvidenceOf<'memory'>['data'];

interface Known extends Pick<Memory, 'sameBy' | 'days' | 'fix'> {
  readonly before: string;
}

/** `Third time in 9 days with the same stack trace; last time INC-12, 5 days ago for 40 min: …; fixed by …`. */
function titleOf(incidents: readonly EarlierIncident[], { sameBy, days, before, fix }: Known): string {
  const [last] = incidents;
  const span = days < 1 ? 'within a day' : `in ${counted(days, 'day')}`;
  const often = `${ordinal(incidents.length + 1)} time ${span} with ${SAME[sameBy]}`;
  if (last === undefined) return often;
  const ago = `${duration(secondsBetween(last.openedAt, before))} ago`;
  const lasted = last.resolvedAt === null ? '' : ` for ${duration(secondsBetween(last.openedAt, last.resolvedAt))}`;
  return `${often}; last time ${last.id}, ${ago}${lasted}${lastWords(last)}${fixWords(fix)}`;
}

const ORDINALS = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth', 'Ninth', 'Tenth'];

function ordinal(count: number): string {
  const word = ORDINALS[count - 1];
  if (word !== undefined) return word;
  const teens = count % 100 >= 11 && count % 100 <= 13;
  return `${count}${teens ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')}`;
}

function fixWords(fix: Memory['fix']): string {
  if (!fix) return '';
  const commit = `${shortHash(fix.hash)} ${quoted(fix.subject, 80)}`;
  return fix.how === 'revert' ? `; fixed by ${commit}` : `; while it lasted, ${commit} changed that file`;
}

/** What came into the code between its beginning and its end. Of a cause that somebody called wrong it says nothing. */
function fixOf({ openedAt, resolvedAt, cause, feedback }: EarlierIncident, commits: readonly Commit[]): Memory['fix'] {
  if (!cause || resolvedAt === null || feedback?.verdict === 'wrong') return undefined;
  const meanwhile = commits.filter(
    ({ committedAt }) => secondsBetween(openedAt, committedAt) > 0 && secondsBetween(committedAt, resolvedAt) >= 0,
  );
  const guilty = commits.find(({ hash }) => hash === cause.commit);
  const revert = guilty && meanwhile.find(({ subject }) => subject === `Revert "${guilty.subject}"`);
  if (revert) return { how: 'revert', hash: revert.hash, subject: revert.subject };
  const change = meanwhile.find(({ files }) => files.some(({ path }) => path === cause.file));
  return change && { how: 'change', hash: change.hash, subject: change.subject };
}

/** What was found then, and what somebody who knew said of it. */
function lastWords({ statement, feedback }: EarlierIncident): string {
  const said = feedback === null ? '' : FEEDBACK_WORDS[feedback.verdict];
  const known = typeof feedback?.cause === 'string' ? `: ${oneSentence(feedback.cause)}` : '';
  const note = feedback?.note === undefined ? '' : `; ${oneSentence(feedback.note)}`;
  const found = statement === null ? ', whose cause was not established' : `: ${oneSentence(statement)}`;
  return `${found}${said}${known}${note}`;
}

const FEEDBACK_WORDS = {
  right: ' (said to be right)',
  partly: ' (said to be partly right)',
  wrong: ' (said to be wrong)',
} as const;
const MAX_SENTENCE = 240;

function oneSentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > MAX_SENTENCE ? `${line.slice(0, MAX_SENTENCE - 1).toWellFormed()}…` : line;
}
