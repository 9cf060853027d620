/** What files became between two revisions. Single files that are asked for together are compared by one command. */
import { AgentError } from '../../domain/error.ts';
import type { ChangedFile } from '../../domain/telemetry.ts';
import type { Ask, QuestionOf } from './git.ts';
import { readFiles } from './git-log.ts';
import { checkPath, checkRevision, type Repository } from './git-repository.ts';
import { gathered } from './git-together.ts';
import { gapOf, type Sight } from './looking.ts';

const MAX_DIFF_BYTES = 2 * 1024 * 1024;

export function diffWords({ from, to, paths }: QuestionOf<'diff'>): string[] {
  return ['diff', from, to, '--', ...paths];
}

interface Compared {
  readonly repository: Repository;
  readonly from: string;
  readonly to: string;
  readonly paths: readonly string[];
}
interface Difference {
  readonly files: ChangedFile[];
  readonly isCut: boolean;
}

export function diffReader() {
  const diffOf = gathered<Compared, Difference>({
    groupOf: ({ repository, from, to, paths }) =>
      paths.length === 1 ? JSON.stringify([repository.top, from, to]) : undefined,
    work: async (compared, signal) =>
      compared.length === 1 ? Promise.all(compared.map((one) => diffOfPaths(one, ['-M']))) : diffAll(compared, signal),
  });
  return (compared: Compared) => diffOf(compared, compared.repository.signal);
}
export type Diff = ReturnType<typeof diffReader>;

/** Of one path alone nothing is renamed, so nothing is where it is compared beside others. */
async function diffAll(compared: readonly Compared[], signal: AbortSignal): Promise<Difference[]> {
  const [first] = compared;
  if (!first) return [];
  const paths = compared.flatMap((one) => one.paths);
  const { files, isCut } = await diffOfPaths({ ...first, repository: first.repository.until(signal), paths }, [
    '--no-renames',
  ]);
  const isFolder = (path: string) => paths.some((other) => other.startsWith(`${path}/`));
  const isPlain = !isCut && files.every(({ path }) => paths.includes(path)) && !paths.some(isFolder);
  if (!isPlain)
    throw new AgentError('too-large', 'git: a folder, or too much to be compared together', { retryable: false });
  return compared.map((one) => ({ files: files.filter(({ path }) => one.paths.includes(path)), isCut }));
}

async function diffOfPaths({ repository, from, to, paths }: Compared, renames: readonly string[]): Promise<Difference> {
  const form = [
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    '--raw',
    '-p',
    '--no-abbrev',
    '--ignore-submodules=all',
  ];
  const words = ['diff', ...form, ...renames, from, to, '--', ...paths];
  const { text, isCut } = await repository.git(words, MAX_DIFF_BYTES);
  return { files: readFiles(text.split('\n')), isCut };
}

export async function diff(
  question: QuestionOf<'diff'>,
  { repository, diffOf, ask }: { repository: Repository; diffOf: Diff; ask: Ask },
): Promise<Sight> {
  const { from, to, paths } = question;
  for (const revision of [from, to]) checkRevision(revision);
  for (const path of paths) checkPath(path);
  const asked = ask(diffWords(question), repository.top);
  const { files, isCut } = await diffOf({ repository, from, to, paths });
  const gaps = isCut ? [gapOf(asked, 'too-large', 'the difference is too large to be read whole')] : [];
  return { telemetry: { diff: { from, to, files } }, gaps, query: asked.query };
}
