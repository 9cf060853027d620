/** Settings whose value a change replaced, by their keys. */
import type { Commit } from '../../domain/telemetry.ts';
import { escapeRegexp } from '../../lib/escape.ts';
import { fileKind } from './file-kinds.ts';
import { isNotRun } from './inert.ts';
import { sidesOf } from './sides.ts';

/** `"key": value`, `key = value`, `KEY=value`; of several on one line each. */
export const SETTING_PAIR = /["']?([A-Za-z_][\w.-]*)["']?\s*[:=]\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;{}[\]#]+)/g;

/** Keys that were there before and after, with another value, or that are gone; of settings only, not of code. */
export function changedSettings(commit: Commit): Set<string> {
  const changed = new Set<string>();
  for (const file of commit.files) {
    if (fileKind(file.path, isNotRun) !== 'config' || file.status === 'added') continue;
    const { removed, added } = sidesOf(file);
    const [before, after] = [pairsIn(removed), pairsIn(added)];
    for (const [key, values] of before) if (after.get(key) !== values) changed.add(key);
  }
  return changed;
}

/** All values of each key, in their order. */
function pairsIn(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const [, key = '', value = ''] of text.matchAll(SETTING_PAIR))
    pairs.set(key, `${pairs.get(key) ?? ''}\n${value}`);
  return pairs;
}

/** A key with a mark of a name in it is no word of a sentence. */
const UNLIKE_A_WORD = /[_.\d-]|[a-z][A-Z]|^[A-Z_\d]{4,}$/;
const MERE_WORD = 0.2;

/** 1: the texts name a changed setting; less where its key may be just a word. */
export function settingNamed(commit: Commit, texts: readonly string[]): number {
  const said = texts.join('\n');
  let best = 0;
  for (const key of changedSettings(commit)) {
    const isSaid = new RegExp(`(?<![\\w-])${escapeRegexp(key)}(?![\\w-])`).test(said);
    if (isSaid && key.length > 3) best = Math.max(best, UNLIKE_A_WORD.test(key) ? 1 : MERE_WORD);
  }
  return best;
}
