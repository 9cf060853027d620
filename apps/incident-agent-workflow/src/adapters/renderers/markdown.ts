/** The report as Markdown (GitHub's dialect), for issues, chats and terminals. */
import type { Report } from '../../domain/report.ts';
import type { Renderer } from '../../ports.ts';
import { alertLine, dayAndTime, SEVERITY_WORDS, STATUS_WORDS, subtitle } from './labels.ts';
import { type Block, type Item, outlineOf } from './outline.ts';
import { visibleLine } from './visible-text.ts';

const MAX_TEXT_CHARACTERS = 1_000;
const MAX_CODE_CHARACTERS = 500;

export function markdownRenderer(): Renderer {
  return {
    format: 'md',
    contentType: 'text/markdown; charset=utf-8',
    async render(report) {
      return Buffer.from(markdownOf(report));
    },
  };
}

function markdownOf(report: Report): string {
  const { incident } = report;
  const head = [
    SEVERITY_WORDS[incident.severity],
    STATUS_WORDS[incident.status],
    incident.id,
    incident.service,
    alertLine(report),
    dayAndTime(incident.startedAt),
  ];
  const parts = [
    `# ${escapeMarkdown(incident.title)}`,
    head.map(escapeMarkdown).join(' · '),
    escapeMarkdown(subtitle(report)),
  ];
  return `${[...parts, ...outlineOf(report).map(blockOf)].join('\n\n')}\n`;
}

function blockOf(block: Block): string {
  if (block.kind === 'heading') return `${'#'.repeat(block.level)} ${escapeMarkdown(block.text)}`;
  if (block.kind === 'sentence') return itemOf(block, block.strong ? '**' : '');
  if (block.kind === 'code') return fenced(block.lines);
  if (block.kind === 'table') return tableOf(block.head, block.rows);
  return block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : '-'} ${itemOf(item)}`).join('\n');
}

function itemOf({ text, cites }: Item, around = ''): string {
  const words = escapeMarkdown(text);
  const chips = cites.length === 0 ? '' : `\\[${cites.map(escapeMarkdown).join(', ')}\\]`;
  return [words === '' ? '' : `${around}${words}${around}`, chips].filter((part) => part !== '').join(' ');
}

function tableOf(head: readonly string[], rows: readonly (readonly Item[])[]): string {
  const body = rows.map((row) => tableRow(row.map((cell) => itemOf(cell))));
  return [tableRow(head.map(escapeMarkdown)), tableRow(head.map(() => '---')), ...body].join('\n');
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell || ' ').join(' | ')} |`;
}

/**
 * One line of plain words: no markup, no HTML, no link that makes itself. What opens a block (a list, a heading, a
 * quotation) opens none.
 */
export function escapeMarkdown(text: string): string {
  return visibleLine(text, MAX_TEXT_CHARACTERS)
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]#|~$]/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=www)\.|@/gi, '\\$&')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2');
}

/** The fence is longer than any run of backticks inside, so nothing inside can close it. */
function fenced(lines: readonly string[]): string {
  const shown = lines.map((line) => visibleLine(line, MAX_CODE_CHARACTERS));
  const longest = Math.max(
    2,
    ...shown.map((line) => Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...shown, fence].join('\n');
}
