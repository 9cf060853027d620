/** A source file as named units (functions, methods, classes, values), told by how lines begin and how far they are indented. */
import type { CodeExcerpt } from '../../domain/telemetry.ts';

export interface Unit {
  readonly path: string;
  readonly name: string;
  /** Both included, from 1. */
  readonly from: number;
  readonly to: number;
  /** The unit around it. */
  readonly outer: Unit | undefined;
  /** Names in its lines, those of units inside of it left out. */
  readonly uses: ReadonlySet<string>;
}

const MODIFIERS =
  '(?:(?:export|default|public|private|protected|internal|static|final|async|override|abstract|synchronized|suspend|inline|open|virtual|pub|readonly)\\s+)*';
const DEFINED = new RegExp(
  [
    `^\\s*${MODIFIERS}(?:function\\*?|def|func|fun|fn|class|interface|object|struct|trait|enum|record)\\s+(?:\\([^)]*\\)\\s*)?([\\w$]+)`,
    `^\\s*${MODIFIERS}(?:const|let|var|val)\\s+([\\w$]+)\\s*(?::[^=]+)?=(?!=)`,
    // A method of Java, C# or a class of JavaScript.
    `^\\s+${MODIFIERS}(?:[\\w<>\\[\\],.?]+\\s+)?([\\w$]+)\\s*\\([^;]*\\{\\s*$`,
    `^\\s*([\\w$]+)\\s*:\\s*(?:async\\s*)?(?:function\\b|\\([^)]*\\)\\s*=>)`,
  ].join('|'),
);
const NO_NAME = new Set(
  'if for while switch catch return else do try with match when function new await throw'.split(' '),
);
const NAME = /[A-Za-z_$][\w$]*/g;

const read = new WeakMap<CodeExcerpt, readonly Unit[]>();

/** Outer units before those inside of them. */
export function unitsOf(source: CodeExcerpt): readonly Unit[] {
  const known = read.get(source);
  if (known) return known;
  const units = unitsIn(source);
  // A source is the same in each round of questions.
  read.set(source, units);
  return units;
}

function unitsIn({ path, lines }: CodeExcerpt): Unit[] {
  const spans = lines.flatMap((text, index) => {
    const name = nameDefined(text);
    return name === undefined ? [] : [{ name, from: index + 1, to: endOf(lines, index) + 1 }];
  });
  const holders = lines.map((_, index) => spans.findLastIndex(({ from, to }) => index + 1 >= from && index + 1 <= to));
  const units: Unit[] = [];
  for (const [at, { name, from, to }] of spans.entries()) {
    const own = lines.filter((_, index) => holders[index] === at);
    const uses = new Set(own.flatMap((text) => text.match(NAME) ?? []));
    uses.delete(name);
    const outer = units.findLast((unit) => unit.from < from && unit.to >= to);
    units.push({ path, name, from, to, outer, uses });
  }
  return units;
}

function nameDefined(text: string): string | undefined {
  const name = DEFINED.exec(text)
    ?.slice(1)
    .find((part) => part !== undefined);
  return name === undefined || NO_NAME.has(name) ? undefined : name;
}

/** What is indented further belongs to it, and the brackets that close it. */
export function endOf(lines: readonly string[], start: number): number {
  const indent = indentOf(lines[start] ?? '');
  let last = start;
  for (let index = start + 1; index < lines.length; index += 1) {
    const text = lines[index] ?? '';
    if (text.trim() === '') continue;
    const own = indentOf(text);
    if (own < indent || (own === indent && !/^\s*[)\]}]/.test(text))) break;
    last = index;
  }
  return last;
}

function indentOf(text: string): number {
  return (/^\s*/.exec(text)?.[0] ?? '').replaceAll('\t', '    ').length;
}

/** The innermost one; undefined: the line is run when the file is loaded. */
export function unitAt(units: readonly Unit[], line: number): Unit | undefined {
  return units.findLast(({ from, to }) => line >= from && line <= to);
}
