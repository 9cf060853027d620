/** Figures over time drawn with the cells of tables: shown where images, style sheets and scripts are not. */
import { escapeHtml } from '../lib/escape-html.ts';
import type { Column, Course } from './courses.ts';
import * as style from './styles.ts';

const HEIGHT_PIXELS = 44;
const STATE_HEIGHT_PIXELS = 14;
/** Zero is seen to have been measured. */
const LEAST_PIXELS = 2;
const TINY = 'line-height:1px;font-size:1px';

/** `title`: as HTML, with its citations drawn. */
export function courseHtml(course: Course, title: string): string {
  const { kind, columns, sentence, from, to, key } = course;
  const cells = columns.map((column) => (kind === 'state' ? stateCell(column) : quantityCell(column))).join('');
  const small = `${style.font};font-size:11px;line-height:16px;padding-top:4px`;
  return `<p class="t1" style="${style.font};margin:0 0 8px;font-size:13px;line-height:19px;font-weight:600;${style.ink};overflow-wrap:anywhere">${title}</p>
<table role="img" aria-label="${escapeHtml(sentence)}" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed"><tr>${cells}</tr></table>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="t3" valign="top" width="44" style="${small};${style.ink3}">${escapeHtml(from)}</td><td class="t3" align="center" valign="top" style="${small};${style.ink3}">${escapeHtml(key)}</td><td class="t3" align="right" valign="top" width="44" style="${small};${style.ink3}">${escapeHtml(to)}</td></tr></table>
`;
}

function quantityCell({ share, isBad }: Column): string {
  const height = Math.max(LEAST_PIXELS, Math.round((share ?? 0) * HEIGHT_PIXELS));
  const column =
    share === null
      ? `<td class="ln" style="border-top:1px dotted #83868C;${TINY}">&nbsp;</td>`
      : filled(isBad ? 'bad' : 'calm', height);
  return `<td valign="bottom" height="${HEIGHT_PIXELS}" style="height:${HEIGHT_PIXELS}px;padding:0 1px;${TINY}"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>${column}</tr></table></td>`;
}

/** Light where it is up, dark where it is down: told apart without colour too. */
function stateCell({ share, isBad }: Column): string {
  if (share !== null) return filled(isBad ? 'bad' : 'up', STATE_HEIGHT_PIXELS);
  return `<td class="ln" height="${STATE_HEIGHT_PIXELS}" style="height:${STATE_HEIGHT_PIXELS}px;border-top:1px dotted #83868C;${TINY}">&nbsp;</td>`;
}

const FILLS = {
  bad: { className: 'tr', color: style.troubleColors.light },
  calm: { className: 'ca', color: '#83868C' },
  up: { className: 'up', color: '#DEDED8' },
} as const;

function filled(what: keyof typeof FILLS, heightPixels: number): string {
  const { className, color } = FILLS[what];
  return `<td class="${className}" bgcolor="${color}" height="${heightPixels}" style="height:${heightPixels}px;background:${color};${TINY}">&nbsp;</td>`;
}
