import { expect, test } from 'vitest';
import { FaultClass } from '../../domain/fault-class.ts';
import { logAnswer } from '../metrics/observations.test-helper.ts';
import { linesAt, sceneFrom } from '../scene.test-helper.ts';
import type { Scene } from '../scene.ts';
import { serviceOf } from '../world.test-helper.ts';
import { FAULT_RULES } from './all.ts';
import { readRule } from './rule.ts';
import { isEnvironmental, isOutsideRepository, isProgrammingError } from './texts.ts';

const AT = '2026-03-02T09:58:05.000Z';
const SERVICE = serviceOf('items-api', { dependsOn: ['mongodb'] });

/** A scene in which nothing but these error texts was seen. */
function sceneSaying(...texts: string[]): Scene {
  return {
    caller: undefined,
    context: {
      alerts: [],
      service: SERVICE,
      registered: true,
      registry: { services: [SERVICE] },
      window: { from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T10:00:00.000Z' },
      openedAt: AT,
      provisionalOnset: AT,
      digest: (text) => text,
    },
    evidence: [],
    gaps: [],
    onset: AT,
    texts: texts.map((text, index) => ({
      cite: `E${index + 1}`,
      group: 'logs' as const,
      text,
      count: 3,
      firstAt: AT,
      lastAt: AT,
      level: 'error' as const,
      isNovel: true,
      isProgramming: isProgrammingError(text.split(':')[0] ?? '', text),
    })),
    traces: [],
    metrics: [],
    health: undefined,
    ready: undefined,
    dependencies: [],
    ranking: undefined,
    topology: undefined,
    logsSeen: true,
  };
}

function classesFor(scene: Scene): string[] {
  return FAULT_RULES.filter((rule) => readRule(rule, scene).status === 'fits').map((rule) => rule.class);
}

test.each([
  ['out-of-memory', 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
  ['out-of-memory', 'java.lang.OutOfMemoryError: Java heap space'],
  ['dns', 'getaddrinfo ENOTFOUND db.internal'],
  ['dns', 'dial tcp: lookup api.example: no such host'],
  ['tls-certificate', 'Error: certificate has expired'],
  ['tls-certificate', 'x509: certificate signed by unknown authority'],
  ['auth-secret', 'password authentication failed for user "app"'],
  ['auth-secret', 'MongoServerError: Authentication failed.'],
  ['dependency-refused', 'connect ECONNREFUSED 127.0.0.1:27017'],
  ['dependency-refused', 'MongoServerSelectionError: Server selection failed'],
  ['pool-exhaustion', 'TimeoutError: timeout acquiring connection from pool'],
  ['pool-exhaustion', 'FATAL: remaining connection slots are reserved'],
  ['timeout-latency', 'request to inventory timed out after 5000 ms'],
  ['disk-full', "ENOSPC: no space left on device, write '/data/x'"],
  ['file-descriptor-limit', 'EMFILE: too many open files'],
  ['bad-config', 'Missing required environment variable ITEMS_REGION'],
  ['bad-config', 'MONGO_URI is not set'],
  ['schema-migration', 'column "price_cents" does not exist'],
  ['rate-limit', 'upstream answered 429 Too Many Requests'],
  ['deadlock-stall', 'ERROR: deadlock detected'],
  ['clock-skew', 'JWT is not yet valid'],
  ['external-api-down', 'Open-Meteo answered 503'],
  ['external-api-down', 'GET https://api.open-meteo.com/v1/forecast failed: fetch failed'],
])('%s is recognised in "%s"', (faultClass, text) => {
  expect(classesFor(sceneSaying(text))).toContain(faultClass);
});

test.each([
  ['dns', 'connect ECONNREFUSED 127.0.0.1:27017'],
  ['timeout-latency', 'MongoServerSelectionError: connect ECONNREFUSED 127.0.0.1:27017, server selection timed out'],
  ['external-api-down', 'MongoDB check failed: connect ECONNREFUSED 127.0.0.1:27017'],
  ['rate-limit', 'GET /items/ -> 200 (429 ms)'],
  ['auth-secret', 'GET /items/ -> 403 (2 ms)'],
  ['bad-config', "TypeError: Cannot read properties of undefined (reading 'amount')"],
  ['timeout-latency', "TypeError: Cannot read properties of undefined (reading 'timeout')"],
  ['disk-full', 'no space in the title'],
  ['schema-migration', 'the page does not exist'],
  ['out-of-memory', 'memory is fine'],
])('%s is not read into "%s"', (faultClass, text) => {
  expect(classesFor(sceneSaying(text))).not.toContain(faultClass);
});

test('without logs a class that only logs can show is not checked, which is not the same as ruled out', () => {
  const blind = { ...sceneSaying(), logsSeen: false };
  const rule = FAULT_RULES.find((candidate) => candidate.class === 'dns')!;
  expect(readRule(rule, blind).status).toBe('not-checked');
  expect(readRule(rule, sceneSaying()).status).toBe('not-met');
});

test('one text in two views is one witness: no class claims two groups by it', () => {
  for (const rule of FAULT_RULES) {
    const { signals } = readRule(rule, sceneSaying('connect ECONNREFUSED 127.0.0.1:27017'));
    expect(new Set(signals.map(({ group }) => group)).size).toBeLessThanOrEqual(1);
  }
});

test('a line that was said once weighs little beside what wrong code throws again and again', () => {
  const lines = linesAt([290], '{"level":"error","msg":"disk is full"}');
  const at = Array.from({ length: 12 }, (_none, index) => 289 + 2 * index);
  const stack = "TypeError: Cannot read properties of undefined (reading 'x')\n    at price (/app/src/price.ts:4:2)";
  const thrown = linesAt(
    at,
    JSON.stringify({ level: 'error', msg: 'request failed', error: { type: 'TypeError', stack } }),
  );
  const weightOf = (of: typeof lines) => {
    const scene = sceneFrom([logAnswer([...of].toSorted((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : 1)))]);
    const rule = FAULT_RULES.find((candidate) => candidate.class === 'disk-full')!;
    return readRule(rule, scene).signals[0]?.weight ?? 0;
  };
  expect(weightOf([...lines, ...thrown])).toBeLessThan(0.5);
  // By itself, or again and again, it is heard.
  expect(weightOf(lines)).toBe(2);
  expect(weightOf([...linesAt([290, 295, 300], '{"level":"error","msg":"disk is full"}'), ...thrown])).toBe(2);
});

test('every rule is of a class of its own and says what to do', () => {
  const classes = FAULT_RULES.map((rule) => rule.class);
  expect(new Set(classes).size).toBe(classes.length);
  expect(FaultClass.options).toEqual(expect.arrayContaining(classes));
  for (const rule of FAULT_RULES) expect(rule.actions(sceneSaying(), undefined).length).toBeGreaterThan(0);
});

test.each([
  { text: "TypeError: Cannot read properties of undefined (reading 'x')", environmental: false, outside: false },
  { text: 'TypeError: fetch failed', environmental: true, outside: true },
  { text: 'connect ECONNREFUSED 127.0.0.1:27017', environmental: true, outside: true },
  { text: 'timeout acquiring connection', environmental: true, outside: false },
  { text: 'Missing required environment variable X_Y', environmental: false, outside: false },
])('"$text": environmental $environmental, outside the repository $outside', ({ text, environmental, outside }) => {
  expect([isEnvironmental(text), isOutsideRepository(text)]).toEqual([environmental, outside]);
});
