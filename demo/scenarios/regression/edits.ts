/** Small edits on a tree of files. Each one fails loudly when the service's source has moved away from under it. */
import type { Tree } from '../../repository.ts';

/** The files given, added or replaced. */
export function withFiles(tree: Tree, files: Tree | Record<string, string>): Tree {
  const added = files instanceof Map ? [...files] : Object.entries(files);
  return new Map([...tree, ...added]);
}

/** The part of a tree whose paths fit. */
export function only(tree: Tree, fits: (path: string) => boolean): Tree {
  return new Map([...tree].filter(([path]) => fits(path)));
}

/** Throws unless `find` is in the file exactly once. */
export function replaced(tree: Tree, path: string, find: string, by: string): Tree {
  const text = tree.get(path);
  if (text === undefined) throw new Error(`The demo's history needs the file ${path}, which is gone`);
  if (text.split(find).length !== 2) throw new Error(`The demo's history needs to find once in ${path}: ${find}`);
  return withFiles(tree, { [path]: text.replace(find, () => by) });
}

/** 1-based. Throws unless exactly one line holds the marker. */
export function lineOf(tree: Tree, path: string, marker: string): number {
  const lines = (tree.get(path) ?? '').split('\n');
  const index = lines.findIndex((line) => line.includes(marker));
  if (index < 0 || lines.findLastIndex((line) => line.includes(marker)) !== index) {
    throw new Error(`The demo's history needs exactly one line in ${path} with: ${marker}`);
  }
  return index + 1;
}
