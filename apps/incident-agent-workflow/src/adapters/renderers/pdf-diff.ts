/** A diff as it is printed: files until the room is used up, lines with both their numbers, hunks apart. */
import { BOUNDS } from './bounds.ts';
import type { Pen } from './pdf-pen.ts';

const DIFF_COLUMNS = 95;
const PATH_COLUMNS = 92;
const ROWS_OF_A_LINE = 3;

interface ChangedFile {
  readonly path: string;
  readonly status: string;
  readonly patch: string;
}

/** `hidden`: lines for which there was no room. */
export function diffOf(changed: readonly ChangedFile[], pen: Pen) {
  let left: number = BOUNDS.diffLines;
  const files: { path: string; status: string; lines: DiffLine[] }[] = [];
  let hidden = 0;
  for (const file of changed) {
    const lines = diffLines(file.patch, pen);
    if (left <= 0) {
      hidden += Math.max(1, lines.length);
      continue;
    }
    hidden += Math.max(0, lines.length - left);
    files.push({
      path: pen.rows(file.path, PATH_COLUMNS, 2).join('\n'),
      status: file.status === 'modified' ? '' : file.status,
      lines: lines.slice(0, left),
    });
    left -= lines.length + 2;
  }
  return { files, hidden };
}

interface DiffLine {
  readonly kind: 'hunk' | 'add' | 'remove' | 'same';
  readonly old: string;
  readonly new: string;
  readonly rows: string[];
}

function diffLines(patch: string, pen: Pen): DiffLine[] {
  const lines: DiffLine[] = [];
  let before = 0;
  let after = 0;
  for (const text of patch.split('\n', 2_000)) {
    const hunk = /^@@ -(\d{1,9})\S* \+(\d{1,9})\S* @@/.exec(text);
    if (hunk) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      lines.push({ kind: 'hunk', old: '', new: '', rows: pen.rows(text, DIFF_COLUMNS, 1) });
      continue;
    }
    if (before + after === 0 || text === '' || text.startsWith('\\')) continue;
    const kind = text.startsWith('+') ? 'add' : text.startsWith('-') ? 'remove' : 'same';
    lines.push({
      kind,
      old: kind === 'add' ? '' : String(before),
      new: kind === 'remove' ? '' : String(after),
      rows: pen.rows(text, DIFF_COLUMNS, ROWS_OF_A_LINE),
    });
    if (kind !== 'add') before += 1;
    if (kind !== 'remove') after += 1;
  }
  return lines;
}
