import { expect, test } from 'vitest';
import { unregisteredService } from '../../domain/service.ts';
import type { SampleStore } from '../../ports.ts';
import { notConfigured } from './not-configured.ts';
import { samples } from './samples.ts';
import { questionOf, sourceContract, WINDOW } from './source-contract.ts';

const service = { ...unregisteredService('weather-app1'), metricsUrl: 'http://u:hunter2@localhost:8000/metrics' };
const point = { at: WINDOW.from, value: 1 };

function storeWith(up: number | null): Pick<SampleStore, 'series' | 'names' | 'lastScrape'> {
  return {
    series: async (name, metric) =>
      name === service.name && metric === 'up' ? [{ metric, labels: {}, points: [point] }] : [],
    names: async (name) => (name === service.name ? ['dependency_up', 'up'] : []),
    lastScrape: async (name) => (name === service.name ? { at: WINDOW.to, up } : undefined),
  };
}

function ask(kind: 'metric' | 'targets', of = service, up: number | null = 1) {
  return samples({ samples: storeWith(up) }).ask(questionOf(kind, of), AbortSignal.timeout(1_000));
}

sourceContract('samples', async () => ({
  source: samples({ samples: storeWith(1) }),
  service,
  [Symbol.asyncDispose]: () => Promise.resolve(),
}));

test('the query is a statement for psql in which a name is a value', async () => {
  const { query } = await ask('metric', { ...service, name: "o'brien" });
  expect(query).toContain(`s.service = 'o''brien' AND s.metric = 'up' AND s.labels @> '{}'`);
  expect(query).toContain(`BETWEEN '${WINDOW.from}' AND '${WINDOW.to}'`);
});

test.each([
  { up: 1, health: 'up' },
  { up: 0, health: 'down' },
  { up: null, health: 'unknown' },
])('a last scrape with up=$up is a target that is $health', async ({ up, health }) => {
  const { telemetry } = await ask('targets', service, up);
  expect(telemetry.targets).toMatchObject([
    { health, lastScrapeAt: WINDOW.to, url: 'http://u:[redacted:password]@localhost:8000/metrics' },
  ]);
});

test('a scraped service without this metric has none; one never scraped is a gap', async () => {
  const source = samples({ samples: storeWith(1) });
  const other = { ...questionOf('metric', service), metric: 'dependency_up' } as never;
  expect(await source.ask(other, AbortSignal.timeout(1_000))).toMatchObject({ telemetry: { series: [] }, gaps: [] });
  const never = await ask('metric', { ...service, name: 'new' });
  expect(never).toMatchObject({
    telemetry: {},
    gaps: [{ reason: 'not-found', detail: expect.stringContaining('incident-agent monitor') }],
  });
});

test('the names of metrics are those it has samples of; of a service never scraped they are a gap', async () => {
  const source = samples({ samples: storeWith(1) });
  const known = await source.ask(questionOf('metric-names', service), AbortSignal.timeout(1_000));
  expect(known).toMatchObject({ telemetry: { metricNames: ['dependency_up', 'up'] }, gaps: [] });
  expect(known.query).toContain('SELECT DISTINCT s.metric FROM sample_series s JOIN samples p');
  const never = await source.ask(questionOf('metric-names', unregisteredService('new')), AbortSignal.timeout(1_000));
  expect(never).toMatchObject({ telemetry: {}, gaps: [{ reason: 'not-found', unknown: 'which metrics new has' }] });
});

test('a source that is not configured names its setting', async () => {
  const source = notConfigured('loki', ['logs'], 'LOKI_URL');
  expect(await source.ask(questionOf('logs', service), AbortSignal.timeout(1_000))).toMatchObject({
    source: 'loki',
    telemetry: {},
    gaps: [{ source: 'loki', reason: 'not-configured', detail: 'LOKI_URL is not set' }],
  });
});
