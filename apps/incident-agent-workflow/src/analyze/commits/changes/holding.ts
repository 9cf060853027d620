/** Things that something holds on to for long although nobody asks for them any more: a timer, or what came after them. */
import { escapeRegexp } from '../../../lib/escape.ts';
import type { Done } from './deeds.ts';
import type { Detector, FileReading, Spot } from './reading.ts';
import { functionAround, isInFunction } from './scopes.ts';

/** A task for once, with all that it closes over, in the hands of a timer until it is due. */
const FOR_ONCE =
  /(?<![\w.])setTimeout\(|\bthreading\.Timer\(|\bcall_later\(|\b(?:time\.)?AfterFunc\(|\.schedule\(|\bTask\.Delay\(/;
/** Lost by a race, given up, or ended by what it waits for: not kept. */
const SETTLES = /\b(?:resolve|reject|abort|timed?_?out|done|cancel)\w*\b/i;
const TAKEN_BACK = /\bclearTimeout\(|\.cancel\(|\.Stop\(\)|\.dispose\(/;

const LONG_SECONDS = 300;

const byLongTimers: Detector = (file) => {
  if (file.after.some(({ text }) => TAKEN_BACK.test(text))) return [];
  return file.come
    .filter((spot) => FOR_ONCE.test(spot.text) && !SETTLES.test(spot.text) && isRunOften(file, spot))
    .filter((spot) => delayOf(spot, file) >= LONG_SECONDS)
    .map((spot) => grows(file, spot, 0.9));
};

/** What a maker gives out stands deep in it, and its own head is not always shown. */
const DEEP = 6;

function isRunOften(file: FileReading, spot: Spot): boolean {
  if (isInFunction(file, file.after, spot)) return true;
  return !functionAround(file.after, spot) && /\.[cm]?[jt]sx?$/.test(file.path) && spot.indent >= DEEP;
}

/** In seconds, by whatever the call or a name in it says; 0: not known. */
function delayOf({ text }: Spot, file: FileReading): number {
  const call = text.slice(text.search(FOR_ONCE));
  const unit = unitOf(call, file.path);
  const names = call.match(/\b_?[A-Za-z]\w*\b/g) ?? [];
  const given = names.flatMap((name) => {
    const made = file.after.find((each) =>
      new RegExp(`\\b${name}\\b(?:\\s*:\\s*[\\w.]+)?\\s*:?=[^=>]`).test(each.text),
    );
    return made ? [made.text.slice(made.text.indexOf('=') + 1)] : [];
  });
  return Math.max(0, ...[call, ...given].map((each) => secondsIn(each, unitOf(each, file.path, unit))));
}

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/\bDAYS?\b|\bdays?\b|ofDays/, 86_400],
  [/\bHOURS?\b|time\.Hour|\bhours?\b|ofHours/, 3_600],
  [/\bMINUTES?\b|time\.Minute|\bminutes?\b|ofMinutes/, 60],
  [/\bSECONDS?\b|time\.Second|\bseconds?\b|ofSeconds/, 1],
  [/\bMILLISECONDS\b|time\.Millisecond/, 0.001],
];

function unitOf(text: string, path: string, otherwise = path.endsWith('.py') ? 1 : 0.001): number {
  return UNITS.find(([pattern]) => pattern.test(text))?.[1] ?? otherwise;
}

/** Of all products of plain numbers in it the greatest; a unit alone is one of it. */
function secondsIn(text: string, unit: number): number {
  const products = text.match(/(?<![\w.])\d[\d_]*(?:\.\d+)?L?(?:\s*\*\s*\d[\d_]*L?)*/g) ?? [];
  const values = products.map((product) =>
    product.split('*').reduce((all, factor) => all * Number(factor.replace(/[_L\s]/g, '')), 1),
  );
  const isUnitAlone = values.length === 0 && /time\.(?:Hour|Minute)/.test(text);
  return unit * Math.max(isUnitAlone ? 1 : 0, ...values);
}

/** `last = { …, before: last }`, `head = new Node(value, head)`, `self._last = Entry(value, self._last)`. */
const LINKED =
  /^\s*((?:this|self)?\.?_?[A-Za-z][\w.]*)\s*=\s*(?:new\s+[\w<>.]+\(|&?[A-Z][\w.]*[({]|[({[])(?:.*[^\w.])?\1\s*[,)}\]]/;
/** The one that was kept under the key is asked for where its successor is made. */
const BEFORE = /\b([\w.]+?)(?:\.get\(([^()]*)\)|\[([^\]]+)\](?!\s*=[^=]))/g;
const MAKES = /\bnew\s+[\w<>.]+\(|[{(]\s*\w+\s*[,:=]|[A-Z]\w*\(/;
const NEAR_LINES = 4;

/** Each knows the one before it, so that none is ever let go. */
const byChains: Detector = (file) =>
  file.come.flatMap((spot) => {
    if (!isInFunction(file, file.after, spot) || /\.\.\./.test(spot.text)) return [];
    const linked = LINKED.exec(spot.text)?.[1];
    const isLinked = linked !== undefined && isOfLongLife(linked, spot, file);
    return isLinked || isSuccessor(spot, file) ? [grows(file, spot, 1)] : [];
  });

function isSuccessor(spot: Spot, file: FileReading): boolean {
  if (!MAKES.test(spot.text)) return false;
  const made = /^\s*(?:(?:const|let|var|val|final|[A-Z][\w<>]*)\s+)?(\w+)\s*(?::\s*[\w<>[\]]+\s*)?:?=/.exec(
    spot.text,
  )?.[1];
  const at = file.after.indexOf(spot);
  return [...spot.text.matchAll(BEFORE)].some(([whole, store = '', ...keys]) => {
    const key = (keys[0] ?? keys[1] ?? '').split(',')[0]?.trim() ?? '';
    if (key === '' || !new RegExp(`[,(:={]\\s*${escapeRegexp(whole)}\\s*[,)}]`).test(spot.text)) return false;
    const puts = new RegExp(
      `${escapeRegexp(store)}(?:\\.(?:set|put)\\(\\s*${escapeRegexp(key)}\\s*,|\\[${escapeRegexp(key)}\\]\\s*=[^=])(.*)`,
    );
    return file.after.slice(at, at + NEAR_LINES).some((each) => {
      const value = puts.exec(each.text)?.[1];
      return value !== undefined && (each === spot || (made !== undefined && new RegExp(`\\b${made}\\b`).test(value)));
    });
  });
}

/** A field, or a name that no line of the function declares. */
function isOfLongLife(name: string, spot: Spot, file: FileReading): boolean {
  if (/^(?:this|self)\./.test(name)) return true;
  const head = functionAround(file.after, spot);
  if (!head) return false;
  const within = file.after.slice(file.after.indexOf(head), file.after.indexOf(spot));
  return !within.some(({ text }) => new RegExp(`\\b${escapeRegexp(name)}\\b`).test(text));
}

function grows({ path }: FileReading, { line }: Spot, value: number): Done {
  return { deed: 'grows-for-good', value, path, line };
}

export const HOLDING_DETECTORS: readonly Detector[] = [byLongTimers, byChains];
