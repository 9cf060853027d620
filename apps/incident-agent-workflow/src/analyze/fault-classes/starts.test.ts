/** A process that does not come up: for a part or a setting that is not there, for what it reads, or for its own code. */
import { describe, expect, test } from 'vitest';
import type { Service } from '../../domain/service.ts';
import type { Observation } from '../../domain/telemetry.ts';
import {
  alertSaying,
  counterOf,
  logAnswer,
  metricAnswer,
  SERVICE,
  seriesOf,
} from '../metrics/observations.test-helper.ts';
import { linesAt, probeAnswer, sceneFrom } from '../scene.test-helper.ts';
import { endsUnexplained } from './starts.ts';
import { BLAMED, classesIn, withSuspect } from './suspect.test-helper.ts';

const TALK = linesAt(
  Array.from({ length: 100 }, (_none, index) => index * 3),
  '{"level":"info","msg":"still here"}',
);
const GONE = probeAnswer('health', { failure: 'refused' });
const WELL = probeAnswer('health', { httpStatus: 200 });
const LATE = [290, 300, 310];

/** At three samples since the onset, a line after the other. */
function said(...lines: readonly string[]): Observation {
  return logAnswer([...TALK, ...LATE.flatMap((index) => lines.flatMap((line) => linesAt([index], line)))]);
}

interface Changed {
  readonly path: string;
  readonly patch: string;
}

/** `changes`: of the commit that is to blame; empty: there is none. */
function sceneOf(
  seen: readonly Observation[],
  changes: readonly Changed[],
  service = SERVICE,
  others: readonly Service[] = [],
) {
  const scene = sceneFrom(seen, {
    alerts: [alertSaying('ServiceDown')],
    service,
    registry: { services: [service, ...others] },
  });
  const [first] = changes;
  const suspected = { files: changes, features: [BLAMED], at: first?.path };
  return withSuspect(scene, first && suspected);
}
function classesOf(
  seen: readonly Observation[],
  changes: readonly Changed[] = [],
  service = SERVICE,
  others: readonly Service[] = [],
): string[] {
  return classesIn(sceneOf(seen, changes, service, others));
}
const ENDED = 'supervisor: orders ended: exit code 1';

describe('a part that is not there', () => {
  test.each([
    ["Error: Cannot find module '@vendor/agent/register'", 'Require stack:', '- internal/preload', ENDED],
    ["Error: Cannot find module '/opt/agent/agent.js'\nRequire stack:\n- internal/preload", ENDED],
    ["Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'lru' imported from /srv/app/src/cache.ts", ENDED],
    ['node: --require= is not allowed in NODE_OPTIONS', ENDED],
    ["ModuleNotFoundError: No module named 'gunicorn'", ENDED],
    ['/usr/bin/python3: No module named uvicorn', ENDED],
    ['Exception in thread "main" java.lang.NoClassDefFoundError: org/slf4j/LoggerFactory', ENDED],
    ['Error opening zip file or JAR manifest missing : /opt/agent/agent.jar', ENDED],
    ["Unrecognized VM option 'UseConcMarkSweepGC'", ENDED],
    ['cannot load such file -- bootsnap/setup (LoadError)', ENDED],
    ["Could not find gem 'pg' in locally installed gems.", ENDED],
    ['/srv/app/orders: error while loading shared libraries: libpq.so.5: cannot open shared object file', ENDED],
    ["/lib/libc.so.6: version `GLIBC_2.34' not found (required by ./orders)", ENDED],
    ['exec: "gunicorn": executable file not found in $PATH', ENDED],
    ["Could not load file or assembly 'Npgsql, Version=8.0.0.0'", ENDED],
    ['systemd: orders.service: Failed at step EXEC spawning /usr/bin/java21: No such file or directory', ENDED],
  ])('%s: a setting', (...lines) => {
    expect(classesOf([said(...lines), GONE])[0]).toBe('bad-config');
  });

  test.each([
    { says: 'a file of its own', line: "Error: Cannot find module './clock'", expected: 'code-error' },
    { says: 'an alias of its own', line: "Error: Cannot find package '@/clock'", expected: 'code-error' },
  ])('$says: $expected', ({ line, expected }) => {
    expect(classesOf([said(line, ENDED), GONE])[0]).toBe(expected);
  });

  const MISSING = "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'lru' imported from /srv/app/src/cache.ts";
  const IMPORTS = { path: 'src/cache.ts', patch: "@@ -1 +1,2 @@\n+import { lru } from 'lru';\n" };
  test.each([
    { says: 'new in the code only', changes: [IMPORTS], expected: 'code-error' },
    {
      says: 'new in the code, and named for developers only',
      changes: [IMPORTS, { path: 'package.json', patch: '@@ -1 +1,2 @@\n+  "devDependencies": { "lru": "7.0.0" },\n' }],
      expected: 'bad-config',
    },
    {
      says: 'a part of its own',
      changes: [{ path: 'lru/index.ts', patch: '@@ -1 +1 @@\n+export {};\n' }],
      expected: 'code-error',
    },
  ])('$says: $expected', ({ changes, expected }) => {
    expect(classesOf([said(MISSING, ENDED), GONE], changes)[0]).toBe(expected);
  });

  test('it goes on, and one request needs it: the code', () => {
    const lines = [
      'Traceback (most recent call last):',
      '  File "/app/orders/invoice.py", line 31, in total',
      '    from num2words import num2words',
      "ModuleNotFoundError: No module named 'num2words'",
    ];
    expect(classesOf([said(...lines), WELL])[0]).toBe('code-error');
  });
});

describe('where it listens', () => {
  const AT_8002 = {
    ...SERVICE,
    healthUrl: 'http://orders:8002/health',
    metricsUrl: 'http://orders:8002/metrics',
  };
  test.each([
    'orders listens on port 8022',
    'Server listening at http://0.0.0.0:8022',
    'Uvicorn running on http://0.0.0.0:8022 (Press CTRL+C to quit)',
    'Tomcat started on port(s): 8022 (http) with context path',
    'listening on :8022',
    '{"level":"info","msg":"listening","port":8022}',
    'Now listening on: http://[::]:8022',
  ])('%s, and is asked at another: a setting', (line) => {
    expect(classesOf([said(line), GONE], [], AT_8002)[0]).toBe('bad-config');
  });

  const HERE = said('orders listens on port 8002');
  const THERE = said('orders listens on port 8022');
  const ALWAYS = logAnswer([...TALK, ...linesAt([20, 300], 'orders listens on port 8022')]);
  test.each([
    { says: 'where it is looked for', seen: [HERE, GONE], expected: 'process-down' },
    { says: 'elsewhere as ever: something stands between', seen: [ALWAYS, GONE], expected: 'process-down' },
    { says: 'elsewhere, and it answers', seen: [THERE, WELL], expected: undefined },
    {
      says: 'elsewhere, and the connection is cut',
      seen: [THERE, probeAnswer('health', { failure: 'reset' })],
      expected: 'process-down',
    },
  ])('$says: $expected', ({ seen, expected }) => {
    expect(classesOf(seen, [], AT_8002)[0]).toBe(expected);
  });
});

describe('it ends at each start and says nothing of why', () => {
  const SETTINGS = { path: '.env', patch: '@@ -1 +1,2 @@\n+DATABASE=shop.items\n' };
  const CODE = { path: 'src/main.ts', patch: '@@ -1 +1,2 @@\n+await begin();\n' };
  test.each([
    { says: 'since its code was changed', seen: [said(ENDED), GONE], changes: [CODE], expected: 'process-down' },
    { says: 'since nothing that is known', seen: [said(ENDED), GONE], changes: [], expected: 'process-down' },
    { says: 'by a signal', seen: [said('ended: signal SIGKILL'), GONE], changes: [SETTINGS], expected: 'process-down' },
  ])('$says: $expected', ({ seen, changes, expected }) => {
    expect(classesOf(seen, changes)[0]).toBe(expected);
  });

  test.each([
    { line: ENDED, is: true },
    { line: 'supervisor: orders ended: signal SIGKILL', is: false },
  ])('$line: why is open: $is', ({ line, is }) => {
    expect(endsUnexplained(sceneOf([said(line), GONE], []))).toBe(is);
  });
});

function trace(frame: string): string[] {
  return [
    'Traceback (most recent call last):',
    frame,
    '    run()',
    '  File "/app/orders/journal.py", line 55, in replay',
    '    int(parts[2])',
    "ValueError: invalid literal for int() with base 10: 'EUR 12'",
  ];
}

describe('an error of its own code at its start', () => {
  const AT_START = said(...trace('  File "/app/orders/main.py", line 9, in <module>'));
  const ASKED = said(...trace('  File "/app/orders/server.py", line 9, in handle'));
  const CODE = { path: 'orders/journal.py', patch: '@@ -55 +55 @@\n+int(parts[2])\n' };
  test.each([
    { says: 'with no change of late: what it reads', seen: [AT_START, GONE], changes: [], expected: 'process-down' },
    { says: 'with a change of that line', seen: [AT_START, GONE], changes: [CODE], expected: 'code-error' },
    { says: 'while it answers', seen: [AT_START, WELL], changes: [], expected: 'code-error' },
    { says: 'for a request', seen: [ASKED, GONE], changes: [], expected: 'code-error' },
  ])('$says: $expected', ({ seen, changes, expected }) => {
    expect(classesOf(seen, changes)[0]).toBe(expected);
  });
});

function started(service: Service, at: number): Observation {
  const metric = 'process_start_time_seconds';
  const first = Date.parse('2026-01-01T02:00:05Z') / 1_000;
  return metricAnswer(metric, [seriesOf(metric, (index) => first + (index >= at ? at : -100) * 15)], service);
}

describe('another answers than the one that is asked', () => {
  const LEDGER = { ...SERVICE, name: 'ledger' };
  const CALLER = { ...SERVICE, dependsOn: ['ledger'] };
  const served = (until: number) =>
    metricAnswer(
      'http_requests_total',
      [
        counterOf('http_requests_total', (index) => (index < until ? 3 : 0), {
          handler: '/balance',
          method: 'GET',
          status: '2xx',
        }),
        counterOf('http_requests_total', () => 9, { handler: '/health', method: 'GET', status: '2xx' }),
      ],
      LEDGER,
    );
  const REFUSED = said(
    'Traceback (most recent call last):',
    '  File "/app/orders/http_client.py", line 34, in send',
    '    raise refusal(text)',
    'orders.http_client.Refused: ledger answered 404 to GET /balance: unknown_resource',
  );
  const CODE = { path: 'orders/http_client.py', patch: '@@ -34 +34 @@\n+raise refusal(text)\n' };
  const NEVER = 999;
  test.each([
    { says: 'it was started anew', own: 287, theirs: NEVER, until: 287, changes: [], is: true },
    { says: 'it was not started', own: NEVER, theirs: NEVER, until: 287, changes: [], is: false },
    { says: 'the other was started too', own: 287, theirs: 287, until: 287, changes: [], is: false },
    { says: 'the other goes on ending such requests', own: 287, theirs: NEVER, until: NEVER, changes: [], is: false },
    { says: 'a change of its code stands out', own: 287, theirs: NEVER, until: 287, changes: [CODE], is: false },
  ])('$says: a setting: $is', ({ own, theirs, until, changes, is }) => {
    const seen = [REFUSED, WELL, started(CALLER, own), started(LEDGER, theirs), served(until)];
    expect(classesOf(seen, changes, CALLER, [LEDGER])[0]).toBe(is ? 'bad-config' : 'code-error');
  });
});
