/** What is there once only, and used twice; what is done before the look that allowed it, or on some ways only. */
import { escapeRegexp } from '../../../lib/escape.ts';
import { type Detector, done, type FileReading, isCode, type Spot } from './reading.ts';
import { functionAround, holders } from './scopes.ts';

/** Of the same function, as far as the patch shows it. */
function isBeside(file: FileReading, one: Spot, other: Spot): boolean {
  return one.hunk === other.hunk && functionAround(file.after, one) === functionAround(file.after, other);
}

const READS =
  /([\w$.]+)\.(?:text|json|arrayBuffer|blob|formData|bytes)\(\)|ReadAll\(([\w.]+)\)|([\w.]+)\.getInputStream\(\)|([\w.]+)\.ReadToEnd\w*\(\)|([\w.]+)\.read\(\)/g;

function readsOf(text: string): string[] {
  return [...text.matchAll(READS)].flatMap((match) => match.slice(1).filter((part) => part !== undefined));
}

/** A body or a stream is read, and was read already, or is so later. */
const readsTwice: Detector = (file) =>
  file.come.flatMap((spot) => {
    const read = readsOf(spot.text).filter((name) => !/clone|tee/i.test(name));
    const again = file.after.find(
      (other) =>
        other !== spot && isBeside(file, spot, other) && readsOf(other.text).some((name) => read.includes(name)),
    );
    if (!isCode(file.path) || !again || isWayOut(file, spot, again)) return [];
    return [done('used-up', 1, file, spot.line)];
  });

/** Between the two lies an end: only one of them is reached. */
function isWayOut(file: FileReading, one: Spot, other: Spot): boolean {
  const [from, to] = [file.after.indexOf(one), file.after.indexOf(other)].sort((a, b) => a - b);
  const between = file.after.slice(from ?? 0, to);
  return between.some(({ text }) => /\b(?:return|throw|raise|else|catch|except|case)\b/.test(text));
}

const GIVES_BACK =
  /([\w$.]*\.(?:Done|countDown|release|unlock|Unlock|close|Close|complete|resolve|putconn|ack|acknowledge|free|destroy)\([^()]*\))/;

/** What is given back in any case is given back once more. */
const givesBackTwice: Detector = (file) =>
  file.come.flatMap((spot) => {
    const call = GIVES_BACK.exec(spot.text)?.[1];
    if (call === undefined || !isCode(file.path)) return [];
    const again = file.after.find(
      (other) => other !== spot && isBeside(file, spot, other) && other.text.includes(call) && isInAnyCase(file, other),
    );
    const was = file.before.filter(({ text }) => text.includes(call)).length;
    const now = file.after.filter(({ text }) => text.includes(call)).length;
    return again && now > was && !isInAnyCase(file, spot) ? [done('used-up', 1, file, spot.line)] : [];
  });

function isInAnyCase(file: FileReading, spot: Spot): boolean {
  const [around] = holders(file.after, spot);
  return /\bdefer\b/.test(spot.text) || /\b(?:finally|ensure)\b/.test(around?.text ?? '');
}

/** `value, err := call()`, and what is done with the value before anybody looked at the error. */
const beforeItsCheck: Detector = (file) => {
  if (!file.path.endsWith('.go')) return [];
  return file.after.flatMap((spot, index) => {
    const [made, next] = [file.after[index - 1], file.after[index + 1]];
    const value = /^\s*(\w+), err :?= /.exec(made?.text ?? '')?.[1];
    if (value === undefined || spot.sign !== '+' || !/^\s*if err != nil/.test(next?.text ?? '')) return [];
    return new RegExp(`\\b${value}\\.`).test(spot.text) ? [done('guard-gone', 1, file, spot.line)] : [];
  });
};

const LEAVES = /\b(?:return|break|continue|exit|next|halt)\b/;

/** What ended the way there is still done, and the way goes on. */
const goesOn: Detector = (file) =>
  file.come.flatMap((spot) => {
    if (!isCode(file.path) || LEAVES.test(spot.text) || !/^\s+[\w$.]+(?:\.\w+)*\(/.test(spot.text)) return [];
    const call = spot.text.trim().replace(/;$/, '');
    const left = file.before.find(
      ({ sign, hunk, text }) => sign === '-' && hunk === spot.hunk && LEAVES.test(text) && text.includes(call),
    );
    const at = file.after.indexOf(spot);
    const block = file.after.slice(at + 1).filter(({ hunk }) => hunk === spot.hunk);
    const end = block.findIndex(({ indent }) => indent < spot.indent);
    const isLeft = block.slice(0, end < 0 ? undefined : end).some(({ text }) => LEAVES.test(text));
    const isLast = end < 0 || !block.slice(end + 1).some(({ text }) => /\w/.test(text));
    return left && !isLeft && !isLast ? [done('guard-gone', 1, file, spot.line)] : [];
  });

const ASSIGNS = /^\s*(?:(?:let|var|const|my|local|auto)\s+)?(\$?[A-Za-z_]\w*)\s*=(?![=>])/;
const OTHERWISE = /^\s*(?:\}?\s*else\b(?!\s*if)|default\b|_\s*=>|case _|when others)/;

/** It had a value to begin with, and has one now on some ways only. */
const onSomeWays: Detector = (file) => {
  if (!/\.(?:py|rb|php|[cm]?[jt]sx?)$/.test(file.path)) return [];
  return file.before.flatMap((spot) => {
    const name = ASSIGNS.exec(spot.text)?.[1];
    if (spot.sign !== '-' || name === undefined || spot.indent === 0) return [];
    const own = file.after.filter(({ hunk, line }) => hunk === spot.hunk && Math.abs(line - spot.line) <= WAYS_LINES);
    const made = own.filter(({ text }) => ASSIGNS.exec(text)?.[1] === name);
    const isDeeper = made.length > 0 && made.every(({ indent }) => indent > spot.indent);
    const hasElse = own.some(({ text, indent }) => indent >= spot.indent && OTHERWISE.test(text));
    const use = own.find(
      ({ text, indent, line }) =>
        indent <= spot.indent &&
        line > (made.at(-1)?.line ?? 0) &&
        new RegExp(`(?<![\\w.])${escapeRegexp(name)}\\b`).test(text),
    );
    const first = made.find(({ sign }) => sign === '+') ?? made[0];
    return isDeeper && !hasElse && use && first ? [done('guard-gone', 0.8, file, first.line)] : [];
  });
};
const WAYS_LINES = 12;

const HANDS_ON = /\b([\w$]+\.(?:Go|submit|execute|run|schedule|launch|add|post|map|invokeAll|spawn|push))\(/;

/** Whoever works for a pool waits for room in the same pool. */
const withinItself: Detector = (file) =>
  file.come.flatMap((spot) => {
    const call = HANDS_ON.exec(spot.text)?.[1];
    if (call === undefined || !isCode(file.path)) return [];
    const outer = holders(file.after, spot).find(
      ({ text }) => text.includes(`${call}(`) && /(?:\bfunc\b|=>|->|\{|lambda)/.test(text),
    );
    return outer ? [done('runs-elsewhere', 1, file, spot.line)] : [];
  });

const SIGNS = /hmac|\bsign\w*\(|signature|createSign|hash_hmac|digest/i;

/** What is signed is written down in another form. */
const signsAnotherForm: Detector = (file) =>
  file.edits.flatMap(({ before, after }) => {
    const name = ASSIGNS.exec(after.text)?.[1];
    if (name === undefined || !isCode(file.path) || ASSIGNS.exec(before.text)?.[1] !== name) return [];
    if (after.text.trim() === before.text.trim()) return [];
    const at = file.after.indexOf(after);
    const use = file.after
      .slice(at + 1, at + 1 + SIGNED_WITHIN)
      .find(({ text }) => SIGNS.test(text) && new RegExp(`(?<![\\w.])${escapeRegexp(name)}(?![\\w])`).test(text));
    return use ? [done('authenticates-otherwise', 0.95, file, after.line)] : [];
  });
const SIGNED_WITHIN = 6;

const TOP_MADE = /^(?:export\s+)?(?:const|let)\s+(\w+)\b.*=\s*(?:await\s+)?(?:new\s+)?(\w+)\(/;

/** Made as the file is read, by what uses a name that has its value only further down. */
const beforeItIsThere: Detector = (file) => {
  if (!/\.[cm]?[jt]sx?$/.test(file.path)) return [];
  return file.after.flatMap((spot, index) => {
    const maker = spot.sign === '+' ? TOP_MADE.exec(spot.text)?.[2] : undefined;
    if (maker === undefined) return [];
    const below = file.after
      .slice(index + 1)
      .flatMap(({ text }) => /^(?:export\s+)?(?:const|let)\s+(\w+)\b/.exec(text)?.[1] ?? []);
    const head = file.after.findIndex(({ text }) => new RegExp(`\\bfunction\\s+${maker}\\b`).test(text));
    const body = head < 0 ? [] : file.after.slice(head + 1, head + 1 + BODY_LINES);
    const isUsed = below.some((name) => body.some(({ text }) => new RegExp(`(?<![\\w.])${name}\\b`).test(text)));
    return isUsed ? [done('made-once', 1, file, spot.line)] : [];
  });
};
const BODY_LINES = 8;

export const ONCE_DETECTORS: readonly Detector[] = [
  readsTwice,
  givesBackTwice,
  beforeItsCheck,
  goesOn,
  onSomeWays,
  withinItself,
  signsAnotherForm,
  beforeItIsThere,
];
