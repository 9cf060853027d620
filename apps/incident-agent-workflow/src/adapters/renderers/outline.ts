/** The report as headings, sentences, tables and blocks of code: what Word, Markdown and the plain PDF are made from. */
import type { Claim } from '../../domain/claim.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { evidenceOfKind } from '../../domain/evidence.ts';
import type { Report } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import { capital, percent, quoted, shortHash, withStop } from '../../lib/wording.ts';
import { BOUNDS } from './bounds.ts';
import { causeClaims } from './cause-claims.ts';
import { fixSection } from './fix-section.ts';
import * as labels from './labels.ts';
import { linesSeen } from './lines-seen.ts';
import { agentsOutline } from './outline-agents.ts';
import { aboutRows, deliveryRows, impactRows, questionRows, similarRows } from './record-sections.ts';
import type { Row } from './rows.ts';

export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: 'sentence'; readonly text: string; readonly cites: readonly string[]; readonly strong?: boolean }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Item[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Item[])[] }
  /** Somebody else's lines, as they are. */
  | { readonly kind: 'code'; readonly lines: readonly string[]; readonly markedLine?: number };

export interface Item {
  readonly text: string;
  readonly cites: readonly string[];
}

const CODE_LINES = 60;
const DIFF_FILES = 8;

export function outlineOf(report: Report): Block[] {
  return [
    ...summary(report),
    ...section(WORDS.headings.doNow, [list(report.actions.slice(0, BOUNDS.actions).map(plain), true)]),
    ...section(WORDS.headings.impact, impact(report)),
    ...section(labels.causeHeading(report), cause(report)),
    ...section(WORDS.headings.fix, fix(report)),
    ...section(WORDS.headings.agents, agentsOutline(report)),
    ...section(WORDS.headings.questions, [rowList(questionRows(report))]),
    ...section(WORDS.headings.ruledOut, [
      list(
        report.ruledOut
          .slice(0, BOUNDS.ruledOut)
          .map(({ what, because }) => ({ text: `${capital(what)}: ${because.text}`, cites: because.cites })),
      ),
    ]),
    ...section(
      WORDS.headings.couldNotSee,
      [list(report.gaps.slice(0, BOUNDS.gaps).map(gapItem)), ...more(report.gaps.length, BOUNDS.gaps, WORDS.more.gaps)],
      WORDS.nothingMissing,
    ),
    ...section(WORDS.headings.notChecked, [
      list(
        report.notChecked
          .slice(0, BOUNDS.notChecked)
          .map(({ what, because, cites }) => ({ text: `${capital(what)}: ${because}`, cites })),
      ),
    ]),
    ...section(WORDS.headings.hypotheses, hypothesesOf(report)),
    ...section(WORDS.headings.similar, [
      table([WORDS.columns.incident, WORDS.columns.what, WORDS.columns.ending], similarRows(report)),
    ]),
    ...section(WORDS.headings.timeline, [
      table(
        [WORDS.columns.time, WORDS.columns.type, WORDS.columns.event],
        report.timeline
          .slice(0, BOUNDS.timeline)
          .map((entry) => [
            plain(labels.timeOfReport(entry.at, report)),
            plain(labels.TIMELINE_WORDS[entry.kind]),
            { text: labels.withoutItsTime(entry), cites: entry.cites },
          ]),
      ),
    ]),
    ...section(WORDS.headings.deliveries, [rowList(deliveryRows(report))]),
    ...section(WORDS.headings.about, [rowList(aboutRows(report))]),
    ...section(WORDS.headings.appendix, appendix(report)),
    ...section(WORDS.headings.refused, [
      list(
        report.refusedClaims.slice(0, BOUNDS.refused).map((claim) => ({
          text: `${quoted(claim.text, 300)} ${claim.result}: ${claim.reason}`,
          cites: claim.cites,
        })),
      ),
    ]),
    ...section(WORDS.headings.notes, [
      list(report.notes.slice(0, BOUNDS.notes).map(({ stage, note }) => plain(`${stage}: ${note}`))),
    ]),
  ];
}

export function plain(text: string): Item {
  return { text, cites: [] };
}
export function list(items: readonly Item[], ordered = false): Block {
  return { kind: 'list', ordered, items };
}
function table(head: readonly string[], rows: readonly (readonly Item[])[]): Block {
  return { kind: 'table', head, rows };
}
function sentence(claim: Claim, strong = false): Block {
  return { kind: 'sentence', text: claim.text, cites: claim.cites, strong };
}

/** A section of which nothing is left is not printed, unless its emptiness says something. */
function section(heading: string, blocks: readonly Block[], empty?: string): Block[] {
  const kept = blocks.filter((block) => !isEmpty(block));
  if (kept.length === 0 && empty === undefined) return [];
  const body = kept.length === 0 && empty !== undefined ? [sentence({ text: empty, cites: [] })] : kept;
  return [{ kind: 'heading', level: 2, text: heading }, ...body];
}

function isEmpty(block: Block): boolean {
  if (block.kind === 'list') return block.items.length === 0;
  return block.kind === 'table' && block.rows.length === 0;
}

function more(all: number, most: number, say: (count: number) => string): Block[] {
  return all > most ? [sentence({ text: say(all - most), cites: [] })] : [];
}

function summary(report: Report): Block[] {
  const { verdict } = report;
  const blocks: Block[] = [
    table(
      ['', ''],
      report.keyFacts.map(({ label, value, cites }) => [plain(label), { text: value, cites }]),
    ),
    { kind: 'heading', level: 2, text: `${WORDS.headings.summary}: ${labels.verdictHeading(report)}` },
    sentence(verdict.statement, true),
    list(verdict.support),
    ...(verdict.wouldChange.length === 0
      ? []
      : [sentence({ text: `${WORDS.wouldChange}: ${verdict.wouldChange.map(withStop).join(' ')}`, cites: [] })]),
  ];
  return blocks.filter((block) => !isEmpty(block));
}

function cause(report: Report): Block[] {
  const { hypotheses, verdict, repository } = report;
  const against = verdict.status === 'established' ? (hypotheses[0]?.contradicting ?? []) : [];
  const revision = repository === null ? undefined : labels.revisionLine(report);
  const code = evidenceOfKind(report.evidence, 'code').slice(0, BOUNDS.code);
  const commits = evidenceOfKind(report.evidence, 'commit').slice(0, BOUNDS.commits);
  const traces = evidenceOfKind(report.evidence, 'stack-trace').slice(0, BOUNDS.stackTraces);
  const logs = linesSeen(report).slice(0, BOUNDS.logPatterns);
  const shown = new Set([...code, ...commits, ...traces, ...logs].map(({ id }) => id));
  return [
    list(causeClaims(report, shown)),
    list(against.slice(0, BOUNDS.claims).map(({ text, cites }) => ({ text: `${WORDS.againstIt}: ${text}`, cites }))),
    ...(revision === undefined ? [] : [sentence({ text: revision, cites: [] })]),
    ...code.flatMap(codeBlocks),
    ...commits.flatMap(commitBlocks),
    ...traces.flatMap((item) => [title(item), codeBlock(item.data.text)]),
    ...logs.flatMap((item) => [
      title(item),
      codeBlock(item.data.samples.slice(0, BOUNDS.logSamples).map(({ text }) => text)),
    ]),
  ];
}

function rowList(rows: readonly Row[]): Block {
  return list(
    rows.flatMap(({ label, claims }) => claims.map(({ text, cites }) => ({ text: `${label}: ${text}`, cites }))),
  );
}

function impact(report: Report): Block[] {
  const { figure, before, since, last, from } = WORDS.columns;
  return [table([figure, before, since, last, from], impactRows(report))];
}

function fix(report: Report): Block[] {
  const found = fixSection(report);
  if (!found) return [];
  const { check, before, after, without, took } = WORDS.columns;
  return [
    ...(found.state === null ? [] : [sentence({ text: found.title, cites: [] }, true)]),
    rowList(found.rows),
    table(
      [check, before, after, without, took],
      found.checks.map((cells) => cells.map(plain)),
    ),
    ...found.files.slice(0, DIFF_FILES).map(({ path, patch }) => codeBlock([path, ...patch.split('\n', 2_000)])),
    ...(found.reproduction
      ? [
          sentence({ text: `${WORDS.fix.reproduction}, ${found.reproduction.path}:`, cites: [] }),
          codeBlock(found.reproduction.lines),
        ]
      : []),
  ];
}

function title(item: Evidence): Block {
  return { kind: 'heading', level: 3, text: `${item.id} ${item.title}` };
}

function codeBlock(lines: readonly string[]): Block {
  const hidden = lines.length - CODE_LINES;
  return {
    kind: 'code',
    lines: hidden > 0 ? [...lines.slice(0, CODE_LINES), `… ${WORDS.more.lines(hidden)}`] : lines,
  };
}

function codeBlocks(item: Extract<Evidence, { kind: 'code' }>): Block[] {
  const { data } = item;
  const numbered = data.lines.map((text, index) => ({ text, line: data.firstLine + index }));
  const near = numbered.filter(({ line }) => Math.abs(line - data.highlightedLine) <= BOUNDS.codeLinesAround);
  const blamed = new Map(data.blame.map(({ line, hash }) => [line, shortHash(hash)]));
  return [
    title(item),
    {
      kind: 'code',
      lines: near.map(
        ({ text, line }) =>
          `${line === data.highlightedLine ? '>' : ' '} ${blamed.get(line) ?? '       '} ${String(line).padStart(5)}  ${text}`,
      ),
      markedLine: near.findIndex(({ line }) => line === data.highlightedLine),
    },
  ];
}

function commitBlocks(item: Extract<Evidence, { kind: 'commit' }>): Block[] {
  const files = item.data.files.slice(0, DIFF_FILES);
  return [title(item), codeBlock(files.flatMap(({ path, patch }) => [path, ...patch.split('\n', 2_000)]))];
}

function gapItem(gap: Report['gaps'][number]): Item {
  const covered = gap.coveredBy === undefined ? '' : `. ${WORDS.covered(gap.coveredBy)}`;
  return { text: `${capital(gap.unknown)} (${gap.source}: ${gap.detail}${covered})`, cites: [gap.id] };
}

function hypothesesOf(report: Report): Block[] {
  const rows = report.hypotheses
    .slice(0, BOUNDS.hypotheses)
    .map((item) => [
      plain(percent(item.confidence)),
      item.statement,
      { text: '', cites: item.supporting.flatMap(({ cites }) => cites) },
      { text: '', cites: item.contradicting.flatMap(({ cites }) => cites) },
    ]);
  return [table([WORDS.columns.share, WORDS.columns.hypothesis, WORDS.columns.for, WORDS.columns.against], rows)];
}

function appendix(report: Report): Block[] {
  const shown = report.evidence.slice(0, BOUNDS.evidence);
  return [
    ...shown.flatMap((item): Block[] => [
      { kind: 'sentence', text: item.title, cites: [item.id], strong: true },
      ...(item.query === '' ? [] : [codeBlock([item.query])]),
      sentence({ text: labels.originOf(item), cites: [] }),
    ]),
    ...more(report.evidence.length, BOUNDS.evidence, WORDS.more.evidence),
    ...report.gaps
      .slice(0, BOUNDS.gaps)
      .filter(({ query }) => query !== '')
      .flatMap((gap): Block[] => [
        { kind: 'sentence', text: `${WORDS.notSeen} (${gap.reason})`, cites: [gap.id], strong: true },
        codeBlock([gap.query]),
      ]),
  ];
}
