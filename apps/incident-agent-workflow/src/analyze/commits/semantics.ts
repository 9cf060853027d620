/** What a change does to the protections of a program: which it takes out, which limits it cuts or raises (METHODS §4). */
import type { ChangedFile, Commit } from '../../domain/telemetry.ts';
import { isNotRun } from './inert.ts';
import { type Shift, shiftsOf } from './quantities.ts';
import { isSaying } from './restructured.ts';
import { sidesOf } from './sides.ts';
import { flipsSwitch } from './switched.ts';
import { tokensOf } from './token-stream.ts';

export type Effect =
  | 'guard-removed'
  | 'bound-removed'
  | 'lock-removed'
  | 'lock-added'
  | 'close-removed'
  | 'copy-removed'
  | 'batch-removed'
  | 'cache-removed'
  | 'back-off-removed'
  | 'retry-added'
  | 'wait-removed'
  | 'parse-changed'
  | 'call-in-loop'
  | 'step-removed'
  | 'growth-added'
  | 'unbounded-growth'
  | 'index-removed'
  | 'label-added'
  | 'timeout-cut'
  | 'timeout-raised'
  | 'lifetime-cut'
  | 'lifetime-raised'
  | 'pool-cut'
  | 'retry-cut'
  | 'retry-raised'
  | 'size-cut'
  | 'size-raised'
  | 'rate-raised'
  | 'logging-raised'
  | 'pattern-changed'
  | 'query-changed'
  | 'access-changed'
  | 'address-changed'
  | 'switch-flipped';

/** 0–1 for each effect that the commit has; the order is that of the list above. */
export type Effects = ReadonlyMap<Effect, number>;

interface Lines {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Fewer of these than before is a protection less. */
const KINDS: readonly (readonly [Effect, RegExp])[] = [
  ['guard-removed', /\bif\b\s*[(\w!]|\bunless\b|\bguard\b|\bassert\w*\b|\brequireNonNull\b|\?\?|\?\.|\?:/g],
  ['guard-removed', /\|\||\bor\b(?=\s*[\w'"{[(])/g],
  // A tolerance that had a name.
  ['guard-removed', /\b\w*(?:leeway|tolerance|skew|slack|epsilon|margin|grace)\w*/gi],
  ['guard-removed', /\bcatch\b|\bexcept\b|\brescue\b|\brecover\(/g],
  [
    'guard-removed',
    /\btypeof\b|\bisNaN\b|\bisFinite\b|Number\.is\w+|Array\.isArray|\bis_?[nN]ull\b|\bisPresent\b|\binstanceof\b|\bisinstance\(|\bvalidate\w*/g,
  ],
  [
    'bound-removed',
    /\bLIMIT\b|\.(?:limit|take|slice|first|top)\(|\bmax[_A-Z]?\w*|\bmin\(|\bLimitReader\b|\bcap\(|\bevict\w*|\bmaxsize\b/gi,
  ],
  [
    'lock-removed',
    /\b(?:un)?lock\b|\.R?(?:Un)?[lL]ock\(|\bmutex\b|\bsynchronized\b|\batomic\b|\w+AndGet\(|\bgetAnd\w+\(|compareAndSet|\bFOR UPDATE\b|\btransaction\b|\bsemaphore\b/gi,
  ],
  [
    'close-removed',
    /\bfinally\b|\bdefer\b|\busing\b|\bwith\b(?=\s+\w+[\w.]*\()|\.(?:close|release|end|unlock|dispose|destroy|cancel|done|abort|rollback|clear|delete|stop)\w*\(|\bcancel\(\)|\bclearTimeout\b|\bclearInterval\b|\bremoveListener\b|\.off\(|\bclose\(/gi,
  ],
  [
    'batch-removed',
    /\bbatch\w*|\bbulk\w*|\w+Many\b|\bIN \(|\bANY\(|\bchunk\w*|\bPromise\.all\b|\bgather\(|\bprefetch\w*|\bselect_related\b|\bJOIN\b|\bincludes?\(:/gi,
  ],
  // What is handed out is the thing itself from now on.
  [
    'copy-removed',
    /new (?:ArrayList|HashMap|HashSet|LinkedList|TreeMap|Map|Set)(?:<[^>]*>)?\(\s*\w|\b(?:copy|copyOf|clone|cloned|deepcopy|structuredClone)\(|\[\.\.\.\w+\]|\{\s*\.\.\.\w+\s*\}|\.slice\(\)|\b(?:list|dict)\(\w/g,
  ],
  ['cache-removed', /cache\w*|\bmemo\w*|\blru\w*|\bsingleflight\b|\bETag\b/gi],
  [
    'back-off-removed',
    /back_?off\w*|\bjitter\w*|\bsleep\(|\bdelay\w*|\bthrottle\w*|\bdebounce\w*|circuit_?breaker\w*|\brate_?limit\w*/gi,
  ],
  ['wait-removed', /\bawait\b|\.join\(\)|\.wait\(|\.Wait\(|\.get\(\)/g],
  [
    'parse-changed',
    /\bNumber\(|\bString\(|\bparse\w*\(|\.parse\(|\bint\(|\bstr\(|\bfloat\(|\bBigDecimal\b|\bDecimal\(|\btoFixed\(|\bencode\w*\(|\bdecode\w*\(|\bUnmarshal\b|\bquote\w*\(|\bescape\w*\(/gi,
  ],
];

export function effectsOf(commit: Commit): Effects {
  const strongest = new Map<Effect, number>();
  const note = (effect: Effect, value: number): void => {
    if (value > 0) strongest.set(effect, Math.min(1, Math.max(value, strongest.get(effect) ?? 0)));
  };
  const files = commit.files.filter((file) => !isNotRun(file.path) && file.status !== 'added' && file.patch !== '');
  const sides = files.map((file) => ({ file, ...linesOf(file) }));
  const removed = sides.flatMap((side) => side.removed);
  const added = sides.flatMap((side) => side.added);
  for (const [effect, pattern] of KINDS) note(effect, removedOf(pattern, removed, added));
  for (const file of commit.files.filter(isNewMigration))
    if (dropsIndex([], linesOf(file).added)) note('index-removed', 1);
  for (const { file, ...side } of sides) {
    for (const [effect, value] of shiftEffects(shiftsOf(side.removed, side.added))) note(effect, value);
    for (const [effect, value] of addedEffects(side, file)) note(effect, value);
  }
  return strongest;
}

/** A migration is a file of its own, but what it changes was there before. */
function isNewMigration({ status, path }: ChangedFile): boolean {
  return status === 'added' && /\.sql$|migrat/i.test(path);
}

/** How much protection is gone, whatever failed: the strongest effect, a second one of another kind adds a little. */
export function protectionRemoved(effects: Effects): number {
  const values = [...effects].filter(([effect]) => !MERE_CHANGES.has(effect)).map(([, value]) => value);
  values.sort((a, b) => b - a);
  return Math.min(1, (values[0] ?? 0) + 0.3 * (values[1] ?? 0));
}

/** Say something only together with what failed. */
const MERE_CHANGES: ReadonlySet<Effect> = new Set([
  'query-changed',
  'access-changed',
  'address-changed',
  'parse-changed',
  'pattern-changed',
  'growth-added',
  'lock-added',
  'switch-flipped',
  'size-raised',
  'timeout-raised',
  'lifetime-raised',
]);

function linesOf(file: ChangedFile): Lines {
  const { removed, added } = sidesOf(file);
  return { removed: removed.split('\n'), added: added.split('\n') };
}

/** One less is most of it; what moved elsewhere in the same commit is not gone. */
function removedOf(pattern: RegExp, removed: readonly string[], added: readonly string[]): number {
  const fewer = occurrences(removed, pattern) - occurrences(added, pattern);
  if (fewer <= 0) return 0;
  const holders = removed.filter((line) => occurrences([line], pattern) > 0);
  return holders.every((line) => isMoved(line, added) || isLookedUpStill(line, added))
    ? 0
    : Math.min(1, 0.5 + 0.2 * fewer);
}

/** All numbers of the condition, and nearly all of its names, are in the added lines: it was moved or reworded. */
function isMoved(line: string, added: readonly string[]): boolean {
  const held = new Set(added.flatMap((text) => tokensOf(text, '')));
  const tokens = tokensOf(line, '');
  const numbers = tokens.map(unquoted).filter((token) => /^\d/.test(token));
  const values = new Set([...held].map(unquoted));
  if (numbers.length > 0) return numbers.every((number) => values.has(number));
  const operators = tokens.filter((token) => /^[^\p{L}\p{N}_$'"]$/u.test(token) && !'(){}[]'.includes(token));
  const names = tokens.filter((token) => /^[\p{L}_$]/u.test(token));
  return names.length > 1 && names.every((name) => held.has(name)) && operators.every((sign) => held.has(sign));
}

function unquoted(token: string): string {
  return token.replace(/^'(\d[\d.]*)'$/, '$1');
}

const LOOK_UP = /\.(?:get|set|has|put|fetch)\([^()]*\)/;

/** The same is looked up in something of another name. */
function isLookedUpStill(line: string, added: readonly string[]): boolean {
  const call = LOOK_UP.exec(line)?.[0];
  return call !== undefined && added.some((text) => text.includes(call));
}

function occurrences(lines: readonly string[], pattern: RegExp): number {
  return lines.reduce((sum, line) => sum + (line.match(pattern)?.length ?? 0), 0);
}

/** Which settings do harm when they shrink, and which when they grow. The first that fits decides. */
const SETTINGS: readonly { readonly names: RegExp; readonly cut?: Effect; readonly raised?: Effect }[] = [
  { names: /retr(?:y|ies)|attempt/, cut: 'retry-cut', raised: 'retry-raised' },
  { names: /timeout|deadline|budget|grace|patience/, cut: 'timeout-cut', raised: 'timeout-raised' },
  { names: /\bcache|\blru\b|memo\b/, cut: 'lifetime-cut', raised: 'lifetime-raised' },
  {
    names: /ttl|expir|lifetime|retention|max age|keep alive|idle|lease|stale/,
    cut: 'lifetime-cut',
    raised: 'lifetime-raised',
  },
  {
    names: /pool|connections?|conns?|workers?|threads?|concurrency|parallel|replicas?|permits?|slots?/,
    cut: 'pool-cut',
    raised: 'size-raised',
  },
  {
    names: /interval|period|delay|back ?off|sleep|debounce|every|cooldown/,
    cut: 'rate-raised',
    raised: 'timeout-raised',
  },
  {
    names: /rate|sampl|ratio|fraction|probability|frequency|verbos|level|qps|rps/,
    cut: 'size-cut',
    raised: 'rate-raised',
  },
  {
    names: /limit|max|memory|mem|cpu|heap|size|capacity|buffer|quota|length|page|depth|window|bytes/,
    cut: 'size-cut',
    raised: 'size-raised',
  },
];

/** A factor of eight counts full. */
const FULL_LOG_RATIO = Math.log(8);
/** Less than a factor of two is tuning. */
const LEAST_LOG_RATIO = Math.log(1.99);

function shiftEffects(shifts: readonly Shift[]): [Effect, number][] {
  const effects: [Effect, number][] = [];
  for (const { words, logRatio } of shifts) {
    if (Math.abs(logRatio) < LEAST_LOG_RATIO) continue;
    const name = words.join(' ');
    const setting = SETTINGS.find(({ names }) => names.test(name));
    const effect = logRatio < 0 ? setting?.cut : setting?.raised;
    if (effect) effects.push([effect, Math.min(1, Math.abs(logRatio) / FULL_LOG_RATIO)]);
  }
  return effects;
}

const LOOP = /\bfor\b|\bwhile\b|\.(?:map|forEach|each|flatMap|filterAsync)\(|\bforeach\b|\.stream\(\)/g;
/** What goes out of the process. */
const REMOTE_CALL =
  /\bawait\b|\b(?:fetch|query\w*|exec\w*|request|rpc|http|client|repo\w*|store|db|conn|stub|session|redis|cursor)[\w.]*\(|\.(?:get|find|load|fetch|select|save|send|call|list|read|lookup)\w*\(/i;
const DEBUG = /\b(?:debug|trace|verbose|all)\b/i;
const LOG_LEVEL = /log\w*|level|verbos/i;
const REGEXP = /RegExp|\bregex\w*|re\.compile|Pattern\.compile|MustCompile|\/[^/\s].*[+*].*\/[gimsuy]*[.,;)]/i;
const SQL = /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|ORDER BY|GROUP BY|CREATE|DROP|ALTER|INDEX)\b/;
const ACCESS =
  /\b\w*(?:auth|token|jwt|secret|credential|scope|role|permission|signature|hmac|issuer|audience|api_?key|password|cookie|session|csrf|cors|polic(?:y|ies)|subject|principal)\w*/i;
const ADDRESS =
  /https?:\/\/|\b(?:host|hostname|endpoint|url|uri|addr\w*|port|broker|server|dns|domain|region|zone|topic|queue|bucket)\w*\s*[:=(]/i;
const GROWTH =
  /\bappend\(|\.(?:push|set|put|add|append|extend|addListener|on)\(|\w\[[^\]]+\]\s*=[^=]|setInterval\(|\bgo func\b|new Thread\(|spawn\(/;
const LABEL = /labels?\b|WithLabelValues|\btags?\b|\.inc\(|\.observe\(|attributes?\b/i;
const UNBOUNDED_VALUE =
  /\b\w*(?:user|session|request|trace|order|customer|account|item|client|tenant|device)_?(?:id)\b|\b(?:uuid|url|path|email|ip|query)\b/i;

/** What the added lines bring that was not there before. */
function addedEffects({ removed, added }: Lines, file: ChangedFile): [Effect, number][] {
  const effects: [Effect, number][] = [];
  const more = (pattern: RegExp): boolean => count(added, pattern) > count(removed, pattern);
  const changed = [...removed, ...added];
  const touches = (pattern: RegExp): boolean => changed.some((line) => !isSaying(line) && pattern.test(line));
  if (callsInLoop(added, removed, file)) effects.push(['call-in-loop', 1]);
  if (growsForGood(added)) effects.push(['growth-added', 1], ['unbounded-growth', 1]);
  else if (more(GROWTH)) effects.push(['growth-added', 0.4]);
  if (dropsIndex(removed, added)) effects.push(['index-removed', 1]);
  if (skipsCleaning(removed, added)) effects.push(['bound-removed', 0.8]);
  const gone = stepsRemoved(removed, added);
  if (gone > 0) effects.push(['step-removed', gone]);
  if (added.some((line) => LABEL.test(line) && UNBOUNDED_VALUE.test(line)) && more(UNBOUNDED_VALUE))
    effects.push(['label-added', 0.8]);
  if (added.some((line) => DEBUG.test(line) && LOG_LEVEL.test(line)) && more(DEBUG))
    effects.push(['logging-raised', 0.9]);
  else if (more(/\b(?:log|logger|console|slog)\w*\.\w+\(|\bprint\w*\(/)) effects.push(['logging-raised', 0.4]);
  if (touches(REGEXP)) effects.push(['pattern-changed', 0.7]);
  if (touches(SQL)) effects.push(['query-changed', 0.7]);
  if (touches(ACCESS)) effects.push(['access-changed', 0.7]);
  if (touches(ADDRESS)) effects.push(['address-changed', 0.7]);
  if (more(/\b(?:lock|mutex|synchronized|transaction|FOR UPDATE|begin)\b|\.Lock\(/i)) effects.push(['lock-added', 0.7]);
  if (more(/\bretr(?:y|ies)\w*/i)) effects.push(['retry-added', 0.7]);
  if (flipsSwitch(removed, added)) effects.push(['switch-flipped', 0.6]);
  return effects;
}

/** Declared outside of any function: it lives as long as the process. */
const LONG_LIVED =
  /^(?:export\s+)?(?:var|let|const|static|private static|public static|global|val|final)\s+(?:mut\s+)?(\w+)|^(\w+)(?:\s*:\s*[\w[\], |]+)?\s*=\s*(?:\[\]|\{\}|list\(|dict\(|set\(|defaultdict\(|new (?:Map|Set|Array))/;
const BOUNDED =
  /\b(?:lru|max\w*|limit\w*|cap(?:acity)?|evict\w*|ttl|expir\w*|ring|bounded|weak\w*|shift\(|delete|clear|trim|prune|pop\w*)\b/i;

/** Something is put into what lives as long as the process, and nothing takes it out. */
function growsForGood(added: readonly string[]): boolean {
  if (added.some((line) => BOUNDED.test(line))) return false;
  const names = added.flatMap((line) => {
    const match = LONG_LIVED.exec(line);
    return match ? [match[1] ?? match[2] ?? ''] : [];
  });
  return names.some((name) => {
    if (name.length < 2) return false;
    const fed = new RegExp(
      `\\b${name}\\b(?:\\s*=\\s*append\\(|\\.(?:push|set|put|add|append|extend|Store|insert)\\(|\\[[^\\]]+\\]\\s*=[^=])`,
    );
    return added.some((line) => fed.test(line));
  });
}

const INDEX_NAME = /\bINDEX\s+(?:CONCURRENTLY\s+)?(?:IF (?:NOT )?EXISTS\s+)?["'`]?([\w.]+)/i;

function indexesIn(lines: readonly string[], how: RegExp): string[] {
  return lines.filter((line) => how.test(line)).flatMap((line) => INDEX_NAME.exec(line)?.[1] ?? []);
}

/** An index is dropped, or no longer made, and not made anew under its name. */
function dropsIndex(removed: readonly string[], added: readonly string[]): boolean {
  const made = /\bCREATE\s+(?:UNIQUE\s+)?INDEX\b|\b(?:createIndex|create_index|ensureIndex)\(/i;
  const gone = [...indexesIn(added, /\bDROP\s+INDEX\b/i), ...indexesIn(removed, made)];
  const calls = count(removed, /\b(?:createIndex|create_index|ensureIndex)\(/) - count(added, made);
  const drops = count(added, /\b(?:dropIndex|drop_index|remove_index)\(/) > 0;
  return drops || calls > 0 || gone.some((name) => !indexesIn(added, made).includes(name));
}

const CLEANING = /([\w$.]*\.?(?:delete|remove|evict|clear|prune|trim|expire|close|release|dispose|shift|pop)\w*)\(/;
const CONDITION = /\bif\b|\bunless\b|\bwhen\b|&&|\?/;

/** What was cleaned up in any case is cleaned up on a condition only. */
function skipsCleaning(removed: readonly string[], added: readonly string[]): boolean {
  return removed.some((line) => {
    const call = CLEANING.exec(line)?.[1];
    if (call === undefined || CONDITION.test(line)) return false;
    return added.some((after) => CLEANING.exec(after)?.[1] === call && CONDITION.test(after));
  });
}

const STATEMENT_CALL = /^\s*(?:await\s+|go\s+|defer\s+|return\s+)?([\w$.]+)\s*\(.*\)\s*;?\s*$/;
/** What is only said is no step. */
const SAYING =
  /(?:^|\.)(?:log|logger|console|slog|print\w*|printf|debug|info|warn\w*|error\w*|trace|assert\w*|expect\w*)$|^(?:log|logger|console|fmt|logging)\./i;

/** A statement that called something is gone, and nothing of that name is called any more. 0–1. */
function stepsRemoved(removed: readonly string[], added: readonly string[]): number {
  const kept = new Set(added.flatMap((line) => line.match(/[A-Za-z_$][\w$]*/g) ?? []));
  const gone = removed.flatMap((line) => {
    const name = STATEMENT_CALL.exec(line)?.[1];
    if (name === undefined || SAYING.test(name) || /^(?:if|for|while|switch|catch|return|function|func)$/.test(name))
      return [];
    return kept.has(name.split('.').at(-1) ?? name) ? [] : [name];
  });
  return gone.length === 0 ? 0 : Math.min(1, 0.6 + 0.1 * gone.length);
}

function count(lines: readonly string[], pattern: RegExp): number {
  return lines.filter((line) => new RegExp(pattern.source, pattern.flags.replace('g', '')).test(line)).length;
}

/** More loops than before, and within the few lines after the new one something that leaves the process. */
function callsInLoop(added: readonly string[], removed: readonly string[], file: ChangedFile): boolean {
  if (/\.(?:ya?ml|json|toml|sql|css|html?)$/i.test(file.path)) return false;
  if (occurrences(added, LOOP) <= occurrences(removed, LOOP)) return false;
  if (waitsInLoop(removed) && !waitsInLoop(added)) return false;
  const known = new Set(removed.map((line) => line.trim()));
  return added.some(
    (line, index) =>
      line.search(LOOP) >= 0 &&
      !known.has(line.trim()) &&
      added
        .slice(index, index + 6)
        .some((inside, offset) => REMOTE_CALL.test(offset === 0 ? afterLoop(inside) : inside)),
  );
}

/** Where each was waited for and none is any more, they are asked for together. */
function waitsInLoop(lines: readonly string[]): boolean {
  return lines.some(
    (line, index) =>
      line.search(LOOP) >= 0 &&
      lines
        .slice(index, index + 6)
        .some((inside, offset) => /\bawait\b/.test(offset === 0 ? afterLoop(inside) : inside)),
  );
}

/** On the line of the loop itself, what it goes over is called once only. */
function afterLoop(line: string): string {
  const arrow = line.indexOf('=>');
  return arrow >= 0 ? line.slice(arrow) : '';
}
