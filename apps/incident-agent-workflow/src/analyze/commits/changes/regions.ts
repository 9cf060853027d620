/** What came into a region that holds something, into a loop, or before what gives back; and keys that no longer find anything. */
import { compareText } from '../../../lib/compare-text.ts';
import type { Deed, Done } from './deeds.ts';
import { type FileReading, isCode, type Spot } from './reading.ts';
import { functionAround, heldBy, isInFunction, isInLoop, isLoopHead } from './scopes.ts';

type Detector = (file: FileReading) => Done[];

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

/** Pure, or of what is in memory. */
const IN_MEMORY =
  /^(?:push|add|append|set|put|merge|get|has|map|filter|reduce|forEach|includes|indexOf|find|some|every|join|split|trim|toString|equals|write|log|info|debug|warn|error|next|is\w*|to\w*|[a-z]*[sS]um\w*|max|min|round|floor|format|check|validate|println|printf|sort|slice|concat|keys|values|entries|items|delete|remove|inc|observe|contains|setdefault|extend|name|id|at|length|size|charAt|apply|accept|Println|Printf|Sprintf)$/;

/** Something is asked of another one for each of many. */
const asksInLoop: Detector = (file) => {
  if (!/\.(?:[cm]?[jt]sx?|py|java|kt|go|rb|cs)$/.test(file.path)) return [];
  const known = new Set(file.before.filter(({ sign }) => sign === '-').flatMap(({ text }) => callees(text)));
  return file.come.flatMap((spot) => {
    const isHead = isLoopHead(spot.text) || /\[.*\bfor\b.*\bin\b.*\]/.test(spot.text);
    const isWithin =
      isInLoop(file.after, spot) && (file.come.some(({ text }) => isLoopHead(text)) || comesFromOutside(spot, file));
    if (!isHead && !isWithin) return [];
    const body = isHead ? bodyOf(spot.text) : spot.text;
    const asked = callees(body).filter((name) => !IN_MEMORY.test(name));
    const isAbroad =
      /\bawait\b|\bvoid\b|\byield\b/.test(body) ||
      /\b\w*(?:client|provider|service|store|repository|api|gateway|catalogue|db|session|upstream|source)\w*\.\w+\(/i.test(
        body,
      );
    if (asked.length === 0 || !isAbroad || !isInFunction(file, file.after, spot)) return [];
    const value = asked.some((name) => !known.has(name)) || !isHead ? 0.9 : 0.8;
    return [{ deed: 'asks-in-loop' as const, value, path: file.path, line: spot.line }];
  });
};

/** What was asked once, before the loop. */
function comesFromOutside({ text }: Spot, file: FileReading): boolean {
  const asked = callees(text).filter((name) => !IN_MEMORY.test(name));
  return file.before.some(
    (spot) =>
      spot.sign === '-' && !isInLoop(file.before, spot) && asked.some((name) => callees(spot.text).includes(name)),
  );
}

/** What is done for each: after the head of a loop on one line, after an arrow, before the loop of a comprehension. */
function bodyOf(text: string): string {
  const head = /^\s*for\s*(?:await\s*)?\((?:[^()]|\([^()]*\))*\)(.*)$/.exec(text);
  if (head) return head[1] ?? '';
  const arrow = text.search(/=>|->/);
  if (arrow >= 0) return text.slice(arrow);
  return /^\s*for\b/.test(text) ? '' : (/[[(](.*?)\bfor\b/.exec(text)?.[1] ?? '');
}

function callees(text: string): string[] {
  return [...text.matchAll(/\b(\w+)\(/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => !/^(?:for|if|while|await|void)$/.test(name));
}

const KEYED =
  /\b(?:\w*[kK]ey\w*|\w*[pP]lace\w*|\w*[cC]ache\w*|\w*[iI]d|slot|bucket|fingerprint|etag|hash)\b\s*(?::[^=]+)?=|[cC]ache\w*\.(?:get|set|fetch|has)\(|\bkey_?[fF]unc|def \w*key\w*\(|return .*['"`:]/;
const VARIES =
  /Date\.now|\bnow\b|\btime\b|random\w*|uuid\w*|nanoid|requestId|request_id|traceId|headers|timestamp|currentTimeMillis|nanoTime|perf_counter|sequence|counter|toISOString|getTime|hrtime|session\w*/i;
const ROUGH =
  /toFixed|\bround\b|\bfloor\b|\btrunc\b|toLowerCase|\blower\b|\btrim\b|\bstrip\b|\bsort\w*\b|normali[sz]e\w*|\bslice\b|substring|\bdate\b|truncatedTo|Truncate|setScale|quantize|casefold|ToLower/;

/** Under a key that holds what is new each time nothing is found again. */
const keyNeverHits: Detector = (file) =>
  file.edits.flatMap(({ before, after, out, in: came }) => {
    const isKey = KEYED.test(before.text) && isLookedUp(file);
    if (!isKey || !(VARIES.test(came.join(' ')) || (ROUGH.test(out.join(' ')) && !ROUGH.test(came.join(' ')))))
      return [];
    return [{ deed: 'key-never-hits' as const, value: 1, path: file.path, line: after.line }];
  });

function isLookedUp(file: FileReading): boolean {
  return file.after.some(({ text }) =>
    /\.(?:get|has|getIfPresent|computeIfAbsent|fetch|Get|Load)\(|\[\w*[kK]ey\]|\bcache/i.test(text),
  );
}

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

const RESTS = /sleep\(|\bwait\w*\(|delay\(|pause\(|parkNanos|onSpinWait|setTimeout/i;

/** It stands still until something is so: the line that asks is the one. */
const waitsUntil: Detector = (file) =>
  file.come.flatMap((spot) => {
    if (!/^\s*(?:while|until|for)\b.*[(!<>=.]/.test(spot.text) || !isInFunction(file, file.after, spot)) return [];
    const next = file.after[file.after.indexOf(spot) + 1];
    if (next?.sign !== '+' || next.indent <= spot.indent || !RESTS.test(next.text)) return [];
    const done = (deed: Deed): Done => ({ deed, value: 1, path: file.path, line: spot.line });
    return [done('waits-for-another'), done('waits-longer'), done('blocks-thread')];
  });

const CONSTANT = /\b([A-Z][A-Z\d_]{2,})\s*(?::\s*\w+\s*)?=\s*\d/;

/** The number from which on calls are refused, where it has a name. */
const namedLimit: Detector = (file) => {
  const refuses = file.come.filter(({ text }) => /\b429\b|TooManyRequests|TOO_MANY|tryAcquire/.test(text));
  if (refuses.length === 0) return [];
  return file.come
    .filter(({ text }) => {
      const name = CONSTANT.exec(text)?.[1];
      return name !== undefined && file.come.some((other) => other.text !== text && other.text.includes(name));
    })
    .map(({ line }) => ({ deed: 'limits-added' as const, value: 1, path: file.path, line }));
};

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
      return wasSafe && !rest.some(({ text }) => IN_ANY_CASE.test(text));
    })
    .map(({ line }) => ({ deed: 'leaves-open' as const, value: 1, path: file.path, line }));

const FOUND = /\b([a-z_]\w*)\s*(?::=|=)\s*(?:await\s+)?[\w.]*(?:find|get|lookup|look_up|match|search|first|load)\w*\(/;

/** What may not have been found is used without a look. */
const usesUnlooked: Detector = (file) =>
  file.come.flatMap((spot) => {
    const name = FOUND.exec(spot.text)?.[1];
    if (name === undefined || !isCode(file.path)) return [];
    const at = file.after.indexOf(spot);
    const next = file.after.slice(at + 1, at + 6);
    const use = next.find(({ text }) => new RegExp(`\\b${name}\\.\\w`).test(text));
    const looks = new RegExp(
      `\\b(?:if|unless|assert|when)\\b.*\\b${name}\\b(?!\\.)|\\b${name}\\s*(?:\\?|is |==|!=|===|!==)|!${name}\\b|err\\b`,
    );
    if (use?.sign !== '+' || next.slice(0, next.indexOf(use) + 1).some(({ text }) => looks.test(text))) return [];
    return [{ deed: 'guard-gone' as const, value: 0.65, path: file.path, line: use.line }];
  });

const NAME_OF_FIELD = /^[a-z_]\w*$/;

/** A field that is called otherwise from here on: whoever reads it by its old name finds nothing. */
const renamesField: Detector = (file) =>
  file.edits.flatMap(({ before, after, out, in: came }) => {
    const [old, now] = [out[0] ?? '', came[0] ?? ''];
    const isOne = out.length > 0 && out.every((token) => token === old) && came.every((token) => token === now);
    if (!isOne || !NAME_OF_FIELD.test(old) || !NAME_OF_FIELD.test(now) || !isCode(file.path)) return [];
    const isField = (text: string, name: string) => new RegExp(`[{,]\\s*${name}\\s*:|\\.${name}\\b(?!\\()`).test(text);
    if (!isField(before.text, old) || !isField(after.text, now)) return [];
    return [{ deed: 'field-gone' as const, value: 0.6, path: file.path, line: after.line }];
  });

export const REGION_DETECTORS: readonly Detector[] = [
  inHeldRegion,
  callsWhatLocks,
  waysOutBefore,
  otherOrder,
  asksInLoop,
  keyNeverHits,
  givesBackLater,
  waitsUntil,
  namedLimit,
  cleansSometimes,
  takesWithoutFinally,
  usesUnlooked,
  renamesField,
];
