/** Reads `git log --raw -p` line by line. No line of a diff can pass for a header: content lines begin with + - or blank. */
import type { ChangedFile, Commit } from '../../domain/telemetry.ts';
import { cleanText, cutText, oneLine } from '../../lib/clean-text.ts';
import { redact, redactFileLines } from '../../lib/redact.ts';

/** Five lines; the subject is the last, and git folds its line breaks. */
export const LOG_FORMAT = 'commit %H%nparents %P%ncommitted %cI%nauthored %aI%nsubject %s';

const MAX_FILES_PER_COMMIT = 200;
const MAX_PATCH_CHARACTERS = 12_000;

/** Newest first, as git wrote them. `isCut`: the text ends anywhere, so the last commit is left out. */
export function readLog(text: string, isCut: boolean): Commit[] {
  const blocks = text.split(/^(?=commit [0-9a-f]{40,64}$)/m).filter((block) => block.startsWith('commit '));
  if (isCut) blocks.pop();
  return blocks.map(readCommit);
}

function readCommit(block: string): Commit {
  const lines = block.split('\n');
  const [hash = '', parents = '', committed = '', authored = '', subject = ''] = lines.map(afterFirstWord);
  return {
    hash,
    committedAt: inUtc(committed),
    authoredAt: inUtc(authored),
    subject: oneLine(redact(subject), 300),
    parents: parents.split(' ').filter((parent) => parent !== ''),
    files: readFiles(lines.slice(5)),
  };
}

/** Of `--raw -p`: what became of each file, with its hunks. */
export function readFiles(lines: readonly string[]): ChangedFile[] {
  const patches = readPatches(lines);
  return lines
    .filter((line) => line.startsWith(':'))
    .slice(0, MAX_FILES_PER_COMMIT)
    .map((line) => readRawLine(line, patches));
}

/** `:100644 100644 1111 2222 M<tab>path`, for a rename with the old path before the new one. */
function readRawLine(line: string, patches: ReadonlyMap<string, string>): ChangedFile {
  const [head = '', ...paths] = line.split('\t');
  const path = unquote(paths.at(-1) ?? '');
  const letter = head.split(' ')[4]?.[0] ?? '';
  const old = letter === 'R' && paths.length > 1 ? { oldPath: cleanText(unquote(paths[0] ?? '')) } : {};
  return { path: cleanText(path), ...old, status: STATUSES.get(letter) ?? 'other', patch: patches.get(path) ?? '' };
}

const STATUSES = new Map<string, ChangedFile['status']>([
  ['A', 'added'],
  ['C', 'added'],
  ['M', 'modified'],
  ['D', 'deleted'],
  ['R', 'renamed'],
]);

/** Path → its hunks. Binary files and bare renames have none. */
function readPatches(lines: readonly string[]): Map<string, string> {
  const patches = new Map<string, string>();
  let oldPath = '';
  let path = '';
  let hunks: string[] = [];
  const finish = (): void => {
    if (hunks.length > 0) patches.set(path, tidyPatch(path, hunks));
    hunks = [];
  };
  for (const line of lines) {
    if (line.startsWith('diff --git ')) finish();
    else if (hunks.length === 0 && line.startsWith('--- ')) oldPath = pathOf(line);
    else if (hunks.length === 0 && line.startsWith('+++ ')) path = pathOf(line) || oldPath;
    else if (line.startsWith('@@') || (hunks.length > 0 && /^[ +\-\\]/.test(line))) hunks.push(line);
  }
  finish();
  return patches;
}

function tidyPatch(path: string, hunks: readonly string[]): string {
  return cutText(cleanText(redactFileLines(path, hunks).join('\n')), MAX_PATCH_CHARACTERS);
}

/** `--- a/path` → path, '' for /dev/null. A path with a blank in it ends with a tab. */
function pathOf(line: string): string {
  const named = unquote(line.slice(4).replace(/\t$/, ''));
  return named === '/dev/null' ? '' : named.slice(2);
}

/** Git writes paths with control characters, quotes or backslashes as C strings; octal escapes are bytes. */
export function unquote(path: string): string {
  if (!/^".*"$/s.test(path)) return path;
  const parts = path.slice(1, -1).split(/(\\(?:[0-7]{3}|.))/s);
  return Buffer.concat(parts.map(bytesOf)).toString('utf8');
}

function bytesOf(part: string): Buffer {
  if (!part.startsWith('\\')) return Buffer.from(part);
  const code = part.slice(1);
  return /^[0-7]{3}$/.test(code) ? Buffer.of(Number.parseInt(code, 8)) : Buffer.from(ESCAPES.get(code) ?? code);
}

const ESCAPES = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
]);

function afterFirstWord(line: string): string {
  return line.slice(line.indexOf(' ') + 1);
}

function inUtc(instant: string): string {
  const milliseconds = Date.parse(instant);
  return Number.isNaN(milliseconds) ? instant : new Date(milliseconds).toISOString();
}
