/** Changes to a tree as a team makes them, said in one line each. */
import type { Tree } from '../../../demo/repository.ts';
import { replaced, withFiles } from '../../../demo/scenarios/regression/edits.ts';
import type { Change } from '../template.ts';

/** `[what stands there once, what comes instead]` */
export type Edit = readonly [find: string, by: string];

export function edited(tree: Tree, path: string, edits: readonly Edit[]): Tree {
  let next = tree;
  for (const [find, by] of edits) next = replaced(next, path, find, by);
  return next;
}

/** One file changes. */
export function edit(message: string, path: string, ...edits: readonly Edit[]): Change {
  return { message, change: (tree) => edited(tree, path, edits) };
}

/** Several files change. */
export function editAll(message: string, files: Readonly<Record<string, readonly Edit[]>>): Change {
  return {
    message,
    change(tree) {
      let next = tree;
      for (const [path, edits] of Object.entries(files)) next = edited(next, path, edits);
      return next;
    },
  };
}

export function addFile(message: string, path: string, text: string): Change {
  return {
    message,
    change(tree) {
      if (tree.has(path)) throw new Error(`${path} is there already`);
      return withFiles(tree, { [path]: text });
    },
  };
}

export function append(message: string, path: string, text: string): Change {
  return { message, change: (tree) => withFiles(tree, { [path]: `${existing(tree, path)}${text}` }) };
}

function existing(tree: Tree, path: string): string {
  const text = tree.get(path);
  if (text === undefined) throw new Error(`There is no ${path} to add to`);
  return text;
}
