/** Times as log lines write them, as ISO 8601 in UTC. A time without a zone is taken as UTC. */
import { isCanonicalInstant } from '../../lib/instant-text.ts';
import { isoOfMilliseconds, millisecondsOf } from '../../lib/time.ts';

/** Numbers below are seconds, then milliseconds, microseconds, nanoseconds: all of them mean years from 2001 on. */
const MIN_SECONDS = 1e9;
const MAX_SECONDS = 1e10;

/** From a field of a structured line: ISO text or a number since 1970 in s, ms, µs or ns. undefined: no time. */
export function instantOfField(value: unknown): string | undefined {
  if (typeof value === 'number') return instantOfNumber(value);
  if (typeof value !== 'string' || value.length > 64) return undefined;
  if (/^\d{9,19}(?:\.\d{1,9})?$/.test(value)) return instantOfNumber(Number(value));
  return instantOfText(value);
}

function instantOfNumber(value: number): string | undefined {
  for (const unit of [1, 1e3, 1e6, 1e9]) {
    const seconds = value / unit;
    if (seconds >= MIN_SECONDS && seconds < MAX_SECONDS) return isoOfMilliseconds(Math.floor(seconds * 1_000));
  }
  return undefined;
}

const ISO = /^(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?(Z|UTC|[+-]\d\d:?\d\d)?$/;
const CLF = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-01-01T03:12:05.123Z`, `2026-01-01 03:12:05,123`, `2026/01/01 03:12:05`, `01/Jan/2026:03:12:05 +0000`. */
export function instantOfText(text: string): string | undefined {
  if (isCanonicalInstant(text)) return text;
  const iso = ISO.exec(text.trim());
  if (iso) {
    const [, year, month, day, time, fraction = '0', zone = 'Z'] = iso;
    const offset = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
    return normalized(`${year}-${month}-${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`);
  }
  const [, day, name = '', year, time, hours, minutes] = CLF.exec(text.trim()) ?? [];
  const month = MONTHS.indexOf(name) + 1;
  if (month === 0) return undefined;
  return normalized(`${year}-${String(month).padStart(2, '0')}-${day}T${time}${hours}:${minutes}`);
}

/** True where the text itself says in which zone it is. */
export function hasZone(text: string): boolean {
  return /(?:Z|UTC|[+-]\d\d:?\d\d)$/.test(text.trim());
}

function normalized(text: string): string | undefined {
  return isoOfMilliseconds(millisecondsOf(text) ?? Number.NaN);
}
