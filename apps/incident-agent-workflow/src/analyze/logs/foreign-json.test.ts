import { expect, test } from 'vitest';
import { readLogLine } from './read-log-line.ts';

const AT = '2026-01-01T03:12:05.123Z';
const BOOM = { at: AT, level: 'error', message: 'boom' };
const FAILED = { method: 'GET', path: '/x', status: 500 };
const STACK = 'System.Exception: x\n   at Shop.Items.Find() in /app/Items.cs:line 3';

test.each<{ by: string; fields: object; line: object }>([
  {
    by: 'OpenTelemetry',
    fields: {
      timestamp: AT,
      severityText: 'ERROR',
      body: 'boom',
      attributes: { 'http.request.method': 'GET', 'url.path': '/x', 'http.response.status_code': 500 },
    },
    line: { ...BOOM, request: FAILED },
  },
  { by: "OpenTelemetry's collector", fields: { Timestamp: AT, SeverityText: 'Error', Body: 'boom' }, line: BOOM },
  {
    by: 'the protocol of OpenTelemetry',
    fields: { timeUnixNano: '1767237125123000000', severityNumber: 17, body: { stringValue: 'boom' } },
    line: BOOM,
  },
  { by: 'Google Cloud', fields: { severity: 'ERROR', timestamp: AT, textPayload: 'boom' }, line: BOOM },
  {
    by: 'Google Cloud with a request',
    fields: {
      severity: 'ERROR',
      timestamp: AT,
      jsonPayload: { message: 'boom' },
      httpRequest: { requestMethod: 'GET', requestUrl: 'http://shop/x?a=b', status: 500 },
    },
    line: { ...BOOM, request: FAILED },
  },
  {
    by: 'Serilog',
    fields: { '@t': AT, '@mt': 'boom', '@l': 'Error', '@x': STACK },
    line: { ...BOOM, stack: STACK },
  },
  { by: 'Serilog in full', fields: { Timestamp: AT, Level: 'Error', RenderedMessage: 'boom' }, line: BOOM },
  {
    by: 'the console of .NET',
    fields: { Timestamp: AT, LogLevel: 'Error', Category: 'Shop.Items', Message: 'boom', Exception: STACK },
    line: { ...BOOM, logger: 'Shop.Items', stack: STACK },
  },
  {
    by: 'log4j',
    fields: {
      instant: { epochSecond: 1767237125, nanoOfSecond: 123000000 },
      level: 'ERROR',
      loggerName: 'a.B',
      message: 'boom',
    },
    line: { ...BOOM, logger: 'a.B' },
  },
  { by: 'log4j by milliseconds', fields: { timeMillis: 1767237125123, level: 'ERROR', message: 'boom' }, line: BOOM },
  {
    by: 'tracing of Rust',
    fields: { timestamp: AT, level: 'ERROR', fields: { message: 'boom' }, target: 'shop::items' },
    line: { ...BOOM, logger: 'shop::items' },
  },
  {
    by: 'Monolog',
    fields: {
      message: 'boom',
      level: 400,
      level_name: 'ERROR',
      channel: 'app',
      datetime: '2026-01-01T03:12:05.123+00:00',
    },
    line: { ...BOOM, logger: 'app' },
  },
  {
    by: 'loguru',
    fields: { record: { level: { name: 'ERROR' }, message: 'boom', time: { timestamp: 1767237125.123 } } },
    line: BOOM,
  },
  { by: 'journald', fields: { __REALTIME_TIMESTAMP: '1767237125123000', PRIORITY: '3', MESSAGE: 'boom' }, line: BOOM },
  { by: 'Azure', fields: { time: AT, level: 'Error', properties: { message: 'boom' } }, line: BOOM },
  {
    by: 'Caddy',
    fields: { level: 'error', ts: 1767237125.123, msg: 'boom', request: { method: 'GET', uri: '/x' }, status: 500 },
    line: { ...BOOM, request: FAILED },
  },
  {
    by: 'Traefik',
    fields: { level: 'error', msg: 'boom', time: AT, RequestMethod: 'GET', RequestPath: '/x', DownstreamStatus: 500 },
    line: { ...BOOM, request: FAILED },
  },
  {
    by: 'Envoy, which has no level',
    fields: { start_time: AT, method: 'GET', path: '/x', response_code: 500 },
    line: { at: AT, level: 'error', request: FAILED },
  },
  {
    by: 'nginx, which has no level',
    fields: { time_iso8601: '2026-01-01T03:12:05.123+00:00', request: 'GET /x HTTP/1.1', status: '500' },
    line: { at: AT, level: 'error', request: FAILED },
  },
])('a line of $by', ({ fields, line }) => {
  expect(readLogLine({ text: JSON.stringify(fields), stream: 's' })).toMatchObject(line);
});

test.each([
  [{ severityNumber: 24 }, 'fatal'],
  [{ severityNumber: 13 }, 'warning'],
  [{ severityNumber: 9 }, 'info'],
  [{ severityNumber: 0 }, 'unknown'],
  [{ PRIORITY: '2' }, 'fatal'],
  [{ PRIORITY: '4' }, 'warning'],
  [{ PRIORITY: '6' }, 'info'],
  [{ priority: 'high' }, 'unknown'],
  [{ level: { name: 'WARNING' } }, 'warning'],
])('%j is %s', (fields, level) => {
  expect(readLogLine({ text: JSON.stringify({ message: 'x', ...fields }), stream: 's' }).level).toBe(level);
});

test('the usual names come first', () => {
  const fields = {
    level: 'info',
    time: AT,
    message: 'served',
    severityNumber: 21,
    body: 'other',
    attributes: { message: 'third' },
  };
  expect(readLogLine({ text: JSON.stringify(fields), stream: 's' })).toMatchObject({
    level: 'info',
    message: 'served',
  });
});
