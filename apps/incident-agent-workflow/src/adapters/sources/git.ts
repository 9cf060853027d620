/** The service's repository, read through its objects: commits, paths, code and who last wrote it. Never checked out. */

import type { Gap } from '../../domain/gap.ts';
import type { Question, QuestionKind } from '../../domain/question.ts';
import type { BlamedLine, CodeExcerpt, Commit } from '../../domain/telemetry.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { shellCommand } from '../../lib/escape.ts';
import { redactFileLines } from '../../lib/redact.ts';
import { isoOfMilliseconds } from '../../lib/time.ts';
import { counted, shortHash } from '../../lib/wording.ts';
import type { Source } from '../../ports.ts';
import { LOG_FORMAT, readLog } from './git-log.ts';
import { originals } from './git-originals.ts';
import { checkPath, checkRevision, findRepository, type Repository, standingOf } from './git-repository.ts';
import { diff, diffWords, grep, grepWords } from './git-search.ts';
import { tags } from './git-tags.ts';
import { type Asked, answerAfter, askedOf, gapOf, type Sight, wrongKind } from './looking.ts';

export type QuestionOf<K extends QuestionKind> = Extract<Question, { kind: K }>;

const NAME = 'git';
const MAX_PATHS = 100_000;
const MAX_FILE_BYTES = 2 * 1024 * 1024;
const MAX_EXCERPT_LINES = 1_000;
const MAX_LINE_CHARACTERS = 500;

export interface GitOptions {
  /** Where a service's code lies; the file system unless another place is named. */
  readonly find?: typeof findRepository;
}

export function git({ find = findRepository }: GitOptions = {}): Source {
  return {
    name: NAME,
    kinds: ['history', 'files', 'file-lines', 'blame', 'grep', 'diff', 'events', 'originals'],
    async ask(question, signal) {
      // Until the repository is found there is only its path to name.
      const top = question.service.repositoryPath ?? '';
      const asked = (words: readonly string[], where = top): Asked =>
        askedOf(NAME, question, shellCommand(['git', '-C', where, ...words]));
      switch (question.kind) {
        case 'history':
          return answerAfter(asked(['log']), async () =>
            history(question, await find(question.service, signal), asked),
          );
        case 'files':
          return answerAfter(asked(['ls-tree', '-r', '--name-only', 'HEAD']), async () =>
            files(question, await find(question.service, signal), asked),
          );
        case 'file-lines':
          return answerAfter(asked(['show', `${question.revision}:${question.path}`]), async () =>
            fileLines(question, await find(question.service, signal), asked),
          );
        case 'blame':
          return answerAfter(asked(blameWords(question)), async () =>
            blame(question, await find(question.service, signal), asked),
          );
        case 'grep':
          return answerAfter(asked(grepWords(question, question.paths)), async () =>
            grep(question, await find(question.service, signal), asked),
          );
        case 'diff':
          return answerAfter(asked(diffWords(question)), async () =>
            diff(question, await find(question.service, signal), asked),
          );
        case 'events':
          return answerAfter(asked(['tag', '--sort=-creatordate']), async () =>
            tags(question, await find(question.service, signal), asked),
          );
        case 'originals':
          return answerAfter(asked(['show', `${question.revision}:${question.path}.map`]), async () =>
            originals(question, await find(question.service, signal), asked),
          );
        default:
          throw wrongKind(NAME, question.kind);
      }
    },
  };
}

export type Ask = (words: readonly string[], where?: string) => Asked;

async function history(question: QuestionOf<'history'>, repository: Repository, ask: Ask): Promise<Sight> {
  const { state, note } = await standingOf(repository, question.service);
  const { since, until, maxCommits } = question;
  const path = repository.servicePath === '' || question.scope === 'repository' ? [] : [repository.servicePath];
  const range = ['--no-merges', `--since=${since}`, `--until=${until}`, `--max-count=${maxCommits}`];
  const words = ['log', '-p', ...range, state.deployedRevision, '--', ...path];
  const format = [
    '--no-show-signature',
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    '--no-mailmap',
    '-M',
    '--raw',
    '--no-abbrev',
  ];
  const later = [`--since=${until}`, `--max-count=${maxCommits}`, '--format=%H %cI', state.deployedRevision];
  const [output, { text: ahead }] = await Promise.all([
    repository.git(['log', '-p', ...format, `--format=${LOG_FORMAT}`, ...words.slice(2)], 8 * 1024 * 1024),
    repository.git(['log', '--no-merges', '--no-show-signature', '--no-color', ...later, '--', ...path]),
  ]);
  const asked = ask(words, repository.top);
  const commits = readLog(output.text, output.isCut);
  const gaps: Gap[] = datedAhead(ahead, commits).map((detail) => gapOf(asked, 'malformed', detail));
  if (note !== undefined) gaps.push(gapOf(asked, 'not-found', note));
  if (state.shallow) {
    const detail = 'the clone is shallow, older commits are not in it: git fetch --unshallow';
    gaps.push(gapOf(asked, 'not-found', detail));
  }
  if (output.isCut) gaps.push(gapOf(asked, 'too-large', `read only the newest ${commits.length} commits`));
  if (commits.length >= maxCommits) {
    gaps.push(gapOf(asked, 'too-large', `read only the newest ${maxCommits} commits, there may be more`));
  }
  return { telemetry: { repository: state, commits }, gaps, query: asked.query };
}

/** What is told to have been made after the look was made before it, on a machine whose clock runs ahead; or the look is replayed. */
function datedAhead(text: string, commits: readonly Commit[]): string[] {
  const rows = text.split('\n').filter((row) => row !== '' && commits.every(({ hash }) => !row.startsWith(hash)));
  const [hash = '', at = ''] = rows[0]?.split(' ') ?? [];
  if (hash === '') return [];
  const newest = `${counted(rows.length, 'commit')}, the newest ${shortHash(hash)} of ${at}`;
  return [`not weighed, because dated after this look: ${newest}; the clock of who made it is ahead, or it came later`];
}

/** Paths are not quoted with -z. */
async function files(question: QuestionOf<'files'>, repository: Repository, ask: Ask): Promise<Sight> {
  const { state } = await standingOf(repository, question.service);
  const words = ['ls-tree', '-r', '--name-only', '--full-tree', state.deployedRevision];
  const asked = ask(words, repository.top);
  const output = await repository.git([...words.slice(0, 1), '-z', ...words.slice(1)], 16 * 1024 * 1024);
  const all = output.text.split('\0').slice(0, -1);
  const isCut = output.isCut || all.length > MAX_PATHS;
  const paths = all.slice(0, MAX_PATHS);
  const gaps = isCut ? [gapOf(asked, 'too-large', `read only the first ${paths.length} paths`)] : [];
  return { telemetry: { paths, repository: state }, gaps, query: asked.query };
}

async function fileLines(question: QuestionOf<'file-lines'>, repository: Repository, ask: Ask): Promise<Sight> {
  const { path, revision, fromLine } = question;
  checkPath(path);
  checkRevision(revision);
  const toLine = Math.min(Math.max(question.toLine, fromLine), fromLine + MAX_EXCERPT_LINES - 1);
  const show = ask(['show', `${revision}:${path}`], repository.top);
  const asked = { ...show, query: `${show.query} | sed -n ${fromLine},${toLine}p` };
  const kind = await kindOf(repository, revision, path);
  if (kind !== 'file') return cannot(asked, 'refused', `${path} is a ${kind}: what it leads to was not opened`);
  const output = await repository.git(['cat-file', 'blob', `${revision}:${path}`], MAX_FILE_BYTES);
  if (output.isCut) return cannot(asked, 'too-large', `${path} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB`);
  if (output.text.slice(0, 8_000).includes('\0')) return cannot(asked, 'malformed', `${path} is no text`);
  const all = output.text.split('\n');
  if (all.at(-1) === '') all.pop();
  if (fromLine > all.length) return cannot(asked, 'not-found', `${path} has only ${all.length} lines at ${revision}`);
  // From the first line on, because a private key may begin above the excerpt.
  const lines = redactFileLines(path, all.slice(0, toLine)).slice(fromLine - 1);
  const shown = lines.map((line) => cleanText(line.replace(/\r$/, '').slice(0, MAX_LINE_CHARACTERS)));
  const code: CodeExcerpt = { path, revision, firstLine: fromLine, lines: shown, totalLines: all.length };
  return { telemetry: { code }, query: asked.query };
}

/** A link's content is a path, and a submodule is another repository's commit: neither is code. */
async function kindOf(repository: Repository, revision: string, path: string): Promise<string> {
  const { text } = await repository.git(['ls-tree', '--full-tree', revision, '--', path]);
  if (text.startsWith('120000 ')) return 'symbolic link';
  return text.startsWith('160000 ') ? 'submodule' : 'file';
}

function blameWords({ path, revision, fromLine, toLine }: QuestionOf<'blame'>): string[] {
  return ['blame', '-L', `${fromLine},${Math.max(toLine, fromLine)}`, revision, '--', path];
}

async function blame(question: QuestionOf<'blame'>, repository: Repository, ask: Ask): Promise<Sight> {
  checkPath(question.path);
  checkRevision(question.revision);
  const words = blameWords(question);
  const asked = ask(words, repository.top);
  const kind = await kindOf(repository, question.revision, question.path);
  if (kind !== 'file')
    return cannot(asked, 'refused', `${question.path} is a ${kind}: what it leads to was not opened`);
  const safe = ['--no-textconv', '--no-ignore-revs-file', '--porcelain', '-w'];
  const { text, isCut } = await repository.git(['blame', ...safe, ...words.slice(1)]);
  const { lines, touchesEdge } = readBlame(text, question.path);
  const gaps: Gap[] = [];
  if (isCut) gaps.push(gapOf(asked, 'too-large', `read only the first ${lines.length} lines`));
  if (touchesEdge && (await repository.git(['rev-parse', '--is-shallow-repository'])).text.trim() === 'true') {
    const detail = 'the clone is shallow: lines older than it are put down to its first commit; git fetch --unshallow';
    gaps.push(gapOf(asked, 'not-found', detail));
  }
  return { telemetry: { blame: lines }, gaps, query: asked.query };
}

/** Porcelain: a header per line, facts of a commit at its first line only, then the content behind a tab. */
function readBlame(text: string, path: string): { lines: BlamedLine[]; touchesEdge: boolean } {
  const committedAt = new Map<string, string>();
  const headers: { hash: string; line: number }[] = [];
  let hash = '';
  let touchesEdge = false;
  for (const row of text.split('\n')) {
    const header = /^([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?$/.exec(row);
    if (header) {
      hash = header[1] ?? '';
      headers.push({ hash, line: Number(header[2]) });
    } else if (row.startsWith('committer-time ')) {
      committedAt.set(hash, isoOfMilliseconds(Number(row.slice('committer-time '.length)) * 1000) ?? '');
    } else if (row === 'boundary') touchesEdge = true;
  }
  const lines = headers.map((header) => ({ path, ...header, committedAt: committedAt.get(header.hash) ?? '' }));
  return { lines, touchesEdge };
}

function cannot(asked: Asked, reason: Gap['reason'], detail: string): Sight {
  return { telemetry: {}, gaps: [gapOf(asked, reason, detail)], query: asked.query };
}
