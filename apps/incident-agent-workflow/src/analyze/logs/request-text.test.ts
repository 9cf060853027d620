import { expect, test } from 'vitest';
import { readLogLine } from './read-log-line.ts';
import { requestInText } from './request-text.ts';

test.each([
  ['GET /items/ -> 502 (12 ms)', 'GET', '/items/', 502],
  [
    '10.0.0.1 - - [01/Jan/2026:04:12:05 +0100] "GET /items/7?token=x HTTP/1.1" 502 13 "-" "curl"',
    'GET',
    '/items/7',
    502,
  ],
  ['INFO:     127.0.0.1:51234 - "POST /orders HTTP/1.1" 500 Internal Server Error', 'POST', '/orders', 500],
  ['"GET http://localhost:8000/items?a=b HTTP/1.1" from 127.0.0.1:5123 - 500 13B in 1.2ms', 'GET', '/items', 500],
  ['"GET /items HTTP/1.1"', 'GET', '/items', null],
  ['GET /items/:id failed: boom', 'GET', '/items/:id', null],
  ['GET /items/7 500 12.345 ms - 13', 'GET', '/items/7', 500],
  ['HTTP GET /items/7 responded 500 in 12.3 ms', 'GET', '/items/7', 500],
  ['DELETE /items/7 returned status code: 503', 'DELETE', '/items/7', 503],
  ['POST https://shop.example/orders completed with 500', 'POST', '/orders', 500],
  ['Request finished HTTP/1.1 GET http://localhost:5000/items/7 - 500 0 - 12.3ms', 'GET', '/items/7', 500],
  ['Request starting HTTP/2 GET https://localhost/items/7 - -', 'GET', '/items/7', null],
  ['[GIN] 2026/01/01 - 03:12:05 | 500 |  1.2ms |  10.0.0.1 | GET      "/items/7"', 'GET', '/items/7', 500],
  ['ERROR in app: Exception on /items/7 [GET]', 'GET', '/items/7', null],
  ['Started GET "/items/7?secret=1" for 10.0.0.1 at 2026-01-01', 'GET', '/items/7', null],
  [
    'ERROR request{method=GET uri=/items/7?a=b version=HTTP/1.1}: tower_http::trace::on_failure: response failed classification=Status code: 500 Internal Server Error latency=3 ms',
    'GET',
    '/items/7',
    500,
  ],
])('%s', (text, method, path, status) => {
  expect(requestInText(text)).toEqual({ method, path, status });
});

test.each([
  'DELETE FROM items -> 200',
  'see /items/7 for more',
  'GET the book / 500 pages',
  'TARGET /items 500 12 ms',
  'PUT it into /tmp/x',
  '| 500 | apples | in /shop',
  'the method=GETTER of uri=/x',
])('%s is no request', (text) => {
  expect(requestInText(text)).toBeUndefined();
});

test('a line without a level that tells of a failed request is an error', () => {
  expect(readLogLine({ text: 'GET /items/7 500 12.345 ms - 13', stream: 's' }).level).toBe('error');
  expect(
    readLogLine({ text: '[GIN] 2026/01/01 - 03:12:05 | 404 | 1ms | 10.0.0.1 | GET "/x"', stream: 's' }).level,
  ).toBe('warning');
});

test.each([
  { says: 'methods', text: `/${'GET '.repeat(65_000)}` },
  { says: 'a path without an end', text: `GET /${'a/'.repeat(130_000)}` },
  { says: 'bars', text: `GET /${'| 500 |'.repeat(37_000)}` },
  { says: 'names of fields', text: `GET /${'method=GET '.repeat(23_000)}` },
  { says: 'started', text: `/${'Started GET "/a" '.repeat(15_000)}`.replaceAll('"/a"', '"a"') },
])('a line of $says costs a second at most', ({ text }) => {
  const start = performance.now();
  requestInText(text);
  expect(performance.now() - start).toBeLessThan(1_000);
});
