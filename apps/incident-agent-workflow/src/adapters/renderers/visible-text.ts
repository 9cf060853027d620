/** Somebody else's text made fit to be seen: nothing in it may vanish, turn the line around or stop the rendering. */
import { cutText } from '../../lib/clean-text.ts';

/** Controls, and what changes the direction or the joining of its neighbours without being seen itself. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0/u;
/** Accents pile up on one letter; no language needs more of them, and a tower of them hides the lines above. */
const MARK = /\p{M}/u;
const MOST_MARKS = 3;
const VARIATION = /[\ufe0e\ufe0f]/;
const PICTURE = /\p{Extended_Pictographic}/u;
/** So many code points of a run are spelled out. */
const SPELLED = 4;
const TAB = '  ';

/**
 * One line. Line breaks become blanks, tabs two, and what cannot be seen, or what `canDraw` refuses, is spelled:
 * `[U+202E]`. At most about `maxCharacters` of the text are kept; the cut is marked.
 */
export function visibleLine(
  text: string,
  maxCharacters: number,
  canDraw: (point: number) => boolean = drawAll,
): string {
  return spelled(
    cutText(text.toWellFormed(), maxCharacters)
      .replace(/\r\n|[\r\n]/g, ' ')
      .replaceAll('\t', TAB),
    canDraw,
  );
}

function drawAll(): boolean {
  return true;
}

function spelled(text: string, canDraw: (point: number) => boolean): string {
  let shown = '';
  let run: string[] = [];
  let marks = 0;
  let previous = '';
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    // Asks for a picture or a letter form of the emoji before it: there is one form of each.
    if (VARIATION.test(character) && PICTURE.test(previous)) continue;
    previous = character;
    marks = MARK.test(character) ? marks + 1 : 0;
    if (UNSEEN.test(character) || marks > MOST_MARKS || !canDraw(point)) {
      run.push(`U+${point.toString(16).toUpperCase().padStart(4, '0')}`);
      continue;
    }
    shown += spelledRun(run) + character;
    run = [];
  }
  return shown + spelledRun(run);
}

function spelledRun(points: readonly string[]): string {
  if (points.length === 0) return '';
  const more = points.length > SPELLED ? ` and ${points.length - SPELLED} more` : '';
  return `[${points.slice(0, SPELLED).join(' ')}${more}]`;
}

/** How far back from the end of a row a place to break is looked for. */
const BREAK_WITHIN_SHARE = 0.5;

/**
 * Rows of at most `columns` characters; what is beyond `maxRows` is cut with a mark. Broken behind a blank where one is
 * near, else behind a separator, so that a copied query or path is not cut in the middle. Never splits a surrogate pair.
 */
export function wrapRows(line: string, columns: number, maxRows: number): string[] {
  let rest = Array.from(line);
  const rows: string[] = [];
  while (rest.length > 0 || rows.length === 0) {
    if (rows.length === maxRows) {
      const last = Array.from(rows.at(-1) ?? '')
        .slice(0, columns - 1)
        .join('');
      rows[rows.length - 1] = `${last}…`;
      break;
    }
    const length = rest.length <= columns ? rest.length : breakOf(rest.slice(0, columns));
    rows.push(rest.slice(0, length).join(''));
    rest = rest.slice(length);
  }
  return rows;
}

function breakOf(row: readonly string[]): number {
  const least = Math.ceil(row.length * (1 - BREAK_WITHIN_SHARE));
  const blank = row.lastIndexOf(' ') + 1;
  if (blank >= least) return blank;
  const separator = row.findLastIndex((character) => ROW_SEPARATOR.test(character)) + 1;
  return separator >= least ? separator : row.length;
}

/** As much as a line of the page holds. A path, a hash or a command that fits stays whole: it is searched for and copied. */
const LONGEST_WORD = 60;
/** Where a word breaks that is longer than that: often, so that every column can be filled. */
const PIECE = 24;
/** Where a row of code or of a log may end. */
const ROW_SEPARATOR = /[,;:|&/(){}[\]]/;
const SEPARATOR = /[/\\._:=&?,-]/;

/** Words longer than `longest` get places where a line may break (U+200B, no width): behind a separator where one is near. */
export function breakable(text: string, longest = LONGEST_WORD): string {
  return text.replace(new RegExp(`[^\\s\\u200b]{${longest + 1},}`, 'gu'), (word) => {
    const pieces: string[] = [];
    let rest = Array.from(word);
    const most = Math.min(PIECE, longest);
    while (rest.length > most) {
      const near = rest.slice(0, most).findLastIndex((character) => SEPARATOR.test(character)) + 1;
      const length = near > most / 3 ? near : most;
      pieces.push(rest.slice(0, length).join(''));
      rest = rest.slice(length);
    }
    return [...pieces, rest.join('')].join('\u200b');
  });
}
