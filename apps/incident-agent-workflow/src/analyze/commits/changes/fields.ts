/** Fields that are left out or called otherwise, readers of the old name, and what is used though it may not be there. */
import type { Done } from './deeds.ts';
import { type Detector, type Edit, type FileReading, isCode, type Spot } from './reading.ts';

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
    if (!isField(before.text, old) || !isField(after.text, now)) return [];
    return [{ deed: 'field-gone' as const, value: 0.6, path: file.path, line: after.line }];
  });

function isField(text: string, name: string): boolean {
  return new RegExp(`[{,]\\s*${name}\\s*:|(?<!\\.)\\.${name}\\b(?!\\()`).test(text);
}

function fieldGone(file: FileReading, line: number, value: number): Done {
  return { deed: 'field-gone', value, path: file.path, line };
}

/** Names that a change of the file gave up, as keys or as attributes. */
function namesGivenUp({ edits }: FileReading): string[] {
  return edits.flatMap(({ before, after, out }: Edit) => {
    const keys = out.flatMap((token) => /^'([A-Za-z_]\w*)'$/.exec(token)?.[1] ?? []);
    const attributes = out.filter((token) => NAME_OF_FIELD.test(token) && isField(before.text, token));
    return [
      ...keys.filter((name) => !new RegExp(`["']${name}["']`).test(after.text)),
      ...attributes.filter((name) => !isField(after.text, name)),
    ];
  });
}

/** A name is given up in one place, and still asked for in another one. */
const readsOldName: Detector = (file) => {
  if (!isCode(file.path)) return [];
  const names = new Set(namesGivenUp(file));
  return [...names].flatMap((name) => {
    const reads = new RegExp(`\\[["']${name}["']\\]|\\.get\\(["']${name}["']|(?<!\\.)\\.${name}\\b(?!\\()`);
    const edited = new Set(file.edits.map(({ after }) => after));
    const readers = file.come.filter((spot) => !edited.has(spot) && reads.test(spot.text));
    // An expression that moved as it was reads no old name.
    const isMoved = ({ text }: Spot) => {
      const bare = text.trim().replace(/^return\s+|;$/g, '');
      const calls: readonly string[] = text.match(/\w+\([^()]*\.[^()]*\)/g) ?? [];
      const own = calls.filter((call) => reads.test(call));
      return file.edits.some(
        ({ before }) =>
          before.text.includes(bare) ||
          (own.length > 0 && own.every((call) => bareOf(before.text).includes(bareOf(call)))),
      );
    };
    return readers.filter((spot) => !isMoved(spot)).map(({ line }) => fieldGone(file, line, 1));
  });
};

/** A function of its own is given what was a field. */
function bareOf(text: string): string {
  return text.replace(/\b(?:this|self)\./g, '');
}

const REST = /\{\s*([^{}]*?),?\s*\.\.\.(\w+)\s*\}\s*=/;

/** `const { a, ...rest } = …`: what is made of the rest has no `a` any more. */
const leavesOutOfRest: Detector = (file) =>
  file.come.flatMap((spot) => {
    const [, names = '', rest = ''] = REST.exec(spot.text) ?? [];
    if (rest === '') return [];
    const known = new Set(
      file.before
        .filter(({ sign }) => sign === '-')
        .flatMap(({ text }) => (REST.exec(text)?.[1] ?? '').match(/\w+/g) ?? []),
    );
    if (!(names.match(/\w+/g) ?? []).some((name) => !known.has(name))) return [];
    return [fieldGone(file, lineOfNewField(spot, file)?.line ?? spot.line, 0.9)];
  });

/** Of the lines after it the first that gives a field a name that was not there before. */
function lineOfNewField(spot: Spot, file: FileReading): Spot | undefined {
  const at = file.after.indexOf(spot);
  const before = file.before.map(({ text }) => text).join('\n');
  return file.after.slice(at + 1, at + 9).find(({ text, sign }) => {
    const key = /[{,]?\s*(\w+):\s/.exec(text.replace(/^.*\.\.\.\w+,/, ','))?.[1];
    return sign === '+' && key !== undefined && !new RegExp(`\\b${key}:`).test(before);
  });
}

const HEAD =
  /^\s*(?:async\s+)?(?:def|func)\b[^(]*(?:\([^)]*\)\s*\w+)?\(([^)]*)\)|\bfunction\b[^(]*\(([^)]*)\)|^\s*(?:(?:public|private|protected|static|final|async)\s+)+[\w<>[\], ]*\s*\w+\(([^)]*)\)\s*\{/;

function parametersOf(text: string): number | undefined {
  const match = HEAD.exec(text);
  const list = match?.[1] ?? match?.[2] ?? match?.[3];
  return list === undefined
    ? undefined
    : list.split(',').filter((each) => each.trim() !== '' && !each.includes('=')).length;
}

/** A function wants more, or takes less, than before. */
const otherParameters: Detector = (file) =>
  file.edits
    .filter(({ before, after }) => {
      const [old, now] = [parametersOf(before.text), parametersOf(after.text)];
      return old !== undefined && now !== undefined && old !== now;
    })
    .map(({ after }) => fieldGone(file, after.line, 0.9));

export const FIELD_DETECTORS: readonly Detector[] = [
  usesUnlooked,
  renamesField,
  readsOldName,
  leavesOutOfRest,
  otherParameters,
];
