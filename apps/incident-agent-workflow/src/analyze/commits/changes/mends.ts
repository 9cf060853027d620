/** Edits that only put right: a look more, a default, an await, a zone; and those that say nothing to the machine. */
import type { Deed } from './deeds.ts';
import type { Edit, FileReading } from './reading.ts';

/** What such an edit is not to be taken for. */
const SLIPS: ReadonlySet<Deed> = new Set<Deed>([
  'guard-gone',
  'type-changed',
  'form-changed',
  'bound-moved',
  'field-gone',
  'not-waited',
  'clock-shifted',
  'setting-demanded',
  'setting-gone',
  'host-changed',
  'scheme-changed',
  'port-changed',
  'path-changed',
  'calls-another',
  'argument-gone',
  'step-gone',
  'columns-changed',
  'authenticates-otherwise',
]);

const PROTECTS =
  /\?\.|\?\?|\?:|\|\|\s*(?:['"`\d[{]|\w+$)|\bor(?:Else|Default|Empty)\w*\(|getOrDefault\(|\.get\(\s*['"]\w+['"]\s*[,)]|\bawait\b|\bOptional\b|timezone\.utc|ZoneOffset\.UTC|\bisFinite\(|\bisinstance\(|\btypeof\b|\binstanceof\b|%w|\.catch\(|\bcopy\(|\bstructuredClone\(|ofNullable\(/g;

export function isMended(deed: Deed, line: number, file: FileReading): boolean {
  if (!SLIPS.has(deed)) return false;
  const edits = file.edits.filter(({ after }) => after.line === line);
  return (
    edits.length > 0 &&
    edits.every(
      (edit) => mends(edit) || isAnnotation(edit, file) || isWidened(edit) || isProse(edit) || isLocalName(edit, file),
    )
  );
}

/** More looks than before, and none of the old ones gone. */
function mends({ before, after }: Edit): boolean {
  const [old, now] = [looksIn(before.text), looksIn(after.text)];
  return now.length > old.length && old.every((look) => now.includes(look));
}

const NARROW = /\b(?:int|Integer|HashMap)\b/g;
const WIDE = /\b(?:long|Long|ConcurrentHashMap)\b/g;

/** Everything that is changed has more room than before. */
function isWidened({ before, after }: Edit): boolean {
  return (
    widened(before.text) === widened(after.text) &&
    countOf(NARROW, after.text) <= countOf(NARROW, before.text) &&
    countOf(WIDE, after.text) >= countOf(WIDE, before.text)
  );
}

function widened(text: string): string {
  return text
    .replace(WIDE, 'wide')
    .replace(NARROW, 'wide')
    .replace(/\b(\d+)L\b/g, '$1');
}

function countOf(words: RegExp, text: string): number {
  return (text.match(words) ?? []).length;
}

const SENTENCE = /(["'`])(?=[^"'`]*[a-z] [a-z])[^"'`%{$<>=]*\1/gi;
const QUERY = /\b(?:select|insert|update|delete|from|where|join|order by|set)\b/i;

/** Only the words of a sentence are others: somebody reads them. */
function isProse({ before, after }: Edit): boolean {
  if (QUERY.test(before.text) || QUERY.test(after.text) || before.text === after.text) return false;
  return withoutProse(before.text) === withoutProse(after.text);
}

const REMARK =
  /,?\s*\b(?:verbose_name|help_text|description|label|title|comment|summary|placeholder|doc)\s*[:=]\s*(["'`])[^"'`]*\1/g;

function withoutProse(text: string): string {
  return text.replace(REMARK, '').replace(SENTENCE, '');
}

/** What is made here is called otherwise, everywhere that is shown. */
function isLocalName({ out, in: came }: Edit, file: FileReading): boolean {
  const [old, now] = [out[0] ?? '', came[0] ?? ''];
  const isOne = out.every((token) => token === old) && came.every((token) => token === now);
  if (!isOne || !/^[A-Za-z_]\w*$/.test(old) || !/^[A-Za-z_]\w*$/.test(now)) return false;
  const makes = new RegExp(`^\\s+(?:(?:const|let|var|val|final|auto)\\s+)?(?:[\\w<>]+\\s+)?${old}\\s*(?::=|=(?!=))`);
  return (
    file.gone.some(({ text }) => makes.test(text)) &&
    !file.after.some(({ text }) => asName(old).test(text)) &&
    !file.before.some(({ text }) => asName(now).test(text))
  );
}

/** By itself: no member, and no key in quotes. */
function asName(name: string): RegExp {
  return new RegExp(`(?<![.\\w'"])${name}\\b(?!["'])`);
}

function looksIn(text: string): readonly string[] {
  return text.match(PROTECTS) ?? [];
}

/** Of a language where types are for the reader only. */
function isAnnotation({ before, after }: Edit, { path }: FileReading): boolean {
  if (/\.(?:java|kt|cs|ts)$/.test(path)) return inferred(before.text) === inferred(after.text);
  return path.endsWith('.py') && /^\s*(?:async )?def\b/.test(after.text) && plain(before.text) === plain(after.text);
}

/** `Money total = …` and `var total = …`. */
function inferred(text: string): string {
  return text
    .replace(/^(\s*)(?:final\s+)?(?:var|val|[A-Z][\w.]*(?:<[\w<>, ?]*>)?)\s+(\w+\s*=)/, '$1$2')
    .replace(/^(\s*(?:const|let)\s+\w+)\s*:\s*[^=]+=/, '$1 =');
}

function plain(text: string): string {
  return text
    .replace(/\)\s*->[^:]*:/, '):')
    .replace(/(\w)\s*:\s*[\w.[\]"'| ]+?(?=\s*[,)=])/g, '$1')
    .replace(/\s+/g, '');
}
