import { expect, test } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import type { NumberedGap } from '../domain/gap.ts';
import { checkClaims } from './check-claims.ts';

const GUILTY = '3f2a91c04b1d5e6f708192a3b4c5d6e7f8091a2b';
const OTHER = '9c0ffee1234567890abcdef1234567890abcdef1';
const WINDOW = { from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T10:00:00.000Z' };

function common(id: string, title: string) {
  return { id, title, source: 'test', query: '', window: WINDOW, digest: 'd', service: 'items-api' };
}

const EVIDENCE: Evidence[] = [
  {
    ...common('E1', 'Service5xxErrors fired at 09:47:00'),
    kind: 'alert',
    data: {
      alerts: [{ name: 'Service5xxErrors', status: 'firing', startsAt: '2026-03-02T09:47:00.000Z', summary: '5xx' }],
      alertCount: 3,
    },
  },
  {
    ...common('E2', '5xx share of items-api rose from 0.1 % to 31 % at 09:45:10 (GET /items/)'),
    kind: 'metric',
    data: {
      metric: 'http_requests_total',
      family: 'errors',
      unit: '1',
      points: [
        { at: '2026-03-02T09:00:00.000Z', value: 0 },
        { at: '2026-03-02T09:20:00.000Z', value: 0.07 },
        { at: '2026-03-02T09:59:00.000Z', value: 0.31 },
      ],
      baselineMedian: 0.001,
      incidentMedian: 0.31,
      incidentExtreme: 0.42,
      score: 18,
      direction: 'up',
      onset: '2026-03-02T09:45:10.000Z',
      lastValue: 0.31,
    },
  },
  {
    ...common('E3', 'mean time per request of items-api rose from 40 ms to 310 ms at 09:45:10'),
    kind: 'metric',
    data: {
      metric: 'http_request_duration_seconds',
      family: 'latency',
      unit: 's',
      points: [],
      baselineMedian: 0.04,
      incidentMedian: 0.31,
      incidentExtreme: 0.9,
      score: 9,
      direction: 'up',
      onset: '2026-03-02T09:45:10.000Z',
      lastValue: 0.3,
    },
  },
  {
    ...common('E4', 'error “price is missing” 14 times since 09:45:12, never before'),
    kind: 'logs',
    data: {
      template: 'price is missing for <*>',
      level: 'error',
      baselineCount: 0,
      incidentCount: 14,
      firstAt: '2026-03-02T09:45:12.000Z',
      lastAt: '2026-03-02T09:58:00.000Z',
      samples: [
        { at: '2026-03-02T09:45:12.000Z', stream: 'service.log', line: 212, text: 'price is missing for item 77' },
      ],
      context: [],
    },
  },
  {
    ...common('E5', 'TypeError: amount of undefined at src/items.ts:42, 14 times since 09:45:12'),
    kind: 'stack-trace',
    data: {
      language: 'javascript',
      type: 'TypeError',
      message: "Cannot read properties of undefined (reading 'amount')",
      frames: [
        {
          file: '/app/src/items.ts',
          line: 42,
          column: 9,
          function: 'describeItem',
          inApp: true,
          repositoryPath: 'src/items.ts',
        },
        {
          file: '/app/src/routes.ts',
          line: 10,
          column: 5,
          function: 'list',
          inApp: true,
          repositoryPath: 'src/routes.ts',
        },
      ],
      crashFrame: 0,
      fingerprint: 'f',
      count: 14,
      baselineCount: 0,
      firstAt: '2026-03-02T09:45:12.000Z',
      lastAt: '2026-03-02T09:58:00.000Z',
      request: { method: 'GET', path: '/items/', status: 500 },
      stream: 'service.log',
      line: 212,
      text: [
        "TypeError: Cannot read properties of undefined (reading 'amount')",
        '    at describeItem (/app/src/items.ts:42:9)',
      ],
    },
  },
  {
    ...common('E6', 'The health address of items-api answered 200 at 10:00:00'),
    kind: 'probe',
    data: {
      of: 'health',
      url: 'http://localhost:9000/health',
      at: '2026-03-02T10:00:00.000Z',
      httpStatus: 200,
      detail: '',
      durationMilliseconds: 12,
      body: '{"status":"ok"}',
    },
  },
  {
    ...common('E7', '14 commits touched items-api; 9c0ffee is deployed'),
    kind: 'history',
    data: {
      commitCount: 14,
      deployedRevision: OTHER,
      deployedFrom: 'registry',
      commits: [
        { hash: OTHER, committedAt: '2026-03-02T09:30:00.000Z', subject: 'readme', fileCount: 1, suspicion: 0.02 },
        {
          hash: GUILTY,
          committedAt: '2026-03-02T09:37:10.000Z',
          subject: 'items: shorter',
          fileCount: 2,
          suspicion: 0.88,
        },
      ],
    },
  },
  {
    ...common(
      'E8',
      'Commit 3f2a91c “items: shorter” changed src/items.ts and src/store.ts 8 min before the failure began',
    ),
    kind: 'commit',
    data: {
      hash: GUILTY,
      committedAt: '2026-03-02T09:37:10.000Z',
      authoredAt: '2026-03-02T09:37:10.000Z',
      subject: 'items: shorter',
      parents: [],
      files: [
        {
          path: 'src/items.ts',
          status: 'modified',
          patch: '@@ -41,3 +41,3 @@\n a\n-  return item?.price;\n+  return item.price.amount;\n c',
        },
        { path: 'src/store.ts', status: 'modified', patch: '@@ -7,1 +7,1 @@\n-  old\n+  new' },
      ],
      minutesBeforeOnset: 8,
    },
  },
  {
    ...common('E9', 'src/items.ts:42 reads “return item.price.amount;”, last changed by 3f2a91c'),
    kind: 'code',
    data: {
      path: 'src/items.ts',
      revision: OTHER,
      firstLine: 41,
      lines: ['a', '  return item.price.amount;', 'c'],
      totalLines: 90,
      highlightedLine: 42,
      blame: [{ path: 'src/items.ts', line: 42, hash: GUILTY, committedAt: '2026-03-02T09:37:10.000Z' }],
    },
  },
  {
    ...common('E10', 'up of items-api stayed 1 in the whole window (241 samples)'),
    kind: 'metric',
    data: {
      metric: 'up',
      family: 'availability',
      unit: '1',
      points: Array.from({ length: 241 }, (_, index) => ({
        at: new Date(Date.parse(WINDOW.from) + index * 15_000).toISOString(),
        value: 1,
      })),
      baselineMedian: 1,
      incidentMedian: 1,
      incidentExtreme: 1,
      score: 0,
      direction: 'flat',
      onset: null,
      lastValue: 1,
    },
  },
  {
    ...common('E11', 'process_resident_memory_bytes of items-api rose from 64 MiB to 130 MiB at 09:45:10'),
    kind: 'metric',
    data: {
      metric: 'process_resident_memory_bytes',
      family: 'saturation',
      unit: 'bytes',
      points: [],
      baselineMedian: 67_108_864,
      incidentMedian: 136_314_880,
      incidentExtreme: 140_000_000,
      score: 6,
      direction: 'up',
      onset: '2026-03-02T09:45:10.000Z',
      lastValue: 136_314_880,
    },
  },
  {
    ...common('E12', '1 of 2 scrape targets of items-api down: “connection refused”'),
    kind: 'targets',
    data: {
      targets: [
        {
          url: 'http://a:9000/metrics',
          health: 'down',
          lastError: 'connection refused',
          lastScrapeAt: '2026-03-02T09:59:55.000Z',
        },
        { url: 'http://b:9000/metrics', health: 'up', lastError: '' },
      ],
    },
  },
];
const GAPS: NumberedGap[] = [
  {
    id: 'G1',
    source: 'loki',
    query: '{service="shop"}',
    reason: 'timeout',
    detail: 'Loki did not answer in 3 s',
    unknown: 'log lines of shop',
  },
];
const SERVICES = ['items-api', 'shop', 'weather-app1'];

function resultOf(text: string, ...cites: string[]): string {
  return checkClaims([{ text, cites }], EVIDENCE, GAPS, SERVICES)[0]?.result ?? 'nothing';
}

test.each([
  ['Service5xxErrors fired at 09:47:00.', 'E1'],
  ['Service5xxErrors fired at 2026-03-02T09:47:00Z.', 'E1'],
  ['3 alerts came in.', 'E1'],
  ['The share of 5xx answers rose to 31 %.', 'E2'],
  ['The share rose from 0.1 % to 31 %.', 'E2'],
  ['At the worst, 42 % of requests failed.', 'E2'],
  ['It began at 09:45:10.', 'E2'],
  ['It began at 09:45.', 'E2'],
  ['It began at 09:45:11.', 'E2'],
  ['Requests to items-api fail.', 'E2'],
  ['GET /items/ carries the errors.', 'E2'],
  ['The mean time per request rose from 40 ms to 310 ms.', 'E3'],
  ['A request takes 0.31 s.', 'E3'],
  ['The mean time is 7.75-fold what it was.', 'E3'],
  ['“price is missing for item 77” was logged 14 times.', 'E4'],
  ['“price is missing for it…” was logged 14 times, first at 09:45:12.', 'E4'],
  ['14 lines say so, and 0 lines before.', 'E4'],
  ['service.log shows it at line 212.', 'E4'],
  ['It went on for 13 min.', 'E4'],
  ['TypeError at src/items.ts:42 in 14 requests.', 'E5'],
  ['The caller is src/routes.ts:10.', 'E5'],
  ['GET /items/ answered 500.', 'E5'],
  ["It says “Cannot read properties of undefined (reading 'amount')”.", 'E5'],
  ['The health address answered 200 in 12 ms.', 'E6'],
  ['The health address answered 200 at 10:00:00.', 'E6'],
  ['The body was `{"status":"ok"}`.', 'E6'],
  ['14 commits touched items-api.', 'E7'],
  ['9c0ffee is deployed.', 'E7'],
  ['3f2a91c carries 88 % of the suspicion.', 'E7'],
  ['Commit 3f2a91c “items: shorter” changed 2 files.', 'E8'],
  ['Commit 3f2a91c changed src/store.ts.', 'E8'],
  ['Commit 3f2a91c04b1d changed src/items.ts:42.', 'E8'],
  ['It was made 8 min before the failure began.', 'E8'],
  ['It was made at 09:37:10.', 'E8'],
  ['src/items.ts:42 was last changed by 3f2a91c.', 'E9'],
  ['The line reads `return item.price.amount;`.', 'E9'],
  ['up stayed 1 in all 241 samples.', 'E10'],
  ['Memory rose from 64 MiB to 130 MiB.', 'E11'],
  ['Memory doubled.', 'E11'],
  ['1 of 2 targets is down: “connection refused”.', 'E12'],
  ['The logs of shop could not be read within 3 s.', 'G1'],
  ['E2 shows it.', 'E2'],
  ['Something is wrong.', 'E2'],
  ['It began at 9:45 on 2026-03-02.', 'E2'],
  ['It began at 9:45 am on 2 March 2026, or Mar 2nd.', 'E2'],
  ['31 percent of requests fail, which was 0.1 per cent.', 'E2'],
  ['About a third of requests fail.', 'E2'],
  ['Memory rose to 136.3 MB.', 'E11'],
  ['Memory doubled to 136,315 KB.', 'E11'],
  ['It went on for 13m, 780 s or 12m48s.', 'E4'],
  ['A request takes 310,000 µs.', 'E3'],
  ['It was logged fourteen times.', 'E4'],
  ['Commit 3f2a91c changed two files.', 'E8'],
  ['The mean time rose from 40 ms to 310 ms.', 'E3'],
  ['The share rose from about 0.1 % to 42 % at worst.', 'E2'],
])('supported: %s', (text, cite) => {
  expect(checkClaims([{ text, cites: [cite] }], EVIDENCE, GAPS, SERVICES)).toEqual([
    { text, cites: [cite], result: 'supported', reason: '' },
  ]);
});

test.each([
  ['Service5xxErrors fired at 09:48:00.', 'E1'],
  ['Service5xxErrors fired at 2026-03-01T09:47:00Z.', 'E1'],
  ['4 alerts came in.', 'E1'],
  ['The share of 5xx answers rose to 33 %.', 'E2'],
  ['The share rose from 0 % to 31 %.', 'E3'],
  ['Every second request failed: 50 %.', 'E2'],
  ['100 % of requests fail.', 'E2'],
  // In the points, but as no figure that the evidence speaks of.
  ['The share was 7 % at first.', 'E2'],
  ['It began at 09:44:10.', 'E2'],
  ['It began at 09:44.', 'E2'],
  ['It began at 09:20:00.', 'E2'],
  ['POST /items/ carries the errors.', 'E2'],
  ['GET /orders/ carries the errors.', 'E2'],
  ['Requests to weather-app1 fail.', 'E2'],
  ['The mean time per request rose to 410 ms.', 'E3'],
  ['A request takes 31 s.', 'E3'],
  ['The mean time tripled.', 'E3'],
  ['“price is absent for item 77” was logged.', 'E4'],
  ['It was logged 15 times.', 'E4'],
  ['It was logged 1,400 times.', 'E4'],
  ['It was logged first at 09:45:40.', 'E4'],
  ['service.log shows it at line 213.', 'E4'],
  ['It went on for 20 min.', 'E4'],
  ['TypeError at src/items.ts:43.', 'E5'],
  ['TypeError at src/item.ts:42.', 'E5'],
  ['TypeError at src/payments.ts:42.', 'E5'],
  ['TypeError at lib/items.ts:42.', 'E5'],
  ['GET /items/ answered 502.', 'E5'],
  ["It says “Cannot read properties of null (reading 'amount')”.", 'E5'],
  ['The health address answered 503.', 'E6'],
  ['The health address answered 200 in 120 ms.', 'E6'],
  ['The health address answered 200 at 09:59:00.', 'E6'],
  ['15 commits touched items-api.', 'E7'],
  ['3f2a91d is deployed.', 'E7'],
  ['3f2a91c carries 98 % of the suspicion.', 'E7'],
  ['Commit deadbee changed src/items.ts.', 'E8'],
  ['Commit 9c0ffee changed src/items.ts.', 'E8'],
  ['Commit 3f2a91c “items: longer” changed 2 files.', 'E8'],
  ['Commit 3f2a91c changed 3 files.', 'E8'],
  ['Commit 3f2a91c changed src/routes.ts.', 'E8'],
  ['Commit 3f2a91c changed src/items.ts:41.', 'E8'],
  ['It was made 80 min before the failure began.', 'E8'],
  ['src/items.ts:42 was last changed by 9c0ffe1.', 'E9'],
  ['src/items.ts:41 is where it fails.', 'E9'],
  ['src/items.ts:400 is where it fails.', 'E9'],
  ['The line reads `return item.cost.amount;`.', 'E9'],
  ['up was 0 at the end.', 'E10'],
  ['up stayed 1 in all 240 samples.', 'E10'],
  ['Memory rose to 330 MiB.', 'E11'],
  ['Memory tripled.', 'E11'],
  ['2 of 2 targets are down: “no route to host”.', 'E12'],
  ['The logs of items-api could not be read.', 'G1'],
  ['The logs of shop could not be read within 30 s.', 'G1'],
  ['E2 shows it.', 'E77'],
  ['E77 shows it.', 'E2'],
  ['G9 leaves it open.', 'G1'],
  ['It began at 9:20.', 'E2'],
  ['It began at 9:45 pm.', 'E2'],
  ['It began at 9 pm.', 'E2'],
  ['It began on 2026-03-05.', 'E2'],
  ['It began on 5 March.', 'E2'],
  ['It began on Mar 2, 2025.', 'E2'],
  ['0.31 percent of requests fail.', 'E2'],
  ['30.1 percentage points more fail.', 'E3'],
  ['Half of the requests fail.', 'E2'],
  ['Memory is at 14 KB.', 'E4'],
  ['Memory rose to 3 TB.', 'E11'],
  ['It went on for 5m.', 'E4'],
  ['It went on for 2h30m.', 'E4'],
  ['It went on for 3d.', 'E4'],
  ['It went on for 13 hrs.', 'E4'],
  ['It went on for 2 weeks.', 'E4'],
  ['A request takes 310us.', 'E3'],
  ['It was logged 3k times.', 'E4'],
  ['It was logged 1.2M times.', 'E4'],
  ['It was logged three times.', 'E4'],
  ['It was logged twice.', 'E4'],
  ['Two commits touched items-api.', 'E7'],
  ['Tripled memory.', 'E11'],
  ['Memory rose tenfold.', 'E11'],
  ['The time per request is twice what it was.', 'E3'],
  ['express 6.0.0 came in.', 'E8'],
  ['10.0.0.8:5432 refuses.', 'E12'],
  ['The share rose from 31 % to 0.1 %.', 'E2'],
  ['The mean time rose from 310 ms to 40 ms.', 'E3'],
  ['Memory went from 130 MiB to 64 MiB.', 'E11'],
  ['The share fell to 31 %.', 'E2'],
  ['up rose.', 'E10'],
])('refused: %s', (text, cite) => {
  const [checked] = checkClaims([{ text, cites: [cite] }], EVIDENCE, GAPS, SERVICES);
  expect(checked?.result).not.toBe('supported');
  expect(checked?.reason).not.toBe('');
});

test('a sentence without a citation is unsupported, whatever it says', () => {
  expect(resultOf('The health address answered 200.')).toBe('unsupported');
});

test('what the cited evidence measures and finds to be otherwise is contradicted, what it does not speak of unsupported', () => {
  expect(resultOf('The share is 77 %.', 'E2')).toBe('contradicted');
  expect(resultOf('The share is 77 %.', 'E6')).toBe('unsupported');
});

test('one wrong figure among right ones refuses the sentence', () => {
  expect(resultOf('14 times since 09:45:12, at src/items.ts:42, GET /items/ -> 500.', 'E5')).toBe('supported');
  expect(resultOf('14 times since 09:45:12, at src/items.ts:44, GET /items/ -> 500.', 'E5')).toBe('contradicted');
});

test('two citations bear out a sentence that neither does alone', () => {
  const text = 'Commit 3f2a91c broke GET /items/: src/items.ts:42 fails for 31 % of requests.';
  expect(resultOf(text, 'E8', 'E5', 'E2')).toBe('supported');
  expect(resultOf(text, 'E8', 'E5')).not.toBe('supported');
});

test('a hash that fits two commits names neither', () => {
  const twin = structuredClone(EVIDENCE[7]!);
  if (twin.kind === 'commit') twin.data.parents = [`${GUILTY.slice(0, 10)}${'0'.repeat(30)}`];
  const [checked] = checkClaims([{ text: 'Commit 3f2a91c did it.', cites: ['E8'] }], [twin], []);
  expect(checked?.reason).toContain('more than one');
});
