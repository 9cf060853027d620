/** The instant that stands at a place in a text, read digit by digit: for millions of log lines `Date.parse` is too slow. */

const ZERO = 48;
const DASH = 45;
const COLON = 58;
const POINT = 46;
const CAPITAL_T = 84;
const CAPITAL_Z = 90;
const CANONICAL_LENGTH = 24;
const DAY_MILLISECONDS = 86_400_000;

/**
 * Milliseconds since 1970 of `2026-01-01T03:12:05.123Z` at `from`; NaN for anything else, also for what only a
 * calendar can judge (the 29th to 31st). Years 1970 to 9999.
 */
export function canonicalMilliseconds(text: string, from = 0): number {
  if (text.length < from + CANONICAL_LENGTH) return Number.NaN;
  if (
    text.charCodeAt(from + 4) !== DASH ||
    text.charCodeAt(from + 7) !== DASH ||
    text.charCodeAt(from + 10) !== CAPITAL_T ||
    text.charCodeAt(from + 13) !== COLON ||
    text.charCodeAt(from + 16) !== COLON ||
    text.charCodeAt(from + 19) !== POINT ||
    text.charCodeAt(from + 23) !== CAPITAL_Z
  )
    return Number.NaN;
  const year = twoDigits(text, from) * 100 + twoDigits(text, from + 2);
  const month = twoDigits(text, from + 5);
  const day = twoDigits(text, from + 8);
  const hour = twoDigits(text, from + 11);
  const minute = twoDigits(text, from + 14);
  const second = twoDigits(text, from + 17);
  const milliseconds = twoDigits(text, from + 20) * 10 + digitAt(text, from + 22);
  const isSure =
    year >= 1970 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59 &&
    milliseconds >= 0;
  if (!isSure) return Number.NaN;
  return (
    daysSince1970(year, month, day) * DAY_MILLISECONDS + ((hour * 60 + minute) * 60 + second) * 1_000 + milliseconds
  );
}

/** The whole text is such an instant. */
export function isCanonicalInstant(text: string): boolean {
  return text.length === CANONICAL_LENGTH && !Number.isNaN(canonicalMilliseconds(text));
}

/** NaN where one is no digit, which no comparison lets through. */
function twoDigits(text: string, at: number): number {
  return digitAt(text, at) * 10 + digitAt(text, at + 1);
}

function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}

/** Of the civil calendar: years from March on, in cycles of 400 years (Hinnant, days_from_civil). */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const cycle = Math.floor(shifted / 400);
  const yearOfCycle = shifted - cycle * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfCycle = yearOfCycle * 365 + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100) + dayOfYear;
  return cycle * 146_097 + dayOfCycle - 719_468;
}
