/** Where in a file a line stands: in a function, a loop, a region that holds something. By indentation, as far as the patch shows it. */
import type { FileReading, Spot } from './reading.ts';

const FUNCTION_HEAD =
  /\bfunction\b|=>\s*[{(]?$|^\s*(?:async\s+)?def\s|^\s*func[\s(]|^\s*(?:(?:\w+|@\w+)\s+)*fun\s|^\s*(?:(?:public|private|protected|internal|static|async|override|virtual|sealed)\s+)+[\w<>[\],.? ]+\s+\w+\([^;]*\)$|^\s*(?:(?:public|private|protected|static|final|synchronized|override|async|abstract|default)\s+)*(?:[\w<>[\],.? ]+\s+)?#?\w+\s*\([^;]*\)\s*(?::\s*[^{;=]+)?(?:throws\s[\w, .]+)?\{$/;
const NO_HEAD = /^\s*(?:\}?\s*(?:if|else|for|while|switch|catch|try|do|with|synchronized|return|select|case)\b|new\b)/;
const CLASS_HEAD =
  /^\s*(?:(?:export|public|private|protected|static|final|abstract|default|sealed|data)\s+)*(?:class|interface|enum|record|object|struct)\s|^type\s+\w+\s+struct/;
const LOOP_HEAD =
  /^\s*(?:\}\s*)?(?:async\s+)?(?:for|foreach|while|until|do|loop)\b|\.(?:each\w*|find_each|map|times|step|upto|select|reject|inject)\b[^|]*(?:\bdo|\{)\s*\||\.(?:map|mapToObj|forEach|each|flatMap|filter|reduce)\(|IntStream\.range|\bfor\b[^:]*\bin\b/;
/** What runs once, when the process begins or something long-lived is made. */
const START =
  /\b(?:main|run|start\w*|init\w*|setup\w*|boot\w*|constructor|__init__|listen\w*|configure\w*|create\w*|build\w*|make\w*|New\w*|load\w*Config\w*)\s*\(/;

/** The lines that hold this one, the nearest first. */
export function holders(side: readonly Spot[], spot: Spot): Spot[] {
  const found: Spot[] = [];
  let indent = spot.indent;
  for (let index = side.indexOf(spot) - 1; index >= 0; index -= 1) {
    const each = side[index];
    if (!each || each.hunk !== spot.hunk) break;
    if (each.indent >= indent || /^\s*[\])}]+[;,]?$/.test(each.text)) continue;
    found.push(each);
    indent = each.indent;
  }
  return found;
}

export function isClassHead(text: string): boolean {
  return CLASS_HEAD.test(text);
}

export function isFunctionHead(text: string): boolean {
  return FUNCTION_HEAD.test(text) && !NO_HEAD.test(text);
}

export function functionAround(side: readonly Spot[], spot: Spot): Spot | undefined {
  return holders(side, spot).find(({ text }) => isFunctionHead(text));
}

/** In code that runs more than once, as far as can be told. */
export function isInFunction(file: FileReading, side: readonly Spot[], spot: Spot): boolean {
  const around = holders(side, spot);
  const head = around.find(({ text }) => isFunctionHead(text));
  if (head) return !START.test(head.text);
  if (/^\s*(?:export\s+)?const \w+ = .*=>/.test(spot.text)) return true;
  const nearest = around[0];
  if (nearest && CLASS_HEAD.test(nearest.text)) return false;
  if (START.test(file.sections[spot.hunk] ?? '')) return false;
  return spot.indent >= (/\.(?:java|kt|cs)$/.test(file.path) ? 8 : 2);
}

export function isLoopHead(text: string): boolean {
  return LOOP_HEAD.test(text);
}

export function isLoopOfOneLine(text: string): boolean {
  return /^\s*for\b.*\)\s+[^{\s]/.test(text);
}

export function isInLoop(side: readonly Spot[], spot: Spot): boolean {
  const around = holders(side, spot);
  const end = around.findIndex(({ text }) => isFunctionHead(text) && !LOOP_HEAD.test(text));
  return around.slice(0, end < 0 ? undefined : end).some(({ text }) => LOOP_HEAD.test(text));
}

/** What takes hold of a connection, a transaction, a lock. */
const TAKES =
  /\b(?:pool|db|database|engine|dataSource|connections?)\w*\.(?:connect|getconn|acquire|getConnection|connection|borrow\w*|checkout|begin\w*|BeginTx|Begin|reserve)\(|\.(?:BeginTx|beginTransaction|begin|transaction|acquire|lock|Lock|RLock|writeLock)\(|@Transactional|\bsynchronized\b|\bwith\s+(?:self\.)?_?\w*(?:lock|mutex|transaction|connection|session)\w*|\$transaction\(|\bBEGIN\b|\bborrow\(|\.take\(\)/i;
const LETS_GO =
  /\.(?:release|putconn|unlock|Unlock|RUnlock|giveBack|close|Close|commit|Commit|rollback|Rollback|end|put)\w*\(/;

/** The line that took hold of what is still held here; undefined: nothing is, as far as the patch shows. */
export function heldBy(side: readonly Spot[], spot: Spot, locks?: RegExp): Spot | undefined {
  const at = side.indexOf(spot);
  for (let index = at - 1; index >= 0; index -= 1) {
    const each = side[index];
    if (!each || each.hunk !== spot.hunk) return undefined;
    if (LETS_GO.test(each.text) && !/^\s*defer\b/.test(each.text) && each.indent <= spot.indent) return undefined;
    if ((TAKES.test(each.text) || locks?.test(each.text)) && each.indent <= spot.indent)
      return isLeft(side, index, at) ? undefined : each;
  }
  return undefined;
}

/** A region that is told by indentation ended before the line. */
function isLeft(side: readonly Spot[], from: number, to: number): boolean {
  const head = side[from];
  if (!head) return true;
  const isBlock = /[{:]$/.test(head.text) && !/@/.test(head.text);
  const least = isBlock ? head.indent + 1 : head.indent;
  return side.slice(from + 1, to + 1).some(({ text, indent }) => indent < least && !/^\s*[\])}]/.test(text));
}
