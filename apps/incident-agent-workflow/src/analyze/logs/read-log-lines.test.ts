import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogLine } from '../../domain/telemetry.ts';
import { type ReadLine, readLogLine } from './read-log-line.ts';
import { readLogLines } from './read-log-lines.ts';
import { mineTemplates } from './templates.ts';

/** Every field by name: what a line of a known shape reads only when asked must be the same too. */
function fieldsOf({ at, level, message, logger, stack, request, text, stream, line }: ReadLine) {
  return { at, level, message, logger, stack, request, text, stream, line };
}

function oneByOne(lines: readonly LogLine[]): ReadLine[] {
  const latest = new Map<string, string>();
  return lines.map((line) => {
    const read = readLogLine(line);
    if (read.at !== undefined) latest.set(line.stream, read.at);
    return { ...read, at: read.at ?? latest.get(line.stream) };
  });
}

const instant = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2030-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const number = fc.oneof(fc.nat(9), fc.nat(700), fc.nat());
const word = fc.constantFrom('alice', 'refused', 'a1b2', 'x', '', '"quoted"', 'über', '\u0007', '🙂', '10.0.0.7:5432');
/** Lines as loggers of several languages write them; some hold a stack, a wrapping or something that no logger writes. */
const text = fc.oneof(
  fc.tuple(instant, number, word).map(([at, n, w]) => `${at} INFO orders.store saved ${n} for ${w} in ${n % 90} ms`),
  fc
    .tuple(instant, number)
    .map(([at, n]) => `${at.slice(0, 19).replace('T', ' ')},${n % 1000} ERROR worker: lost ${n}`),
  fc
    .tuple(instant, number, word)
    .map(([at, n, w]) =>
      JSON.stringify({ time: at, level: 'WARN', message: `slow ${w}`, status: n % 700, took: n, who: w }),
    ),
  fc.tuple(instant, number).map(([at, n]) => JSON.stringify({ time: Date.parse(at), level: n % 70, msg: `job ${n}` })),
  fc
    .tuple(instant, number)
    .map(([at, n]) => `time=${at} level=error msg="cannot read" status=${n % 700} path=/items/${n}`),
  fc.tuple(number, word).map(([n, w]) => `GET /items/${n}/${w} -> ${n % 700} (${n} ms)`),
  fc
    .tuple(number)
    .map(([n]) => `10.0.0.${n % 255} - - [03/Oct/2026:02:11:07 +0000] "GET /a/${n} HTTP/1.1" ${n % 700} ${n}`),
  fc.tuple(number, number).map(([n, m]) => `GET /items/${m} ${n % 700} ${m}.5 ms - ${m}`),
  fc.tuple(number, number).map(([n, m]) => `HTTP GET /items/${m} responded ${n % 700} in ${m}.5 ms`),
  fc.tuple(number).map(([n]) => `GET /items returned status code: ${n % 700}`),
  fc.tuple(number).map(([n]) => `POST /items completed with a status ${n % 700}`),
  fc.tuple(number).map(([n]) => `Request finished HTTP/1.1 GET http://h:50/items - ${n % 700} 0 - ${n}ms`),
  fc.tuple(number, number).map(([n, m]) => `[GIN] 2026/10/03 - 02:11:07 | ${n % 700} | ${m}ms | 10.0.0.1 | GET "/a"`),
  fc.tuple(number, number).map(([n, m]) => `"GET http://h/a HTTP/1.1" from 10.0.0.1:50 - ${n % 700} ${m}B in 1ms`),
  fc.tuple(number).map(([n]) => `Started GET "/items/${n}" for 10.0.0.1`),
  fc.tuple(number).map(([n]) => `ERROR in app: Exception on /items/${n} [GET]`),
  fc
    .tuple(number, number)
    .map(([n, m]) => `ERROR request{method=GET uri=/a/${m}}: failed classification=Status code: ${n % 700} took ${m}`),
  fc
    .tuple(instant, number)
    .map(([at, n]) => JSON.stringify({ start_time: at, method: 'GET', path: '/', response_code: n % 700 })),
  fc.tuple(number).map(([n]) => JSON.stringify({ PRIORITY: `${n % 9}`, MESSAGE: `m ${n}` })),
  fc.tuple(number).map(([n]) => JSON.stringify({ severityNumber: n % 27, body: { stringValue: `m ${n}` } })),
  fc.tuple(number).map(([n]) => JSON.stringify({ request: 'GET /a HTTP/1.1', status: `${n % 700}`, bytes: n })),
  fc
    .tuple(number)
    .map(([n]) => JSON.stringify({ RequestMethod: 'GET', RequestPath: `/${n}`, DownstreamStatus: n % 700 })),
  fc
    .tuple(number)
    .map(([n]) =>
      JSON.stringify({ attributes: { 'http.method': 'GET', 'url.path': '/', 'http.status_code': n % 700 } }),
    ),
  fc
    .tuple(number, number)
    .map(([n, m]) =>
      JSON.stringify({ instant: { epochSecond: 1_767_237_125 + n, nanoOfSecond: m }, level: 'ERROR', message: 'x' }),
    ),
  fc.tuple(number).map(([n]) => `    at handler (/app/src/a.js:${n}:7)`),
  fc.tuple(instant, number).map(([at, n]) => `${at} stdout F {"level":"error","message":"m ${n}"}`),
  fc
    .tuple(number)
    .map(([n]) => JSON.stringify({ level: 'error', message: 'x', stack: `Error: x\n    at f (/a/b.js:${n}:1)` })),
  fc.string({ unit: 'binary' }),
  fc.constant('\u001b[31mERROR\u001b[0m red 7'),
);
const line = fc.record(
  { text, at: instant, stream: fc.constantFrom('a', 'b'), line: fc.integer({ min: 1, max: 9 }) },
  { requiredKeys: ['text', 'stream'] },
);
const log = fc.array(line, { maxLength: 60, size: 'max' });

test('a log read at once says of every line what reading it alone would say', () => {
  fc.assert(
    fc.property(log, (lines) => {
      expect(readLogLines(lines).map(fieldsOf)).toEqual(oneByOne(lines).map(fieldsOf));
    }),
    { numRuns: 300 },
  );
});

test('templates are the same whether lines were read at once or one by one', () => {
  fc.assert(
    fc.property(log, (lines) => {
      expect(mineTemplates(readLogLines(lines), new Set())).toEqual(mineTemplates(oneByOne(lines), new Set()));
    }),
    { numRuns: 300 },
  );
});

test.each([
  {
    says: 'a time with a zone is not one without',
    texts: ['2026-10-03 02:11:07 INFO up', '2026-10-03 02:11:07Z INFO up', '2026-10-03 02:11:08 INFO up'],
    times: ['2026-10-03T09:00:00.000Z', '2026-10-03T02:11:07.000Z', '2026-10-03T09:00:00.000Z'],
  },
  {
    says: 'a line without a time belongs to the one above it',
    texts: ['2026-10-03T02:11:07.000Z INFO up', 'detail 1', '2026-10-03T02:11:09.000Z INFO up', 'detail 2'],
    times: [
      '2026-10-03T02:11:07.000Z',
      '2026-10-03T02:11:07.000Z',
      '2026-10-03T02:11:09.000Z',
      '2026-10-03T02:11:09.000Z',
    ],
    source: null,
  },
])('$says', ({ texts, times, source }) => {
  const at = source === null ? {} : { at: '2026-10-03T09:00:00.000Z' };
  expect(readLogLines(texts.map((each) => ({ text: each, stream: 's', ...at }))).map((read) => read.at)).toEqual(times);
});
