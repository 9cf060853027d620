/** What a change took out of a file and what it put in, without comments. */
import type { ChangedFile } from '../../domain/telemetry.ts';
import { changedLines, textsOf } from '../../lib/patches.ts';
import { withoutComments } from './token-stream.ts';

export interface Sides {
  readonly removed: string;
  readonly added: string;
}

export function sidesOf({ path, patch }: ChangedFile): Sides {
  const lines = changedLines(patch);
  const side = (sign: '+' | '-') => withoutComments(textsOf(lines, sign).join('\n'), path);
  return { removed: side('-'), added: side('+') };
}

/** Of several files, one after the other. */
export function sidesOfAll(files: readonly ChangedFile[]): Sides {
  const sides = files.map(sidesOf);
  return {
    removed: sides.map(({ removed }) => removed).join('\n'),
    added: sides.map(({ added }) => added).join('\n'),
  };
}
