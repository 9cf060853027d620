/** Things put into what lives as long as the process, and taken out by nothing. */
import type { Done } from './deeds.ts';
import type { FileReading, Spot } from './reading.ts';
import { functionAround, holders, isClassHead, isFunctionHead, isInFunction } from './scopes.ts';

const FEEDS: readonly RegExp[] = [
  /((?:this|self)?\.?_?[\w$]+(?:\.[\w$]+)*)\.(?:set|push|add|append|put|putIfAbsent|computeIfAbsent|unshift|insert|offer|addLast|addFirst|Store|LoadOrStore|extend|setdefault|appendleft|update|merge|enqueue)\(/,
  /((?:this|self)?\.?_?[\w$]+(?:\.[\w$]+)*)\[[^\]]+\]\s*=[^=]/,
  /([\w.]+)\s*=\s*append\(\1,/,
  /(@{1,2}\w+|(?:self|static)::\$\w+|\$[A-Z_]+)\[.*\]\s*(?:\|\||\?\?)?=(?!=)/,
  /(@{1,2}\w+|\$[A-Z_]+)\s*<</,
];
const MADE =
  /new (?:\w*Map|\w*Set|Array|\w*List|\w*Deque|\w*Queue)\b|=\s*(?:\{\}|\[\]|dict\(|list\(|set\(|defaultdict\(|OrderedDict\(|deque\()|map\[[^\]]*\][\w.*[\]{}]*|make\(map|sync\.Map|\[\]\w+\{?\}?$/;
const BOUNDED =
  /\blru\b|LRU|maxsize|maxlen|max_?entries|maximumSize|evict|expire|\bttl\b|Caffeine|EvictingQueue|WeakMap|WeakSet|Weak\w*|\bring\b/i;
/** What is asked for as a whole, or belongs to one call. */
const OF_ONE_CALL =
  /^(?:req|request|res|response|reply|headers?|params|query|form|body|row|data|answer|result|out|output|url|searchParams|session|ctx|context|event|labels|args|env|process|os|metrics?|registry|router|app|server|batch|errors?|lines?|items?|parts?|rows)(?:\.|$)|session\.headers|\.headers$|\.searchParams$|^process\.env|^os\.environ/i;

/** What is kept holds something open. */
const HANDLES = /open\w*\(|connect\w*\(|reader|handle|socket|client|stream|\bfile|logger|session|watch/i;

export function byGrowth(file: FileReading): Done[] {
  if (!/\.(?:[cm]?[jt]sx?|py|java|kt|go|rb|php|cs|scala)$/.test(file.path)) return [];
  return file.come.flatMap((spot) => {
    const receiver = receiverOf(spot.text);
    if (receiver === undefined || !isInFunction(file, file.after, spot) || isEmptied(receiver, file)) return [];
    const value = lifeOf(receiver, spot, file);
    if (value === 0) return [];
    const grows = { deed: 'grows-for-good' as const, value, path: file.path, line: spot.line };
    return HANDLES.test(spot.text) ? [grows, { ...grows, deed: 'opens-per-call' as const }] : [grows];
  });
}

function receiverOf(text: string): string | undefined {
  for (const pattern of FEEDS) {
    const receiver = pattern.exec(text)?.[1];
    if (receiver !== undefined && receiver.length > 1) return receiver;
  }
  return undefined;
}

/** One for all instances, or for the whole program. */
const OF_CLASS = /^@@|^(?:self|static)::\$|^\$[A-Z_]+$/;

/** 1: made outside of any function. Less where that is only likely. */
function lifeOf(receiver: string, spot: Spot, file: FileReading): number {
  const name = receiver.split('.').at(-1) ?? receiver;
  const plain = receiver.replace(/^(?:this|self)\./, '');
  if (OF_ONE_CALL.test(plain)) return 0;
  if (OF_CLASS.test(receiver)) return 1;
  const made = file.after.find(({ text }) => declares(text, name));
  if (made) {
    if (BOUNDED.test(made.text)) return 0;
    const isLocal =
      holders(file.after, made).some(({ text }) => isFunctionHead(text)) || isLocalDeclaration(made, file);
    // Of a thing that lives for long a new field is likelier to be meant for long than one that was there.
    if (isLocal) return /^(?:this|self)\./.test(receiver) ? (file.come.includes(made) ? 0.85 : 0.7) : 0;
    return file.come.includes(made) ? 1 : 0.9;
  }
  if (/^(?:this|self)\.[\w$]+$/.test(receiver)) return 0.8;
  if (FRESH_KEY.test(spot.text)) return 0.8;
  if (isOutside(name, spot, file)) return OUTSIDE;
  if (/^_?[A-Z][A-Z\d_]+$/.test(receiver) || /^_[a-z]\w+$/.test(receiver)) return 0.85;
  // A field of the receiver of a Go method.
  if (file.path.endsWith('.go') && /^\w{1,2}\.\w+$/.test(receiver) && isOfReceiver(receiver, spot, file)) return 0.75;
  return 0;
}

/** Put under a key that nothing had before. */
const FRESH_KEY =
  /\((?:next\w*\(|\w*uuid\w*\(|\w*UUID\(|randomUUID|crypto\.|Date\.now|time\.time|System\.nanoTime|\+\+\w+|\w+\+\+|id\(\))/;
const OUTSIDE = 0.7;

/** The whole way from the head of the function is shown, and nothing declares it there. */
function isOutside(name: string, spot: Spot, file: FileReading): boolean {
  const head = functionAround(file.after, spot);
  if (!head || !/^[a-z_]/.test(name)) return false;
  const within = file.after.slice(file.after.indexOf(head), file.after.indexOf(spot));
  return !within.some(({ text }) => new RegExp(`\\b${name.replace(/\$/g, '\\$')}\\b`).test(text));
}

function declares(text: string, name: string): boolean {
  const escaped = name.replace(/\$/g, '\\$');
  return new RegExp(`(?:^|[\\s.#])${escaped}\\??(?:\\s*:\\s*[^=]+)?\\s*(?::?=|\\s)(?!=)`).test(text) && MADE.test(text);
}

/** `const x = …` in a body of which the head is not shown. */
function isLocalDeclaration(made: Spot, file: FileReading): boolean {
  if (file.path.endsWith('.py'))
    return made.indent > 0 && !/self\./.test(made.text) && !isClassHead(holders(file.after, made)[0]?.text ?? '');
  if (/\.(?:java|kt|cs)$/.test(file.path))
    return made.indent >= 8 && !/\b(?:private|static|protected)\b/.test(made.text);
  return made.indent > 0 && /^\s*(?:const|let|var)\s|:=/.test(made.text);
}

function isOfReceiver(receiver: string, spot: Spot, file: FileReading): boolean {
  const owner = receiver.split('.')[0] ?? '';
  const heads = [...holders(file.after, spot).map(({ text }) => text), file.sections[spot.hunk] ?? ''];
  return heads.some((text) => new RegExp(`^func \\(${owner}\\s+\\*`).test(text));
}

/** Something else takes out of it, or it has a bound. */
function isEmptied(receiver: string, file: FileReading): boolean {
  const name = receiver.split('.').at(-1) ?? receiver;
  const takes = new RegExp(
    `\\b${name.replace(/\$/g, '\\$')}\\.(?:delete|clear|shift|pop\\w*|splice|remove\\w*|poll|evict\\w*|trim\\w*|Delete|discard|drain\\w*)\\(|delete\\(\\w*\\.?${name}\\b|\\bdel \\w*\\.?${name}\\[|\\b${name}\\.(?:size|length)\\s*(?:>|===|>=)|\\b${name}\\s*=\\s*(?:\\[\\]|\\{\\}|new )|len\\(\\w*\\.?${name}\\)\\s*>`,
  );
  return file.after.some(({ text }) => takes.test(text) && !isMaking(text));
}

/** Of the thing itself, not of a new one in its place. */
function isMaking(text: string): boolean {
  const isDeclaration =
    /\b(?:const|let|var|val|private|static|final|protected|public|readonly)\b|:=|^_?\w+(?:\s*:\s*[^=]+)?\s*=|^\s+\w+ = (?:\[\]|\{\})$/.test(
      text,
    );
  return MADE.test(text) && isDeclaration;
}
