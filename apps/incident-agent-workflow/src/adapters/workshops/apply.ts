/** A fix becomes a tree: a revert by a merge of three trees, edits by exact pieces of files. */
import type { FileEdit, FixRecipe } from '../../domain/proposal.ts';
import type { Applied } from '../../remediation-ports.ts';
import { commitFacts } from './history.ts';
import { checkedHash, type Scratch } from './scratch.ts';
import { textOf } from './trees.ts';

export async function applyRecipe(scratch: Scratch, recipe: FixRecipe, onto: string): Promise<Applied> {
  const applied = await (recipe.kind === 'revert'
    ? revert(scratch, recipe.commit, onto)
    : edited(scratch, recipe.edits, onto));
  if (applied.state !== 'clean') return applied;
  return applied.tree === (await treeOf(scratch, onto)) ? { state: 'nothing' } : applied;
}

async function treeOf(scratch: Scratch, revision: string): Promise<string> {
  return (await scratch.git(['rev-parse', '--verify', `${checkedHash(revision)}^{tree}`])).text.trim();
}

/**
 * Merges "what was before the commit" into "what is now", with the commit as the common ancestor. Told to git as three
 * commits of ours, because older versions of `merge-tree` find the ancestor only by themselves.
 */
async function revert(scratch: Scratch, hash: string, onto: string): Promise<Applied> {
  const facts = await commitFacts(scratch, hash);
  if (!facts) return { state: 'refused', reason: 'the commit is not in the repository' };
  const [parent, ...more] = facts.parents;
  if (parent === undefined)
    return { state: 'refused', reason: 'the commit has no parent here, so there is nothing to go back to' };
  if (more.length > 0)
    return { state: 'refused', reason: 'the commit is a merge: which side is to stay is for a person to say' };
  const commitTree = async (revision: string, parents: readonly string[]): Promise<string> => {
    const words = ['commit-tree', await treeOf(scratch, revision), '-m', 'x', ...parents.flatMap((one) => ['-p', one])];
    return (await scratch.git(words)).text.trim();
  };
  const base = await commitTree(facts.hash, []);
  const [ours, theirs] = [await commitTree(onto, [base]), await commitTree(parent, [base])];
  const merged = await scratch.git(['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ours, theirs], {
    emptyCode: 1,
  });
  const [tree = '', ...paths] = merged.text.split('\0').filter((part) => part !== '');
  return paths.length > 0 ? { state: 'conflict', paths: [...new Set(paths)] } : { state: 'clean', tree };
}

async function edited(scratch: Scratch, edits: readonly FileEdit[], onto: string): Promise<Applied> {
  const texts = new Map<string, string>();
  for (const { path, search, replace } of edits) {
    const text = texts.get(path) ?? (await textOf(scratch, onto, path));
    if (text === undefined) return { state: 'refused', reason: `there is no text file ${path}` };
    const found = text.split(search).length - 1;
    if (found !== 1)
      return { state: 'refused', reason: `the piece to be replaced is in ${path} ${found} times instead of once` };
    texts.set(
      path,
      text.replace(search, () => replace),
    );
  }
  await scratch.git(['read-tree', await treeOf(scratch, onto)]);
  for (const [path, text] of texts) {
    const blob = (await scratch.git(['hash-object', '-w', '--stdin'], { input: text })).text.trim();
    const { text: listed } = await scratch.git(['ls-files', '-s', '-z', '--', path]);
    const mode = listed.startsWith('100755 ') ? '100755' : '100644';
    await scratch.git(['update-index', '-z', '--index-info'], { input: `${mode} ${blob}\t${path}\0` });
  }
  return { state: 'clean', tree: (await scratch.git(['write-tree'])).text.trim() };
}
