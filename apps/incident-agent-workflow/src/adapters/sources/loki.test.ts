import { expect, test } from 'vitest';
import { type Service, unregisteredService } from '../../domain/service.ts';
import { httpClient } from '../../lib/http.ts';
import { startServer } from '../../lib/testing/start-server.ts';
import { compareInstants } from '../../lib/time.ts';
import { loki } from './loki.ts';
import { recordedReply, sourceContract, WINDOW } from './source-contract.ts';

const service = unregisteredService('weather-app1');

async function startLoki(recorded = 'loki-app-python') {
  const server = await startServer((request, reply) => {
    const known = new URL(request.url ?? '', 'http://x').searchParams.get('query') === '{service="weather-app1"}';
    const { status, body } = recordedReply(known ? recorded : 'loki-empty');
    reply.writeHead(status).end(body);
  });
  const source = loki({ baseUrl: server.url, http: httpClient({ name: 'Loki' }) });
  return { server, source, service, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function ask(source: ReturnType<typeof loki>, maxLines = 1_000, of: Service = service) {
  return source.ask({ kind: 'logs', service: of, ...WINDOW, maxLines }, AbortSignal.timeout(5_000));
}

async function answeringWith(streams: unknown, maxLines?: number) {
  await using server = await startServer((_request, reply) => {
    reply.end(JSON.stringify({ status: 'success', data: { resultType: 'streams', result: streams } }));
  });
  return await ask(loki({ baseUrl: server.url, http: httpClient({ name: 'Loki' }) }), maxLines);
}

sourceContract('loki', startLoki);

test('one file that comes back as several streams by level is one stream again, in order', async () => {
  await using opened = await startLoki();
  const { telemetry, gaps } = await ask(opened.source);
  const lines = telemetry.logLines ?? [];
  expect(gaps).toEqual([]);
  expect(new Set(lines.map(({ stream }) => stream)).size).toBe(1);
  expect(lines[0]?.stream).toContain('filename="/var/log/apps/weather-app1/app.log"');
  const times = lines.map(({ at }) => at ?? '');
  expect(times).toEqual([...times].sort(compareInstants));
  const trace = lines.findIndex(({ text }) => text.startsWith('Traceback'));
  expect(trace).toBeGreaterThan(-1);
  expect(lines[trace + 1]?.text).toMatch(/^ {2}File "/);
});

test('nanoseconds are kept: 19 digits are more than a number holds', async () => {
  const { telemetry } = await answeringWith([{ stream: { service: 'x' }, values: [['1795463278241426045', 'a']] }]);
  expect(telemetry.logLines).toEqual([{ at: '2026-11-23T19:47:58.241426045Z', stream: '{service="x"}', text: 'a' }]);
});

test('the newest lines of all streams are kept, and that there may be more is a gap', async () => {
  await using opened = await startLoki('loki-limit3-back');
  const { telemetry, gaps } = await ask(opened.source, 3);
  expect(telemetry.logLines?.map(({ text }) => text)).toEqual(['a2', 'a2 same ns', 'b3 level=warn']);
  expect(gaps).toMatchObject([
    {
      reason: 'too-large',
      detail: expect.stringMatching(/^read only the newest 3 lines, from \d\d:\d\d:\d\d on, there may be more$/),
    },
  ]);
  expect(gaps[0]?.detail).toContain(telemetry.logLines?.[0]?.at?.slice(11, 19));
  expect(new URL(opened.server.requests[0]?.slice(4) ?? '', 'http://x').searchParams.toString()).toContain(
    'limit=3&direction=backward',
  );
});

test('where no stream has its name as service, the labels of its container are tried, and the query says which', async () => {
  const asked: string[] = [];
  await using server = await startServer((request, reply) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? '';
    asked.push(query);
    const result = query.startsWith('{container=')
      ? [{ stream: { container: 'weather-app1' }, values: [['1795463278241426045', 'a']] }]
      : [];
    reply.end(JSON.stringify({ status: 'success', data: { resultType: 'streams', result } }));
  });
  const { telemetry, query } = await ask(loki({ baseUrl: server.url, http: httpClient({ name: 'Loki' }) }), 10, {
    ...service,
    labels: { namespace: 'shop' },
  });
  expect(telemetry.logLines).toHaveLength(1);
  expect(query).toBe('{container="weather-app1",namespace="shop"}');
  expect(asked[0]).toBe('{service="weather-app1",namespace="shop"}');
});

test('where the oldest are asked for, Loki is asked forward, once, and what was left is a gap', async () => {
  const asked: string[] = [];
  await using server = await startServer((request, reply) => {
    asked.push(new URL(request.url ?? '', 'http://x').search);
    const values = [
      ['1795463278000000000', 'a'],
      ['1795463279000000000', 'b'],
    ];
    const result = [{ stream: { service: 'weather-app1' }, values }];
    reply.end(JSON.stringify({ status: 'success', data: { resultType: 'streams', result } }));
  });
  const source = loki({ baseUrl: server.url, http: httpClient({ name: 'Loki' }) });
  const { telemetry, gaps } = await source.ask(
    { kind: 'logs', service, ...WINDOW, maxLines: 2, keep: 'oldest' },
    AbortSignal.timeout(5_000),
  );
  expect(telemetry.logLines?.map(({ text }) => text)).toEqual(['a', 'b']);
  expect(asked).toEqual([expect.stringContaining('limit=2&direction=forward')]);
  expect(gaps).toMatchObject([
    { reason: 'too-large', detail: expect.stringMatching(/^read only the oldest 2 lines, until \d\d:\d\d:\d\d/) },
  ]);
});

/** A Loki that holds `count` lines, three to a nanosecond, and gives at most 5,000 of them at once. */
function largeLoki(count: number, options: { failAtRequest?: number } = {}) {
  const base = 1_795_463_278_000_000_000n;
  let requests = 0;
  return startServer((request, reply) => {
    requests += 1;
    if (requests === options.failAtRequest) {
      reply.writeHead(504).end('context deadline exceeded');
      return;
    }
    const asked = new URL(request.url ?? '', 'http://x').searchParams;
    const limit = Math.min(5_000, Number(asked.get('limit')));
    const end = BigInt(asked.get('end') ?? 0);
    const values: string[][] = [];
    for (let index = count - 1; index >= 0 && values.length < limit; index -= 1) {
      const at = base + BigInt(Math.floor(index / 3));
      if (at < end) values.push([String(at), `line ${index}`]);
    }
    const result = [{ stream: { service: 'weather-app1' }, values }];
    reply.end(JSON.stringify({ status: 'success', data: { resultType: 'streams', result } }));
  });
}

test('more lines than Loki gives at once are read page by page, each once', async () => {
  await using server = await largeLoki(12_345);
  const { telemetry, gaps } = await ask(loki({ baseUrl: server.url, http: httpClient({ name: 'Loki' }) }), 20_000);
  expect(telemetry.logLines?.map(({ text }) => text)).toEqual(
    Array.from({ length: 12_345 }, (_line, index) => `line ${index}`),
  );
  expect(gaps).toEqual([]);
});

test('a page that fails costs only what lies before it, and that is said', async () => {
  await using server = await largeLoki(12_345, { failAtRequest: 2 });
  const { telemetry, gaps } = await ask(loki({ baseUrl: server.url, http: httpClient({ name: 'Loki' }) }), 20_000);
  expect(telemetry.logLines).toHaveLength(5_000);
  expect(gaps).toMatchObject([
    { detail: expect.stringMatching(/^read only the newest 5,000 lines, from \d\d:\d\d:\d\d on: /) },
  ]);
});

test('a Loki that gives the same page whatever it is asked is not asked for ever', async () => {
  const values = Array.from({ length: 5_000 }, (_line, index) => [
    String(1_795_463_278_000_005_000n - BigInt(index)),
    'x',
  ]);
  const { telemetry } = await answeringWith([{ stream: {}, values }], 20_000);
  expect(telemetry.logLines).toHaveLength(5_000);
});

test('metadata of single lines does not part a stream', async () => {
  await using opened = await startLoki('loki-sm-categorize');
  const { telemetry } = await ask(opened.source);
  expect(new Set(telemetry.logLines?.map(({ stream }) => stream))).toEqual(new Set(['{service="push-sm"}']));
});

test('no lines is an answer, not a gap', async () => {
  await using opened = await startLoki();
  const answer = await ask(opened.source, 10, unregisteredService('nobody'));
  expect(answer).toMatchObject({ telemetry: { logLines: [] }, gaps: [], query: '{service="nobody"}' });
});

test.each([
  { recorded: 'loki-no-org', reason: 'refused', says: 'no org id' },
  { recorded: 'loki-limit-over', reason: 'refused', says: 'max entries limit' },
  { recorded: 'loki-bad-parse', reason: 'refused', says: 'parse error' },
  { recorded: 'loki-timeout', reason: 'timeout', says: 'Request timed out' },
])('$recorded, whose error is plain text, is a gap: $reason', async ({ recorded, reason, says }) => {
  await using opened = await startLoki(recorded);
  const { telemetry, gaps } = await ask(opened.source);
  expect(telemetry).toEqual({});
  expect(gaps).toMatchObject([
    { reason, detail: expect.stringContaining(says), unknown: expect.stringContaining('weather-app1') },
  ]);
});

test('a service name cannot leave the selector', async () => {
  await using opened = await startLoki();
  const { query } = await ask(opened.source, 10, {
    ...unregisteredService('x"} | line_format "all good" #'),
    labels: { env: 'a\\b' },
  });
  expect(query).toBe('{service="x\\"} | line_format \\"all good\\" #",env="a\\\\b"}');
});

test('secrets do not pass, a private key of several lines neither', async () => {
  const values = [
    '-----END PRIVATE KEY-----',
    'MIIEvQIBADAN',
    '-----BEGIN PRIVATE KEY-----',
    '{"password":"hunter2"}\r',
  ].map((text, index) => [String(1_795_463_278_000_000_004n - BigInt(index)), text]);
  const { telemetry } = await answeringWith([{ stream: { service: 'x', dsn: 'mongodb://u:hunter2@db' }, values }]);
  expect(telemetry.logLines?.map(({ text }) => text)).toEqual([
    '{"password":"[redacted:password]"}',
    '[redacted:private-key]',
    '[redacted:private-key]',
    '[redacted:private-key]',
  ]);
  expect(JSON.stringify(telemetry)).not.toContain('hunter2');
});

test.each([
  { streams: [{ stream: {}, values: [['not a number', 'x']] }] },
  { streams: [{ values: [] }] },
  { streams: 'nothing' },
])('an answer of another shape is malformed (case %#)', async ({ streams }) => {
  expect((await answeringWith(streams)).gaps).toMatchObject([
    { reason: 'malformed', detail: expect.stringContaining('unknown shape') },
  ]);
});
