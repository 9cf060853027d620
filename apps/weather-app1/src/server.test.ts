import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@incident-agent/service-kit/logging';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openMeteo } from './open-meteo.ts';
import { createWeatherServer } from './server.ts';

const Line = z.record(z.string(), z.unknown());

const FORECAST = {
  latitude: 52.52,
  longitude: 13.42,
  timezone: 'Europe/Berlin',
  utc_offset_seconds: 7200,
  current_units: { temperature_2m: '°C' },
  current: { time: '2026-07-01T12:00', temperature_2m: 21.4, weather_code: 3 },
  hourly_units: { temperature_2m: '°C' },
  hourly: { time: ['2026-07-01T00:00', '2026-07-01T01:00'], temperature_2m: [17.2, null] },
  daily_units: { sunrise: 'iso8601' },
  daily: { time: ['2026-07-01'], sunrise: ['2026-07-01T04:47'], weather_code: [3] },
};
const BERLIN = '/weather/latitude=52.52&longitude=13.41';

async function startProvider(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function startWeather(baseUrl: string, timeoutMilliseconds = 5_000, deployedRevision?: string) {
  const filePath = join(await mkdtemp(join(tmpdir(), 'weather-')), 'app.log');
  const logger = createLogger({ service: 'weather-app1', filePath, stdout: false });
  const provider = openMeteo({ baseUrl, timeoutMilliseconds });
  const server = await createWeatherServer({ logger, provider, deployedRevision });
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    async get(path: string) {
      const response = await fetch(address + path);
      return { status: response.status, text: await response.text() };
    },
    async errorLines() {
      await server.close();
      const lines = (await readFile(filePath, 'utf8')).trimEnd().split('\n');
      return lines.map((line) => Line.parse(JSON.parse(line))).filter(({ level }) => level === 'ERROR');
    },
    async [Symbol.asyncDispose]() {
      await server.close();
    },
  };
}

test('the root says that the service runs', async () => {
  await using weather = await startWeather('http://127.0.0.1:9');
  const { status, text } = await weather.get('/');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({ status: 'ok', message: 'Weather service is running' });
});

test('the weather of a place is what the provider says about it, in local time', async () => {
  const asked: string[] = [];
  await using provider = await startProvider((request, reply) => {
    asked.push(request.url ?? '');
    reply.setHeader('content-type', 'application/json').end(JSON.stringify({ ...FORECAST, generationtime_ms: 0.1 }));
  });
  await using weather = await startWeather(provider.baseUrl);
  const { status, text } = await weather.get(BERLIN);
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual(FORECAST);
  const url = new URL(asked[0] ?? '', provider.baseUrl);
  expect(url.pathname).toBe('/v1/forecast');
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    latitude: '52.52',
    longitude: '13.41',
    timezone: 'auto',
    current: expect.stringContaining('temperature_2m'),
    hourly: expect.stringContaining('precipitation_probability'),
    daily: expect.stringContaining('temperature_2m_max'),
  });
});

test.each([
  {
    path: '/weather/latitude=91&longitude=0',
    status: 422,
    detail: 'latitude must be one number from -90 to 90, in degrees',
  },
  {
    path: '/weather/latitude=1&longitude=x',
    status: 422,
    detail: 'longitude must be one number from -180 to 180, in degrees',
  },
  { path: '/weather/berlin', status: 422, detail: 'latitude must be one number from -90 to 90, in degrees' },
  { path: '/weather/', status: 404, detail: 'There is no GET /weather/ here' },
])('GET $path is $status, and the provider is not asked', async ({ path, status, detail }) => {
  let asked = 0;
  await using provider = await startProvider((_request, reply) => {
    asked += 1;
    reply.end();
  });
  await using weather = await startWeather(provider.baseUrl);
  const answer = await weather.get(path);
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.text)).toEqual({ detail });
  expect(asked).toBe(0);
});

const UNUSABLE: { says: string; answer: RequestListener; cause: string }[] = [
  { says: 'answers 500', answer: (_request, reply) => reply.writeHead(500).end('boom'), cause: 'answered 500' },
  { says: 'refuses with 429', answer: (_request, reply) => reply.writeHead(429).end('{}'), cause: 'answered 429' },
  { says: 'answers HTML', answer: (_request, reply) => reply.end('<html>maintenance</html>'), cause: 'SyntaxError' },
  { says: 'answers nothing', answer: (_request, reply) => reply.end(), cause: 'SyntaxError' },
  { says: 'answers another shape', answer: (_request, reply) => reply.end('{"latitude":"52"}'), cause: 'ZodError' },
  { says: 'hangs up', answer: (request) => request.socket.destroy(), cause: 'fetch failed' },
  {
    says: 'breaks off in the middle',
    answer: (request, reply) =>
      reply.writeHead(200, { 'content-length': '900' }).write('{"lat', () => request.socket.destroy()),
    cause: 'terminated',
  },
  {
    says: 'answers without end',
    answer: (_request, reply) => reply.end(' '.repeat(1_100_000)),
    cause: 'more than 1048576 bytes',
  },
];

test.each(UNUSABLE)(
  'a provider that $says is a 502 without internals, its reason logged with the stack',
  async ({ answer, cause }) => {
    await using provider = await startProvider(answer);
    const weather = await startWeather(provider.baseUrl);
    const { status, text } = await weather.get(BERLIN);
    expect(status).toBe(502);
    expect(JSON.parse(text)).toEqual({ detail: 'The weather provider could not be used' });
    expect(await weather.errorLines()).toMatchObject([
      { stack: expect.stringMatching(new RegExp(`open-meteo\\.ts:\\d+:\\d+[\\s\\S]*\\[cause\\]: [\\s\\S]*${cause}`)) },
      { message: expect.stringMatching(/^GET \/weather\/latitude=52.52&longitude=13.41 -> 502 \(\d+ ms\)$/) },
    ]);
  },
);

test('a provider that is not there is a 502 with the refused connection in the log', async () => {
  const provider = await startProvider(() => undefined);
  await provider[Symbol.asyncDispose]();
  const weather = await startWeather(provider.baseUrl);
  expect((await weather.get(BERLIN)).status).toBe(502);
  expect(await weather.errorLines()).toMatchObject([{ stack: expect.stringContaining('ECONNREFUSED') }, {}]);
});

const SLOW: { says: string; answer: RequestListener }[] = [
  { says: 'never answers', answer: () => undefined },
  { says: 'never ends its answer', answer: (_request, reply) => void reply.write('{"latitude":') },
];

test.each(SLOW)('a provider that $says is a 504', async ({ answer }) => {
  await using provider = await startProvider(answer);
  const weather = await startWeather(provider.baseUrl, 50);
  const { status, text } = await weather.get(BERLIN);
  expect(status).toBe(504);
  expect(JSON.parse(text)).toEqual({ detail: 'The weather provider did not answer within 0.05 s' });
  expect(await weather.errorLines()).toMatchObject([{ stack: expect.stringContaining('[cause]: TimeoutError') }, {}]);
});

test('every status class of the weather route is at 0 before the first request, and the revision is named', async () => {
  await using weather = await startWeather('http://127.0.0.1:9', 5_000, '4f1c2aa');
  const { text } = await weather.get('/metrics');
  for (const status of ['2xx', '3xx', '4xx', '5xx']) {
    expect(text).toContain(`http_requests_total{handler="/weather/:coordinates",method="GET",status="${status}"} 0`);
  }
  expect(text).toContain('build_info{revision="4f1c2aa"} 1');
});
