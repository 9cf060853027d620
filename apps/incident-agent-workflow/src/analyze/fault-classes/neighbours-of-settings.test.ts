/** Settings and what looks like them: a wait for a debugger, a port of another, paths, servers of another kind, quotas. */
import { describe, expect, test } from 'vitest';
import type { Service } from '../../domain/service.ts';
import type { Observation } from '../../domain/telemetry.ts';
import type { Feature } from '../commits/feature-names.ts';
import { alertSaying, logAnswer, metricAnswer, SERVICE, seriesOf } from '../metrics/observations.test-helper.ts';
import { isIncident, linesAt, probeAnswer, sceneFrom } from '../scene.test-helper.ts';
import { BLAMED, classesIn, withSuspect } from './suspect.test-helper.ts';
import { TEXTS } from './texts.ts';

const TALK = linesAt(
  Array.from({ length: 100 }, (_none, index) => index * 3),
  '{"level":"info","msg":"still here"}',
);
const GONE = probeAnswer('health', { failure: 'refused' });
const WELL = probeAnswer('health', { httpStatus: 200 });
const ENDED = 'supervisor: orders ended: exit code 1';
const AT_8002: Service = { ...SERVICE, healthUrl: 'http://orders:8002/health', dependsOn: ['mongodb', 'payments'] };

function said(...lines: readonly string[]): Observation {
  return logAnswer([...TALK, ...[290, 300, 310].flatMap((index) => lines.flatMap((line) => linesAt([index], line)))]);
}
function gauge(metric: string, valueAt: (index: number) => number): Observation {
  return metricAnswer(metric, [seriesOf(metric, valueAt, { dependency: 'payments' })], AT_8002);
}
/** The process that answers from `at` on was started there. */
function started(at: number): Observation {
  const metric = 'process_start_time_seconds';
  const first = Date.parse('2026-01-01T02:00:05Z') / 1_000;
  return metricAnswer(metric, [seriesOf(metric, (index) => first + (index >= at ? at : -100) * 15)], AT_8002);
}

interface Changed {
  readonly path: string;
  readonly patch: string;
}
const DEPLOYED: Feature = { name: 'deploy-proximity', value: 1 };

function classOf(seen: readonly Observation[], changes: readonly Changed[] = []): string | undefined {
  const context = { alerts: [alertSaying('ServiceDown')], service: AT_8002, registry: { services: [AT_8002] } };
  const [first] = changes;
  const suspected = { files: changes, features: [BLAMED, DEPLOYED], at: first?.path };
  return classesIn(withSuspect(sceneFrom(seen, context), first && suspected))[0];
}

describe('it waits for somebody who looks inside', () => {
  test.each([
    'Picked up JAVA_TOOL_OPTIONS: -agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=*:5005',
    'Listening for transport dt_socket at address: 5005',
    'Debugger listening on ws://127.0.0.1:9229/0f2c936f-b1cd-4ac9-aab3-f63b0f33d55e',
    'API server listening at: [::]:2345',
    'DEBUGGER: wait for debugger connection...',
    'Waiting for debugger to attach on port 5678',
    'The runtime has been configured to pause during startup and is awaiting a Diagnostics IPC ResumeStartup command',
  ])('%s: a setting', (line) => {
    expect(classOf([said(line), GONE])).toBe('bad-config');
  });

  const INSPECTED = 'Debugger listening on ws://127.0.0.1:9229/0f2c936f';
  test.each([
    { says: 'and goes on', lines: [INSPECTED, 'orders listens on port 8002'], health: GONE, expected: 'process-down' },
    { says: 'and answers', lines: [INSPECTED], health: WELL, expected: undefined },
    {
      says: 'only if asked to',
      lines: ['Picked up JAVA_TOOL_OPTIONS: -agentlib:jdwp=transport=dt_socket,server=y,suspend=n', 'starting'],
      health: GONE,
      expected: 'process-down',
    },
  ])('$says: $expected', ({ lines, health, expected }) => {
    expect(classOf([said(...lines), health])).toBe(expected);
  });
});

describe('a port that is taken', () => {
  const SETTINGS = { path: 'config/settings.ini', patch: '@@ -1 +1 @@\n-port = 8002\n+port = 8007\n' };
  test.each([
    {
      says: 'its own',
      line: 'listen EADDRINUSE: address already in use :::8002',
      changes: [],
      expected: 'process-down',
    },
    { says: 'unsaid', line: 'OSError: [Errno 98] Address already in use', changes: [], expected: 'process-down' },
    {
      says: 'another than it is asked at',
      line: 'Error: listen tcp :8007: bind: address already in use :8007',
      changes: [],
      expected: 'bad-config',
    },
    {
      says: 'a new one in its settings',
      line: 'java.net.BindException: Address already in use',
      changes: [SETTINGS],
      expected: 'bad-config',
    },
  ])('$says: $expected', ({ line, changes, expected }) => {
    expect(classOf([said(line, ENDED), GONE], changes)).toBe(expected);
  });
});

describe('a path that the loader does not find', () => {
  const ALIAS = { path: 'package.json', patch: '@@ -1 +1,2 @@\n+  "imports": { "#parts/*": "./build/parts/*" },\n' };
  const MAIN = { path: 'Procfile', patch: '@@ -1 +1 @@\n-web: node src/main.js\n+web: node dist/main.js\n' };
  const CODE = { path: 'src/a.ts', patch: "@@ -1 +1 @@\n+import { a } from '../build/parts/a.ts';\n" };
  const AWAY =
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/srv/app/build/parts/a.ts' imported from /srv/app/src/a.ts";
  test.each([
    { says: 'given by the settings', line: AWAY, changes: [ALIAS, CODE], expected: 'bad-config' },
    {
      says: 'given by how it is begun',
      line: "Error: Cannot find module '/srv/app/dist/main.js'",
      changes: [MAIN],
      expected: 'bad-config',
    },
    {
      says: 'not offered by the package that the settings name',
      line: `Error [ERR_PACKAGE_PATH_NOT_EXPORTED]: Package subpath './lib/a.js' is not defined by "exports" in /srv/app/node_modules/@shop/kit/package.json`,
      changes: [{ path: 'package.json', patch: '@@ -1 +1,2 @@\n+  "imports": { "#kit/*": "@shop/kit/lib/*.js" },\n' }],
      expected: 'bad-config',
    },
    { says: 'given by the code', line: AWAY, changes: [CODE], expected: 'code-error' },
    {
      says: 'beside other settings',
      line: AWAY,
      changes: [CODE, { path: 'package.json', patch: '@@ -1 +1 @@\n+  "lint": "tools/lint/run.js",\n' }],
      expected: 'code-error',
    },
  ])('$says: $expected', ({ line, changes, expected }) => {
    expect(classOf([said(line, ENDED), GONE], changes)).toBe(expected);
  });
});

describe('no server fits', () => {
  const NONE = 'MongoServerSelectionError: Server selection timed out after 2000 ms';
  const REFUSED = 'MongoServerSelectionError: connect ECONNREFUSED 127.0.0.1:27017';
  const SETTINGS = { path: 'config/settings.json', patch: '@@ -1 +1,2 @@\n+  "replica_set": "shop",\n' };
  const OTHERS = { path: 'config/settings.json', patch: '@@ -1 +1,2 @@\n+  "page_length": 20,\n' };
  test.each([
    { says: 'since it was started with other settings', line: NONE, at: 287, changes: [SETTINGS], is: true },
    { says: 'long after its start', line: NONE, at: 100, changes: [SETTINGS], is: false },
    { says: 'while connections are refused', line: REFUSED, at: 287, changes: [SETTINGS], is: false },
    { says: 'and the settings are of something else', line: NONE, at: 287, changes: [OTHERS], is: false },
    { says: 'and nothing was changed', line: NONE, at: 287, changes: [], is: false },
  ])('$says: a setting: $is', ({ line, at, changes, is }) => {
    expect(classOf([said(`ERROR ${line}`), started(at), WELL], changes)).toBe(is ? 'bad-config' : 'dependency-refused');
  });
});

describe('what it depends on is said to be away', () => {
  const DOWN = gauge('dependency_up', (index) => (isIncident(index) ? 0 : 1));
  test.each([
    { line: 'ERROR unable to verify the first certificate', expected: 'tls-certificate' },
    { line: 'ERROR getaddrinfo ENOTFOUND payments', expected: 'dns' },
    { line: 'ERROR connect ECONNREFUSED 10.0.0.4:8443', expected: 'dependency-refused' },
    { line: 'ERROR something else is odd', expected: 'dependency-refused' },
  ])('$line: $expected', ({ line, expected }) => {
    expect(classOf([said(line), DOWN, WELL])).toBe(expected);
  });
});

describe('connections that are all in use', () => {
  const EMPTY = 'ERROR Timed out while checking out a connection from connection pool';
  const LATE = 'ERROR MongoNetworkTimeoutError: connection 14 to 10.0.0.7:27017 timed out';
  test.each([
    { says: 'most wait for an answer', lines: [LATE, LATE, LATE, LATE], empty: 1, expected: 'timeout-latency' },
    { says: 'most wait for a connection', lines: [LATE], empty: 4, expected: 'pool-exhaustion' },
  ])('$says: $expected', ({ lines, empty, expected }) => {
    const waits = linesAt([292, 302, 312, 315].slice(0, empty), EMPTY);
    const seen = logAnswer([...TALK, ...lines.flatMap((line, index) => linesAt([290 + index * 4], line)), ...waits]);
    expect(classOf([seen, WELL])).toBe(expected);
  });
});

describe('quotas of databases and providers', () => {
  test.each([
    'you are over your space quota, using 513 MB of 512 MB',
    'cannot create a new collection -- already using 500 collections of 500',
    'ERR max daily request limit exceeded. Limit: 10000, Usage: 10000.',
    'Your account or project has exceeded the compute time quota.',
    "User 'orders' has exceeded the 'max_questions' resource (current value: 1000)",
    "The database 'shop' has reached its size quota.",
    'ProvisionedThroughputExceededException: The level of configured provisioned throughput was exceeded',
    'ThrottlingException: Throughput exceeds the current capacity of your table or index',
    'Request rate is large. More Request Units may be needed',
    'You have reached your monthly usage limit',
    'Quota limit for writes per day has been reached',
    'billing hard limit has been reached',
  ])('%s', (line) => {
    expect(TEXTS.rateLimit.test(line)).toBe(true);
  });

  test.each([
    'write failed: disk quota exceeded',
    'EDQUOT: disk quota exceeded, write',
    'exceeded its memory quota of 512 MB',
    'using 100 MB of your quota of 512 MB',
    'quota is 512 MB',
    'monthly report is written',
  ])('no such quota is used up: %s', (line) => {
    expect(TEXTS.rateLimit.test(line)).toBe(false);
  });
});
