/** The service's repository, read through its objects: commits, paths, code and who last wrote it. Never checked out. */

import type { Gap } from '../../domain/gap.ts';
import type { Question, QuestionKind } from '../../domain/question.ts';
import type { CodeExcerpt, Commit } from '../../domain/telemetry.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { shellCommand } from '../../lib/escape.ts';
import type { GitOutput } from '../../lib/git-command.ts';
import { redactFileLines } from '../../lib/redact.ts';
import { counted, shortHash } from '../../lib/wording.ts';
import type { Source } from '../../ports.ts';
import { blame, blameReader, blameWords } from './git-blame.ts';
import { diff, diffReader, diffWords } from './git-diff.ts';
import { grep, grepReader, grepWords } from './git-grep.ts';
import { LOG_FORMAT, readLog } from './git-log.ts';
import { originals } from './git-originals.ts';
import {
  checkPath,
  checkRevision,
  findRepository,
  type Repository,
  repositoryAt,
  standingOf,
} from './git-repository.ts';
import { tags } from './git-tags.ts';
import { once } from './git-together.ts';
import { MAX_FILE_BYTES, type Tree, treeReader } from './git-tree.ts';
import { type Asked, answerAfter, askedOf, cannot, gapOf, type Sight, wrongKind } from './looking.ts';

export type QuestionOf<K extends QuestionKind> = Extract<Question, { kind: K }>;

const NAME = 'git';
const MAX_PATHS = 100_000;
const MAX_EXCERPT_LINES = 1_000;
const MAX_LINE_CHARACTERS = 500;

export interface GitOptions {
  /** Where a service's code lies; the file system unless another place is named. */
  readonly find?: typeof findRepository;
}

export function git({ find = findRepository }: GitOptions = {}): Source {
  const found = finder(find);
  const tree = treeReader();
  const blameOf = blameReader();
  const grepOf = grepReader();
  const diffOf = diffReader();
  return {
    name: NAME,
    kinds: ['history', 'files', 'file-lines', 'blame', 'grep', 'diff', 'events', 'originals'],
    async ask(question, signal) {
      // Until the repository is found there is only its path to name.
      const top = question.service.repositoryPath ?? '';
      const ask = (words: readonly string[], where = top): Asked =>
        askedOf(NAME, question, shellCommand(['git', '-C', where, ...words]));
      const answer = (words: readonly string[], look: (repository: Repository) => Promise<Sight>) =>
        answerAfter(ask(words), async () => look(await found(question.service, signal)));
      switch (question.kind) {
        case 'history':
          return answer(['log'], (repository) => history(question, repository, ask));
        case 'files':
          return answer(['ls-tree', '-r', '--name-only', 'HEAD'], (repository) => files(question, repository, ask));
        case 'file-lines':
          return answer(['show', `${question.revision}:${question.path}`], (repository) =>
            fileLines(question, { repository, tree, ask }),
          );
        case 'blame':
          return answer(blameWords(question), (repository) => blame(question, { repository, tree, blameOf, ask }));
        case 'grep':
          return answer(grepWords(question, question.paths), (repository) =>
            grep(question, { repository, grepOf, ask }),
          );
        case 'diff':
          return answer(diffWords(question), (repository) => diff(question, { repository, diffOf, ask }));
        case 'events':
          return answer(['tag', '--sort=-creatordate'], (repository) => tags(question, repository, ask));
        case 'originals':
          return answer(['show', `${question.revision}:${question.path}.map`], (repository) =>
            originals(question, repository, ask),
          );
        default:
          throw wrongKind(NAME, question.kind);
      }
    },
  };
}

/** Of questions that come together a repository is looked for once, and a command that several need is run once. */
function finder(find: typeof findRepository): typeof findRepository {
  const finding = once<Repository>({ keeps: false });
  const running = once<GitOutput>({ keeps: false });
  return async (service, signal) => {
    const name = JSON.stringify([service.name, service.repositoryPath, service.servicePath]);
    const repository = await finding(name, signal, (stop) => find(service, stop));
    const { top, servicePath } = repository;
    return repositoryAt({ top, servicePath, signal }, (words, { signal: until, maxBytes, ...more }) =>
      running(JSON.stringify([top, words, maxBytes, more]), until, (stop) =>
        repository.until(stop).git(words, maxBytes, more),
      ),
    );
  };
}

export type Ask = (words: readonly string[], where?: string) => Asked;

async function history(question: QuestionOf<'history'>, repository: Repository, ask: Ask): Promise<Sight> {
  const { state, note, deployedAtSeconds } = await standingOf(repository, question.service);
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
  // Behind a commit that is older than that git looks no further.
  const mayBeAhead = !(deployedAtSeconds < Math.floor(Date.parse(until) / 1000));
  const [output, { text: ahead }] = await Promise.all([
    repository.git(['log', '-p', ...format, `--format=${LOG_FORMAT}`, ...words.slice(2)], 8 * 1024 * 1024),
    mayBeAhead
      ? repository.git(['log', '--no-merges', '--no-show-signature', '--no-color', ...later, '--', ...path])
      : { text: '' },
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

async function fileLines(
  question: QuestionOf<'file-lines'>,
  { repository, tree, ask }: { repository: Repository; tree: Tree; ask: Ask },
): Promise<Sight> {
  const { path, revision, fromLine } = question;
  checkPath(path);
  checkRevision(revision);
  const toLine = Math.min(Math.max(question.toLine, fromLine), fromLine + MAX_EXCERPT_LINES - 1);
  const show = ask(['show', `${revision}:${path}`], repository.top);
  const asked = { ...show, query: `${show.query} | sed -n ${fromLine},${toLine}p` };
  const at = { repository, revision, path };
  const entry = await tree.entry(at);
  if (entry.kind !== 'file')
    return cannot(asked, 'refused', `${path} is a ${entry.kind}: what it leads to was not opened`);
  const { text } = await tree.content(at, entry);
  if (text === undefined)
    return cannot(asked, 'too-large', `${path} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB`);
  if (text.slice(0, 8_000).includes('\0')) return cannot(asked, 'malformed', `${path} is no text`);
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  if (fromLine > all.length) return cannot(asked, 'not-found', `${path} has only ${all.length} lines at ${revision}`);
  // From the first line on, because a private key may begin above the excerpt.
  const lines = redactFileLines(path, all.slice(0, toLine)).slice(fromLine - 1);
  const shown = lines.map((line) => cleanText(line.replace(/\r$/, '').slice(0, MAX_LINE_CHARACTERS)));
  const code: CodeExcerpt = { path, revision, firstLine: fromLine, lines: shown, totalLines: all.length };
  return { telemetry: { code }, query: asked.query };
}
