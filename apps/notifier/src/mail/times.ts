/** Times as a mail shows them: UTC, with seconds. undefined: the text is no instant. */

import { WORDS } from '../lib/catalogue/words.ts';

/** `10:42:10` */
export function timeOfDay(instant: string): string | undefined {
  return read(instant)?.toISOString().split('T')[1]?.slice(0, 8);
}

/** `10:42` */
export function hourAndMinute(instant: string): string | undefined {
  return timeOfDay(instant)?.slice(0, 5);
}

/** `12 Nov` */
export function dayAndMonth(instant: string): string | undefined {
  const date = read(instant);
  return date && `${date.getUTCDate()} ${WORDS.months[date.getUTCMonth()]}`;
}

/** `6 min`, as `say` puts it; undefined also when `to` lies before `from` (a clock that is off says nothing). */
export function timeSpan(from: string, to: string, say: (span: string) => string): string | undefined {
  const start = read(from);
  const end = read(to);
  if (!start || !end || end < start) return undefined;
  const seconds = Math.round((end.getTime() - start.getTime()) / 1_000);
  return say(spanOf(seconds));
}

function spanOf(seconds: number): string {
  const { spans } = WORDS;
  if (seconds < 60) return spans.seconds(seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return spans.minutes(minutes);
  return minutes < 48 * 60 ? spans.hours(Math.round(minutes / 60)) : spans.days(Math.round(minutes / 1_440));
}

function read(instant: string): Date | undefined {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
