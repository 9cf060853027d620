/** The report as lines of plain text: what is left when nothing else can be laid out. */
import type { Report } from '../../domain/report.ts';
import { SEVERITY_WORDS, STATUS_WORDS, subtitle } from './labels.ts';
import { type Block, type Item, outlineOf } from './outline.ts';

const COLUMNS = 108;
const ROWS_OF_A_TEXT = 12;
const ROWS_OF_CODE = 4;
/** About twelve pages. */
const MAX_LINES = 900;

type Rows = (text: string, columns: number, maxRows: number) => string[];

export function plainLines(report: Report, rows: Rows): string[] {
  const { incident } = report;
  const head = [
    `${SEVERITY_WORDS[incident.severity]} · ${STATUS_WORDS[incident.status]} · ${incident.id} · ${incident.service}`,
    subtitle(report),
  ];
  const body = outlineOf(report).flatMap((block) => linesOf(block, rows));
  return [...head.flatMap((line) => rows(line, COLUMNS, 3)), ...body].slice(0, MAX_LINES);
}

function linesOf(block: Block, rows: Rows): string[] {
  const wrapped = (text: string): string[] => rows(text, COLUMNS, ROWS_OF_A_TEXT);
  if (block.kind === 'heading') return ['', ...wrapped(block.level === 2 ? block.text.toUpperCase() : block.text)];
  if (block.kind === 'sentence') return wrapped(withCites(block));
  if (block.kind === 'code') return block.lines.flatMap((line) => rows(`    ${line}`, COLUMNS, ROWS_OF_CODE));
  if (block.kind === 'table') return block.rows.flatMap((row) => wrapped(row.map(withCites).join(' | ')));
  return block.items.flatMap((item, index) => wrapped(`${block.ordered ? `${index + 1}.` : '-'} ${withCites(item)}`));
}

export function withCites({ text, cites }: Item): string {
  const shown = cites.length === 0 ? '' : `[${cites.join(', ')}]`;
  return text === '' || shown === '' ? `${text}${shown}` : `${text} ${shown}`;
}
