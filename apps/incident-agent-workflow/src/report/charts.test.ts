import { expect, test } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import { chartsOf } from './charts.ts';
import { exampleReport } from './example-report.test-helper.ts';

function withPoints(points: { at: string; value: number | null }[], change: { unit?: string } = {}) {
  const report = exampleReport('code');
  const evidence = report.evidence.map(
    (item): Evidence =>
      item.id === 'E2' && item.kind === 'metric' ? { ...item, data: { ...item.data, points, ...change } } : item,
  );
  return chartsOf({ ...report, evidence });
}
function at(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 12, 10, 40, seconds)).toISOString();
}

test('what stayed flat is drawn only where the verdict rests on it', () => {
  expect(chartsOf(exampleReport('code')).map(({ evidenceId }) => evidenceId)).toEqual(['E2']);
  expect(chartsOf(exampleReport('not-confirmed'))).toMatchObject([
    { evidenceId: 'E2', isCalm: true, markers: [{ kind: 'alert' }] },
  ]);
});

test('onset and alert are marked where they lie in the window, and only there', () => {
  expect(chartsOf(exampleReport('code'))[0]?.markers.map(({ label }) => label)).toEqual([
    'Onset 10:42:10',
    'Alert 10:44:30',
  ]);
  const [early] = withPoints([
    { at: at(0), value: 0 },
    { at: at(60), value: 0 },
  ]);
  expect(early?.markers).toEqual([]);
});

test('the roll-out before the onset is in the picture, however quiet it was since', () => {
  const report = exampleReport('code');
  const deploy = { kind: 'deploy' as const, text: 'mongo-api-service was restarted', cites: [] };
  const early = { ...deploy, at: '2026-11-12T10:00:00.000Z' };
  const late = { ...deploy, at: '2026-11-12T10:32:00.000Z' };
  const [chart] = chartsOf({ ...report, timeline: [early, late, ...report.timeline] });
  expect(chart?.markers.map(({ label }) => label)).toEqual(['Restart 10:32:00', 'Onset 10:42:10', 'Alert 10:44:30']);
  expect(chart?.from).toBe('2026-11-12T10:31:30.000Z');
  const [other] = chartsOf({ ...report, timeline: [{ ...late, text: 'weather-app1 was restarted' }] });
  expect(other?.markers.map(({ kind }) => kind)).toEqual(['onset', 'alert']);
});

test('the quiet before the onset is shown, but not all of it', () => {
  const [chart] = chartsOf(exampleReport('code'));
  expect(chart?.from).toBe('2026-11-12T10:36:15.000Z');
  expect(chart?.to).toBe('2026-11-12T10:44:45.000Z');
});

test('a hole in the measurement breaks the line', () => {
  const seconds = [0, 15, 30, 90, 105];
  const [chart] = withPoints(seconds.map((second) => ({ at: at(second), value: 1 })));
  expect(chart?.points.map(({ value }) => value)).toEqual([1, 1, 1, null, 1, 1]);
});

test.each([
  { says: 'no points', points: [] },
  { says: 'one point', points: [{ at: at(0), value: 1 }] },
  {
    says: 'only samples that are no numbers',
    points: [
      { at: at(0), value: null },
      { at: at(15), value: null },
    ],
  },
])('a metric with $says is not drawn', ({ points }) => {
  expect(withPoints(points).map(({ evidenceId }) => evidenceId)).toEqual(['E9']);
});

test.each([
  { says: 'a share', values: [0, 0.38], unit: '1', ticks: ['0 %', '20 %', '40 %'] },
  { says: 'seconds', values: [0, 1.7], unit: 's', ticks: ['0 s', '1 s', '2 s'] },
  { says: 'all zero', values: [0, 0], unit: 'per second', ticks: ['0/s', '0.5/s'] },
  { says: 'below zero', values: [-3, 2], unit: '', ticks: ['-4', '-2', '0', '2'] },
  { says: 'bytes', values: [0, 3 * 1024 ** 2], unit: 'bytes', ticks: ['0 B', '1 MiB', '2 MiB', '3 MiB'] },
])('the axis of $says has round ticks and includes zero', ({ values, unit, ticks }) => {
  const [chart] = withPoints(
    values.map((value, index) => ({ at: at(index * 15), value })),
    { unit },
  );
  expect(chart?.ticks.map(({ label }) => label)).toEqual(ticks);
});

test('a state has words for its axis', () => {
  expect(chartsOf(exampleReport('dependency'))[0]).toMatchObject({
    isStepped: true,
    endLabel: 'down',
    ticks: [{ label: 'down' }, { label: 'up' }],
  });
});

test('of a state nothing is said in percent: the middle of it would hide a short failure', () => {
  const report = exampleReport('dependency');
  const states = chartsOf(report).filter(({ isStepped }) => isStepped);
  expect(states.length).toBeGreaterThan(0);
  expect(states.filter(({ sentence }) => /\d %/.test(sentence))).toEqual([]);
});
