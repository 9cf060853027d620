/** The evidence that is shown with its data: code, diff, stack trace, log pattern. */
import type { EvidenceOf } from '../../domain/evidence.ts';
import { evidenceOfKind } from '../../domain/evidence.ts';
import type { Report } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import { clockTime } from '../../lib/instants.ts';
import { shortHash, thousands } from '../../lib/wording.ts';
import { BOUNDS } from './bounds.ts';
import { age } from './labels.ts';
import { linesSeen } from './lines-seen.ts';
import { diffOf } from './pdf-diff.ts';
import { foldedFrames, placeOf } from './pdf-frames.ts';
import type { Pen } from './pdf-pen.ts';

/** Characters that fit beside each other, by the width of the column and the size of the type. */
const CODE_COLUMNS = 85;
const FRAME_COLUMNS = 92;
const LOG_COLUMNS = 110;
const PATTERN_COLUMNS = 106;
const ROWS_OF_A_CODE_LINE = 3;
const TITLE_CHARACTERS = 220;
const ROWS_OF_A_LOG_LINE = 4;

export type Card = ReturnType<typeof codeCard | typeof commitCard | typeof stackCard | typeof logCard>;

/** Cited ones first, then in the order of their numbers; the order of kinds is that of an explanation. */
export function cardsOf(report: Report, pen: Pen): Card[] {
  const { verdict, code } = report;
  const claims = [verdict.statement, ...verdict.support];
  const cited = new Set([...claims.flatMap(({ cites }) => cites), ...(code?.locations ?? []).map(({ cite }) => cite)]);
  const best = <T extends { id: string }>(items: readonly T[], most: number): T[] =>
    [...items.filter(({ id }) => cited.has(id)), ...items.filter(({ id }) => !cited.has(id))].slice(0, most);
  return [
    ...best(evidenceOfKind(report.evidence, 'code'), BOUNDS.code).map((item, index) =>
      codeCard(item, index === 0 ? BOUNDS.codeLinesAround : BOUNDS.codeLinesAroundMore, report, pen),
    ),
    ...best(evidenceOfKind(report.evidence, 'commit'), BOUNDS.commits).map((item) => commitCard(item, pen)),
    ...distinctTraces(best(evidenceOfKind(report.evidence, 'stack-trace'), Number.POSITIVE_INFINITY))
      .slice(0, BOUNDS.stackTraces)
      .map((item) => stackCard(item, pen)),
    ...best(linesSeen(report), BOUNDS.logPatterns).map((item) => logCard(item, pen)),
  ];
}

function head({ id, title, source }: { id: string; title: string; source: string }, pen: Pen) {
  return { id, title: pen.prose(title, TITLE_CHARACTERS).trim() || id, source: pen.prose(source, 20) };
}

/** Blame is shown where it changes, with hash and age: changes are named, people are not. */
function codeCard(item: EvidenceOf<'code'>, linesAround: number, report: Report, pen: Pen) {
  const { data } = item;
  const blame = new Map(data.blame.map((line) => [line.line, line]));
  const numbered = data.lines.map((text, index) => ({ text, line: data.firstLine + index }));
  const near = numbered.filter(({ line }) => Math.abs(line - data.highlightedLine) <= linesAround);
  let earlier = '';
  const lines = near.map(({ text, line }) => {
    const changed = blame.get(line);
    const hash = changed ? shortHash(changed.hash) : '';
    const isMarked = line === data.highlightedLine;
    const shown = hash !== earlier || isMarked;
    earlier = hash;
    return {
      line: String(line),
      hash: shown ? hash : '',
      age: shown && changed ? age(changed.committedAt, report) : '',
      rows: pen.rows(text, CODE_COLUMNS, ROWS_OF_A_CODE_LINE),
      marked: isMarked,
    };
  });
  const note = WORDS.fileAt(data.path, shortHash(data.revision), data.totalLines);
  return { kind: 'code' as const, ...head(item, pen), lines, note: pen.prose(note) };
}

function commitCard(item: EvidenceOf<'commit'>, pen: Pen) {
  const { files, hidden } = diffOf(item.data.files, pen);
  const note = hidden > 0 ? WORDS.more.linesOfDiffOr(hidden, item.query) : '';
  return { kind: 'commit' as const, ...head(item, pen), files, note: pen.prose(note) };
}

/** One of each failure: the same error at the same place, reached another way, is in the appendix. */
function distinctTraces(items: readonly EvidenceOf<'stack-trace'>[]): EvidenceOf<'stack-trace'>[] {
  const seen = new Set<string>();
  return items.filter(({ data }) => {
    const crash = data.crashFrame === null ? undefined : data.frames[data.crashFrame];
    const key = JSON.stringify([data.type, data.message, crash?.file, crash?.line]);
    return !seen.has(key) && seen.add(key);
  });
}

function stackCard(item: EvidenceOf<'stack-trace'>, pen: Pen) {
  const { data } = item;
  const all = foldedFrames(data.frames);
  const frames = all.slice(0, BOUNDS.frames).map((entry) =>
    'folded' in entry
      ? { kind: 'folded' as const, rows: [WORDS.more.frames(entry.folded)] }
      : {
          kind:
            entry.index === data.crashFrame
              ? ('crash' as const)
              : entry.frame.inApp
                ? ('own' as const)
                : ('library' as const),
          rows: pen.rows(placeOf(entry.frame), FRAME_COLUMNS, 2),
        },
  );
  const hidden = all.length - frames.length;
  const request =
    data.request &&
    (data.request.status === null
      ? `${data.request.method} ${data.request.path}`
      : WORDS.answeredWith(`${data.request.method} ${data.request.path}`, data.request.status));
  const facts = [
    WORDS.times(data.count),
    WORDS.timesBefore(data.baselineCount),
    request ? WORDS.request(request) : '',
    `${data.stream}${data.line === null ? '' : `:${data.line}`}`,
    hidden > 0 ? WORDS.more.moreFrames(hidden) : '',
  ];
  return {
    kind: 'stack-trace' as const,
    ...head(item, pen),
    error: pen.rows(`${data.type}: ${data.message}`, FRAME_COLUMNS, 4),
    frames,
    note: pen.prose(facts.filter((fact) => fact !== '').join(' · '), 400),
  };
}

function logCard(item: EvidenceOf<'logs'>, pen: Pen) {
  const { data } = item;
  const span = data.firstAt === null ? '' : WORDS.span(clockTime(data.firstAt), clockTime(data.lastAt ?? data.firstAt));
  const samples = data.samples.slice(0, BOUNDS.logSamples).map((sample) => ({
    place: pen.prose(`${sample.stream}${sample.line === null ? '' : `:${sample.line}`}`, 160),
    rows: pen.rows(sample.text, LOG_COLUMNS, ROWS_OF_A_LOG_LINE),
  }));
  return {
    kind: 'logs' as const,
    ...head(item, pen),
    pattern: pen.rows(data.template, PATTERN_COLUMNS, 4),
    counts: [
      { label: WORDS.code.level, value: data.level },
      { label: WORDS.code.sinceOnset, value: thousands(data.incidentCount) },
      { label: WORDS.code.before, value: thousands(data.baselineCount) },
      ...(span === '' ? [] : [{ label: WORDS.code.firstToLast, value: span }]),
    ],
    samples,
    note: pen.prose(WORDS.samples(samples.length, data.incidentCount)),
  };
}
