/** Where a text stands in the code. Texts that are asked for together are looked for by one command. */
import { AgentError } from '../../domain/error.ts';
import type { Gap } from '../../domain/gap.ts';
import type { CodeMatch } from '../../domain/telemetry.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { escapeRegexp } from '../../lib/escape.ts';
import { redactFileLines } from '../../lib/redact.ts';
import type { Ask, QuestionOf } from './git.ts';
import { checkPath, checkRevision, type Repository } from './git-repository.ts';
import { gathered } from './git-together.ts';
import { gapOf, type Sight } from './looking.ts';

const MAX_LINE_CHARACTERS = 500;
const MAX_GREP_BYTES = 1024 * 1024;
/** Of one file: a generated one would fill the answer. */
const MAX_MATCHES_OF_FILE = 20;
/** Of all texts together. */
const MAX_TOGETHER_OF_FILE = 200;
const GREP_FORM = ['-n', '-I', '--full-name', '--no-color'];

/** A fixed string after -e, a commit, paths after `--`: nothing of it can be taken for a pattern or an option. */
export function grepWords({ text, revision }: QuestionOf<'grep'>, paths: readonly string[]): string[] {
  return [
    'grep',
    '-n',
    '-I',
    '-F',
    '--full-name',
    '--no-color',
    `--max-count=${MAX_MATCHES_OF_FILE}`,
    '-e',
    text,
    revision,
    '--',
    ...paths,
  ];
}

interface Grepped {
  /** As git wrote them. */
  readonly rows: readonly string[];
  readonly isCut: boolean;
}
interface Sought {
  readonly repository: Repository;
  readonly revision: string;
  readonly paths: readonly string[];
  readonly text: string;
}

export function grepReader() {
  const grepOf = gathered<Sought, Grepped>({
    groupOf: ({ repository, revision, paths, text }) =>
      isFoundAgain(text) ? JSON.stringify([repository.top, revision, paths]) : undefined,
    work: async (sought, signal) => (sought.length === 1 ? Promise.all(sought.map(alone)) : grepAll(sought, signal)),
  });
  const alone = ({ repository, revision, paths, text }: Sought) =>
    grepWith(repository, ['-F', '-e', text, revision, '--', ...paths], MAX_MATCHES_OF_FILE);
  return (sought: Sought) => grepOf(sought, sought.repository.signal);
}
export type Grep = ReturnType<typeof grepReader>;

/** Whether a line that git found shows it: a line break parts two texts, and what is no character is told otherwise. */
function isFoundAgain(text: string): boolean {
  return text !== '' && text.isWellFormed() && !/[\n\ufffd]/.test(text);
}

async function grepAll(sought: readonly Sought[], signal: AbortSignal): Promise<Grepped[]> {
  const [first] = sought;
  if (!first) return [];
  const { revision, paths } = first;
  // One expression: of several git looks for each anew behind every match, which took minutes in a file of 2 MB.
  const anyOf = [...new Set(sought.map(({ text }) => escapeRegexp(text)))].join('|');
  const what = ['-E', '-e', anyOf, revision, '--', ...paths];
  const { rows, isCut } = await grepWith(first.repository.until(signal), what, MAX_TOGETHER_OF_FILE);
  const files = Map.groupBy(
    rows.map((row) => ({ row, ...partsOf(row) })),
    ({ place }) => place,
  );
  if (isCut || [...files.values()].some(({ length }) => length >= MAX_TOGETHER_OF_FILE))
    throw new AgentError('too-large', 'git: too many places to be read together', { retryable: false });
  return sought.map(({ text }) => {
    const own = [...files.values()].flatMap((matches) =>
      matches.filter(({ content }) => content.includes(text)).slice(0, MAX_MATCHES_OF_FILE),
    );
    return { rows: own.map(({ row }) => row), isCut: false };
  });
}

async function grepWith(repository: Repository, what: readonly string[], maxOfFile: number): Promise<Grepped> {
  const words = ['grep', '--null', '--no-textconv', '--threads=1', ...GREP_FORM, `--max-count=${maxOfFile}`, ...what];
  const { text, isCut } = await repository.git(words, MAX_GREP_BYTES, { emptyCode: 1 });
  return { rows: text.split('\n').slice(0, -1), isCut };
}

export async function grep(
  question: QuestionOf<'grep'>,
  { repository, grepOf, ask }: { repository: Repository; grepOf: Grep; ask: Ask },
): Promise<Sight> {
  const { revision, text } = question;
  checkRevision(revision);
  for (const path of question.paths) checkPath(path);
  const own = repository.servicePath === '' ? [] : [repository.servicePath];
  const paths = question.paths.length > 0 ? question.paths : own;
  const asked = ask(grepWords(question, paths), repository.top);
  const { rows, isCut } = await grepOf({ repository, revision, paths, text });
  const matches = rows.map((row) => readMatch(row, revision)).filter((match) => match !== undefined);
  const gaps: Gap[] = [];
  const isMore = isCut || matches.length > question.maxMatches;
  if (isMore) {
    const detail = `it stands in more than ${question.maxMatches} places: only the first ${question.maxMatches} were read`;
    gaps.push(gapOf(asked, 'too-large', detail));
  }
  return { telemetry: { matches: matches.slice(0, question.maxMatches) }, gaps, query: asked.query };
}

/** `<revision>:<path>\0<line>\0<text>`. */
function partsOf(row: string): { place: string; line: string; content: string } {
  const [place = '', line = '', ...rest] = row.split('\0');
  return { place, line, content: rest.join('\0') };
}

/** undefined: a line that was cut off. */
function readMatch(row: string, revision: string): CodeMatch | undefined {
  const { place, line, content } = partsOf(row);
  const path = place.slice(revision.length + 1);
  if (path === '' || !/^\d+$/.test(line)) return undefined;
  const text = content.replaceAll('\0', ' ').replace(/\r$/, '').slice(0, MAX_LINE_CHARACTERS);
  return { path: cleanText(path), line: Number(line), text: cleanText(redactFileLines(path, [text])[0] ?? '') };
}
