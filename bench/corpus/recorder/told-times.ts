/** Times inside texts, in the forms that Node, Python, Java, web servers and certificates write, moved as all else is. */
import type { Stretch } from './stretch.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
/** A time that is further from the recording than this was not made by it. */
const NEAR_MILLISECONDS = 400 * 86_400_000;
const MONTH = `(${MONTHS.join('|')})`;

const ISO =
  /(?<!\d)(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d)(?::(\d\d)(?:([.,])(\d{1,9}))?)?(?:(Z)|([+-])(\d\d):?(\d\d)(?!\d))?/g;
const DAY_ONLY = /(?<![\d-])(\d{4}-\d\d-\d\d)(?![\d-]|[T ]\d\d:)/g;
const ACCESS_LOG = new RegExp(`(\\d\\d)/${MONTH}/(\\d{4}):(\\d\\d:\\d\\d:\\d\\d)(?= [+-]0000)`, 'g');
const HTTP_DATE = new RegExp(`(?:${DAYS.join('|')}), (\\d\\d) ${MONTH} (\\d{4}) (\\d\\d:\\d\\d:\\d\\d) GMT`, 'g');
const CERTIFICATE = new RegExp(`${MONTH} {1,2}(\\d{1,2}) (\\d\\d:\\d\\d:\\d\\d) (\\d{4}) GMT`, 'g');
const JAVA_LOGGING = new RegExp(`${MONTH} (\\d{1,2}), (\\d{4}),? (\\d{1,2}):(\\d\\d:\\d\\d) (AM|PM)`, 'g');
/** Seconds, milliseconds, microseconds or nanoseconds since 1970. */
const EPOCH = /(?<![\w.-])(1[5-9]\d{8})(\d{3}|\d{6}|\d{9})?(\.\d{1,9})?(?![\w-])/g;
const CLOCK_FIRST = /^(\d\d:\d\d:\d\d)(?:([.,])(\d{3}))?(?=\s)/;

/** `recordedAt`: an instant of the recording in milliseconds; what is years away from it is left alone. */
export function toldTimes(text: string, recordedAt: number, stretch: Stretch): string {
  function moved(recorded: number): number | undefined {
    if (!Number.isFinite(recorded) || Math.abs(recorded - recordedAt) > NEAR_MILLISECONDS) return undefined;
    return stretch.instant(recorded);
  }
  /** `write` gets the told instant as a Date whose UTC fields are to be shown. */
  function rewritten(original: string, recorded: number, write: (told: Date) => string): string {
    const told = moved(recorded);
    return told === undefined ? original : write(new Date(told));
  }
  return text
    .replace(CLOCK_FIRST, (all, clock: string, separator?: string, decimals?: string) => {
      const day = new Date(recordedAt).toISOString().slice(0, 10);
      return rewritten(all, Date.parse(`${day}T${clock}.${decimals ?? '000'}Z`), (told) => {
        return told.toISOString().slice(11, 19) + (separator ? separator + milliseconds(told) : '');
      });
    })
    .replace(EPOCH, (all, seconds: string, more = '', decimals = '') => epoch(all, { seconds, more, decimals }, moved))
    .replace(DAY_ONLY, (all, day: string) =>
      rewritten(all, Date.parse(`${day}T00:00:00Z`) + dayTime(recordedAt), (told) => told.toISOString().slice(0, 10)),
    )
    .replace(ISO, (all, ...groups: (string | undefined)[]) => iso(all, groups, rewritten))
    .replace(ACCESS_LOG, (all, day: string, month: string, year: string, clock: string) =>
      rewritten(all, instantOf(year, month, day, clock), (told) => {
        return `${two(told.getUTCDate())}/${monthOf(told)}/${told.getUTCFullYear()}:${clockOf(told)}`;
      }),
    )
    .replace(HTTP_DATE, (all, day: string, month: string, year: string, clock: string) =>
      rewritten(all, instantOf(year, month, day, clock), (told) => told.toUTCString()),
    )
    .replace(CERTIFICATE, (all, month: string, day: string, clock: string, year: string) =>
      rewritten(all, instantOf(year, month, day, clock), (told) => {
        return `${monthOf(told)} ${String(told.getUTCDate()).padStart(2)} ${clockOf(told)} ${told.getUTCFullYear()} GMT`;
      }),
    )
    .replace(
      JAVA_LOGGING,
      (all, month: string, day: string, year: string, hour: string, rest: string, half: string) => {
        const hours = (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
        return rewritten(all, instantOf(year, month, day, `${two(hours)}:${rest}`), (told) => {
          const shown = told.getUTCHours() % 12 || 12;
          const date = `${monthOf(told)} ${told.getUTCDate()}, ${told.getUTCFullYear()}`;
          return `${date} ${shown}:${clockOf(told).slice(3)} ${told.getUTCHours() < 12 ? 'AM' : 'PM'}`;
        });
      },
    );
}

type Rewrite = (original: string, recorded: number, write: (told: Date) => string) => string;

/** As many decimals, the same separators and the same offset as it had. */
function iso(all: string, groups: readonly (string | undefined)[], rewritten: Rewrite): string {
  const [day = '', between = 'T', minute = '', second, point, decimals, zulu, sign, hours, minutes] = groups;
  const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const fraction = (decimals ?? '').padEnd(3, '0').slice(0, 3);
  const recorded = Date.parse(`${day}T${minute}:${second ?? '00'}.${fraction}Z`) - offset;
  return rewritten(all, recorded, (told) => {
    const local = new Date(told.getTime() + offset).toISOString();
    const tail =
      decimals === undefined ? '' : `${point}${(local.slice(20, 23) + decimals.slice(3)).slice(0, decimals.length)}`;
    const clock = second === undefined ? local.slice(11, 16) : local.slice(11, 19) + tail;
    const at = all.indexOf(sign ?? '\n', 16);
    return `${local.slice(0, 10)}${between}${clock}${zulu ?? (sign === undefined ? '' : all.slice(at))}`;
  });
}

function epoch(
  all: string,
  { seconds, more, decimals }: { readonly seconds: string; readonly more: string; readonly decimals: string },
  moved: (recorded: number) => number | undefined,
): string {
  const fraction = more === '' ? decimals.slice(1) : more;
  const told = moved(Number(seconds) * 1_000 + Number(fraction.padEnd(3, '0').slice(0, 3)));
  if (told === undefined) return all;
  const rounded = Math.floor(told);
  const shown = String(rounded % 1_000).padStart(3, '0') + fraction.slice(3);
  const digits = shown.slice(0, fraction.length);
  return `${Math.floor(rounded / 1_000)}${more === '' && decimals !== '' ? '.' : ''}${digits}${more === '' ? '' : decimals}`;
}

function instantOf(year: string, month: string, day: string, clock: string): number {
  return Date.parse(`${year}-${two(MONTHS.indexOf(month) + 1)}-${day.padStart(2, '0')}T${clock}Z`);
}
function dayTime(instant: number): number {
  return instant % 86_400_000;
}
function two(value: number): string {
  return String(value).padStart(2, '0');
}
function monthOf(date: Date): string {
  return MONTHS[date.getUTCMonth()] ?? '';
}
function clockOf(date: Date): string {
  return date.toISOString().slice(11, 19);
}
function milliseconds(date: Date): string {
  return date.toISOString().slice(20, 23);
}
