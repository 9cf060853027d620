import { NotifyRequest, type ReportCourse } from '@incident-agent/contracts/notify';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { course, incident, message, minimal, now, report } from '../testing/messages.ts';
import { coursesOf, sparkline } from './courses.ts';
import { mailHtml } from './html.ts';
import { mailText } from './text.ts';
import { mailView } from './view.ts';

function viewOf(courses: readonly ReportCourse[]) {
  return mailView(message({ incident, report: { ...report, courses: [...courses] } }), now);
}

test('columns are as tall as their values, and in the colour of trouble from the onset on', () => {
  const [drawn] = coursesOf([course]);
  expect(drawn?.columns).toEqual([
    { share: 0, isBad: false },
    { share: 0, isBad: false },
    { share: null, isBad: true },
    { share: 0.5, isBad: true },
    { share: 1, isBad: true },
    { share: 1, isBad: true },
  ]);
  expect(drawn?.key).toBe('red from 10:42:10 · peak 38 % · last 37 % · dotted: not measured');
});

test('of a state, one look that failed within a column is enough for it', () => {
  const values = Array.from({ length: 60 }, (_unused, index) => (index === 31 ? 0 : 1));
  const [drawn] = coursesOf([{ ...course, kind: 'state', values }]);
  expect(drawn?.columns).toHaveLength(30);
  expect(drawn?.columns.filter(({ isBad }) => isBad)).toHaveLength(1);
  expect(drawn?.key).toBe('red: down · grey: up · last 37 %');
});

test('a mail draws them with cells that have a colour and a height of their own, and no image', () => {
  const html = mailHtml(viewOf([course]));
  const columns = [...html.matchAll(/bgcolor="(#\w{6})" height="(\d+)"/gu)].map(([, color, height]) => [color, height]);
  expect(columns).toEqual([
    ['#83868C', '2'],
    ['#83868C', '2'],
    ['#A51B1B', '22'],
    ['#A51B1B', '44'],
    ['#A51B1B', '44'],
  ]);
  expect(html).not.toMatch(/<img|<svg|url\(|src=/u);
  expect(html).toContain(`role="img" aria-label="${course.sentence}"`);
  expect(html).toContain('href="https://incidents.example.com/incidents/INC-147?run=3FA9C21B#E1"');
});

test('the plain part says the same in a sentence and in one line of blocks', () => {
  const text = mailText(viewOf([course]));
  expect(text).toContain(`${course.sentence}\n10:37 ▁▁ ▅██ 10:48\nred from 10:42:10`);
});

test('a mail without them is as it was', () => {
  expect(mailHtml(mailView(message({ incident, report }), now))).not.toContain('role="img"');
});

test('more than two are not drawn, and of very many values thirty columns', () => {
  const long = { ...course, values: Array.from({ length: 600 }, (_unused, index) => index) };
  const view = viewOf([long, long, long]);
  expect(view.courses.map(({ columns }) => columns.length)).toEqual([30, 30]);
  // Gmail cuts a mail off at 102 kB.
  expect(mailHtml(view).length).toBeLessThan(60_000);
});

test.each([
  { says: 'too many values', change: { values: Array.from({ length: 601 }, () => 1) }, field: 'values' },
  { says: 'a single value', change: { values: [1] }, field: 'values' },
  { says: 'values that are no numbers', change: { values: ['1', '2'] }, field: 'values' },
  { says: 'a kind that is none', change: { kind: 'pie' }, field: 'kind' },
  { says: 'no words', change: { sentence: '' }, field: 'sentence' },
])('$says are refused by the name of the field', ({ change, field }) => {
  const parsed = NotifyRequest.safeParse({ ...minimal, report: { ...report, courses: [{ ...course, ...change }] } });
  expect(parsed.error?.issues[0]?.path.join('.')).toMatch(new RegExp(`^report.courses.0.${field}`));
});

test('whatever the values and times, every share is between 0 and 1 and every height within the picture', () => {
  const instants = fc.oneof(
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), { minLength: 2, maxLength: 80 }),
      fc.tuple(instants, instants, instants),
      fc.constantFrom('quantity' as const, 'state' as const),
      (values, [from, to, onset], kind) => {
        const view = viewOf([{ ...course, values, from, to, onset, kind }]);
        const shares = view.courses.flatMap(({ columns }) => columns.map(({ share }) => share ?? 0));
        expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
        const heights = [...mailHtml(view).matchAll(/height="(\d+)"/gu)].map(([, height]) => Number(height));
        expect(heights.every((height) => height <= 44)).toBe(true);
        expect(sparkline(view.courses[0]?.columns ?? [])).toHaveLength(Math.min(30, values.length));
      },
    ),
  );
});
