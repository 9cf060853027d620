import { expect, test } from 'vitest';
import type { Evidence, Observed } from '../../domain/evidence.ts';
import type { LogLine, Observation } from '../../domain/telemetry.ts';
import { checkClaims } from '../../verify/check-claims.ts';
import {
  alertSaying,
  contextOf,
  counterOf,
  FROM,
  logAnswer,
  metricAnswer,
  ONSET_INDEX,
  seriesOf,
} from '../metrics/observations.test-helper.ts';
import { observeMetrics } from '../metrics/observe-metrics.ts';
import { observeStackTraces } from '../stack-traces/observe-stack-traces.ts';
import { observeLogs } from './observe-logs.ts';

const ITEMS = { handler: '/items/', method: 'GET' };
const isIncident = (index: number) => index >= ONSET_INDEX;

function at(seconds: number): string {
  return new Date(Date.parse(FROM) + seconds * 1_000).toISOString();
}

function entry(seconds: number, level: string, message: string, stack?: string): LogLine {
  return {
    at: at(seconds),
    stream: '/logs/app.log',
    line: seconds + 1,
    text: JSON.stringify({ level, time: at(seconds), message, stack }),
  };
}

const traffic = Array.from({ length: 480 }, (_, index) =>
  entry(index * 10, 'INFO', `GET /items/ -> 200 (${index % 9} ms)`),
);

function errors(count: number, from: number, step: number, message: string, stack?: string): LogLine[] {
  return Array.from({ length: count }, (_, index) => entry(from + index * step, 'ERROR', message, stack));
}

const REQUESTS = 'http_requests_total';
const STACK = "TypeError: Cannot read properties of undefined (reading 'id')\n    at h (/app/src/items.ts:42:18)";

test.each<{ says: string; observations: Observation[]; kinds: number }>([
  { says: 'down', observations: [metricAnswer('up', [seriesOf('up', (i) => (isIncident(i) ? 0 : 1))])], kinds: 1 },
  {
    says: 'down for a while',
    observations: [metricAnswer('up', [seriesOf('up', (i) => (i === 290 ? 0 : 1))])],
    kinds: 1,
  },
  {
    says: 'flapping',
    observations: [metricAnswer('up', [seriesOf('up', (i) => (i > 290 && i !== 300 ? 0 : 1))])],
    kinds: 1,
  },
  { says: 'gone', observations: [metricAnswer('up', [seriesOf('up', (i) => (i < 300 ? 1 : undefined))])], kinds: 1 },
  {
    says: 'failing',
    observations: [
      metricAnswer(REQUESTS, [
        counterOf(REQUESTS, (i) => (isIncident(i) ? 20 : 30), { ...ITEMS, status: '2xx' }),
        counterOf(REQUESTS, (i) => (isIncident(i) ? 10 : 0), { ...ITEMS, status: '5xx' }),
      ]),
    ],
    kinds: 2,
  },
  {
    says: 'failing once',
    observations: [
      metricAnswer(REQUESTS, [
        counterOf(REQUESTS, () => 30, { ...ITEMS, status: '2xx' }),
        counterOf(REQUESTS, (i) => Number(i === 290), { ...ITEMS, status: '5xx' }),
      ]),
    ],
    kinds: 2,
  },
  {
    says: 'slow',
    observations: [
      metricAnswer('x_seconds_sum', [counterOf('s', (i) => (isIncident(i) ? 9.3 : 1.2), ITEMS)]),
      metricAnswer('x_seconds_count', [counterOf('c', () => 30, ITEMS)]),
    ],
    kinds: 1,
  },
  {
    says: 'restarted',
    observations: [
      metricAnswer('process_start_time_seconds', [
        seriesOf('p', (i) => Date.parse(at(i < 288 ? -60 : i < 300 ? 4_318 : 4_498)) / 1_000),
      ]),
    ],
    kinds: 1,
  },
  {
    says: 'fat',
    observations: [metricAnswer('heap_bytes', [seriesOf('h', (i) => (isIncident(i) ? 4e8 : 8e7))])],
    kinds: 1,
  },
  { says: 'nothing logged', observations: [logAnswer([])], kinds: 1 },
  { says: 'nothing new and then silence', observations: [logAnswer(traffic.slice(0, 430))], kinds: 2 },
  {
    says: 'new',
    observations: [logAnswer([...traffic, ...errors(20, 4_330, 1, 'connect ECONNREFUSED 127.0.0.1:27017')])],
    kinds: 1,
  },
  {
    says: 'more often',
    observations: [
      logAnswer([
        ...traffic,
        ...errors(5, 400, 600, 'payment 12 declined'),
        ...errors(100, 4_330, 4, 'payment 12 declined'),
      ]),
    ],
    kinds: 1,
  },
  {
    says: 'thrown',
    observations: [logAnswer([...traffic, ...errors(18, 4_330, 1, 'GET /items/:id failed: x', STACK)])],
    kinds: 1,
  },
  {
    says: 'quoted',
    observations: [logAnswer([...traffic, ...errors(1, 4_330, 1, 'he said "5 items" at 7:30')])],
    kinds: 1,
  },
])('a title about what is $says holds against its own evidence', ({ observations, kinds }) => {
  const context = contextOf({ alerts: [alertSaying('Service5xxErrors')] });
  const observed: Observed[] = [observeMetrics, observeLogs, observeStackTraces].flatMap((observe) =>
    observe(observations, context),
  );
  const evidence = observed.map((one, index): Evidence => ({ ...one, id: `E${index + 1}` }));
  const claims = evidence.map(({ title, id }) => ({ text: title, cites: [id] }));
  expect(claims).toHaveLength(kinds);
  expect(checkClaims(claims, evidence, [], ['weather-app1']).filter(({ result }) => result !== 'supported')).toEqual(
    [],
  );
});
