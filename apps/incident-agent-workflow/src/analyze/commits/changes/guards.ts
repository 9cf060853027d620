/** What stood under a guard and stands outside of it, and locks that some way out does not let go of. */
import type { Deed } from './deeds.ts';
import type { Detector, Spot } from './reading.ts';
import { holders, isFunctionHead } from './scopes.ts';

const GUARD = /^\s*(?:\}\s*)?try\b|\brunCatching\b|\bbegin$/;
/** What is made or called: `name = call(` or `call(`. */
const CALL = /^\s*(?:(?:const|let|var|val|final|[A-Z][\w<>]*)\s+)?(?:(\w+)\s*:?=\s*)?(?:await\s+)?([\w.]+)\(/;
/** Whoever runs jobs one after another does so in a loop, shown or not. */
const WORKS_OFF = /work(?:er|s?\b|_)|\bjobs?\b|consum|queue|\btasks?\b|\bpoll|drain/i;
const LOOP = /^\s*(?:\}\s*)?(?:for|while|loop)\b/;

function within(side: readonly Spot[], spot: Spot, pattern: RegExp): boolean {
  const around = holders(side, spot);
  const end = around.findIndex(({ text }) => isFunctionHead(text));
  return around.slice(0, end < 0 ? undefined : end).some(({ text }) => pattern.test(text));
}

function callOf(text: string): string | undefined {
  const match = CALL.exec(text);
  return match && /\w{3}/.test(match[2] ?? '') ? `${match[1] ?? ''} ${match[2] ?? ''}` : undefined;
}

/** Its failure was caught, and ends whoever runs it from now on. */
const outOfGuard: Detector = (file) => {
  const removed = file.before.filter(({ sign }) => sign === '-');
  return file.after.flatMap((spot) => {
    const call = spot.sign === '+' ? callOf(spot.text) : undefined;
    if (call === undefined || within(file.after, spot, GUARD)) return [];
    const before = removed.find(
      (each) => each.hunk === spot.hunk && callOf(each.text) === call && within(file.before, each, GUARD),
    );
    if (!before) return [];
    const done = (deed: Deed, value: number) => ({ deed, value, path: file.path, line: spot.line });
    const head =
      holders(file.before, before).find(({ text }) => isFunctionHead(text))?.text ?? file.sections[spot.hunk];
    const isOfLoop = within(file.before, before, LOOP) || WORKS_OFF.test(`${file.path} ${head ?? ''}`);
    return [done('guard-gone', 0.9), ...(isOfLoop ? [done('loop-unguarded', 1)] : [])];
  });
};

const LOCKS =
  /^\s*(?:await\s+)?[\w.]+(?:\(\))?(?:\.\w+\(\))*\.(?:lock|Lock|RLock|lockInterruptibly|acquire|acquireUninterruptibly|EnterWriteLock|EnterReadLock)\(\);?$/;
const LETS_GO = /\b(?:unlock\w*|Unlock|RUnlock|release|Exit\w*Lock)\(/;
const IN_ANY_CASE = /\bfinally\b|\bdefer\b|^\s*try\b|\bensure\b/;
const WAY_OUT = /\b(?:return|throw|raise|continue)\b/;
const REGION_LINES = 30;

/** Taken by hand and let go of by hand, with a way out between. */
const wayOutOfLock: Detector = (file) =>
  file.after.flatMap((spot, at) => {
    if (spot.sign !== '+' || !LOCKS.test(spot.text)) return [];
    const rest = file.after.slice(at + 1, at + 1 + REGION_LINES).filter(({ hunk }) => hunk === spot.hunk);
    const end = rest.findIndex(({ text, indent }) => LETS_GO.test(text) && indent <= spot.indent);
    const region = rest.slice(0, Math.max(0, end));
    if (region.some(({ text }) => IN_ANY_CASE.test(text))) return [];
    const out = region.find(
      ({ text }, index) => WAY_OUT.test(text) && !LETS_GO.test(text) && !LETS_GO.test(region[index - 1]?.text ?? ''),
    );
    return out ? [{ deed: 'lock-kept' as const, value: 1, path: file.path, line: out.line }] : [];
  });

export const GUARD_DETECTORS: readonly Detector[] = [outOfGuard, wayOutOfLock];
