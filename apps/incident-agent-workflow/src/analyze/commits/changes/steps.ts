/** Statements that are done no more, in any case now, at once instead of later, or to what is walked through meanwhile. */
import { escapeRegexp } from '../../../lib/escape.ts';
import { type Detector, done, type FileReading, isCode, type Spot } from './reading.ts';
import { holders, isLoopHead } from './scopes.ts';
import { isSayingLine } from './word-rules.ts';

/** A call for its effect: nothing takes its result. */
const STATEMENT = /^\s*(?:await\s+|yield\s+)?[A-Za-z_$][\w$.]*\(.*\)?;?$/;
const MEASURES =
  /metric|counter|histogram|gauge|track|span|trace|analytics|telemetry|\.inc\(|observe\(|log|print|super\(/i;
const HEAD_WORD = /^\s*(?:if|for|while|switch|return|function|def|case|else|catch|with|match|when|super)\b/;

function goneForGood(file: FileReading): Spot[] {
  const replaced = new Set(file.edits.map(({ before }) => before));
  return file.gone.filter((spot) => !replaced.has(spot));
}

/** A step that is left out, and taken nowhere else. */
const leavesOutStep: Detector = (file) => {
  if (!isCode(file.path)) return [];
  const added = file.come.map(({ text }) => text).join('\n');
  return goneForGood(file)
    .filter(({ text }) => STATEMENT.test(text) && !HEAD_WORD.test(text) && !MEASURES.test(text))
    .filter(({ text }) => !added.includes(`${/([\w$]+)\(/.exec(text)?.[1] ?? ''}(`))
    .map((spot) => done('step-gone', 0.8, file, spot.line));
};

const MAKES =
  /^\s*(?:(?:const|let|var|val|final)\s+)?(?:[A-Z]\w*\s+)?([A-Za-z_$][\w$]*)\s*(?::\s*[\w[\]| ]+)?\s*(?::=|=(?![=>]))/;

/** What it begins with is gone, and it is used still. */
const leavesOutBeginning: Detector = (file) => {
  if (!isCode(file.path)) return [];
  return goneForGood(file)
    .filter((spot) => {
      const name = MAKES.exec(spot.text)?.[1];
      if (name === undefined || spot.indent === 0) return false;
      const uses = new RegExp(`(?<![.\\w'"])${escapeRegexp(name)}\\b(?!\\s*[:=](?!=))`);
      const rest = file.after.filter(({ hunk, line }) => hunk === spot.hunk && line >= spot.line);
      const first = rest.find(({ text }) => new RegExp(`\\b${escapeRegexp(name)}\\b`).test(text));
      const isMadeElsewhere = file.come.some(
        ({ text, indent }) => indent < spot.indent && new RegExp(`\\b${escapeRegexp(name)}\\s*=(?![=>])`).test(text),
      );
      const isMadeFirst = first !== undefined && MAKES.exec(first.text)?.[1] === name && first.indent <= spot.indent;
      return !isMadeElsewhere && !isMadeFirst && rest.some(({ text }) => uses.test(text));
    })
    .map((spot) => done('step-gone', 0.9, file, spot.line));
};

const BRANCH =
  /^\s*(?:\}?\s*else if\b|elif\b|case\b.*[:{]|default\s*:|when\b.*(?:->|then)|(?:is |in )?["'\w.,| ]+\s*(?:->|=>)\s)/;

/** One of several cases is gone. */
const leavesOutCase: Detector = (file) =>
  isCode(file.path)
    ? goneForGood(file)
        .filter(({ text }) => BRANCH.test(text) && !/=>\s*\{?$/.test(text))
        .map((spot) => done('guard-gone', 0.9, file, spot.line))
    : [];

/** What was done under a condition is done in any case. */
const inAnyCase: Detector = (file) => {
  if (!isCode(file.path)) return [];
  return file.before.flatMap((head, index) => {
    if (head.sign !== '-' || !/^\s*(?:\}\s*)?(?:if|unless)\b/.test(head.text)) return [];
    if (file.edits.some(({ before }) => before === head)) return [];
    const body = file.before.slice(index + 1).find(({ text }) => /\w/.test(text));
    if (!body || body.indent <= head.indent || body.hunk !== head.hunk) return [];
    const still = file.after.find(
      (spot) => spot.sign === '+' && spot.text.trim() === body.text.trim() && spot.indent < body.indent,
    );
    return still ? [done('guard-gone', 0.95, file, still.line)] : [];
  });
};

/** A check that refused, over several lines, is gone. */
const refusesNoMore: Detector = (file) => {
  if (!isCode(file.path)) return [];
  return goneForGood(file).flatMap((head) => {
    if (!/^\s*(?:\}\s*)?(?:if|unless|guard)\b/.test(head.text)) return [];
    const next = file.before[file.before.indexOf(head) + 1];
    const refuses = next?.sign === '-' && /^\s*(?:throw|raise|return|continue|panic|abort|revert)\b/.test(next.text);
    return refuses && next.indent > head.indent ? [done('guard-gone', 0.95, file, head.line)] : [];
  });
};

const WALKED = [
  /\bfor\b.*\b(?:of|in|range)\s+(?:list\()?([\w.$]+)\)?\s*[):{]/,
  /\bfor\s*\([\w<>.,\s]+\s:\s([\w.$]+)\)/,
  /([\w.$]+)\.(?:forEach|each)\(/,
] as const;

/** What is walked through is changed on the way. Whoever stops at once is none the worse, nor is a map of Go. */
const changesWhatItWalks: Detector = (file) => {
  if (!isCode(file.path) || file.path.endsWith('.go')) return [];
  const changes = /\.[cm]?[jt]sx?$/.test(file.path)
    ? 'splice|push|shift|unshift|pop'
    : 'remove|removeAll|delete|pop|popitem|add|append|put|insert|discard|clear|update';
  return file.after.flatMap((spot, index) => {
    const around = holders(file.after, spot);
    const head = around.find(({ text }) => isLoopHead(text)) ?? (isLoopHead(spot.text) ? spot : undefined);
    if (!head || (spot.sign !== '+' && head.sign !== '+')) return [];
    const name = WALKED.map((walks) => walks.exec(head.text)?.[1]).find((found) => found !== undefined);
    if (name === undefined || /\blist\(|\bcopy|\[\.\.\./.test(head.text)) return [];
    const escaped = escapeRegexp(name);
    if (!new RegExp(`\\b${escaped}\\.(?:${changes})\\(|\\bdel ${escaped}\\[`).test(spot.text)) return [];
    const next = file.after[index + 1]?.text ?? '';
    return /\b(?:break|return)\b/.test(next)
      ? []
      : [done('alters-what-it-walks', 1, file, spot.sign === '+' ? spot.line : head.line)];
  });
};

const LATER =
  /\.(?:delay|apply_async|enqueue\w*|submit|execute|publish\w*|perform_later|send_later|defer|schedule|post|dispatch)\(|^\s*go\s+\w|^\s*void\s+\w|create_task\(|setImmediate\(|runAsync\(/;
const NEAR_LINES = 3;

/** Where something was handed on, it is done on the spot. */
const atOnce: Detector = (file) =>
  goneForGood(file).flatMap((spot) => {
    if (!isCode(file.path) || !LATER.test(spot.text)) return [];
    const direct = file.come.find(
      ({ hunk, line, text }) =>
        hunk === spot.hunk &&
        Math.abs(line - spot.line) <= NEAR_LINES &&
        /\w\(/.test(text) &&
        // Whoever looks after its failure alone does not wait for it.
        !/\.(?:catch|then)\(/.test(text) &&
        !LATER.test(text) &&
        !isSayingLine(text),
    );
    return direct ? [done('waits-for-another', 0.9, file, direct.line)] : [];
  });

/** Of a few lines one stands elsewhere among the others: what is registered, or done, first counts. */
const REORDERED_LINES = 8;
const otherOrder: Detector = (file) => {
  const own = [...file.before.filter(({ sign }) => sign === '-'), ...file.after.filter(({ sign }) => sign === '+')];
  if (!isCode(file.path) || own.length > REORDERED_LINES) return [];
  return file.after
    .filter(
      (spot) =>
        spot.sign === '+' &&
        STATEMENT.test(spot.text) &&
        !MEASURES.test(spot.text) &&
        file.before.some(
          ({ sign, text, indent, hunk }) =>
            sign === '-' && hunk === spot.hunk && indent === spot.indent && text === spot.text,
        ),
    )
    .map(({ line }) => done('order-changed', 0.7, file, line));
};

export const STEP_DETECTORS: readonly Detector[] = [
  leavesOutStep,
  leavesOutBeginning,
  leavesOutCase,
  inAnyCase,
  refusesNoMore,
  changesWhatItWalks,
  atOnce,
  otherOrder,
];
