/** What a line calls or makes, and with what: calls that are given less, that go to another one, or chains that lost a step. */
import { type Detector, done, type Edit, type FileReading, isCode } from './reading.ts';
import { isSayingLine } from './word-rules.ts';

interface Call {
  /** With its receivers. */
  readonly name: string;
  readonly isCall: boolean;
  readonly given: readonly string[];
}

/** Under the last name before it. */
const OPEN = /([A-Za-z_$][\w$.]*)([^\w$(){}[\]]*)([({])/g;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Calls and literals that begin and end on the line. */
function callsIn(text: string): Call[] {
  return [...text.matchAll(OPEN)].flatMap((match) => {
    const from = match.index + match[0].length;
    const given = partsFrom(text, from, CLOSING[match[3] ?? '']);
    return given === undefined ? [] : [{ name: match[1] ?? '', isCall: match[3] === '(' && match[2] === '', given }];
  });
}

/** Of what stands between a bracket and its end the parts between commas; undefined: it does not end on the line. */
function partsFrom(text: string, from: number, end: string | undefined): string[] | undefined {
  const parts: string[] = [];
  const expected: (string | undefined)[] = [end];
  let [begin, quote] = [from, ''];
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (quote !== '') {
      if (sign === quote && text[at - 1] !== '\\') quote = '';
    } else if (/["'`]/.test(sign)) quote = sign;
    else if (CLOSING[sign]) expected.push(CLOSING[sign]);
    else if (sign === expected.at(-1)) expected.pop();
    if (expected.length === 0 || (sign === ',' && quote === '' && expected.length === 1)) {
      parts.push(text.slice(begin, at).trim());
      begin = at + 1;
    }
    if (expected.length === 0) return parts.filter((part) => part !== '');
  }
  return undefined;
}

/** The same call, or literal, is given less than before, and what it was given stands nowhere else that is new. */
const givesLess: Detector = (file) =>
  edited(file).flatMap(({ before, after }) => {
    const now = callsIn(after.text);
    const added = file.come.map(({ text }) => text).join('\n');
    const isLess = callsIn(before.text).some(({ name, given }) => {
      const same = now.find((call) => call.name === name);
      if (!same) return false;
      const lost = given.filter((part) => !same.given.includes(part) && !isStillNamed(part, same.given));
      if (same.given.length >= given.length && !lost.every((part) => keyOf(part) !== undefined)) return false;
      return lost.length > 0 && lost.every((part) => !added.includes(part));
    });
    return isLess ? [done('argument-gone', 0.9, file, after.line)] : [];
  });

/** Of `key: value`, `key=value` and a bare `key` between braces. */
function keyOf(part: string): string | undefined {
  return /^["']?([A-Za-z_]\w*)["']?\s*[:=](?![=>])/.exec(part)?.[1];
}

/** It has another value now, and is there. */
function isStillNamed(part: string, given: readonly string[]): boolean {
  const key = keyOf(part);
  return key !== undefined && given.some((other) => other === key || keyOf(other) === key);
}

/** On the same receiver, or with the same arguments, something else is called. */
const callsAnother: Detector = (file) => {
  const swaps = edited(file).flatMap((edit) => {
    const swap = swapOf(edit);
    return swap ? [{ ...swap, edit }] : [];
  });
  return swaps
    .filter(({ old, now }) => !isRenamed(old, now, file))
    .map(({ edit }) => done('calls-another', 0.7, file, edit.after.line));
};

function swapOf({ before, after, out, in: came }: Edit): { old: string; now: string } | undefined {
  const [olds, nows] = [before.text, after.text].map((text) => callsIn(text).filter(({ isCall }) => isCall));
  if (!olds || !nows) return undefined;
  const gone = olds.filter(({ name }) => !nows.some((call) => call.name === name));
  const fresh = nows.filter(({ name }) => !olds.some((call) => call.name === name));
  const [old, now] = [gone[0], fresh[0]];
  if (gone.length !== 1 || fresh.length !== 1 || !old || !now) return undefined;
  const isSameOwner = old.name.includes('.') && ownerOf(old.name) === ownerOf(now.name);
  const isSameGiven = old.given.length > 0 && old.given.join() === now.given.join();
  if (!isSameOwner && !isSameGiven) return undefined;
  return out.length + came.length > 0 ? { old: lastOf(old.name), now: lastOf(now.name) } : undefined;
}

function ownerOf(name: string): string {
  return name.split('.').slice(0, -1).join('.');
}

function lastOf(name: string): string {
  return name.split('.').at(-1) ?? name;
}

/** It is defined under its new name, or called by it in other places too. */
function isRenamed(old: string, now: string, file: FileReading): boolean {
  if (old === now) return false;
  const defines = new RegExp(
    `(?:\\bfunction|\\bdef|\\bfunc(?: \\([^)]*\\))?|\\bconst|\\blet|\\bval|\\bfun)\\s+${now}\\b`,
  );
  if (file.come.some(({ text }) => defines.test(text))) return true;
  const places = file.edits.filter(
    ({ before, after }) => new RegExp(`\\b${old}\\(`).test(before.text) && new RegExp(`\\b${now}\\(`).test(after.text),
  );
  return places.length > 1;
}

/** `f(x)` is `x` from now on. */
const WRAPPER = /^(?:[\w$]+ |\. )+\( (?:\. )*\)$|^\[ (?:[-:\d] ?)+\]$/;
const TWO_SIDED = /[\w)\]]\s*(?:[-/%<>]|[<>]=)\s*[\w(]|[\w$]\([^(){}]*,[^(){}]*\)/;

/** The same words in another order, where their order counts: around a minus, a comparison, or in a call. */
const otherOrder: Detector = (file) =>
  edited(file).flatMap(({ before, after, out, in: came }) => {
    if (out.length + came.length > 0 || !TWO_SIDED.test(after.text) || /\|\||&&|\bor\b|\band\b/.test(after.text))
      return [];
    const [old, now] = [before.text, after.text].map((text) => text.match(/[\w$]+/g)?.join(' '));
    return old === now ? [] : [done('bound-moved', 0.85, file, after.line)];
  });

const INDEXED = /([A-Za-z_$][\w$]*)\[([^\][]+)\]/g;

/** What is taken out of a list stands one place further on. */
const otherIndex: Detector = (file) => {
  if (!isCode(file.path)) return [];
  const before = file.gone.flatMap(({ text, hunk }) => [...text.matchAll(INDEXED)].map((match) => ({ match, hunk })));
  return file.come
    .filter(({ text, hunk }) =>
      [...text.matchAll(INDEXED)].some(([, name, index = '']) =>
        before.some(
          ({ match, hunk: of }) =>
            of === hunk && match[1] === name && match[2] !== index && isMovedBy(match[2] ?? '', index),
        ),
      ),
    )
    .map(({ line }) => done('bound-moved', 0.9, file, line));
};

function isMovedBy(old: string, now: string): boolean {
  return withoutSteps(old) === withoutSteps(now);
}

function withoutSteps(index: string): string {
  return index.replace(/\s*[-+]\s*\d+/g, '').trim();
}

const STEPS = /^(?:\. [\w$]+(?: \( [^()]*\))? ?)+$/;

/** Of a chain a step is left out, or one more taken: what comes out of it is another thing. */
const stepOfChain: Detector = (file) =>
  edited(file).flatMap(({ after, out, in: came }) => {
    if (came.length === 0 && STEPS.test(out.join(' '))) return [done('field-gone', 0.85, file, after.line)];
    if (came.length === 0 && WRAPPER.test(out.join(' '))) return [done('step-gone', 0.85, file, after.line)];
    return out.length === 0 && /^\. [\w$]+$/.test(came.join(' ')) ? [done('field-gone', 0.6, file, after.line)] : [];
  });

const RUNS =
  /\b([\w.]+)\.(?:submit|execute|schedule|supplyAsync|runAsync|run_in_executor|apply_async|enqueue|dispatch|launch|withContext|Submit|Go)\(/;

/** What runs elsewhere: in a pool that others wait in as well. */
const runsElsewhere: Detector = (file) =>
  edited(file).flatMap(({ before, after }) => {
    const [old, now] = [RUNS.exec(before.text)?.[1], RUNS.exec(after.text)?.[1]];
    return old === undefined || now === undefined || old === now ? [] : [done('runs-elsewhere', 1, file, after.line)];
  });

const OPERAND = /^(?:(?:[-+*/%] ?)+(?:[\w$]+|'[^']*'|\.| |\(|\))+|(?:[\w$]+|\.| )+(?:[-+*/%] ?)+)$/;

/** Something is reckoned in no more. */
const operandGone: Detector = (file) =>
  edited(file).flatMap(({ after, out, in: came }) =>
    came.length === 0 && OPERAND.test(out.filter((token) => !/[()]/.test(token)).join(' '))
      ? [done('step-gone', 0.85, file, after.line)]
      : [],
  );

const OPERATORS = /[<>=!&|+*/%-]+|\b(?:and|or|not)\b/g;

/** The same but for its operators. */
const otherOperators: Detector = (file) =>
  edited(file).flatMap(({ before, after }) => {
    const [old, now] = [before.text, after.text].map((text) => text.replace(OPERATORS, ' ').replace(/\s+/g, ''));
    const isOther = operatorsOf(before.text) !== operatorsOf(after.text);
    return old === now && isOther ? [done('bound-moved', 0.9, file, after.line)] : [];
  });

function operatorsOf(text: string): string {
  return (text.match(OPERATORS) ?? []).join(' ');
}

/** Of a change of this size a number is tuned, or put right. */
const NUMBER = /(?<![\w.#'"])\d[\d_.]*(?![\w.'"])/g;
const TUNED =
  /time|delay|interval|wait|sleep|retr|attempt|limit|max|min|size|count|pool|cache|ttl|age|batch|page|version|port|width|height|margin|padding|colou?r|font|opacity|order|priority|weight|seed|level|budget|capacity|window|buffer|worker|thread|\w\s*=\s*[\d_.]+;?$/i;

/** Given as a bare number to a call, it says how something is read or cut. */
const otherNumber: Detector = (file) =>
  edited(file).flatMap(({ before, after }) => {
    if (file.kind !== 'code' || TUNED.test(before.text) || !/[\w$]\(.*\d/.test(after.text)) return [];
    const [old, now] = [before.text.replace(NUMBER, '0'), after.text.replace(NUMBER, '0')];
    return old === now && before.text !== after.text ? [done('bound-moved', 0.7, file, after.line)] : [];
  });

function edited(file: FileReading): Edit[] {
  return isCode(file.path) ? file.edits.filter(({ after }) => !isSayingLine(after.text)) : [];
}

export const CALL_DETECTORS: readonly Detector[] = [
  givesLess,
  callsAnother,
  stepOfChain,
  runsElsewhere,
  operandGone,
  otherOperators,
  otherOrder,
  otherIndex,
  otherNumber,
];
