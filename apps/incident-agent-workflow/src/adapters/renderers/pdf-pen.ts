/** Writes somebody else's text for the PDF: drawable, bounded, broken where it would run out of its column. */
import { BOUNDS } from './bounds.ts';
import type { Glyphs } from './glyphs.ts';
import { breakable, visibleLine, wrapRows } from './visible-text.ts';

/** A stretch of a sentence; `code` is set in the other typeface. */
export interface Stretch {
  readonly text: string;
  readonly code: boolean;
}

export interface Pen {
  /** One line of plain words. */
  prose(text: string, maxCharacters?: number): string;
  /** A sentence in which hashes, paths, and what stands between backticks are set as code. */
  sentence(text: string, maxCharacters?: number): Stretch[];
  /** Rows of at most `columns` characters for a block of code. */
  rows(text: string, columns: number, maxRows: number): string[];
  /** The chips that lead somewhere, at most five, and how many more there are. */
  chips(ids: readonly string[]): { readonly ids: string[]; readonly more: number };
}

const SENTENCE_CHARACTERS = 320;
/** A commit hash has a digit and a letter; a path has a slash or a line, and an ending. */
const CODE_IN_PROSE =
  /(?<!`)`([^`]{1,300})`(?!`)|(?<![\w/.-])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b|(?<![\w/.-])[\w@.-]{1,80}(?:\/[\w@.-]{1,80}){0,12}\.[a-z]{1,4}(?::\d{1,6}){1,2}\b|(?<![\w/.:-])[\w@-]{1,80}(?:\/[\w@.-]{1,80}){1,12}\.[a-z]{1,4}\b/g;

export function pdfPen(glyphs: Glyphs, known: ReadonlySet<string>): Pen {
  const canDraw = (point: number): boolean => glyphs.has(point);
  return {
    prose: (text, max = SENTENCE_CHARACTERS) => breakable(visibleLine(text, max, canDraw)),
    sentence: (text, max = SENTENCE_CHARACTERS) => stretches(visibleLine(text, max, canDraw)),
    rows(text, columns, maxRows) {
      // What cannot fit is not looked at: a line of a megabyte costs no more than a full block.
      return wrapRows(visibleLine(text, columns * (maxRows + 1), canDraw), columns, maxRows);
    },
    chips(ids) {
      const valid = [...new Set(ids)].filter((id) => known.has(id));
      const shown = valid.length > BOUNDS.cites ? BOUNDS.cites - 2 : valid.length;
      return { ids: valid.slice(0, shown), more: valid.length - shown };
    },
  };
}

function stretches(line: string): Stretch[] {
  const parts: Stretch[] = [];
  let at = 0;
  for (const match of line.matchAll(CODE_IN_PROSE)) {
    if (match.index > at) parts.push({ text: breakable(line.slice(at, match.index)), code: false });
    parts.push({ text: breakable(match[1] ?? match[0]), code: true });
    at = match.index + match[0].length;
  }
  if (at < line.length) parts.push({ text: breakable(line.slice(at)), code: false });
  return parts;
}
