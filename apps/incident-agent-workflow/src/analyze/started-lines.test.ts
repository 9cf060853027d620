import { expect, test } from 'vitest';
import type { Observation } from '../domain/telemetry.ts';
import { commitOf, hunk, ONSET } from './commits/commit.test-helper.ts';
import { startedLines } from './started-lines.ts';
import { serviceOf } from './world.test-helper.ts';

const COMMIT = { ...commitOf(1, 'src/a.ts', hunk('-a', '+b')), hash: '3f2c9aa1e07bd4c85f6a9012bc34de56f7890a1b' };
const api = serviceOf('api');

function logged(text: string, at: string | null = ONSET): Observation[] {
  const question = { kind: 'logs' as const, service: api, from: ONSET, to: ONSET, maxLines: 10 };
  const logLines = [{ text, stream: 's', ...(at === null ? {} : { at }) }];
  return [{ question, answer: { source: 'test', query: 'q', telemetry: { logLines }, gaps: [] } }];
}

test.each([
  `time=… level=info msg=listening port=8080 revision=${COMMIT.hash} pid=14`,
  `2026-03-02 10:00:00 INFO [main] shop.Main - ledger ${COMMIT.hash} listens on port 8002`,
  '{"level":30,"msg":"server started","version":"1.4.2+3f2c9aa"}',
  'Starting OrdersApplication v1.4.2-7-g3f2c9aa1 using Java 17.0.15 with PID 1 (/app/orders.jar started by app)',
  'INFO:     orders 2026.03.02 (commit 3F2C9AA1E0) running on http://0.0.0.0:8000',
  'level=info git_sha="3f2c9aa1e07b" msg="service ready"',
  'Booting worker with pid: 7, release 3f2c9aa1',
  'server.go:41: serving build 3f2c9aa1e07bd4c85f6a at :8080',
])('the revision that starts is read from: %s', (text) => {
  expect(startedLines(logged(text), 'api', [COMMIT]).map(({ at }) => at)).toEqual([ONSET]);
});

test.each([
  { says: 'is of another commit', text: 'listening revision=aaaaaaa1e07b' },
  { says: 'starts nothing', text: `request for ${COMMIT.hash} failed` },
  { says: 'names a number', text: 'listening, pid 3122345' },
  { says: 'names part of a longer word', text: 'started x3f2c9aaz' },
  { says: 'has no time', text: `listening revision=${COMMIT.hash}`, at: null },
])('a line that $says tells of no start', ({ text, at }) => {
  expect(startedLines(logged(text, at), 'api', [COMMIT])).toEqual([]);
});

test('of another service nothing is learnt', () => {
  expect(startedLines(logged(`listening revision=${COMMIT.hash}`), 'web', [COMMIT])).toEqual([]);
});
