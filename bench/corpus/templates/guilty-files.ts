/** A guilty change that also brings a new file. */
import { withFiles } from '../../../demo/scenarios/regression/edits.ts';
import type { Change } from '../template.ts';

/** Throws where the file is there already. */
export function addedTo(change: Change, path: string, text: string): Change {
  return {
    message: change.message,
    change(tree) {
      if (tree.has(path)) throw new Error(`${path} is there already`);
      return withFiles(change.change(tree), { [path]: text });
    },
  };
}
