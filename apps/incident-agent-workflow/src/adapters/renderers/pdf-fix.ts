/** The fix as the template reads it. */
import type { Report } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import { fixSection } from './fix-section.ts';
import { diffOf } from './pdf-diff.ts';
import type { Pen } from './pdf-pen.ts';
import type { Row } from './rows.ts';

const CELL_CHARACTERS = 160;
const CODE_COLUMNS = 100;

export function fixPart<R>(report: Report, pen: Pen, rowsOf: (rows: readonly Row[]) => R) {
  const found = fixSection(report);
  if (!found) return null;
  const { files, hidden } = diffOf(found.files, pen);
  return {
    state: found.state,
    title: pen.prose(found.title, 220),
    size: found.files.length === 0 ? '' : found.size,
    rows: rowsOf(found.rows),
    files,
    note: hidden > 0 ? pen.prose(WORDS.more.linesOfDiff(hidden)) : '',
    checks: found.checks.map((cells) => cells.map((cell) => pen.prose(cell, CELL_CHARACTERS))),
    reproduction: found.reproduction && {
      path: pen.prose(found.reproduction.path, 200),
      lines: found.reproduction.lines.map((line) => pen.rows(line, CODE_COLUMNS, 2)),
    },
  };
}
