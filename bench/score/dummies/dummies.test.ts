import { expect, test } from 'vitest';
import { unregisteredService } from '../../../apps/incident-agent-workflow/src/domain/service.ts';
import type { Commit, Observation } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import { scoreCase } from '../levels.ts';
import { GUILTY, INNOCENT, labelOf } from '../score.test-helper.ts';
import { DUMMIES } from './all.ts';
import { firstChangedLine, type Seen } from './dummy.ts';
import { firstErrorLine } from './first-error-line.ts';
import { lastDeploy } from './last-deploy.ts';
import { loudestMetric } from './loudest-metric.ts';
import { randomAnswer } from './random.ts';

const ORDERS = unregisteredService('orders');
const LEDGER = unregisteredService('ledger');
const ALERTED = Date.parse('2026-03-02T10:00:00.000Z');

function at(secondsAfterAlert: number): string {
  return new Date(ALERTED + secondsAfterAlert * 1_000).toISOString();
}

function observed(
  service: Observation['question']['service'],
  telemetry: Observation['answer']['telemetry'],
): Observation {
  return {
    question: { kind: 'probe', service, of: 'health' },
    answer: { source: 'test', query: '', telemetry, gaps: [] },
  };
}

function commit(hash: string, minutesBeforeAlert: number, path: string): Commit {
  const committedAt = at(-60 * minutesBeforeAlert);
  const patch = '@@ -36,7 +38,7 @@ function price() {\n  a\n  b\n-  c\n+  d\n';
  return {
    hash,
    committedAt,
    authoredAt: committedAt,
    subject: 'x',
    parents: [],
    files: [{ path, status: 'modified', patch }],
  };
}

function seenOf(...observations: Observation[]): Seen {
  return {
    caseId: 'c-0001',
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'HighErrorRate', service: 'orders' },
        annotations: {},
        startsAt: at(0),
        fingerprint: 'f',
        format: 'alertmanager',
        receivedAt: at(1),
      },
    ],
    registry: { services: [LEDGER, ORDERS] },
    observations,
  };
}

/** A sample each ten seconds for ten minutes before the alert and one after it. */
function series(metric: string, value: (seconds: number) => number, labels: Record<string, string> = {}) {
  const points = Array.from({ length: 67 }, (_, index) => ({
    at: at(index * 10 - 600),
    value: value(index * 10 - 600),
  }));
  return { metric, labels, points };
}

const HISTORY = observed(ORDERS, { commits: [commit(INNOCENT, 20, 'src/tax.ts'), commit(GUILTY, 50, 'src/price.ts')] });

test('the last deploy is the newest commit before the alert: right where it is guilty, falsely blaming where not', () => {
  const prediction = lastDeploy.predict(seenOf(HISTORY));
  expect(scoreCase(prediction, labelOf({ commit: INNOCENT, file: 'src/tax.ts' }))).toMatchObject({
    ranks: { class: 1, service: 1, commit: 1, file: 1, line: 1 },
    isRight: true,
    falselyBlamed: null,
  });
  expect(scoreCase(prediction, labelOf())).toMatchObject({
    ranks: { class: 1, commit: null, file: null },
    isRight: false,
    falselyBlamed: { commit: INNOCENT },
  });
});

test('a deployed revision that is known counts before the newest, and a commit after the alert was not deployed', () => {
  const repository = {
    root: '/r',
    head: INNOCENT,
    deployedRevision: GUILTY,
    deployedFrom: 'metric',
    servicePath: '',
    shallow: false,
  } as const;
  expect(lastDeploy.predict(seenOf(HISTORY, observed(ORDERS, { repository }))).candidates[0]?.commit).toBe(GUILTY);
  const late = observed(ORDERS, { commits: [commit(INNOCENT, -5, 'src/tax.ts'), commit(GUILTY, 50, 'src/price.ts')] });
  expect(lastDeploy.predict(seenOf(late)).candidates[0]?.commit).toBe(GUILTY);
});

test('the loudest metric is heard over unit and size: a step from 0 to 1 before a wobble of millions', () => {
  const wobble = series('process_resident_memory_bytes', (seconds) => 5e8 + 1e7 * Math.sin(seconds));
  const step = series('dependency_pool_waiters', (seconds) => (seconds > -30 ? 7 : 0));
  const prediction = loudestMetric.predict(
    seenOf(observed(ORDERS, { series: [wobble] }), observed(LEDGER, { series: [step] })),
  );
  expect(prediction.candidates[0]).toMatchObject({ class: 'pool-exhaustion', service: 'ledger', commit: null });
});

test('a counter is read as a rate, and failing requests are an error in the program', () => {
  const steady = series('http_requests_total', (seconds) => 50 * (seconds + 600), { status: '2xx' });
  const failing = series('http_requests_total', (seconds) => Math.max(0, 20 * (seconds + 40)), { status: '5xx' });
  expect(loudestMetric.predict(seenOf(observed(ORDERS, { series: [steady] }))).candidates).toEqual([]);
  expect(loudestMetric.predict(seenOf(observed(ORDERS, { series: [steady, failing] }))).candidates[0]?.class).toBe(
    'code-error',
  );
});

function logs(service: typeof ORDERS, ...lines: [number, string][]): Observation {
  return observed(service, { logLines: lines.map(([seconds, text]) => ({ at: at(seconds), stream: 's', text })) });
}

test('the first error line since the onset says class, place and the commit that touched it', () => {
  const trace =
    'ERROR TypeError: x is undefined\n    at f (node:internal/a.js:1:1)\n    at price (/app/src/price.ts:41:9)';
  const seen = seenOf(
    HISTORY,
    observed(ORDERS, { paths: ['src/price.ts', 'src/tax.ts'] }),
    logs(ORDERS, [-400, 'ERROR ENOTFOUND old news'], [-50, 'INFO fine'], [-30, trace]),
    logs(LEDGER, [-20, 'ERROR ECONNREFUSED']),
  );
  expect(scoreCase(firstErrorLine.predict(seen), labelOf()).ranks).toEqual({
    class: 1,
    service: 1,
    commit: 1,
    file: 1,
    line: 1,
  });
});

test('an error line without a place names its class alone', () => {
  const seen = seenOf(HISTORY, logs(LEDGER, [-20, 'ERROR connect ECONNREFUSED 127.0.0.1:5432']));
  expect(firstErrorLine.predict(seen).candidates).toMatchObject([
    { class: 'dependency-refused', service: 'ledger', commit: null, file: null },
  ]);
});

test('chance is right about once in 23 classes, and the same for the same case', () => {
  const seen = seenOf(HISTORY);
  const cases = Array.from({ length: 2_000 }, (_, index) => ({ ...seen, caseId: `c-${index}` }));
  const hits = cases.filter((one) => scoreCase(randomAnswer.predict(one), labelOf()).ranks.class === 1).length;
  expect(hits / cases.length).toBeGreaterThan(0.025);
  expect(hits / cases.length).toBeLessThan(0.065);
  expect(randomAnswer.predict(seen)).toEqual(randomAnswer.predict(seen));
});

test('where nothing was seen nobody throws, and only chance still answers', () => {
  const answers = DUMMIES.map((dummy) => [dummy.name, dummy.predict(seenOf()).candidates.length]);
  expect(answers).toEqual([
    ['random', 3],
    ['last deploy', 0],
    ['loudest metric', 0],
    ['first error line', 0],
  ]);
});

test.each([
  { patch: '@@ -1,3 +1,4 @@\n a\n+b\n c\n', line: 2 },
  { patch: '@@ -7 +7 @@ function f() {\n-a\n+b\n', line: 7 },
  { patch: '', line: null },
])('the first changed line of $patch is $line', ({ patch, line }) => {
  expect(firstChangedLine(patch)).toBe(line);
});
