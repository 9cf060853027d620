/** What a mail says, before it is HTML or plain text: both are drawn from this one view, so they cannot differ. */
import { WORDS } from '../lib/catalogue/words.ts';
import { oneLine, printable } from '../lib/plain-text.ts';
import type { Message } from '../ports.ts';
import { type Course, coursesOf } from './courses.ts';
import { dayAndMonth, timeOfDay, timeSpan } from './times.ts';

export type Tone = 'critical' | 'warning' | 'info' | 'resolved' | 'plain';

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly detail?: string;
}

export interface MailView {
  readonly subject: string;
  readonly preview: string;
  readonly tone: Tone;
  readonly badge: { readonly shape: string; readonly word: string };
  /** What is known of its state, for people; empty: nothing. */
  readonly state: string;
  readonly incidentId?: string;
  readonly alertname: string;
  readonly title: string;
  readonly summary?: string;
  readonly facts: readonly Fact[];
  readonly courses: readonly Course[];
  readonly verdict?: { readonly heading: string; readonly sentence: string; readonly support: readonly string[] };
  readonly actions: readonly string[];
  readonly actionsTitle: string;
  readonly link?: string;
  /** Of the PDF that is not attached. */
  readonly pdfLink?: { readonly url: string; readonly text: string };
  readonly analysis: readonly string[];
  readonly analysisTitle: string;
  readonly ruledOut: readonly string[];
  readonly notSeen: readonly string[];
  readonly footer: readonly string[];
}

const SAY = WORDS.footer;
/** The whole of it is in the PDF and on the page; a mail stays readable on a phone. */
const MAX_ANALYSIS_CHARACTERS = 6_000;
const MAX_SENTENCE_CHARACTERS = 600;
const MAX_ITEMS = 8;

const badges = {
  critical: { shape: '■', word: WORDS.badges.critical },
  warning: { shape: '▲', word: WORDS.badges.warning },
  info: { shape: '○', word: WORDS.badges.info },
  resolved: { shape: '✓', word: WORDS.badges.resolved },
  plain: { shape: '□', word: WORDS.badges.plain },
} as const satisfies Record<Tone, MailView['badge']>;

/** `now` (ISO) gives only the "6 min before this mail". */
export function mailView(message: Message, now: string): MailView {
  const { incident, report } = message;
  const tone = message.kind === 'resolved' ? 'resolved' : (incident?.severity ?? 'plain');
  const title = headline(message);
  const summary = printable(message.summary, MAX_SENTENCE_CHARACTERS);
  const verdict = report && verdictOf(report);
  const analysis = printable(message.analysis, MAX_ANALYSIS_CHARACTERS).split(/\n{2,}/u);
  const link = incident?.url === undefined ? undefined : webAddress(incident.url);
  const pdfLink = pdfLinkOf(message);
  const courses = coursesOf(report?.courses);
  return {
    subject: subjectOf(message),
    preview: oneLine(verdict ? `${verdict.heading}: ${verdict.sentence}` : message.analysis, 180),
    tone,
    badge: badges[tone],
    state: stateOf(message),
    ...(incident && { incidentId: oneLine(incident.id, 40) }),
    alertname: oneLine(message.alertname, 80),
    title,
    ...(!title.includes(summary) && { summary }),
    facts: factsOf(message, now),
    courses,
    ...(verdict && { verdict }),
    actions: sentences(report?.actions ?? [], WORDS.more.actions),
    actionsTitle: message.kind === 'resolved' ? WORDS.headings.advised : WORDS.headings.doNow,
    ...(link !== undefined && { link }),
    ...(pdfLink && { pdfLink }),
    analysis: verdict ? withoutRepeats(analysis, verdict, courses) : analysis,
    analysisTitle: verdict ? WORDS.headings.analysis : WORDS.headings.firstAnalysis,
    ruledOut: sentences(report?.ruled_out ?? [], WORDS.more.causes),
    notSeen: sentences(report?.not_seen ?? [], WORDS.more.gaps),
    footer: footerOf(message, pdfLink !== undefined),
  };
}

/** `[Severity] service: symptom (id)`; the earlier mail's subject wins, so that a thread holds when the wording changes. */
export function subjectOf(message: Message): string {
  if (message.earlier?.subject !== undefined) return oneLine(message.earlier.subject, 200);
  const { incident } = message;
  const severity = incident ? badges[incident.severity].word : badges.plain.word;
  const id = oneLine(incident?.id ?? message.alertname, 60);
  return `[${severity}] ${oneLine(headline(message), 130)} (${id})`;
}

/** undefined: not an http address, so there is no link (a `javascript:` one must not become clickable). */
function webAddress(text: string): string | undefined {
  const url = URL.parse(text);
  return url && ['http:', 'https:'].includes(url.protocol) ? url.href : undefined;
}

function headline(message: Message): string {
  const service = oneLine(message.service, 80);
  const symptom = oneLine(message.incident?.title ?? message.summary, 220);
  return symptom.startsWith(service) ? symptom : `${service}: ${symptom}`;
}

function stateOf({ kind, incident }: Message): string {
  if (!incident || kind === 'resolved') return '';
  const status = oneLine(incident.status, 40);
  const state = kind === 'updated' ? WORDS.updated(status) : status;
  return state.charAt(0).toUpperCase() + state.slice(1);
}

function verdictOf(report: NonNullable<Message['report']>): NonNullable<MailView['verdict']> {
  const { word, sentence, confidence } = report.verdict;
  const percent = confidence === null ? '' : `, ${Math.round(confidence * 100)} %`;
  return {
    heading: `${oneLine(word, 40)}${percent}`,
    sentence: printable(sentence, MAX_SENTENCE_CHARACTERS),
    support: sentences(report.support, WORDS.more.observations),
  };
}

function bare(text: string): string {
  return text
    .replace(/ ?\[[EG]\d[^\]]*\]/gu, '')
    .trim()
    .replace(/\.$/u, '');
}

/** What stands above it in the same words, be it behind a few of its own (`Strongest so far: …`). */
function withoutRepeats(
  paragraphs: readonly string[],
  verdict: NonNullable<MailView['verdict']>,
  courses: readonly Course[],
): string[] {
  const said = [verdict.sentence, ...verdict.support, ...courses.map(({ title }) => title)].map(bare);
  return paragraphs
    .map((paragraph) => ({ paragraph, words: bare(paragraph) }))
    .filter(({ words }) => !said.some((one) => one === words || one.endsWith(`: ${words}`)))
    .map(({ paragraph }) => paragraph);
}

function factsOf({ incident, report }: Message, now: string): Fact[] {
  const own: Fact[] = [];
  const age = incident?.resolved_at ? undefined : timeSpan(incident?.started_at ?? '', now, WORDS.before);
  if (incident) own.push(moment(WORDS.since, incident.started_at, age));
  if (incident?.resolved_at)
    own.push(
      moment(WORDS.resolvedAt, incident.resolved_at, timeSpan(incident.started_at, incident.resolved_at, WORDS.inAll)),
    );
  const taken = new Set(own.map((fact) => fact.label));
  const given = (report?.facts ?? []).filter((fact) => !taken.has(fact.label));
  for (const { label, value, detail } of given.slice(0, MAX_ITEMS))
    own.push({
      label: oneLine(label, 60),
      value: printable(value, 200),
      ...(detail !== undefined && { detail: printable(detail, 200) }),
    });
  return own;
}

/** An instant that cannot be read is shown as it came: a mail is not lost over a date. */
function moment(label: string, instant: string, span: string | undefined): Fact {
  const time = timeOfDay(instant);
  if (time === undefined) return { label, value: oneLine(instant, 60) };
  return { label, value: WORDS.time(time), detail: [dayAndMonth(instant), span].filter(Boolean).join(', ') };
}

function sentences(texts: readonly string[], more: (count: number) => string): string[] {
  const shown = texts.slice(0, MAX_ITEMS).map((text) => printable(text, MAX_SENTENCE_CHARACTERS));
  if (texts.length > MAX_ITEMS) shown.push(more(texts.length - MAX_ITEMS));
  return shown;
}

/** undefined: it is attached, or nobody said where it is. */
function pdfLinkOf({ pdf, pdf_url }: Message): MailView['pdfLink'] {
  const url = pdf_url === undefined || (pdf && !pdf.isTooLarge) ? undefined : webAddress(pdf_url);
  if (url === undefined) return undefined;
  return { url, text: pdf ? WORDS.pdfOf(sizeText(pdf.content.byteLength)) : WORDS.pdf };
}

function footerOf(message: Message, hasPdfLink: boolean): string[] {
  const { pdf, incident } = message;
  const lines: string[] = [];
  const size = pdf ? sizeText(pdf.content.byteLength) : '';
  if (pdf?.isTooLarge) {
    lines.push(SAY.tooLarge(pdf.name, size));
    if (hasPdfLink) lines.push(SAY.linkedAbove);
    else if (incident?.url !== undefined) lines.push(SAY.onPage(oneLine(incident.url, 500)));
  } else if (pdf) lines.push(SAY.attached(pdf.name, size));
  else if (hasPdfLink) lines.push(SAY.notAttached);
  lines.push(SAY.about(oneLine(message.alertname, 80), oneLine(message.service, 80)));
  if (incident) lines.push(SAY.thread);
  lines.push(SAY.sentBy);
  return lines;
}

function sizeText(bytes: number): string {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
