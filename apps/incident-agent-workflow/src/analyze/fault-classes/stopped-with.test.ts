/** A process that ended with a new build and left no word of why: the kind of what was changed says most of it. */
import { expect, test } from 'vitest';
import type { Observation } from '../../domain/telemetry.ts';
import { alertSaying, logAnswer, metricAnswer, SERVICE, seriesOf } from '../metrics/observations.test-helper.ts';
import { isIncident, linesAt, probeAnswer, sceneFrom } from '../scene.test-helper.ts';
import { classesIn, withSuspect } from './suspect.test-helper.ts';

const GONE = [
  metricAnswer('up', [seriesOf('up', (index) => (isIncident(index) ? 0 : 1))]),
  probeAnswer('health', { failure: 'refused', detail: 'refused' }),
];
const WELL = [metricAnswer('up', [seriesOf('up', () => 1)]), probeAnswer('health', { httpStatus: 200 })];

function firstClass(seen: readonly Observation[], paths: readonly string[], proximity = 1): string | undefined {
  const scene = sceneFrom(seen, { alerts: [alertSaying('ServiceDown')], registry: { services: [SERVICE] } });
  const files = paths.map((path) => ({ path, patch: '' }));
  return classesIn(withSuspect(scene, { files, features: [{ name: 'deploy-proximity', value: proximity }] }))[0];
}

test.each([
  { paths: ['config/orders.ini'], expected: 'bad-config' },
  { paths: ['config/orders.ini', 'README.md'], expected: 'bad-config' },
  { paths: ['migrations/004_lines.sql', 'src/store.py'], expected: 'schema-migration' },
  { paths: ['src/store.py', 'config/orders.ini'], expected: 'code-error' },
  { paths: ['package-lock.json'], expected: 'process-down' },
])('it ends with a change of $paths: $expected', ({ paths, expected }) => {
  expect(firstClass(GONE, paths)).toBe(expected);
});

test('a change that came into service before has no part in it', () => {
  expect(firstClass(GONE, ['config/orders.ini'], 0.2)).toBe('process-down');
});

test('a process that runs did not end with it', () => {
  expect(firstClass(WELL, ['config/orders.ini'])).toBeUndefined();
});

test('a process that takes connections and is silent has not ended', () => {
  const silent = [GONE[0]!, probeAnswer('health', { failure: 'timeout', detail: 'no answer in time' })];
  expect(firstClass(silent, ['src/store.py'])).toBe('deadlock-stall');
});

test('where the log says why it ended, that is why', () => {
  const said = logAnswer(linesAt([289, 290], '{"level":"error","msg":"FATAL ERROR: JavaScript heap out of memory"}'));
  expect(firstClass([...GONE, said], ['src/store.py'])).toBe('out-of-memory');
});
