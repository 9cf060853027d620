/** A change read line by line: what came, what went, and which line took the place of which. */
import type { ChangedFile, Commit } from '../../../domain/telemetry.ts';
import { type ChangedLine, readHunks } from '../../../lib/patches.ts';
import { type FileKind, fileKind } from '../file-kinds.ts';
import { isImport, isNotRun } from '../inert.ts';
import { type Comments, commentStyle, isOfBlanks, tokensOfLine, withoutComments } from '../token-stream.ts';
import type { Deed, Done } from './deeds.ts';

export interface Spot {
  /** Without its comment. */
  readonly text: string;
  readonly sign: ChangedLine['sign'];
  readonly indent: number;
  /** After the change; of a removed line the place where it stood. */
  readonly line: number;
  readonly hunk: number;
}
/** A line that took the place of another one like it. */
export interface Edit {
  readonly before: Spot;
  readonly after: Spot;
  readonly out: readonly string[];
  readonly in: readonly string[];
}
export interface FileReading {
  readonly path: string;
  readonly kind: FileKind;
  readonly isNew: boolean;
  /** What git prints of the surroundings of each hunk. */
  readonly sections: readonly string[];
  readonly before: readonly Spot[];
  readonly after: readonly Spot[];
  /** Lines that no removed one has, wherever it stood; and the other way round. */
  readonly come: readonly Spot[];
  readonly gone: readonly Spot[];
  readonly edits: readonly Edit[];
}

/** For people to copy. */
const SAMPLE = /\.(?:example|sample|dist|template|tpl)(?:\.\w+)?$/i;
export type Detector = (file: FileReading) => Done[];

export function done(deed: Deed, value: number, { path }: FileReading, line: number): Done {
  return { deed, value, path, line };
}

const BEGINNING_FILES = 4;
/** No person writes a longer line; it is data, or built. */
const MOST_CHARACTERS = 400;
const MOST_LINES = 1_200;

/** The files that run, as far as the patch could be read; nothing of a change of very many lines. */
export function readChange(commit: Commit): FileReading[] {
  const files = commit.files.filter(
    ({ path, patch, status }) => !isNotRun(path) && !SAMPLE.test(path) && patch !== '' && status !== 'deleted',
  );
  const spots = files.map((file) => spotsOf(file));
  const changed = spots.flat().filter(({ sign }) => sign !== ' ');
  if (changed.length > MOST_LINES || isBeginning(files)) return [];
  return files.map((file, index) => {
    const own = spots[index] ?? [];
    const plain = plainBy(file.path);
    const known = { '-': textsOf(changed, '-', plain), '+': textsOf(changed, '+', plain) };
    const side = (sign: '+' | '-', other: '+' | '-') =>
      own.filter(
        (spot) => spot.sign === sign && !isMoved(spot, known[other].get(plain(spot.text))) && !isImport(spot.text),
      );
    const [gone, come] = [side('-', '+'), side('+', '-')];
    return {
      path: file.path,
      kind: fileKind(file.path, isNotRun),
      isNew: file.status === 'added',
      sections: readHunks(file.patch).map(({ section }) => section),
      before: own.filter(({ sign }) => sign !== '+'),
      after: own.filter(({ sign }) => sign !== '-'),
      come,
      gone,
      edits: editsOf(gone, come),
    };
  });
}

/** Whole files that nothing was before: what they hold had never worked. */
function isBeginning(files: readonly ChangedFile[]): boolean {
  return files.length >= BEGINNING_FILES && files.every(({ status }) => status === 'added');
}

function spotsOf(file: ChangedFile): Spot[] {
  const style = commentStyle(file.path);
  return readHunks(file.patch).flatMap(({ lines }, hunk) =>
    lines
      .filter(({ text }) => text.length <= MOST_CHARACTERS)
      .map(({ text, sign, newLine }) => ({
        text: bare(text, file.path, style),
        sign,
        indent: indentOf(text),
        line: newLine,
        hunk,
      }))
      .filter(({ text }) => text.trim() !== ''),
  );
}

/** Of a comment over several lines each is seen by itself. */
function bare(text: string, path: string, style: Comments): string {
  if (style === 'slashes' && /^\s*(?:\*(?:[\s/]|$)|\/\*)/.test(text)) return '';
  return withoutComments(text, path).replace(/\s+$/, '');
}

function indentOf(text: string): number {
  const blank = /^\s*/.exec(text)?.[0] ?? '';
  return blank.replaceAll('\t', '    ').length;
}

/** The texts of one side, each with the indent that it has there. */
function textsOf(spots: readonly Spot[], sign: '+' | '-', plain: (text: string) => string): Map<string, number> {
  return new Map(spots.filter((spot) => spot.sign === sign).map(({ text, indent }) => [plain(text), indent]));
}

/** What stood at the top and stands in a function now is another thing. */
function isMoved({ sign, indent }: Spot, other: number | undefined): boolean {
  if (other === undefined) return false;
  return sign === '+' ? other > 0 || indent === 0 : indent > 0 || other === 0;
}

function plainBy(path: string): (text: string) => string {
  if (/\.ya?ml$/i.test(path)) return (text) => text;
  return isOfBlanks(path) ? trimmed : withoutBlanks;
}

function trimmed(text: string): string {
  return text.trim();
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '').replace(/[,;]$/, '');
}

const NEAR_LINES = 3;
/** Further away a line is no edit of another one. */
const FAR_LINES = 30;
/** Two lines with so much of their tokens in common are one, edited. */
const ALIKE = 0.42;
const KEY = /^\s*-?\s*["']?([\w.-]+)["']?\s*[:=]/;

function editsOf(gone: readonly Spot[], come: readonly Spot[]): Edit[] {
  const free = new Set(come);
  const pairs = gone.flatMap((before) => {
    const tokens = wordsOf(before.text);
    const [best] = [...free]
      .filter((after) => after.hunk === before.hunk && Math.abs(after.line - before.line) <= FAR_LINES)
      .map((after) => ({ after, likeness: likeness(before, after, tokens) }))
      .filter(({ likeness: value }) => value >= ALIKE)
      .sort((a, b) => b.likeness - a.likeness || a.after.line - b.after.line);
    if (!best) return [];
    free.delete(best.after);
    return [{ before, after: best.after }];
  });
  for (const before of gone.filter((spot) => !pairs.some((pair) => pair.before === spot))) {
    const after = aloneInItsPlace(before, gone, come);
    if (after && free.delete(after)) pairs.push({ before, after });
  }
  // What one line became two is still there.
  const paired = new Set(pairs.map(({ before }) => before));
  const left = { come: [...free], gone: gone.filter((spot) => !paired.has(spot)) };
  return pairs.map(({ before, after }) => {
    const [old, now] = [wordsOf(before.text), wordsOf(after.text)];
    const near = (spots: readonly Spot[]) =>
      spots.filter((spot) => Math.abs(spot.line - after.line) <= NEAR_LINES).flatMap(({ text }) => wordsOf(text));
    return {
      before,
      after,
      out: without(without(old, now), near(left.come)),
      in: without(without(now, old), near(left.gone)),
    };
  });
}

/** One line went and one came in its place, however unlike they are. */
function aloneInItsPlace(before: Spot, gone: readonly Spot[], come: readonly Spot[]): Spot | undefined {
  const near = (spots: readonly Spot[]) =>
    spots.filter(({ hunk, line }) => hunk === before.hunk && Math.abs(line - before.line) <= 1);
  const [after] = near(come);
  const isAlone = near(gone).length === 1 && near(come).length === 1;
  return isAlone && after?.line === before.line && after.indent === before.indent ? after : undefined;
}

/** Tokens; of a string that is a sentence, or a query, its words. */
function wordsOf(text: string): string[] {
  return tokensOfLine(text).flatMap((token) =>
    /^'.*\S\s+\S.*'$/.test(token) ? (token.slice(1, -1).match(/[\w$]+|[^\w\s]/g) ?? []) : [token],
  );
}

function likeness(before: Spot, after: Spot, tokens: readonly string[]): number {
  const key = KEY.exec(before.text)?.[1];
  if (key !== undefined && key === KEY.exec(after.text)?.[1]) return 1;
  const others = wordsOf(after.text);
  const shared = tokens.length - without(tokens, others).length;
  return tokens.length + others.length === 0 ? 0 : (2 * shared) / (tokens.length + others.length);
}

/** The tokens of one list that the other has not, each as often as it is missing. */
function without(tokens: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const token of others) left.set(token, (left.get(token) ?? 0) + 1);
  return tokens.filter((token) => {
    const count = left.get(token) ?? 0;
    left.set(token, count - 1);
    return count <= 0;
  });
}

export function isCode(path: string): boolean {
  return /\.(?:[cm]?[jt]sx?|py|java|kt|go|rb|cs|sql|prisma|php|scala)$/.test(path);
}
