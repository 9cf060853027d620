import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLogLine } from './read-log-line.ts';

const INGESTED = '2026-01-01T03:12:09.000Z';
const STACK = 'Error: x\\n    at f (/app/a.ts:1:2)';

function read(text: string, at?: string) {
  return readLogLine({ text, stream: 's', ...(at === undefined ? {} : { at }) });
}

test.each([
  {
    says: 'our own request line',
    text: '{"level":"ERROR","time":"2026-01-01T03:12:05.123Z","service":"x","method":"GET","path":"/items/?q=1","status":502,"duration_ms":12,"message":"GET /items/ -> 502 (12 ms)"}',
    line: {
      at: '2026-01-01T03:12:05.123Z',
      level: 'error',
      message: 'GET /items/ -> 502 (12 ms)',
      request: { method: 'GET', path: '/items/', status: 502 },
    },
  },
  {
    says: 'our own exception, its stack in one field, its request in the message',
    text: `{"level":"ERROR","time":"2026-01-01T03:12:05.123Z","error":{"type":"Error","message":"x"},"stack":"${STACK}","message":"GET /items/:id failed: x"}`,
    line: {
      message: 'GET /items/:id failed: x',
      stack: 'Error: x\n    at f (/app/a.ts:1:2)',
      request: { method: 'GET', path: '/items/:id', status: null },
    },
  },
  {
    says: 'pino: a number as level, milliseconds as time, the error nested',
    text: `{"level":50,"time":1767237125123,"name":"api","err":{"type":"Error","stack":"${STACK}"},"req":{"method":"get","url":"http://h/x"},"res":{"statusCode":500},"msg":"boom"}`,
    line: {
      at: '2026-01-01T03:12:05.123Z',
      level: 'error',
      logger: 'api',
      message: 'boom',
      stack: 'Error: x\n    at f (/app/a.ts:1:2)',
      request: { method: 'GET', path: '/x', status: 500 },
    },
  },
  {
    says: 'structlog: seconds with decimals, the traceback in exc_info',
    text: '{"event":"boom","level":"critical","timestamp":1767237125.5,"exc_info":"Traceback (most recent call last):\\n  File \\"a.py\\", line 1, in f\\nKeyError: 1"}',
    line: { at: '2026-01-01T03:12:05.500Z', level: 'fatal', message: 'boom', stack: expect.stringContaining('line 1') },
  },
  {
    says: 'a stack escaped once too often',
    text: JSON.stringify({ level: 'error', msg: 'x', stacktrace: 'Error: x\\n\\tat f (/app/a.ts:1:2)' }),
    line: { stack: 'Error: x\n\tat f (/app/a.ts:1:2)' },
  },
  {
    says: 'JSON cut off by the shipper',
    text: '{"level":"ERROR","time":"2026-01-01T03:12:05.123Z","message":"too long","body":"aaaa',
    line: { at: '2026-01-01T03:12:05.123Z', level: 'error', message: 'too long' },
  },
  {
    says: 'logfmt',
    text: 'time=2026-01-01T03:12:05Z level=warn msg="slow \\"query\\"" method=GET path=/x status=504',
    line: {
      at: '2026-01-01T03:12:05.000Z',
      level: 'warning',
      message: 'slow "query"',
      request: { method: 'GET', path: '/x', status: 504 },
    },
  },
  {
    says: 'Python logging with a comma before the milliseconds',
    text: '2026-01-01 03:12:05,123 ERROR uvicorn.error: Exception in ASGI application',
    line: {
      at: '2026-01-01T03:12:05.123Z',
      level: 'error',
      logger: 'uvicorn.error',
      message: 'Exception in ASGI application',
    },
  },
  {
    says: 'Python basicConfig',
    text: 'WARNING:root:disk nearly full',
    line: { level: 'warning', logger: 'root', message: 'disk nearly full' },
  },
  {
    says: 'logback',
    text: '2026-01-01 03:12:05.123 ERROR [main] c.e.Items - Request failed',
    line: { level: 'error', logger: 'c.e.Items', message: 'Request failed' },
  },
  {
    says: 'an access log: the status is the level, the query string is left out',
    text: '10.0.0.1 - - [01/Jan/2026:04:12:05 +0100] "GET /items/7?token=x HTTP/1.1" 502 13 "-" "curl"',
    line: { at: '2026-01-01T03:12:05.000Z', level: 'error', request: { method: 'GET', path: '/items/7', status: 502 } },
  },
  {
    says: 'nginx error log',
    text: '2026/01/01 03:12:05 [error] 12#0: *5 connect() failed',
    line: { at: '2026-01-01T03:12:05.000Z', level: 'error', message: '12#0: *5 connect() failed' },
  },
  {
    says: 'a container runtime in front',
    text: '2026-01-01T03:12:05.123456789Z stderr F {"level":"WARN","message":"hm"}',
    line: { at: '2026-01-01T03:12:05.123Z', level: 'warning', message: 'hm' },
  },
  {
    says: "Docker's own JSON around a line",
    text: '{"log":"ERROR boom\\n","stream":"stderr","time":"2026-01-01T03:12:05.123456789Z"}',
    line: { at: '2026-01-01T03:12:05.123Z', level: 'error', message: 'boom' },
  },
  {
    says: 'colours and a carriage return',
    text: '\u001b[31mERROR\u001b[0m boom\r',
    line: { level: 'error', message: 'boom', text: 'ERROR boom' },
  },
  {
    says: 'an entry of several lines',
    text: '2026-01-01T03:12:05Z ERROR boom\nError: x\n    at f (/app/a.ts:1:2)',
    line: { level: 'error', message: 'boom', stack: expect.stringContaining('at f') },
  },
  {
    says: 'a frame is no record of its own',
    text: '    at ERROR (/app/a.ts:1:2)',
    line: { level: 'unknown', message: '    at ERROR (/app/a.ts:1:2)' },
  },
  { says: 'prose', text: 'the error budget is fine', line: { level: 'unknown', message: 'the error budget is fine' } },
  { says: 'nothing', text: '', line: { level: 'unknown', message: '', text: '', at: undefined } },
  { says: 'what is no request', text: 'DELETE FROM items -> 200', line: { request: undefined } },
])('$says', ({ text, line }) => {
  expect(read(text)).toMatchObject(line);
});

test.each([
  {
    says: 'a time with a zone is better than that of ingestion',
    text: '{"time":"2026-01-01T03:12:05Z","msg":"x"}',
    at: '2026-01-01T03:12:05.000Z',
  },
  { says: 'a time without a zone is worse', text: '2026-01-01 05:12:05 INFO x', at: INGESTED },
  { says: 'without any time it is that of ingestion', text: 'x', at: INGESTED },
])('$says', ({ text, at }) => {
  expect(read(text, INGESTED).at).toBe(at);
});

test('an ingestion time that is none is left out', () => {
  expect(read('x', 'yesterday').at).toBeUndefined();
});

test('any text can be read, is cut, and carries no control characters', () => {
  const piece = fc.constantFrom(
    '{"',
    '"level":"ERROR"',
    '\\n',
    '\u001b[',
    '2026-01-01T03:12:05Z ',
    'level=',
    '"',
    '}',
    '\0',
    '\ud800',
    ' at ',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.array(fc.oneof(piece, fc.string())).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, fc.option(fc.string(), { nil: undefined }), (given, at) => {
      const line = read(given, at);
      expect(line.text.length).toBeLessThanOrEqual(4_000);
      expect(line.message.length).toBeLessThanOrEqual(2_000);
      expect(line.text).not.toMatch(/(?![\t\n])\p{Cc}/u);
      expect(line.text.isWellFormed() && line.message.isWellFormed()).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each([
  { says: 'a long line', text: 'x'.repeat(262_144) },
  { says: 'a long line of JSON', text: JSON.stringify({ level: 'ERROR', message: 'm'.repeat(262_000) }) },
  { says: 'a long run of line ends', text: `${'\n'.repeat(262_000)}x` },
  { says: 'many escaped line ends', text: '\\n'.repeat(130_000) },
  { says: 'many pairs', text: 'a=b '.repeat(60_000) },
  { says: 'many quotes', text: `{"message":"${'\\"'.repeat(120_000)}` },
  { says: 'deep JSON', text: '{"a":'.repeat(50_000) },
])('$says costs seconds at most', ({ text }) => {
  const start = performance.now();
  expect(read(text).text.length).toBeLessThanOrEqual(4_000);
  expect(performance.now() - start).toBeLessThan(5_000);
});
