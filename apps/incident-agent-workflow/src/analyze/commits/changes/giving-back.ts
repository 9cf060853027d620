/** What was given back or taken out in any case, and is so later, on a condition, or on one way out only. */
import type { Deed, Done } from './deeds.ts';
import type { Detector } from './reading.ts';
import { functionAround } from './scopes.ts';

const GIVES_BACK = /\.(?:release|putconn|close|Close|end|unlock|Unlock|RUnlock|giveBack|rollback|Rollback|put)\w*\(/;
const WAY_OUT = /\b(?:return|throw|raise)\b/;

/** What was given back in any case is given back on one way only: a way out lies before it. */
const waysOutBefore: Detector = (file) => {
  const removed = file.before.filter(({ sign }) => sign === '-');
  return file.after.flatMap((spot, index) => {
    if (spot.sign !== '+' || !GIVES_BACK.test(spot.text) || /\bdefer\b/.test(spot.text)) return [];
    const call = GIVES_BACK.exec(spot.text)?.[0] ?? '';
    if (!removed.some(({ text }) => text.includes(call))) return [];
    const out = file.after.slice(Math.max(0, index - 8), index).find(({ text }) => WAY_OUT.test(text));
    if (!out || file.after.slice(index - 2, index).some(({ text }) => /\bfinally\b/.test(text))) return [];
    const deed: Deed = /unlock/i.test(call) ? 'lock-kept' : 'leaves-open';
    return [{ deed, value: 1, path: file.path, line: out.line }];
  });
};

const GIVER = /\b(?:release|giveBack|give_back|putBack|put_back|returnConnection|recycle|free|checkin|unlock)\w*\s*\(/i;
const LATER =
  /schedule\w*\(|setTimeout\(|Timer\(|call_later\(|AfterFunc\(|delay\w*\(|\bif\b|sleep\(|submit\(|execute\(|nextTick\(|setImmediate\(/;

/** Where something is given back, that is done later, or on a condition. */
const givesBackLater: Detector = (file) =>
  file.come
    .filter((spot) => {
      const head = functionAround(file.after, spot);
      return head !== undefined && GIVER.test(head.text) && LATER.test(spot.text);
    })
    .map(({ line }) => ({ deed: 'gives-back-later' as const, value: 1, path: file.path, line }));

const CLEANS = /([\w$.]*)\.(?:delete|remove\w*|evict\w*|clear|shift|pop\w*|discard|release|close|unlock|Delete)\(/;
const CONDITION = /\bif\b|\bunless\b|&&|\?/;

/** What was taken out, or given back, in any case is so on a condition only. */
const cleansSometimes: Detector = (file) =>
  file.come.flatMap((spot) => {
    const call = CLEANS.exec(spot.text)?.[0];
    if (call === undefined || !CONDITION.test(spot.text)) return [];
    const always = file.before.some(({ sign, text }) => sign === '-' && text.includes(call) && !CONDITION.test(text));
    const done = (deed: Deed): Done => ({ deed, value: 1, path: file.path, line: spot.line });
    if (!always) return [];
    return /release|close|unlock/.test(call) ? [done('leaves-open'), done('lock-kept')] : [done('grows-for-good')];
  });

const ACQUIRES =
  /(?:=|:=)\s*(?:await\s+)?[\w.]*(?:pool|db|database|dataSource|engine|semaphore|limiter)\w*\.(?:connect|acquire|getconn|getConnection|checkout|borrow\w*|reserve|take|get)\(|(?:=|:=)\s*(?:await\s+)?[\w.]*\.(?:transaction|beginTransaction|BeginTx|startTransaction|startSession)\(\)/i;
const IN_ANY_CASE =
  /\bfinally\b|\bdefer\b|^\s*(?:async\s+)?with\b|\btry\s*\(|\busing\b|__exit__|closing\(|transaction\((?:\(|async|function|\w+ =>)/;

/** Taken from now on without anything that gives it back in any case. */
const takesWithoutFinally: Detector = (file) =>
  file.come
    .filter((spot) => {
      if (!ACQUIRES.test(spot.text) || IN_ANY_CASE.test(spot.text)) return false;
      const at = file.after.indexOf(spot);
      const rest = file.after.slice(at, at + 14).filter(({ hunk }) => hunk === spot.hunk);
      const wasSafe = file.before.some(({ sign, text }) => sign === '-' && IN_ANY_CASE.test(text));
      const isGivenBack = rest.some(({ text }) => GIVES_BACK.test(text));
      return (wasSafe || !isGivenBack) && !rest.some(({ text }) => IN_ANY_CASE.test(text));
    })
    .map(({ line }) => ({ deed: 'leaves-open' as const, value: 1, path: file.path, line }));

export const GIVING_BACK_DETECTORS: readonly Detector[] = [
  waysOutBefore,
  givesBackLater,
  cleansSometimes,
  takesWithoutFinally,
];
