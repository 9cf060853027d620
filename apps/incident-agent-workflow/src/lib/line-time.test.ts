import { expect, test } from 'vitest';
import { lineTime } from './line-time.ts';

const AT = '2026-01-01T03:12:05.000Z';

test.each([
  '2026-01-01T03:12:05Z GET /items -> 200',
  '2026-01-01 03:12:05,000 ERROR [Thread-5] orders.http: POST /orders failed',
  '[2026-01-01 03:12:05 +0000] [12] [INFO] Booting worker',
  'time=2026-01-01T03:12:05Z level=info msg=listening',
  'time="2026-01-01T03:12:05Z" level=info msg=listening',
  'level=info service=storefront msg="request failed" ts=2026-01-01T03:12:05Z',
  'INFO  2026-01-01 03:12:05 [main] Application - started',
  '[main] WARN 2026-01-01 03:12:05.000 pool - no connection',
  'web-1 app[12]: 2026-01-01T03:12:05.000Z listening',
  '127.0.0.1 - - [01/Jan/2026:03:12:05 +0000] "GET / HTTP/1.1" 200 12',
  '{"level":"info","time":"2026-01-01T03:12:05Z","msg":"listening"}',
  '{"level":30,"time":1767237125000,"msg":"listening"}',
])('a line says when it was written: %s', (line) => {
  expect(lineTime(line)).toBe(AT);
});

test.each([
  'orders.http_client.Refused: ledger answered 401 to GET /accounts: {"error":"token has expired at 2026-01-01T03:12:05Z"}',
  'TokenError: expired at 2026-01-01T03:12:05Z',
  'jwt.exceptions.ExpiredSignatureError: 2026-01-01T03:12:05Z is over',
  'java.time.format.DateTimeParseException: Text 2026-01-01T03:12:05 could not be parsed',
  '    notAfter: 2026-01-01T03:12:05Z,',
  '    at rows between 2026-01-01 03:12:05 and now',
  'Caused by: java.security.cert.CertificateExpiredException: NotAfter: 2026-01-01T03:12:05Z',
  'DETAIL:  Process 12 waits for the lock that was taken at 2026-01-01 03:12:05',
  'no time at all',
])('a time that a line speaks of is not its own: %s', (line) => {
  expect(lineTime(line)).toBeUndefined();
});
