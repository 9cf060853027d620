/** What came under a lock, a transaction or a connection that is held, and locks in another order. */
import { compareText } from '../../../lib/compare-text.ts';
import type { Deed, Done } from './deeds.ts';
import type { Detector, FileReading, Spot } from './reading.ts';
import { heldBy } from './scopes.ts';

/** What leaves the process, or rests. */
const ABROAD =
  /\bfetch\(|\baxios\b|\brequests\.|\bhttpx\.|\burlopen\(|[hH]ttp_?[cC]lient|restTemplate|webClient|\bgrpc\b|[sS]leep\(|\bwait\w*\(|\bdelay\(|\bpause\(|\.(?:exchange|send|ask|call|request|post|notify|publish|confirm|charge|authori[sz]e|capture|refund|deliver|upload|download|invoke)\w*\(|\bhttp\.(?:Get|Post|Do)|client\.(?:Do|Get|Post)|https?:\/\/|\.submit\(.*\.(?:get|join|result)\(/;
const OF_WHAT_IS_HELD =
  /^\s*(?:(?:const|let|var|final)\s+[\w{}[\], ]+=\s*|[\w., ]+:?=\s*|return\s+)?(?:await\s+)?(?:client|connection|conn|tx|trx|transaction|session|cursor|db|stmt|statement)\.\w+\(/i;
const LOCK_LINE = /[lL]ock|mutex|synchronized|semaphore/i;

const MAKES_LOCK =
  /([\w$]+)\s*(?::\s*[\w.]+\s*)?=\s*(?:new\s+)?(?:threading\.|asyncio\.|sync\.)?(?:R?Lock|Mutex|RWMutex|ReentrantLock|Semaphore|Condition|StampedLock)\b/;

/** Whatever they are called: locks that the file is seen to make, where something is taken. */
function lockNames(file: FileReading): RegExp | undefined {
  const names = file.after.flatMap(({ text }) => MAKES_LOCK.exec(text)?.[1] ?? []);
  return names.length === 0 ? undefined : new RegExp(`\\b(?:with|synchronized)\\b.*\\b(?:${names.join('|')})\\b`);
}

/** A second one from the same store. */
const TAKES_ANOTHER =
  /\b\w*(?:pool|dataSource)\w*\.(?:connect|acquire|getconn|getConnection|connection|borrow\w*|checkout)\(/i;

/** What is new, or was not under what is held before. */
function comeUnder(file: FileReading): Spot[] {
  const removed = file.before.filter(({ sign }) => sign === '-');
  return file.after.filter((spot) => {
    if (spot.sign !== '+') return false;
    const before = removed.find(({ text }) => text.trim() === spot.text.trim());
    return before === undefined || heldBy(file.before, before) === undefined;
  });
}

const inHeldRegion: Detector = (file) =>
  comeUnder(file).flatMap((spot) => {
    if (OF_WHAT_IS_HELD.test(spot.text) || !/[(:]/.test(spot.text) || /[uU]nlock|release/.test(spot.text)) return [];
    const locks = lockNames(file);
    const taken = heldBy(file.after, spot, locks);
    if (!taken || taken === spot || taken.line === spot.line) return [];
    const done = (deed: Deed, value: number): Done => ({ deed, value, path: file.path, line: spot.line });
    if (LOCK_LINE.test(taken.text) && LOCK_LINE.test(spot.text)) return [done('takes-lock', 0.95)];
    if (ABROAD.test(spot.text) || TAKES_ANOTHER.test(spot.text)) return [done('holds-while-waiting', 1)];
    const isOfTransaction =
      /@Transactional/.test(taken.text) && /^\s*(?:[\w<>]+ \w+ = )?\w+\.\w+\(.*\);$/.test(spot.text);
    return isOfTransaction && isStranger(spot, file) ? [done('holds-while-waiting', 0.8)] : [];
  });

/** Nothing else that is shown is called on the same receiver. */
function isStranger(spot: Spot, file: FileReading): boolean {
  const receiver = /(\w+)\.\w+\(/.exec(spot.text)?.[1] ?? '';
  return !file.after.some((other) => other !== spot && new RegExp(`\\b${receiver}\\.\\w+\\(`).test(other.text));
}

/** What takes hold came, around a call abroad that was made before with nothing held. */
const takesAround: Detector = (file) =>
  file.come.flatMap((spot) => {
    const at = file.after.indexOf(spot);
    const abroad = file.after
      .slice(at + 1, at + 1 + REGION_LINES)
      .find((each) => each.sign === ' ' && ABROAD.test(each.text) && !OF_WHAT_IS_HELD.test(each.text));
    if (!abroad || heldBy(file.after, abroad, lockNames(file)) !== spot) return [];
    if (heldBy(file.before, abroad, lockNames(file))) return [];
    return [{ deed: 'holds-while-waiting' as const, value: 0.9, path: file.path, line: spot.line }];
  });
const REGION_LINES = 12;

/** A method that takes the lock is called by whoever holds it. */
const callsWhatLocks: Detector = (file) =>
  file.come.flatMap((spot) => {
    const name = /\b(?:self|this|\w{1,2})\.(\w+)\(/.exec(spot.text)?.[1];
    const locks = lockNames(file);
    const isLock = (text: string) => LOCK_LINE.test(text) || locks?.test(text) === true;
    const taken = name === undefined ? undefined : heldBy(file.after, spot, locks);
    if (name === undefined || !taken || !isLock(taken.text)) return [];
    const head = file.after.findIndex(({ text }) =>
      new RegExp(`(?:def|func \\([^)]*\\)|function|(?:public|private|protected|void)[\\w<> ]*)\\s+${name}\\s*\\(`).test(
        text,
      ),
    );
    const lock = head < 0 ? undefined : file.after.slice(head + 1, head + 4).find(({ text }) => isLock(text));
    return lock ? [{ deed: 'takes-lock' as const, value: 1, path: file.path, line: spot.line }] : [];
  });

/** In any order. */
function namesIn(text: string): string {
  return (text.match(/[\w.]+/g) ?? []).sort(compareText).join(' ');
}

/** Two names of locks that changed places. */
const otherOrder: Detector = (file) =>
  file.edits.flatMap(({ before, after, out, in: came }) => {
    const isSwapped =
      out.length === 0 &&
      came.length === 0 &&
      before.text !== after.text &&
      namesIn(before.text) === namesIn(after.text);
    if (!isSwapped) return [];
    const done = (deed: Deed): Done => ({ deed, value: 1, path: file.path, line: after.line });
    if (/lock|synchronized|\bwith\b/i.test(after.text)) return [done('lock-otherwise')];
    return /sign|hmac|digest|canonical|payload/i.test(after.text) ? [done('authenticates-otherwise')] : [];
  });

export const HELD_DETECTORS: readonly Detector[] = [inHeldRegion, takesAround, callsWhatLocks, otherOrder];
