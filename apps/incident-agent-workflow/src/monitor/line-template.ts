/**
 * What a line says without its values, the same for every line alone: a fingerprint must not depend on which lines were
 * read together. Coarser than the analysis, which compares lines with each other.
 */

const VALUE = '<*>';
const READ_CHARACTERS = 2_000;
const TEMPLATE_CHARACTERS = 300;
const STATUS =
  /(?:->|=>|→) ?[1-5]\d\d\b|\bstatus(?:[_ ]?code)?["']?\s{0,2}[=:]\s{0,2}["']?[1-5]\d\d\b|\bHTTP\/[\d.]{1,3}" [1-5]\d\d\b/gi;
/** Kept aside while the digits around them are taken out. */
const MARK = '§';

export function templateOf(line: string): string {
  const message = messageOf(line.slice(0, READ_CHARACTERS));
  const statuses: string[] = [];
  const text = message
    .replaceAll(MARK, '')
    .replace(STATUS, (status) => {
      statuses.push(status);
      return MARK;
    })
    .replaceAll(/[^\s=,;:()[\]{}"'§/]+/g, (word) => (/\d/.test(word) ? VALUE : word))
    .replaceAll(/(?:<\*>[\s,:/.-]{0,3}){2,}/g, `${VALUE} `)
    .replaceAll(MARK, () => statuses.shift() ?? '')
    .replaceAll(/\s+/g, ' ')
    // The time in front is not what the line says.
    .replace(/^(?:<\*>[ .,-]{0,3})+(?=\S)/, '')
    .trim();
  return text.length <= TEMPLATE_CHARACTERS ? text : `${text.slice(0, TEMPLATE_CHARACTERS - 1)}…`;
}

/** Of a structured line what it says: time, process and ids around it differ each time. */
function messageOf(line: string): string {
  if (!line.startsWith('{')) return line;
  const parts = ['level', 'severity', 'message', 'msg', 'error', 'exception']
    .map((name) => memberText(line, name))
    .filter((part) => part !== undefined);
  return parts.length === 0 ? line : parts.join(' ');
}

/** Not parsed: a long line is cut and no JSON any more. */
function memberText(line: string, name: string): string | undefined {
  const [, text] = new RegExp(`"${name}"\\s{0,2}:\\s{0,2}"((?:[^"\\\\]|\\\\.)*)`).exec(line) ?? [];
  return text?.replaceAll(/\\[nrt]/g, ' ').replaceAll(/\\(.)/g, '$1');
}
