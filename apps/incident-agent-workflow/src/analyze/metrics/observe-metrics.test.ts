import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MetricEvidence } from '../../domain/evidence.ts';
import { unregisteredService } from '../../domain/service.ts';
import type { Observation, Series } from '../../domain/telemetry.ts';
import {
  alertSaying,
  contextOf,
  counterOf,
  FROM,
  instantAt,
  metricAnswer,
  noise,
  ONSET_INDEX,
  SAMPLES,
  seriesOf,
  TO,
} from './observations.test-helper.ts';
import { observeMetrics } from './observe-metrics.ts';

const ITEMS = { handler: '/items/', method: 'GET' };
const isIncident = (index: number) => index >= ONSET_INDEX;

function titles(observations: readonly Observation[], alertname = 'Unrelated'): string[] {
  return observeMetrics(observations, contextOf({ alerts: [alertSaying(alertname)] })).map(({ title }) => title);
}

/** All but the digest, which is that of the answer as it came. */
function whatItSays({ title, data }: ReturnType<typeof observeMetrics>[number]) {
  return [title, data];
}

function requests(share: (index: number) => number, perSample = 30): Observation {
  const failed = (index: number) => Math.round(perSample * share(index));
  return metricAnswer('http_requests_total', [
    counterOf('http_requests_total', (index) => perSample - failed(index), { ...ITEMS, status: '2xx' }),
    counterOf('http_requests_total', failed, { ...ITEMS, status: '5xx' }),
    counterOf('http_requests_total', () => 3, { handler: '/metrics', method: 'GET', status: '2xx' }),
  ]);
}

describe('up', () => {
  test.each([
    {
      says: 'down until now',
      valueAt: (i: number) => (isIncident(i) ? 0 : 1),
      title: 'up of weather-app1 is 0 since 03:12:05',
    },
    { says: 'never down', valueAt: () => 1, title: 'up of weather-app1 stayed 1 in the whole window (321 samples)' },
    { says: 'always down', valueAt: () => 0, title: 'up of weather-app1 is 0 in the whole window (321 samples)' },
    {
      says: 'down for a while',
      valueAt: (i: number) => (i >= 288 && i < 292 ? 0 : 1),
      title: 'up of weather-app1 was 0 in 4 of 321 samples since 03:12:05, and is 1 again',
    },
    {
      says: 'down again and again',
      valueAt: (i: number) => (i === 288 || i === 290 || i === 291 ? 0 : 1),
      title: 'up of weather-app1 was 0 in 3 of 321 samples since 03:12:05, and is 1 again',
    },
    {
      says: 'down again and again until now',
      valueAt: (i: number) => (i >= 288 && i !== 300 ? 0 : 1),
      title: 'up of weather-app1 is 0, and was so in 32 of 321 samples since 03:12:05',
    },
    {
      says: 'down for a deploy long before',
      valueAt: (i: number) => (i === 100 ? 0 : 1),
      title: 'up of weather-app1 was 0 in 1 of 321 samples, all long before the incident, and is 1 again',
    },
    {
      says: 'no longer scraped',
      valueAt: (i: number) => (i <= 288 ? 1 : undefined),
      title: 'up of weather-app1 has no sample after 03:12:05, where it was 1',
    },
    {
      says: 'not scraped from the beginning',
      valueAt: (i: number) => (i < 200 ? undefined : 1),
      title: 'up of weather-app1 was 1 in each of its 121 samples, the first at 02:50:05',
    },
    {
      says: 'with a hole in which nobody looked',
      valueAt: (i: number) => (i > 250 && i < 270 ? undefined : 1),
      title: 'up of weather-app1 was 1 in each of its 302 samples, the first at 02:00:05',
    },
    {
      says: 'one late scrape is no hole',
      valueAt: (i: number) => (i === 250 ? undefined : 1),
      title: 'up of weather-app1 stayed 1 in the whole window (320 samples)',
    },
    {
      says: 'scraped once',
      valueAt: (i: number) => (i === 320 ? 1 : undefined),
      title: 'up of weather-app1 was 1 in its only sample, at 03:20:05',
    },
    {
      says: 'down since somebody looks',
      valueAt: (i: number) => (i < 200 ? undefined : 0),
      title: 'up of weather-app1 was 0 in each of its 121 samples, the first at 02:50:05',
    },
    {
      says: 'only what is no number',
      valueAt: () => null,
      title: 'up of weather-app1 has no readable sample in the window',
    },
  ])('$says', ({ valueAt, title }) => {
    expect(titles([metricAnswer('up', [seriesOf('up', valueAt)])])).toEqual([title]);
  });

  test('a service that is not scraped is said to be so', () => {
    expect(titles([metricAnswer('up', [])])).toEqual([
      'up of weather-app1 has no samples in the window: it is not scraped, or not under this name',
    ]);
  });

  test('an answer that could not be had is no evidence', () => {
    const observation = metricAnswer('up', []);
    expect(titles([{ ...observation, answer: { ...observation.answer, telemetry: {} } }])).toEqual([]);
  });

  test('of several instances the one that is down comes first, by its name', () => {
    const series = ['a:1', 'b:1'].map((instance) =>
      seriesOf('up', (i) => (instance === 'b:1' && isIncident(i) ? 0 : 1), { instance }),
    );
    expect(titles([metricAnswer('up', series)])).toEqual([
      'up of weather-app1 (b:1) is 0 since 03:12:05',
      'up of weather-app1 (a:1) stayed 1 in the whole window (321 samples)',
    ]);
  });
});

test('a dependency is named, and is evidence of its own family', () => {
  const series = seriesOf('dependency_up', (i) => (isIncident(i) ? 0 : 1), { dependency: 'mongodb', service: 'x' });
  const [evidence] = observeMetrics([metricAnswer('dependency_up', [series])], contextOf());
  expect(evidence?.title).toBe('dependency_up of weather-app1 for mongodb is 0 since 03:12:05');
  expect(evidence?.data).toMatchObject({
    metric: 'dependency_up{dependency="mongodb"}',
    family: 'dependency',
    direction: 'down',
    baselineMedian: 1,
    incidentMedian: 0,
    onset: instantAt(ONSET_INDEX),
    lastValue: 0,
  });
});

describe('errors', () => {
  test('a share that rose is dated, and its handler named; the traffic stands beside it', () => {
    expect(titles([requests((i) => (isIncident(i) ? 0.3 : 0))])).toEqual([
      '5xx share of weather-app1 rose from 0 % to 30 % at 03:12:05 (GET /items/)',
      'request rate of weather-app1 stayed near 2 per second',
    ]);
  });

  test('its figures are those of the points', () => {
    const [evidence] = observeMetrics([requests((i) => (isIncident(i) ? 0.3 : 0))], contextOf());
    expect(evidence?.data).toMatchObject({
      family: 'errors',
      unit: '1',
      direction: 'up',
      baselineMedian: 0,
      incidentMedian: 0.3,
    });
    expect(MetricEvidence.parse({ ...evidence, id: 'E1' }).data.points.at(-1)).toEqual({ at: TO, value: 0.3 });
  });

  test('with too few requests for a share it is the rate', () => {
    const sparse = metricAnswer('http_requests_total', [
      counterOf('http_requests_total', (i) => (isIncident(i) ? 0 : Number(i % 8 === 0)), { ...ITEMS, status: '200' }),
      counterOf('http_requests_total', (i) => Number(isIncident(i) && i % 4 === 0), { ...ITEMS, status: '502' }),
    ]);
    expect(titles([sparse])[0]).toBe(
      'rate of 5xx answers of weather-app1 rose from 0 per second to at most 0.0667 per second at 03:12:05 (GET /items/)',
    );
  });

  test('a status class that first appears at 3 counts from zero', () => {
    const born = seriesOf('http_requests_total', (i) => (i < ONSET_INDEX ? undefined : 3 + (i - ONSET_INDEX) * 3), {
      ...ITEMS,
      status: '5xx',
    });
    const good = counterOf('http_requests_total', () => 30, { ...ITEMS, status: '2xx' });
    const [evidence] = observeMetrics([metricAnswer('http_requests_total', [good, born])], contextOf());
    expect(evidence?.data).toMatchObject({ onset: instantAt(ONSET_INDEX) });
    expect(evidence?.title).toBe('5xx share of weather-app1 rose from 0 % to 9.1 % at 03:12:05 (GET /items/)');
  });

  test('a restart in the middle does not count as errors', () => {
    const reset = metricAnswer('http_requests_total', [
      seriesOf('http_requests_total', (i) => (i < 200 ? 5_000 + i * 30 : (i - 200) * 30), { ...ITEMS, status: '2xx' }),
      seriesOf('http_requests_total', (i) => (i < 200 ? 400 : 0), { ...ITEMS, status: '5xx' }),
    ]);
    expect(titles([reset])).toEqual([]);
  });

  test.each([
    { says: 'none at all', share: () => 0, title: '5xx answers of weather-app1: 0 per second in the whole window' },
    {
      says: 'a single one',
      share: (i: number) => (i === 290 ? 1 / 30 : 0),
      title: '5xx answers of weather-app1: at most 0.0667 per second, no clear rise',
    },
    {
      says: 'as many as ever',
      share: () => 0.2,
      title: '5xx answers of weather-app1: at most 0.4 per second, no clear rise',
    },
  ])('where an alert speaks of them, $says is said too', ({ share, title }) => {
    expect(titles([requests(share)], 'Service5xxErrors')[0]).toBe(title);
    expect(titles([requests(share)], 'Unrelated')).toEqual([]);
  });

  test('health checks that fail are not mixed with what people ask for', () => {
    const failing = metricAnswer('http_requests_total', [
      counterOf('http_requests_total', () => 30, { ...ITEMS, status: '2xx' }),
      counterOf('http_requests_total', (i) => (isIncident(i) ? 0 : 3), {
        handler: '/health/ready',
        method: 'GET',
        status: '2xx',
      }),
      counterOf('http_requests_total', (i) => (isIncident(i) ? 3 : 0), {
        handler: '/health/ready',
        method: 'GET',
        status: '5xx',
      }),
    ]);
    expect(titles([failing])[0]).toBe(
      '5xx share of weather-app1 rose from 0 % to 100 % at 03:12:05 (GET /health/ready)',
    );
  });
});

test('mean latency comes from sum and count, and names both queries', () => {
  const random = noise(7);
  const seconds = (index: number) => 30 * (isIncident(index) ? 0.3 : 0.04) * (0.9 + 0.2 * random());
  const observations = [
    metricAnswer('http_request_duration_seconds_sum', [counterOf('s', seconds, ITEMS)]),
    metricAnswer('http_request_duration_seconds_count', [counterOf('c', () => 30, ITEMS)]),
  ];
  const [evidence, ...others] = observeMetrics(observations, contextOf());
  expect(others).toEqual([]);
  expect(evidence?.title).toMatch(
    /^mean latency of weather-app1 rose from (?:39|40)[.\d]* ms to (?:29|30)\d ms at 03:12:05 \(mostly GET \/items\/\)$/,
  );
  expect(evidence?.query.split('\n')).toEqual([
    'http_request_duration_seconds_sum{service="weather-app1"}',
    'http_request_duration_seconds_count{service="weather-app1"}',
  ]);
});

test.each([
  { says: 'one restart', starts: [288], title: 'weather-app1 was restarted at 03:12:03' },
  {
    says: 'a crash loop',
    starts: [288, 292, 300],
    title: 'weather-app1 was restarted 3 times since 03:12:03',
  },
])('$says', ({ starts, title }) => {
  const startedAt = (index: number) => {
    const last = starts.findLast((start) => start <= index);
    return (Date.parse(last === undefined ? '2025-12-30T00:00:02Z' : instantAt(last)) - 2_000) / 1_000;
  };
  const answer = metricAnswer('process_start_time_seconds', [seriesOf('process_start_time_seconds', startedAt)]);
  expect(titles([answer])).toEqual([title]);
});

function memory(valueAt: (index: number) => number): string[] {
  return titles([metricAnswer('process_resident_memory_bytes', [seriesOf('m', valueAt)])]);
}

test('memory that grows is shown in a unit for people, memory that falls is not shown', () => {
  expect(memory((i) => (isIncident(i) ? 400 : 80) * 1024 * 1024)).toEqual([
    'process_resident_memory_bytes of weather-app1 rose from 80 MiB to 400 MiB at 03:12:05',
  ]);
  expect(memory((i) => (isIncident(i) ? 20 : 80) * 1024 * 1024)).toEqual([]);
});

test('evidence follows the order of the questions, and of two answers to one question the one with series counts', () => {
  const other = unregisteredService('mongo-api-service');
  const observations = [
    metricAnswer('up', [seriesOf('up', () => 1)], other),
    metricAnswer('up', []),
    metricAnswer('up', [seriesOf('up', () => 1)]),
  ];
  expect(observeMetrics(observations, contextOf()).map(({ service }) => service)).toEqual([
    'mongo-api-service',
    'weather-app1',
  ]);
});

test('the order in which series arrive changes nothing', () => {
  const { question, answer } = requests((i) => (isIncident(i) ? 0.3 : 0));
  const reversed = { question, answer: { ...answer, telemetry: { series: answer.telemetry.series!.toReversed() } } };
  expect(observeMetrics([reversed], contextOf()).map(whatItSays)).toEqual(
    observeMetrics([{ question, answer }], contextOf()).map(whatItSays),
  );
});

test('the score of a value as low as numbers go is bounded, not infinite', () => {
  const points = Array.from({ length: 40 }, (_, index) => ({
    at: new Date(Date.UTC(2026, 0, 1, 1, 59, index * 5)).toISOString(),
    value: index < 30 ? 0 : -Number.MAX_VALUE,
  }));
  const evidence = observeMetrics([metricAnswer('up', [{ metric: 'up', labels: {}, points }])], contextOf());
  for (const { data } of evidence)
    expect(data).toMatchObject({ score: expect.toSatisfy((score) => score === null || Number.isFinite(score)) });
  expect(evidence.length).toBeGreaterThan(0);
});

test('any samples give valid evidence of at most 600 points, with an onset inside the window', () => {
  const value = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 3 }), fc.double({ noNaN: true }), fc.nat());
  const at = fc.oneof(
    fc.date({ min: new Date(FROM), max: new Date(TO), noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constantFrom('', 'never', FROM),
  );
  const series: fc.Arbitrary<Series> = fc.record({
    metric: fc.string(),
    labels: fc.dictionary(
      fc.constantFrom('handler', 'status', 'instance', 'dependency', 'method'),
      fc.oneof(fc.string(), fc.constantFrom('5xx', '2xx')),
    ),
    points: fc.array(fc.record({ at, value }), { maxLength: 60, size: 'max' }),
  });
  const metric = fc.constantFrom(
    'up',
    'dependency_up',
    'http_requests_total',
    'x_seconds_sum',
    'x_seconds_count',
    'process_start_time_seconds',
    'queue_depth',
    'jobs_total',
  );
  const answers = fc.array(fc.tuple(metric, fc.array(series, { maxLength: 4 })), { maxLength: 5 });
  fc.assert(
    fc.property(answers, (given) => {
      const observations = given.map(([name, all]) => metricAnswer(name, all));
      const evidence = observeMetrics(
        observations,
        contextOf({ alerts: [alertSaying('errors latency restart traffic', '%')] }),
      );
      for (const one of evidence) {
        const { data, title } = MetricEvidence.parse({ ...one, id: 'E1' });
        expect(data.points.length).toBeLessThanOrEqual(600);
        expect(title).not.toMatch(/NaN|Infinity|undefined|[\r\n]/);
        const onset = data.family === 'restart' ? FROM : (data.onset ?? FROM);
        expect(onset >= FROM && onset <= TO).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('a series of 20,000 samples is cut to 600 without losing its peak', () => {
  const points = Array.from({ length: 20_000 }, (_, index) => ({
    at: new Date(Date.parse(FROM) + index * 200).toISOString(),
    value: index === 12_345 ? 9_000 : 10,
  }));
  const context = contextOf({ alerts: [alertSaying('queue_depth')] });
  const [evidence] = observeMetrics(
    [metricAnswer('queue_depth', [{ metric: 'queue_depth', labels: {}, points }])],
    context,
  );
  const shown = MetricEvidence.parse({ ...evidence, id: 'E1' }).data.points;
  expect(shown).toHaveLength(600);
  expect(shown.some(({ value }) => value === 9_000)).toBe(true);
});

test('the window of the tests holds the samples that the cases name', () => {
  expect([instantAt(ONSET_INDEX), instantAt(SAMPLES - 1)]).toEqual(['2026-01-01T03:12:05.000Z', TO]);
});
