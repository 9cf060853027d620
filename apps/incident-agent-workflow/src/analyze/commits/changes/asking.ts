/** What is asked of others for each of many, under keys that find nothing, or until something is so. */
import type { Deed, Done } from './deeds.ts';
import type { Detector, FileReading, Spot } from './reading.ts';
import { isInFunction, isInLoop, isLoopHead } from './scopes.ts';

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
    const asked = callees(body).filter((name) => !IN_MEMORY.test(name) || ASKED_OF_STORE.test(body));
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

const ASKED_OF_STORE =
  /\b\w*(?:[cC]lient|[rR]epository|[sS]tore|[gG]ateway|[aA]pi)\.(?:get|find|load|fetch|read|lookup)\w*\(/;

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

const CACHE_FILE = /cache|memo/i;

function isLookedUp(file: FileReading): boolean {
  return (
    CACHE_FILE.test(file.path) ||
    file.after.some(({ text }) =>
      /\.(?:get|has|getIfPresent|computeIfAbsent|fetch|Get|Load)\(|\[\w*[kK]ey\]|\bcache/i.test(text),
    )
  );
}

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

export const ASKING_DETECTORS: readonly Detector[] = [asksInLoop, keyNeverHits, waitsUntil, namedLimit];
