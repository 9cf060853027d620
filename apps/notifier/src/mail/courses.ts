/** Figures over time as columns of a mail: condensed, bounded, with words for who cannot see them. */
import type { ReportCourse } from '@incident-agent/contracts/notify';
import { WORDS } from '../lib/catalogue/words.ts';
import { oneLine } from '../lib/plain-text.ts';
import { hourAndMinute, timeOfDay } from './times.ts';

export interface Column {
  /** 0–1 of the highest; null: nothing was measured. */
  readonly share: number | null;
  /** Within the incident: drawn in the colour of trouble. */
  readonly isBad: boolean;
}

export interface Course {
  readonly title: string;
  readonly sentence: string;
  readonly kind: ReportCourse['kind'];
  readonly columns: readonly Column[];
  readonly from: string;
  readonly to: string;
  /** What the colour and the height mean. */
  readonly key: string;
}

const SAY = WORDS.courses;
const MAX_COURSES = 2;
/** On a phone a column is then still ten pixels wide. */
const MAX_COLUMNS = 30;

export function coursesOf(courses: readonly ReportCourse[] = []): Course[] {
  return courses.slice(0, MAX_COURSES).map((course) => {
    const { title, sentence, kind, from, to, onset, highest, last } = course;
    const columns = kind === 'state' ? stateColumns(course) : quantityColumns(course);
    const key = kind === 'state' ? stateKey(columns) : quantityKey(columns, clock(onset ?? ''), short(highest));
    const parts = [...key, last && SAY.last(short(last)), columns.some(isBlank) && SAY.notMeasured];
    return {
      title: oneLine(title, 200),
      sentence: oneLine(sentence, 500),
      kind,
      columns,
      from: hourAndMinute(from) ?? oneLine(from, 40),
      to: hourAndMinute(to) ?? oneLine(to, 40),
      key: parts.filter(Boolean).join(' · '),
    };
  });
}

function stateColumns({ values }: ReportCourse): Column[] {
  // One look that failed is what the picture is about: the worst of what falls together is shown.
  return condensed(values, (known) => Math.min(...known)).map((value) => ({
    share: value === null ? null : Number(value > 0),
    isBad: value !== null && value <= 0,
  }));
}

function quantityColumns({ values, from, to, onset }: ReportCourse): Column[] {
  const tall = condensed(values, (known) => Math.max(...known));
  const highest = Math.max(0, ...tall.filter((value) => value !== null));
  const start = Date.parse(from);
  const step = (Date.parse(to) - start) / tall.length;
  const since = Date.parse(onset ?? '');
  return tall.map((value, index) => ({
    share: value === null ? null : highest === 0 ? 0 : Math.max(0, value) / highest,
    isBad: start + (index + 1) * step > since,
  }));
}

/** At most so many; what falls together is one value. */
function condensed(values: readonly (number | null)[], join: (known: readonly number[]) => number): (number | null)[] {
  const count = Math.min(MAX_COLUMNS, values.length);
  return Array.from({ length: count }, (_unused, index) => {
    const part = values.slice(
      Math.floor((index * values.length) / count),
      Math.floor(((index + 1) * values.length) / count),
    );
    const known = part.filter((value) => value !== null);
    return known.length === 0 ? null : join(known);
  });
}

function stateKey(columns: readonly Column[]): string[] {
  return [columns.some(({ isBad }) => isBad) ? SAY.down : '', columns.some(isUp) ? SAY.up : ''];
}

function quantityKey(columns: readonly Column[], onset: string, highest: string): string[] {
  return [
    onset !== '' && columns.some(({ isBad }) => isBad) ? SAY.redFrom(onset) : '',
    highest === '' ? '' : SAY.peak(highest),
  ];
}

function isBlank({ share }: Column): boolean {
  return share === null;
}

function isUp({ share, isBad }: Column): boolean {
  return share !== null && !isBad;
}

/** What is no instant is shown as it came. */
function clock(instant: string): string {
  return timeOfDay(instant) ?? oneLine(instant, 40);
}

function short(text = ''): string {
  return oneLine(text, 30);
}

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** `▁▁▁▅██`, a blank where nothing was measured. A state that is down is a low block, as its line would lie low. */
export function sparkline(columns: readonly Column[]): string {
  return columns
    .map(({ share }) => (share === null ? ' ' : (BLOCKS[Math.round(share * (BLOCKS.length - 1))] ?? '█')))
    .join('');
}
