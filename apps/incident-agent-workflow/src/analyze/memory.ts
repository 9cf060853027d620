/** Whether the same has failed before, and what came of it then. */
import type { Observed } from '../domain/evidence.ts';
import type { EarlierIncident } from '../domain/memory.ts';
import { signaturesOf } from '../domain/memory.ts';
import type { Question } from '../domain/question.ts';
import type { Observation } from '../domain/telemetry.ts';
import { secondsBetween } from '../lib/time.ts';
import { counted } from '../lib/wording.ts';
import type { AnalysisContext } from './context.ts';

const SECONDS_A_DAY = 86_400;
const MAX_SHOWN = 10;

/** Asked once, when it is known what failed and how. */
export function memoryQuestion(
  observations: readonly Observation[],
  observed: readonly Observed[],
  context: AnalysisContext,
): Question[] {
  if (observations.some(({ question }) => question.kind === 'earlier-incidents')) return [];
  const signatures = signaturesOf(observed, context.service.name);
  const before = openedAt(context);
  return signatures.length === 0 ? [] : [{ kind: 'earlier-incidents', service: context.service, signatures, before }];
}

/** Of the incident itself: what was opened before it is earlier. */
function openedAt({ alerts, window }: AnalysisContext): string {
  return alerts[0]?.receivedAt ?? window.to;
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
    const days = Math.max(1, Math.ceil(secondsBetween(first, question.before) / SECONDS_A_DAY));
    const shown = incidents.slice(0, MAX_SHOWN);
    return [
      {
        kind: 'memory',
        title: titleOf(incidents, sameBy, days),
        source: answer.source,
        query: answer.query,
        window: { from: first, to: question.before },
        digest: context.digest(JSON.stringify(incidents)),
        service: question.service.name,
        data: { sameBy, incidents: shown, days },
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

function titleOf(incidents: readonly EarlierIncident[], sameBy: keyof typeof SAME, days: number): string {
  const [last] = incidents;
  const often = counted(incidents.length, 'time');
  const span = days === 1 ? 'within a day' : `in ${days} days`;
  const ended = last === undefined ? '' : `; last ${last.id}${lastWords(last)}`;
  return `${SAME[sameBy]} was seen ${often} before ${span}${ended}`;
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
