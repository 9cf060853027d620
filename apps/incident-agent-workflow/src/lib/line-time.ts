/** When a log line says it was written. Only what parts the window from the rest: the analysis reads lines in full. */
import { isoOfMilliseconds, millisecondsOf } from './time.ts';

const MAX_HEAD_CHARACTERS = 600;
const JSON_TIME =
  /"(?:time|timestamp|ts|@timestamp|_time|date|asctime)"\s{0,2}:\s{0,2}(?:"([^"]{8,40})"|(\d{10,19}(?:\.\d{1,9})?))/i;
const PLAIN_TIME =
  /(?:^|[\s[(="])(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?(?![\d:])/;
/** What stands before a time that says when the line was written: nothing, a few labels, or its name in a line of pairs. */
const LABELS = /^\s*(?:(?:\[[^\]]{0,60}\]|\([^)]{0,60}\)|[^\s"']{1,60}) {1,8}){0,4}[[("]?$/;
const NAMED_TIME = /(?:^|\s)(?:@?timestamp|time|ts|date|datetime|asctime|t)="?$/i;
/** A line that tells of an error may name any time: when a token expires, when a record was made. */
const TELLS_ERROR = /(?:Error|Exception|Failure|Refused|Fault)\b[^\s]*:(?:\s|$)|^\s+\S/;
const ACCESS_LOG_TIME = /\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)\]/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** ISO 8601 in UTC with milliseconds; undefined: the line names no time. Without a zone the agent's own is meant. */
export function lineTime(line: string): string | undefined {
  const head = line.slice(0, MAX_HEAD_CHARACTERS);
  const milliseconds = jsonTime(head) ?? plainTime(head) ?? accessLogTime(head);
  return milliseconds === undefined ? undefined : isoOfMilliseconds(milliseconds);
}

function jsonTime(head: string): number | undefined {
  if (!head.startsWith('{')) return undefined;
  const [, text, number] = JSON_TIME.exec(head) ?? [];
  if (number !== undefined) return epochMilliseconds(number);
  return text === undefined ? undefined : (plainTime(text) ?? millisecondsOf(text));
}

/** Seconds have 10 digits before the point, milliseconds 13, microseconds 16, nanoseconds 19. */
function epochMilliseconds(number: string): number {
  const digits = number.split('.')[0]?.length ?? 0;
  return (Number(number) * 1000) / 10 ** Math.max(0, Math.ceil((digits - 10) / 3) * 3);
}

function plainTime(head: string): number | undefined {
  const found = PLAIN_TIME.exec(head);
  const [, day, clock, fraction, zone = ''] = found ?? [];
  if (!found || day === undefined || clock === undefined) return undefined;
  const before = head.slice(0, found.index + found[0].indexOf(day));
  if (!NAMED_TIME.test(before) && (!LABELS.test(before) || TELLS_ERROR.test(before))) return undefined;
  const milliseconds = (fraction ?? '').padEnd(3, '0').slice(0, 3);
  return millisecondsOf(`${day}T${clock}.${milliseconds}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
}

function accessLogTime(head: string): number | undefined {
  const [, day, month = '', year, clock, zoneHours, zoneMinutes] = ACCESS_LOG_TIME.exec(head) ?? [];
  const monthNumber = String(MONTHS.indexOf(month) + 1).padStart(2, '0');
  return day === undefined
    ? undefined
    : millisecondsOf(`${year}-${monthNumber}-${day}T${clock}${zoneHours}:${zoneMinutes}`);
}
