import { expect, test } from 'vitest';
import { chartsOf } from '../../report/charts.ts';
import { exampleReport } from '../../report/example-report.test-helper.ts';
import { chartDrawer } from './chart-svg.ts';
import { HOSTILE } from './hostile-report.test-helper.ts';

const SIZE = { widthPixels: 660, heightPixels: 190 };
const draw = await chartDrawer();
const [chart] = chartsOf(exampleReport('code'));

test('the same chart is the same bytes, however many were drawn before', () => {
  const first = draw(chart!, SIZE);
  draw(chartsOf(exampleReport('dependency'))[0]!, SIZE);
  expect(draw(chart!, SIZE)).toBe(first);
});

test('onset, alert, axis and the last figure are written in a font that the PDF has', () => {
  const svg = draw(chart!, SIZE);
  for (const text of ['Onset 10:42:10', 'Alert 10:44:30', '40 %', '37 %', '10:40', 'Inter'])
    expect(svg).toContain(text);
});

test.each(HOSTILE)('labels full of $says stay text', ({ text }) => {
  const svg = draw({ ...chart!, endLabel: text, markers: [{ at: chart!.to, kind: 'onset', label: text }] }, SIZE);
  const drawn = new Set(draw(chart!, SIZE).match(/<[/!]?[^\s>]*/g));
  expect((svg.match(/<[/!]?[^\s>]*/g) ?? []).filter((tag) => !drawn.has(tag))).toEqual([]);
});

test('points that cannot be drawn leave a chart without a line, not an error', () => {
  const empty = { ...chart!, points: chart!.points.map(({ at }) => ({ at, value: null })) };
  expect(draw(empty, SIZE)).toContain('</svg>');
});
