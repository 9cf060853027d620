/** The report as the template reads it: plain JSON, every text drawable and bounded, every chip with a target. */
import type { Evidence } from '../../domain/evidence.ts';
import type { Report } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import { clockTime } from '../../lib/instants.ts';
import { capital, percent, quoted, withStop } from '../../lib/wording.ts';
import { agentSections } from './agent-sections.ts';
import { BOUNDS } from './bounds.ts';
import { causeClaims } from './cause-claims.ts';
import * as labels from './labels.ts';
import type { Item } from './outline.ts';
import { cardsOf } from './pdf-cards.ts';
import type { PlacedChart } from './pdf-charts.ts';
import { fixPart } from './pdf-fix.ts';
import type { Pen, Stretch } from './pdf-pen.ts';
import { aboutRows, deliveryRows, impactRows, questionRows, similarRows } from './record-sections.ts';
import type { Row } from './rows.ts';
import { breakable } from './visible-text.ts';

const QUERY_COLUMNS = 98;
const QUERY_ROWS = 5;
const BODY_ROWS = 2;
/** What a cell of the head holds on one line. */
const NARROW_WORD = 17;
/** What a column of figures holds. */
const NARROW_FIGURE = 10;
/** The verdict is never cut: it reads the same everywhere. */
const STATEMENT_CHARACTERS = 500;

export function knownIds(report: Pick<Report, 'evidence' | 'gaps'>): Set<string> {
  return new Set([
    ...report.evidence.slice(0, BOUNDS.evidence).map(({ id }) => id),
    ...report.gaps.slice(0, BOUNDS.gaps).map(({ id }) => id),
  ]);
}

/** `charts` are the ones that were drawn, each under its file name. */
export function pdfContent(report: Report, charts: readonly PlacedChart[], pen: Pen) {
  const listed = new Set(report.evidence.slice(0, BOUNDS.evidence).map(({ id }) => id));
  const cards = cardsOf(report, pen).filter(({ id }) => listed.has(id));
  const drawn = charts.filter(({ chart }) => listed.has(chart.evidenceId));
  const shown = new Set([...cards.map(({ id }) => id), ...drawn.map(({ chart }) => chart.evidenceId)]);
  return {
    words: { ...WORDS, page: undefined },
    ...headPart(report, pen),
    verdict: verdictPart(report, pen),
    actions: report.actions.slice(0, BOUNDS.actions).map((action) => actionOf(pen.sentence(action))),
    charts: drawn.map(({ chart, file, isWide }) => ({
      file,
      wide: isWide,
      id: chart.evidenceId,
      title: pen.prose(chart.title, 220).trim() || chart.evidenceId,
      source: pen.prose(report.evidence.find(({ id }) => id === chart.evidenceId)?.source ?? '', 20),
      alt: pen.prose(chart.sentence, 500),
    })),
    cause: causePart(report, shown, pen),
    cards,
    agents: agentSections(report).map(({ name, rows, missing }) => ({
      name,
      rows: rowsOf(rows, pen),
      missing: missing === null ? null : pen.prose(missing),
    })),
    impact: impactRows(report).map(([name, ...values]) => [
      ...(name ? [claimOf(name, pen)] : []),
      ...values.map(({ text, cites }) => ({
        parts: [{ text: breakable(pen.prose(text, 60).replaceAll('\u200b', ''), NARROW_FIGURE), code: false }],
        chips: pen.chips(cites),
      })),
    ]),
    fix: fixPart(report, pen, (rows) => rowsOf(rows, pen)),
    questions: rowsOf(questionRows(report), pen),
    similar: similarRows(report).map((cells) => cells.map((cell) => claimOf(cell, pen))),
    deliveries: rowsOf(deliveryRows(report), pen),
    about: rowsOf(aboutRows(report), pen),
    ...doubtPart(report, pen),
    timeline: timelinePart(report, pen),
    hasDays: report.timeline.some(({ at }) => labels.timeOfReport(at, report) !== clockTime(at)),
    appendix: appendixPart(report, shown, pen),
  };
}

function headPart(report: Report, pen: Pen) {
  const { incident } = report;
  return {
    document: { title: documentTitle(report, pen), date: dateParts(report.generatedAt) },
    footer: pen.prose(
      WORDS.footer(incident.id, incident.service, report.version, labels.dayAndTime(report.generatedAt)),
      160,
    ),
    head: {
      severity: incident.severity,
      severityWord: labels.SEVERITY_WORDS[incident.severity],
      status: labels.STATUS_WORDS[incident.status],
      id: incident.id,
      alert: pen.prose(labels.alertLine(report), 80),
      day: labels.day(incident.startedAt),
      title: pen.prose(incident.title, 200).trim() || incident.id,
      service: pen.prose(incident.service, 80),
      subtitle: labels.subtitle(report),
      url: addressOf(incident.url),
      dashboard: addressOf(incident.dashboardUrl),
    },
    facts: report.keyFacts.map(({ label, value, cites }) => {
      const [first = '', ...rest] = value.split(' · ');
      return {
        label: inNarrowCell(pen.prose(label, 24)),
        value: inNarrowCell(pen.prose(first, 90)),
        note: inNarrowCell(pen.prose(rest.join(' · '), 90)),
        chips: pen.chips(cites),
      };
    }),
  };
}

export function documentTitle({ incident }: Report, pen: Pen): string {
  return pen.prose(WORDS.documentTitle(incident.id, incident.title), 300);
}

/** As the template's language wants it. */
export function dateParts(instant: string): Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number> {
  const milliseconds = Date.parse(instant);
  const date = new Date(Number.isNaN(milliseconds) ? 0 : milliseconds);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** Only what a browser opens as a page becomes a link. */
function addressOf(url: string | null): string | null {
  return url !== null && url.length <= 2_000 && /^https?:\/\/[\x21-\x7e]+$/.test(url) ? url : null;
}

/** Alert names are one long word in which only the capitals part the words. */
function inNarrowCell(text: string): string {
  const whole = text.replaceAll('\u200b', '');
  const parted = whole.replace(new RegExp(`[^\\s]{${NARROW_WORD + 1},}`, 'g'), (word) =>
    word.replace(/(?<=[a-z\d])(?=[A-Z])/g, '\u200b'),
  );
  return breakable(parted, NARROW_WORD);
}

function rowsOf(rows: readonly Row[], pen: Pen) {
  return rows.map(({ label, claims }) => ({
    label: pen.prose(label, 60),
    lines: claims.map((claim) => claimOf(claim, pen)),
  }));
}

function claimOf(claim: Item, pen: Pen, maxCharacters?: number) {
  return { parts: pen.sentence(claim.text, maxCharacters), chips: pen.chips(claim.cites) };
}

function verdictPart(report: Report, pen: Pen) {
  const { verdict } = report;
  return {
    heading: labels.verdictHeading(report),
    confidence: verdict.confidence,
    confidenceWords: verdict.confidence === null ? null : WORDS.onTheScale(percent(verdict.confidence)),
    band: verdict.status === 'not-confirmed' ? null : verdict.band,
    statement: claimOf(verdict.statement, pen, STATEMENT_CHARACTERS),
    support: verdict.support.map((claim) => claimOf(claim, pen)),
    wouldChange: verdict.wouldChange.slice(0, BOUNDS.claims).map((text) => pen.sentence(withStop(text))),
  };
}

/** A command stands on a line of its own, so that it is found and copied. */
function actionOf(parts: Stretch[]): { parts: Stretch[]; command: string | null } {
  const last = parts.at(-1);
  return last?.code && last.text.includes(' ')
    ? { parts: parts.slice(0, -1), command: last.text }
    : { parts, command: null };
}

function causePart(report: Report, shown: ReadonlySet<string>, pen: Pen) {
  const { hypotheses, verdict } = report;
  const leading = verdict.status === 'established' ? hypotheses[0] : undefined;
  return {
    heading: labels.causeHeading(report),
    claims: causeClaims(report, shown).map((claim) => claimOf(claim, pen)),
    against: (leading?.contradicting ?? []).slice(0, BOUNDS.claims).map((claim) => claimOf(claim, pen)),
    revision: pen.sentence(labels.revisionLine(report) ?? ''),
  };
}

function doubtPart(report: Report, pen: Pen) {
  return {
    ruledOut: report.ruledOut.slice(0, BOUNDS.ruledOut).map(({ what, because }) => ({
      what: pen.prose(capital(what), 120),
      ...claimOf(because, pen),
    })),
    gaps: report.gaps.slice(0, BOUNDS.gaps).map((gap) => ({
      id: gap.id,
      unknown: pen.prose(capital(gap.unknown), 200),
      detail: pen.prose(
        `${gap.source}: ${gap.detail}${gap.coveredBy === undefined ? '' : `. ${WORDS.covered(gap.coveredBy)}`}`,
        300,
      ),
    })),
    moreGaps: moreOf(report.gaps.length, BOUNDS.gaps, WORDS.more.gaps),
    notChecked: report.notChecked.slice(0, BOUNDS.notChecked).map(({ what, because, cites }) => ({
      what: pen.prose(capital(what), 200),
      because: pen.prose(because, 300),
      chips: pen.chips(cites),
    })),
    hypotheses: report.hypotheses.slice(0, BOUNDS.hypotheses).map((item) => ({
      percent: percent(item.confidence),
      ...claimOf(item.statement, pen),
      for: pen.chips(item.supporting.flatMap(({ cites }) => cites)),
      against: pen.chips(item.contradicting.flatMap(({ cites }) => cites)),
    })),
  };
}

function timelinePart(report: Report, pen: Pen) {
  return report.timeline.slice(0, BOUNDS.timeline).map((entry) => ({
    time: pen.prose(labels.timeOfReport(entry.at, report), 40),
    kind: entry.kind,
    word: labels.TIMELINE_WORDS[entry.kind],
    parts: pen.sentence(labels.withoutItsTime(entry), 300),
    chips: pen.chips(entry.cites),
  }));
}

/** Most of the evidence is of the one time that was looked at: it is said once, and where it differs. */
function usualWindow({ evidence }: Report): Evidence['window'] | undefined {
  const counts = new Map<string, { window: Evidence['window']; count: number }>();
  for (const { window } of evidence) {
    const key = `${window.from} ${window.to}`;
    counts.set(key, { window, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const [most] = [...counts.values()].toSorted((a, b) => b.count - a.count);
  return most && most.count > 1 ? most.window : undefined;
}

/** Evidence that has no card of its own is linked here. */
function appendixPart(report: Report, shown: ReadonlySet<string>, pen: Pen) {
  const usual = usualWindow(report);
  return {
    note: usual ? `${WORDS.appendixNote} ${WORDS.appendixWindow(labels.spanOf(usual))}` : WORDS.appendixNote,
    evidence: report.evidence.slice(0, BOUNDS.evidence).map((item) => ({
      id: item.id,
      anchored: !shown.has(item.id),
      title: pen.prose(item.title, 300),
      query: item.query === '' ? null : pen.rows(item.query, QUERY_COLUMNS, QUERY_ROWS),
      origin: pen.prose(labels.originOf(item, usual), 44),
      body:
        item.kind === 'probe' && item.data.body.trim() !== ''
          ? pen.rows(item.data.body, QUERY_COLUMNS, BODY_ROWS)
          : null,
    })),
    moreEvidence: moreOf(report.evidence.length, BOUNDS.evidence, WORDS.more.evidence),
    gaps: report.gaps
      .slice(0, BOUNDS.gaps)
      .filter(({ query }) => query !== '')
      .map((gap) => ({ id: gap.id, query: pen.rows(gap.query, QUERY_COLUMNS, QUERY_ROWS), reason: gap.reason })),
    refused: report.refusedClaims.slice(0, BOUNDS.refused).map(({ text, cites, result, reason }) => ({
      text: pen.prose(quoted(text, 300)),
      reason: pen.prose(`${result}: ${reason}`, 300),
      chips: pen.chips(cites),
    })),
    moreRefused: moreOf(report.claimCounts.refused, BOUNDS.refused, WORDS.more.refused),
    notes: report.notes
      .slice(0, BOUNDS.notes)
      .map(({ stage, note }) => ({ stage: pen.prose(stage, 60), note: pen.prose(note) })),
    alerts: report.incident.alerts.slice(0, BOUNDS.notes).map((alert) => ({
      name: pen.prose(alert.name, 80),
      status: pen.prose(alert.status, 20),
      time: pen.prose(clockTime(alert.startsAt), 40),
      summary: pen.prose(alert.summary, 200),
    })),
    moreAlerts: moreOf(report.incident.alertCount, BOUNDS.notes, WORDS.more.alerts),
  };
}

function moreOf(all: number, most: number, say: (count: number) => string): string | null {
  return all > most ? say(all - most) : null;
}
