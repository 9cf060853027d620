import { describe, expect, test } from 'vitest';
import type { MetricQuestion } from '../../domain/question.ts';
import { unregisteredService } from '../../domain/service.ts';
import { httpClient } from '../../lib/http.ts';
import { startServer } from '../../lib/testing/start-server.ts';
import { prometheus } from './prometheus.ts';
import { questionOf, recordedReply, sourceContract } from './source-contract.ts';

const service = unregisteredService('weather-app1');

/** Answers like a Prometheus that knows weather-app1 and nobody else. */
async function startPrometheus(answers: Record<string, string> = {}) {
  const server = await startServer((request, reply) => {
    const url = new URL(request.url ?? '', 'http://x');
    const isRange = url.pathname === '/api/v1/query_range';
    const known = url.searchParams.get('query')?.includes('service="weather-app1"');
    if (url.pathname === '/api/v1/label/__name__/values') {
      const isKnown = url.searchParams.getAll('match[]').includes('{service="weather-app1"}');
      const { status, body } = isKnown ? recordedReply('prom-names') : { status: 200, body: NO_NAMES };
      reply.writeHead(status).end(body);
      return;
    }
    const name = isRange
      ? known
        ? (answers.range ?? 'prom-range-up')
        : 'prom-range-empty'
      : (answers.targets ?? 'prom-targets');
    const { status, body } = recordedReply(name);
    reply.writeHead(status).end(body);
  });
  const source = prometheus({ baseUrl: `${server.url}/`, http: httpClient({ name: 'Prometheus' }) });
  return { server, source, service, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function ask(source: ReturnType<typeof prometheus>, change: Partial<MetricQuestion> = {}) {
  const question = { ...questionOf('metric', service), ...change } as MetricQuestion;
  return source.ask(question, AbortSignal.timeout(5_000));
}

/** As Prometheus answers where no series matches. */
const NO_NAMES = '{"status":"success","data":[]}';

sourceContract('prometheus', startPrometheus);

test('the names of metrics are asked for under both labels, in the window, and come sorted', async () => {
  await using opened = await startPrometheus();
  const answer = await opened.source.ask(questionOf('metric-names', service), AbortSignal.timeout(5_000));
  const { metricNames = [] } = answer.telemetry;
  expect(metricNames).toContain('http_requests_total');
  expect(metricNames).toEqual([...metricNames].sort());
  const asked = new URL(opened.server.requests[0]?.slice(4) ?? '', 'http://x').searchParams;
  const matches = asked.getAll('match[]');
  expect(matches.slice(0, 2)).toEqual(['{service="weather-app1"}', '{exported_service="weather-app1"}']);
  expect(matches).toContain('{deployment="weather-app1"}');
  expect(matches.find((match) => match.startsWith('{job='))).toBe('{job=~"(.+/)?weather-app1"}');
  expect([asked.get('start'), asked.get('end')]).toEqual(['1795462200', '1795464000']);
  expect(answer.query).toMatch(/^curl -s /);
});

test('a series keeps its samples and labels, without the name among them', async () => {
  await using opened = await startPrometheus();
  const { telemetry, query, gaps } = await ask(opened.source);
  expect(query).toBe('up{service="weather-app1"}');
  expect(gaps).toEqual([]);
  expect(telemetry.series?.map(({ metric, labels, points }) => [metric, labels.instance, points.length])).toEqual([
    ['up', 'weather-app1:8000', 21],
    ['up', 'weather-app1:8001', 21],
  ]);
  expect(telemetry.series?.[0]?.points[0]).toEqual({ at: '2026-11-23T19:46:03.000Z', value: 1 });
});

test('the range is asked as it is meant: seconds, step, no more than 11,000 points', async () => {
  await using opened = await startPrometheus();
  await ask(opened.source);
  await ask(opened.source, { from: '2026-11-01T00:00:00.000Z', stepSeconds: 5 });
  const steps = opened.server.requests.map((request) =>
    Object.fromEntries(new URL(request.slice(4), 'http://x').searchParams),
  );
  expect(steps[0]).toMatchObject({ start: '1795462200', end: '1795464000', step: '15' });
  const { start, end, step } = steps[1] ?? {};
  expect((Number(end) - Number(start)) / Number(step) + 1).toBeLessThanOrEqual(11_000);
});

test('label values are escaped, registry labels narrow, a collided service label is found too', async () => {
  await using opened = await startPrometheus();
  const { query } = await ask(opened.source, {
    metric: 'dependency_up',
    service: { ...service, name: 'a"} or vector(1) #', labels: { env: 'prod\\x' } },
    labels: { dependency: 'mongo\ndb' },
  });
  const rest = 'env="prod\\\\x",dependency="mongo\\ndb"}';
  const name = 'a\\"} or vector(1) #';
  expect(query).toBe(`dependency_up{service="${name}",${rest} or dependency_up{exported_service="${name}",${rest}`);
});

test('where no series has its name as service, others labels are asked for, and the query says so', async () => {
  const asked: string[] = [];
  await using server = await startServer((request, reply) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? '';
    asked.push(query);
    const found = query.includes('pod=~') ? [{ metric: { pod: 'weather-app1-0' }, values: [[1, '1']] }] : [];
    reply.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: found } }));
  });
  const { telemetry, query } = await ask(
    prometheus({ baseUrl: server.url, http: httpClient({ name: 'Prometheus' }) }),
    {
      metric: 'kube_pod_status_ready',
      service: { ...service, labels: { namespace: 'shop', job: 'weather' } },
    },
  );
  expect(telemetry.series).toHaveLength(1);
  expect(asked).toHaveLength(2);
  expect(query).toBe(asked[1]);
  expect(query).toContain('kube_pod_status_ready{container=~"weather-app1|weather",namespace="shop"} or ');
  expect(query).not.toContain('job=');
});

test('NaN, +Inf and -Inf are samples without a number', async () => {
  await using server = await startServer((_request, reply) => {
    const values = [
      [1, 'NaN'],
      [2, '+Inf'],
      [3, '-Inf'],
      [4, '1e-20'],
      [5.001, '0'],
    ];
    reply.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } }));
  });
  const { telemetry } = await ask(prometheus({ baseUrl: server.url, http: httpClient({ name: 'Prometheus' }) }));
  expect(telemetry.series?.[0]?.points.map(({ value }) => value)).toEqual([null, null, null, 1e-20, 0]);
  expect(telemetry.series?.[0]?.points.at(-1)?.at).toBe('1970-01-01T00:00:05.001Z');
});

test('a missing counter is an empty list, not a gap and not a zero', async () => {
  await using opened = await startPrometheus({ range: 'prom-range-empty' });
  expect(await ask(opened.source)).toMatchObject({ telemetry: { series: [] }, gaps: [] });
});

test('a native histogram is a gap, not a series without points', async () => {
  await using opened = await startPrometheus({ range: 'prom-native-range' });
  const { telemetry, gaps } = await ask(opened.source);
  expect(telemetry.series).toEqual([]);
  expect(gaps).toMatchObject([{ detail: expect.stringContaining('native histogram') }]);
});

test.each([
  { recorded: 'prom-range-points', reason: 'too-large', says: '11,000 points' },
  { recorded: 'prom-too-many-samples', reason: 'too-large', says: 'too many samples' },
  { recorded: 'prom-bad-query', reason: 'refused', says: 'bad_data' },
  { recorded: 'prom-timeout', reason: 'timeout', says: 'timed out' },
  { recorded: 'prom-404', reason: 'not-found', says: 'check its address' },
])('$recorded is a gap: $reason', async ({ recorded, reason, says }) => {
  await using opened = await startPrometheus({ range: recorded });
  const { telemetry, gaps } = await ask(opened.source);
  expect(telemetry).toEqual({});
  expect(gaps).toMatchObject([
    {
      reason,
      detail: expect.stringContaining(says),
      unknown: 'up of weather-app1',
    },
  ]);
});

test.each([
  { body: '<html>Sign in</html>', says: 'a web page instead of JSON' },
  { body: '{"status":"success","data":{"resultType":"streams","result":[]}}', says: 'unknown shape' },
  {
    body: '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[["x",1]]}]}}',
    says: 'unknown shape',
  },
  { body: '{"status":"succ', says: 'no JSON' },
])('a 200 with nonsense is malformed: $says', async ({ body, says }) => {
  await using server = await startServer((_request, reply) => reply.end(body));
  const { gaps } = await ask(prometheus({ baseUrl: server.url, http: httpClient({ name: 'Prometheus' }) }));
  expect(gaps).toMatchObject([{ reason: 'malformed', detail: expect.stringContaining(says) }]);
});

test('a stopped Prometheus is unreachable', async () => {
  const opened = await startPrometheus();
  await opened[Symbol.asyncDispose]();
  expect((await ask(opened.source)).gaps).toMatchObject([
    { reason: 'unreachable', detail: expect.stringContaining('nothing listens there') },
  ]);
});

describe('targets', () => {
  const nohost = unregisteredService('nohost');

  test('say why a scrape fails, and are those of the service only', async () => {
    await using opened = await startPrometheus({ targets: 'prom-targets-errors' });
    const { telemetry, query } = await opened.source.ask(
      { kind: 'targets', service: nohost },
      AbortSignal.timeout(5_000),
    );
    expect(query).toBe(`curl -s '${opened.server.url}/api/v1/targets?state=active'`);
    expect(telemetry.targets).toEqual([
      {
        url: 'http://nope.invalid:9000/metrics',
        health: 'down',
        lastError: expect.stringContaining('no such host'),
        lastScrapeAt: expect.stringContaining('2026-11-23T20:00:53'),
      },
    ]);
  });

  test('of a service that is not scraped are an empty list', async () => {
    await using opened = await startPrometheus();
    const answer = await opened.source.ask({ kind: 'targets', service: nohost }, AbortSignal.timeout(5_000));
    expect(answer).toMatchObject({ telemetry: { targets: [] }, gaps: [] });
  });

  test('of a Prometheus that knows none at all are a gap: it may have just started', async () => {
    await using server = await startServer((_request, reply) => {
      reply.end('{"status":"success","data":{"activeTargets":[],"droppedTargets":[]}}');
    });
    const source = prometheus({ baseUrl: server.url, http: httpClient({ name: 'Prometheus' }) });
    const answer = await source.ask({ kind: 'targets', service }, AbortSignal.timeout(5_000));
    expect(answer).toMatchObject({ telemetry: {}, gaps: [{ reason: 'not-found' }] });
  });
});
