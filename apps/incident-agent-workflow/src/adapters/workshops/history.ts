/** Commits, and where a word stands, by git's objects. */
import { oneLine } from '../../lib/clean-text.ts';
import { redact } from '../../lib/redact.ts';
import type { CommitFacts } from '../../remediation-ports.ts';
import { checkedHash, ifKnown, type Scratch } from './scratch.ts';

const FORMAT = '%H%x09%P%x09%cI%x09%s';
const MAX_COMMITS = 20;
const MAX_PLACES = 50;

export function commitFacts(scratch: Scratch, hash: string): Promise<CommitFacts | undefined> {
  return ifKnown(async () => {
    const { text } = await scratch.git(['log', '-1', '--no-mailmap', `--format=${FORMAT}`, checkedHash(hash), '--']);
    return read(text.split('\n')[0] ?? '');
  });
}

/** Newest first. Empty too where `from` is not in the history of `to`. */
export async function commitsBetween(
  scratch: Scratch,
  from: string,
  to: string,
  paths: readonly string[],
): Promise<CommitFacts[]> {
  const range = [`^${checkedHash(from)}`, checkedHash(to)];
  const words = ['log', '--no-merges', '--no-mailmap', `--max-count=${MAX_COMMITS}`, `--format=${FORMAT}`, ...range];
  const { text } = await scratch.git([...words, '--', ...paths]);
  return text
    .split('\n')
    .map(read)
    .filter((commit) => commit !== undefined);
}

function read(row: string): CommitFacts | undefined {
  const [hash = '', parents = '', committedAt = '', ...subject] = row.split('\t');
  if (hash === '') return undefined;
  const subjectText = oneLine(redact(subject.join(' ')), 200);
  return { hash, parents: parents.split(' ').filter((one) => one !== ''), committedAt, subject: subjectText };
}

/** As a whole word, word for word, in text files. */
export async function placesOfWord(scratch: Scratch, tree: string, word: string) {
  const words = ['grep', '-n', '-w', '-F', '-I', '--full-name', '--no-color', '--null', '--no-textconv'];
  const { text } = await scratch.git([...words, '-e', word, checkedHash(tree), '--'], { emptyCode: 1 });
  return text
    .split('\n')
    .slice(0, MAX_PLACES)
    .flatMap((row) => {
      const [place = '', line = '', ...rest] = row.split('\0');
      if (!/^\d+$/.test(line)) return [];
      return [{ path: place.slice(tree.length + 1), line: Number(line), text: rest.join(' ') }];
    });
}
