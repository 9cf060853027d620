/** Where a text stands in the code, and what files became between two revisions: read from git's objects. */
import type { Gap } from '../../domain/gap.ts';
import type { ChangedFile, CodeMatch } from '../../domain/telemetry.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { redactFileLines } from '../../lib/redact.ts';
import type { Ask, QuestionOf } from './git.ts';
import { readFiles } from './git-log.ts';
import { checkPath, checkRevision, type Repository } from './git-repository.ts';
import { gapOf, type Sight } from './looking.ts';

const MAX_LINE_CHARACTERS = 500;
const MAX_GREP_BYTES = 1024 * 1024;
const MAX_DIFF_BYTES = 2 * 1024 * 1024;
/** Of one file: a generated one would fill the answer. */
const MAX_MATCHES_OF_FILE = 20;

/** A fixed string after -e, a commit, paths after `--`: nothing of it can be taken for a pattern or an option. */
export function grepWords({ text, revision }: QuestionOf<'grep'>, paths: readonly string[]): string[] {
  const max = `--max-count=${MAX_MATCHES_OF_FILE}`;
  return ['grep', '-n', '-I', '-F', '--full-name', '--no-color', max, '-e', text, revision, '--', ...paths];
}

export async function grep(question: QuestionOf<'grep'>, repository: Repository, ask: Ask): Promise<Sight> {
  checkRevision(question.revision);
  for (const path of question.paths) checkPath(path);
  const own = repository.servicePath === '' ? [] : [repository.servicePath];
  const words = grepWords(question, question.paths.length > 0 ? question.paths : own);
  const asked = ask(words, repository.top);
  // A hash is as good a name as any, and tells "no such revision" from "no match", which git both ends with 1.
  await repository.git(['rev-parse', '--verify', '--quiet', `${question.revision}^{commit}`]);
  const { text, isCut } = await repository.git(
    ['grep', '--null', '--no-textconv', '--threads=1', ...words.slice(1)],
    MAX_GREP_BYTES,
    { emptyCode: 1 },
  );
  const rows = text.split('\n').slice(0, -1);
  const matches = rows.map((row) => readMatch(row, question.revision)).filter((match) => match !== undefined);
  const gaps: Gap[] = [];
  const isMore = isCut || matches.length > question.maxMatches;
  if (isMore) {
    const detail = `it stands in more than ${question.maxMatches} places: only the first ${question.maxMatches} were read`;
    gaps.push(gapOf(asked, 'too-large', detail));
  }
  return { telemetry: { matches: matches.slice(0, question.maxMatches) }, gaps, query: asked.query };
}

/** `<revision>:<path>\0<line>\0<text>`. undefined: a line that was cut off. */
function readMatch(row: string, revision: string): CodeMatch | undefined {
  const [place = '', line = '', ...rest] = row.split('\0');
  const path = place.slice(revision.length + 1);
  if (path === '' || !/^\d+$/.test(line)) return undefined;
  const shown = redactFileLines(path, [rest.join(' ').replace(/\r$/, '').slice(0, MAX_LINE_CHARACTERS)])[0] ?? '';
  return { path: cleanText(path), line: Number(line), text: cleanText(shown) };
}

export function diffWords({ from, to, paths }: QuestionOf<'diff'>): string[] {
  return ['diff', from, to, '--', ...paths];
}

export async function diff(question: QuestionOf<'diff'>, repository: Repository, ask: Ask): Promise<Sight> {
  const { from, to, paths } = question;
  for (const revision of [from, to]) checkRevision(revision);
  for (const path of paths) checkPath(path);
  const words = diffWords(question);
  const asked = ask(words, repository.top);
  const safe = [
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    '-M',
    '--raw',
    '-p',
    '--no-abbrev',
    '--ignore-submodules=all',
  ];
  const output = await repository.git(['diff', ...safe, ...words.slice(1)], MAX_DIFF_BYTES);
  const files: ChangedFile[] = readFiles(output.text.split('\n'));
  const gaps = output.isCut ? [gapOf(asked, 'too-large', 'the difference is too large to be read whole')] : [];
  return { telemetry: { diff: { from, to, files } }, gaps, query: asked.query };
}
