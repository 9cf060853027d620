import { expect, test } from 'vitest';
import { templateOf } from './line-template.ts';
import { gravityOf } from './log-flags.ts';

test.each([
  { line: '2026-11-30 10:42:07,123 ERROR [worker-3] no connection to 10.0.0.3:27017 after 5003 ms', gravity: 'error' },
  { line: 'CRITICAL: disk full', gravity: 'critical' },
  { line: '10:00 FATAL out of memory', gravity: 'critical' },
  { line: 'UNHANDLED EXCEPTION in job 7', gravity: 'error' },
  { line: 'Traceback (most recent call last):', gravity: 'error' },
  { line: 'WARN pool is nearly empty', gravity: 'warning' },
  { line: 'WARNING:root:slow', gravity: 'warning' },
  { line: 'INFO GET /items/ -> 502 (12 ms)', gravity: 'error' },
  { line: 'request done status=404', gravity: 'warning' },
  { line: '127.0.0.1 - - [12/Nov/2026:10:00:00 +0000] "GET /x HTTP/1.1" 503 12', gravity: 'error' },
  { line: '{"level":"ERROR","message":"boom"}', gravity: 'error' },
  { line: '{"level":50,"msg":"boom"}', gravity: 'error' },
  { line: '{"level":30,"msg":"TypeError is a word here"}', gravity: undefined },
  { line: 'level=error msg="no leader"', gravity: 'error' },
  { line: 'java.lang.IllegalStateException: pool closed', gravity: 'error' },
  { line: 'panic: runtime error: index out of range', gravity: 'error' },
  { line: 'INFO GET /items/ -> 200 (12 ms)', gravity: undefined },
  { line: 'finished with 0 errors', gravity: undefined },
  { line: 'error=null took=3', gravity: undefined },
  { line: 'TERRORISED by a word', gravity: undefined },
  { line: 'listening on 5020', gravity: undefined },
  { line: '', gravity: undefined },
])('$line is $gravity', ({ line, gravity }) => {
  expect(gravityOf(line)).toBe(gravity);
});

const requestLine = (path: string, status: number, at: string) =>
  templateOf(`2026-11-30T${at}Z WARN GET ${path} -> ${status} (${status / 7} ms)`);

test('what differs in values only is the same template; a status is no value', () => {
  expect(requestLine('/items/17', 502, '10:00:00.123')).toBe('WARN GET /items/<*> -> 502 (<*> ms)');
  expect(requestLine('/items/9999', 502, '11:59:00.000')).toBe(requestLine('/items/17', 502, '10:00:00.123'));
  expect(requestLine('/items/17', 503, '10:00:00.123')).not.toBe(requestLine('/items/17', 502, '10:00:00.123'));
});

const jsonLine = (pid: number, message: string) =>
  JSON.stringify({ time: '2026-11-30T10:00:00Z', level: 'ERROR', pid, traceId: `t${pid}`, message });

test('of a structured line the message counts, not the process or the ids around it', () => {
  expect(templateOf(jsonLine(1, 'no answer from 10.0.0.1'))).toBe(templateOf(jsonLine(99, 'no answer from 10.0.0.77')));
  expect(templateOf(jsonLine(1, 'no answer'))).not.toBe(templateOf(jsonLine(1, 'no question')));
});
