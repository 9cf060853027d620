/** Which commit last wrote each line. Ranges of one file that are asked for together are traced by one command. */
import { AgentError } from '../../domain/error.ts';
import type { Gap } from '../../domain/gap.ts';
import type { BlamedLine } from '../../domain/telemetry.ts';
import { isoOfMilliseconds } from '../../lib/time.ts';
import type { Ask, QuestionOf } from './git.ts';
import { checkPath, checkRevision } from './git-repository.ts';
import { gathered } from './git-together.ts';
import type { PathAt, Tree } from './git-tree.ts';
import { cannot, gapOf, type Sight } from './looking.ts';

interface Range extends PathAt {
  readonly fromLine: number;
  readonly toLine: number;
}
interface Blamed {
  readonly lines: BlamedLine[];
  /** Some of the lines are put down to a commit behind which the repository holds nothing. */
  readonly touchesEdge: boolean;
  readonly isCut: boolean;
}

export type Blame = ReturnType<typeof blameReader>;

export function blameReader() {
  const blameOf = gathered<Range, Blamed>({
    groupOf: ({ repository, revision, path }) => JSON.stringify([repository.top, revision, path]),
    work: blamesOf,
  });
  return (range: Range) => blameOf(range, range.repository.signal);
}

export function blameWords({ path, revision, fromLine, toLine }: QuestionOf<'blame'>): string[] {
  return ['blame', '-L', `${fromLine},${Math.max(toLine, fromLine)}`, revision, '--', path];
}

export async function blame(
  question: QuestionOf<'blame'>,
  { repository, tree, blameOf, ask }: { tree: Tree; blameOf: Blame; ask: Ask } & Pick<PathAt, 'repository'>,
): Promise<Sight> {
  const { path, revision, fromLine, toLine } = question;
  checkPath(path);
  checkRevision(revision);
  const asked = ask(blameWords(question), repository.top);
  const at = { repository, revision, path };
  const { kind } = await tree.entry(at);
  if (kind !== 'file') return cannot(asked, 'refused', `${path} is a ${kind}: what it leads to was not opened`);
  const { lines, touchesEdge, isCut } = await blameOf({ ...at, fromLine, toLine: Math.max(toLine, fromLine) });
  const gaps: Gap[] = [];
  if (isCut) gaps.push(gapOf(asked, 'too-large', `read only the first ${lines.length} lines`));
  if (touchesEdge && (await repository.git(['rev-parse', '--is-shallow-repository'])).text.trim() === 'true') {
    const detail = 'the clone is shallow: lines older than it are put down to its first commit; git fetch --unshallow';
    gaps.push(gapOf(asked, 'not-found', detail));
  }
  return { telemetry: { blame: lines }, gaps, query: asked.query };
}

async function blamesOf(ranges: readonly Range[], signal: AbortSignal): Promise<Blamed[]> {
  const [first] = ranges;
  if (!first) return [];
  const { repository, revision, path } = first;
  const safe = ['--no-textconv', '--no-ignore-revs-file', '--porcelain', '-w'];
  const places = ranges.flatMap(({ fromLine, toLine }) => ['-L', `${fromLine},${toLine}`]);
  const { text, isCut } = await repository.until(signal).git(['blame', ...safe, ...places, revision, '--', path]);
  if (isCut && ranges.length > 1) {
    throw new AgentError('too-large', 'git: the lines are too many to be traced together', { retryable: false });
  }
  const { lines, edge } = readBlame(text, path);
  return ranges.map(({ fromLine, toLine }) => {
    const own = lines.filter(({ line }) => line >= fromLine && line <= toLine);
    return { lines: own, touchesEdge: own.some(({ hash }) => edge.has(hash)), isCut };
  });
}

/** Porcelain: a header per line, facts of a commit at its first line only, then the content behind a tab. */
function readBlame(text: string, path: string): { lines: BlamedLine[]; edge: Set<string> } {
  const committedAt = new Map<string, string>();
  const headers: { hash: string; line: number }[] = [];
  const edge = new Set<string>();
  let hash = '';
  for (const row of text.split('\n')) {
    const header = /^([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?$/.exec(row);
    if (header) {
      hash = header[1] ?? '';
      headers.push({ hash, line: Number(header[2]) });
    } else if (row.startsWith('committer-time ')) {
      committedAt.set(hash, isoOfMilliseconds(Number(row.slice('committer-time '.length)) * 1000) ?? '');
    } else if (row === 'boundary') edge.add(hash);
  }
  const lines = headers.map((header) => ({ path, ...header, committedAt: committedAt.get(header.hash) ?? '' }));
  return { lines, edge };
}
