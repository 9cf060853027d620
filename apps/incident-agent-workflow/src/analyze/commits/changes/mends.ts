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
]);

const PROTECTS =
  /\?\.|\?\?|\?:|\|\|\s*(?:['"`\d[{]|\w+$)|\bor(?:Else|Default|Empty)\w*\(|getOrDefault\(|\.get\(\s*['"]\w+['"]\s*[,)]|\bawait\b|\bOptional\b|timezone\.utc|ZoneOffset\.UTC|\bisFinite\(|\bisinstance\(|\btypeof\b|\binstanceof\b|%w|\.catch\(|\bcopy\(|\bstructuredClone\(|ofNullable\(/g;

export function isMended(deed: Deed, line: number, file: FileReading): boolean {
  if (!SLIPS.has(deed)) return false;
  const edits = file.edits.filter(({ after }) => after.line === line);
  return edits.length > 0 && edits.every((edit) => mends(edit) || isAnnotation(edit, file));
}

/** More looks than before, and none of the old ones gone. */
function mends({ before, after }: Edit): boolean {
  const [old, now] = [looksIn(before.text), looksIn(after.text)];
  return now.length > old.length && old.every((look) => now.includes(look));
}

function looksIn(text: string): readonly string[] {
  return text.match(PROTECTS) ?? [];
}

/** Of a language where types are for the reader only. */
function isAnnotation({ before, after }: Edit, { path }: FileReading): boolean {
  return path.endsWith('.py') && /^\s*(?:async )?def\b/.test(after.text) && plain(before.text) === plain(after.text);
}

function plain(text: string): string {
  return text
    .replace(/\)\s*->[^:]*:/, '):')
    .replace(/(\w)\s*:\s*[\w.[\]"'| ]+?(?=\s*[,)=])/g, '$1')
    .replace(/\s+/g, '');
}
