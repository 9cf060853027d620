/** What the ranking is given: candidates, rollouts, the revision that runs, causes outside, origins and definitions. */
import { expect, test } from 'vitest';
import type { Service } from '../domain/service.ts';
import type { ChangeEvent, Observation, RepositoryState, Telemetry } from '../domain/telemetry.ts';
import { calleesOf, candidatesOf, neighboursOf } from './candidates.ts';
import { commitOf, hunk, ONSET } from './commits/commit.test-helper.ts';
import { identifiers } from './commits/identifiers.ts';
import { outsideCauses } from './commits/outside.ts';
import type { AnalysisContext } from './context.ts';
import { definitionFrames } from './definitions.ts';
import { deploysOf, rolloutsOf, withDeployed } from './deploys.ts';
import { changesTold, factsOf } from './history-facts.ts';
import { constantPart, origins } from './origins.ts';
import { observeTelemetry } from './producers.ts';
import { tellingOf } from './telling.ts';
import { serviceOf } from './world.test-helper.ts';

const api = serviceOf('api', { repositoryPath: '/repo/apps/api', dependsOn: ['store'] });
const store = serviceOf('store', { repositoryPath: '/repo/apps/store', dependsOn: ['disk'] });
const disk = serviceOf('disk', { repositoryPath: '/other' });
const shop = serviceOf('shop', { repositoryPath: '/repo/apps/shop', dependsOn: ['api'] });
const mail = serviceOf('mail', { repositoryPath: '/repo/apps/mail' });
const registry = { services: [api, disk, mail, shop, store] };
const before = (minutes: number) => new Date(Date.parse(ONSET) - minutes * 60_000).toISOString();
const context: AnalysisContext = {
  alerts: [],
  service: api,
  registered: true,
  registry,
  window: { from: before(60), to: before(-10) },
  openedAt: ONSET,
  provisionalOnset: ONSET,
  digest: (text) => text.slice(0, 8),
};
const state: RepositoryState = {
  root: '/repo',
  head: 'f'.repeat(40),
  deployedRevision: 'f'.repeat(40),
  deployedFrom: 'head',
  servicePath: 'apps/api',
  shallow: false,
};
function answered(question: Observation['question'], telemetry: Partial<Telemetry>): Observation {
  return { question, answer: { source: 'test', query: 'q', telemetry, gaps: [] } };
}
function historyOf(service: Service, commits: Telemetry['commits'], repository = state): Observation {
  const range = { since: before(9_999), until: before(-10), maxCommits: 50 };
  return answered({ kind: 'history', service, scope: 'repository', ...range }, { commits, repository });
}
const change = (index: number, path: string) => commitOf(index, path, hunk('-a', '+b'));
const eventsAnswer = (...events: ChangeEvent[]) =>
  answered({ kind: 'events', service: api, ...context.window }, { events });

test('neighbours are what is called and what calls, two hops away', () => {
  expect(calleesOf(api, registry)).toEqual(['store', 'disk']);
  expect(neighboursOf(api, registry).toSorted()).toEqual(['disk', 'shop', 'store']);
});

test.each([
  { path: 'apps/api/src/a.ts', nearness: 1, of: 'api' },
  { path: 'apps/store/src/a.ts', nearness: 0.3, of: 'store' },
  { path: 'apps/shop/src/a.ts', nearness: 0.3, of: 'shop' },
  { path: 'packages/pool/index.ts', nearness: 0.3, of: 'api' },
  { path: 'apps/mail/src/a.ts', nearness: undefined, of: undefined },
])('a change of $path is as near as $nearness', ({ path, nearness, of }) => {
  const commit = change(1, path);
  const found = candidatesOf([historyOf(api, [commit])], context, []);
  expect(found?.nearness.get(commit.hash)).toBe(nearness);
  expect(found?.serviceOf.get(commit.hash)).toBe(of);
});

test('changes in repositories of their own are candidates of what is called, not of a stranger', () => {
  const other = { ...state, root: '/other', servicePath: '' };
  const observations = [
    historyOf(api, []),
    historyOf(disk, [change(2, 'a.go')], other),
    historyOf(mail, [change(3, 'a.go')], { ...other, root: '/mail' }),
  ];
  expect(candidatesOf(observations, context, [])?.neighbours.map(({ repository }) => repository.root)).toEqual([
    '/other',
  ]);
});

test.each([
  { says: 'a metric', series: true, labels: {}, tags: [], from: 'metric' },
  {
    says: "an alert's label of a cluster",
    series: false,
    labels: { app_kubernetes_io_version: '02ababa' },
    tags: [],
    from: 'alert',
  },
  { says: 'the alert', series: false, labels: { image: 'registry.local/api:02ababab' }, tags: [], from: 'alert' },
  { says: 'the last tag before the start', series: false, labels: {}, tags: [30], from: 'tag' },
  { says: 'nothing: then the head is taken', series: false, labels: {}, tags: [], from: 'head' },
])('the revision that runs is learnt from $says', ({ series, labels, tags, from }) => {
  const commit = change(2, 'apps/api/a.ts');
  const metric = (name: string, points: { at: string; value: number }[], more = {}): Observation =>
    answered(
      { kind: 'metric', service: api, metric: name, labels: {}, ...context.window, stepSeconds: 15 },
      { series: [{ metric: name, labels: more, points }] },
    );
  const observations = [
    ...(series ? [metric('api_build_info', [{ at: before(5), value: 1 }], { revision: commit.hash.slice(0, 9) })] : []),
    metric('process_start_time_seconds', [{ at: before(5), value: Date.parse(before(10)) / 1000 }]),
    ...tags.map((minutes) =>
      eventsAnswer({ at: before(minutes), kind: 'tag', service: null, name: 'v2', revision: commit.hash, text: 'v2' }),
    ),
  ];
  const alert = {
    status: 'firing' as const,
    labels,
    annotations: {},
    startsAt: ONSET,
    fingerprint: 'f',
    format: 'x',
    receivedAt: ONSET,
  };
  const found = withDeployed(state, [commit], observations, { ...context, alerts: [alert] });
  expect(found).toMatchObject({ deployedFrom: from, deployedRevision: from === 'head' ? state.head : commit.hash });
});

test('a revision that changes while it is watched is a rollout, with what ran before', () => {
  const points = (from: number, to: number) => [from, to].map((minutes) => ({ at: before(minutes), value: 1 }));
  const question = {
    kind: 'metric' as const,
    service: api,
    metric: 'build_info',
    labels: {},
    ...context.window,
    stepSeconds: 15,
  };
  const series = [
    { metric: 'build_info', labels: { revision: 'aaaaaaa' }, points: points(50, 20) },
    { metric: 'build_info', labels: { revision: 'bbbbbbb' }, points: points(19, 0) },
  ];
  expect(rolloutsOf([answered(question, { series })], context)).toMatchObject([
    { at: before(19), kind: 'deploy', service: 'api', revision: 'bbbbbbb', previousRevision: 'aaaaaaa' },
  ]);
});

test('a start that the log tells of is a rollout to the second, and one that no metric had seen too', () => {
  const [older, newer] = [3, 1].map((index) => change(index, 'apps/api/a.ts').hash);
  const question = { kind: 'metric' as const, service: api, metric: 'build_info', labels: {}, stepSeconds: 15 };
  const seen = (revision: string | undefined, from: number, to: number) => ({
    metric: 'build_info',
    labels: { revision: revision ?? '' },
    points: [from, to].map((minutes) => ({ at: before(minutes), value: 1 })),
  });
  const measured = answered({ ...question, ...context.window }, { series: [seen(older, 50, 9), seen(newer, 6, 0)] });
  const told = answered(
    { kind: 'logs', service: api, ...context.window, maxLines: 100 },
    { logLines: [{ at: before(8), stream: 's', text: `listening revision=${newer}` }] },
  );
  const history = historyOf(api, [change(1, 'apps/api/a.ts'), change(3, 'apps/api/a.ts')]);
  const times = (...observations: Observation[]) =>
    rolloutsOf(observations, context).map(({ at, previousRevision }) => [at, previousRevision]);
  expect(times(measured, history)).toEqual([[before(6), older]]);
  expect(times(measured, history, told)).toEqual([[before(8), older]]);
  const earlier = answered(
    { kind: 'logs', service: api, ...context.window, maxLines: 100 },
    { logLines: [{ at: before(40), stream: 's', text: `api ${older} started` }] },
  );
  expect(times(earlier, told, history)).toEqual([[before(8), older]]);
});

test.each([
  { says: 'a newer one than what ran until it was gone', registered: 1, until: 5, came: true },
  { says: 'a newer one while the older still runs', registered: 1, until: -10, came: false },
  { says: 'what ran until it was gone', registered: 3, until: 5, came: false },
  { says: 'an older one than what ran', registered: 4, until: 5, came: false },
])('a deploy that never came up is known where the registry names $says: $came', ({ registered, until, came }) => {
  const commits = [1, 3, 4].map((index) => change(index, 'apps/api/a.ts'));
  const [newer, running] = commits;
  const deployed = commits.find(({ subject }) => subject === `change ${registered}`);
  const question = { kind: 'metric' as const, service: api, metric: 'build_info', labels: {}, stepSeconds: 15 };
  const points = [50, until].map((minutes) => ({ at: before(minutes), value: 1 }));
  const series = [{ metric: 'build_info', labels: { revision: running?.hash ?? '' }, points }];
  const observations = [
    answered({ ...question, ...context.window }, { series }),
    historyOf(api, commits, {
      ...state,
      deployedRevision: deployed?.hash ?? '',
      deployedFrom: 'registry',
    }),
  ];
  expect(
    rolloutsOf(observations, context).map(({ at, revision, previousRevision }) => [at, revision, previousRevision]),
  ).toEqual(came ? [[before(until), newer?.hash, running?.hash]] : []);
});

test.each([
  { says: 'the same commit, ran before and after', labels: { revision: 'aaaaaaa' }, from: 40, isDeploy: false },
  { says: 'a commit, is first seen after the start', labels: { revision: 'aaaaaaa' }, from: 9, isDeploy: true },
  { says: 'a version that nobody raises, stayed', labels: { version: '1.0.0' }, from: 40, isDeploy: true },
])('a start counts as a deploy where what it says, $says: $isDeploy', ({ labels, from, isDeploy }) => {
  const started = before(10);
  const asked = (name: string, more: Record<string, string>, values: [number, number][]) =>
    answered(
      { kind: 'metric', service: api, metric: name, labels: {}, ...context.window, stepSeconds: 15 },
      { series: [{ metric: name, labels: more, points: values.map(([at, value]) => ({ at: before(at), value })) }] },
    );
  const observations = [
    asked('build_info', labels, [
      [from, 1],
      [1, 1],
    ]),
    asked('process_start_time_seconds', {}, [[8, Date.parse(started) / 1000]]),
  ];
  expect(deploysOf(observations, context, ONSET).deployedAt).toBe(isDeploy ? started : undefined);
});

test.each([
  { says: 'a label', labels: { deployed_at: before(7) }, annotations: {}, minutes: 7 },
  { says: 'an annotation', labels: {}, annotations: { lastDeploy: before(9) }, minutes: 9 },
  { says: 'seconds', labels: { deploy_time: String(Date.parse(before(11)) / 1000) }, annotations: {}, minutes: 11 },
  { says: 'no time at all', labels: { deployed_at: 'yesterday' }, annotations: {}, minutes: undefined },
])('without a start the time of the deploy is what the alert tells: $says', ({ labels, annotations, minutes }) => {
  const alert = { status: 'firing' as const, startsAt: ONSET, fingerprint: 'f', format: 'x', receivedAt: ONSET };
  const alerts = [{ ...alert, labels, annotations }] as AnalysisContext['alerts'];
  const told = minutes === undefined ? undefined : before(minutes);
  expect(deploysOf([], { ...context, alerts }, ONSET).deployedAt).toBe(told);
});

test.each([
  ['shop_build_info', { git_commit: 'aaaaaaa' }, true],
  ['target_info', { service_version: 'aaaaaaa' }, true],
  ['application_info', { commit_id: 'aaaaaaa' }, true],
  ['nodejs_version_info', { version: 'aaaaaaa' }, false],
  ['items_total', { version: 'aaaaaaa' }, false],
])('%s with %j tells what runs: %s', (metric, labels, tells) => {
  const question = { kind: 'metric' as const, service: api, metric, labels: {}, ...context.window, stepSeconds: 15 };
  const first = { metric, labels, points: [{ at: before(30), value: 1 }] };
  const next = {
    metric,
    labels: { ...labels, [Object.keys(labels)[0] ?? '']: 'bbbbbbb' },
    points: [{ at: before(3), value: 1 }],
  };
  const rollouts = rolloutsOf([answered(question, { series: [first, next] })], context);
  expect(rollouts.map(({ revision, previousRevision }) => [previousRevision, revision])).toEqual(
    tells ? [['aaaaaaa', 'bbbbbbb']] : [],
  );
});

const logged = (service: Service, ...texts: string[]) =>
  answered(
    { kind: 'logs', service, ...context.window, maxLines: 100 },
    { logLines: texts.map((text, index) => ({ at: before(-1 - index / 60), stream: 's', text })) },
  );
const line = (msg: string, more = {}) => JSON.stringify({ level: 'error', msg, ...more });
const kindsOf = (...observations: Observation[]) =>
  outsideCauses(observeTelemetry(observations, context), observations, context, ONSET).map(({ kind }) => kind);

test.each<{ says: string; texts: string[]; kinds: string[] }>([
  { says: 'a name that is not resolved', texts: [line('getaddrinfo ENOTFOUND db.internal')], kinds: ['name service'] },
  { says: 'a certificate that ran out', texts: [line('x509: certificate has expired')], kinds: ['certificate'] },
  { says: "somebody else's host", texts: [line('POST https://api.payments.com/v1 returned 503')], kinds: ['provider'] },
  { says: 'a neighbour of ours', texts: [line('POST http://store/v1 returned 503')], kinds: [] },
  { says: 'a killed process', texts: [line('OOMKilled'), line('connect ECONNREFUSED 10.0.0.1:80')], kinds: [] },
  { says: 'a full disk, which something filled', texts: [line('write: no space left on device')], kinds: [] },
  { says: 'a time limit of our own', texts: [line('context deadline exceeded')], kinds: [] },
  {
    says: 'one record again and again',
    texts: Array.from({ length: 8 }, () => line('invalid latitude', { record_id: 'geo-77', offset: 1488 })),
    kinds: ['poison data'],
  },
  {
    says: 'many records once each',
    texts: Array.from({ length: 8 }, (_, index) => line('invalid latitude', { record_id: `geo-${index}` })),
    kinds: [],
  },
])('$says: outside is $kinds', ({ texts, kinds }) => {
  expect(kindsOf(logged(api, ...texts))).toEqual(kinds);
});

test.each([
  { says: 'in trouble at the onset', minutes: 5, text: 'major outage', kinds: ['provider'] },
  { says: 'in trouble long before', minutes: 600, text: 'major outage', kinds: [] },
  { says: 'well', minutes: 5, text: 'operational', kinds: [] },
])('a provider that says it is $says: $kinds', ({ minutes, text, kinds }) => {
  expect(kindsOf(eventsAnswer({ at: before(minutes), kind: 'status', service: null, name: 'cloud', text }))).toEqual(
    kinds,
  );
});

test.each([
  {
    template: 'check of <*> failed: no quota left',
    sample: 'check of 7 failed: no quota left',
    part: 'failed: no quota left',
  },
  { template: '<*> <*>', sample: '1 2', part: undefined },
  { template: 'failed to open the ledger', sample: 'something else', part: undefined },
])('the constant part of "$template" is $part', ({ template, sample, part }) => {
  expect(constantPart(template, sample)).toBe(part);
});

const grepped = (text: string, ...matches: { path: string; line: number; text: string }[]) =>
  answered({ kind: 'grep', service: api, revision: 'HEAD', text, paths: [], maxMatches: 10 }, { matches });

const at = (path: string) => ({ path, line: 3, text: 'throw new Error("no quota left")' });
test('a text that is written in one place comes from there; in many, or in tests, from nowhere', () => {
  expect(origins([grepped('no quota left', at('src/a.ts'), at('src/a.test.ts'))], 'api')).toMatchObject([
    { path: 'src/a.ts', line: 3 },
  ]);
  expect(origins([grepped('no quota left', at('a.ts'), at('b.ts'), at('c.ts'))], 'api')).toEqual([]);
});

test.each([
  { text: 'export async function priceOf(item) {', is: true },
  { text: 'def priceOf(item):', is: true },
  { text: 'func (s *Store) priceOf(item Item) int {', is: true },
  { text: '  public int priceOf(Item item) {', is: true },
  { text: '  return priceOf(item);', is: false },
  { text: '// priceOf is called later', is: false },
])('"$text" defines what it names: $is', ({ text, is }) => {
  const frames = definitionFrames([grepped('priceOf', { path: 'src/p.ts', line: 9, text })], 'api', ['priceOf']);
  expect(frames).toEqual(is ? [{ path: 'src/p.ts', line: 9, function: 'priceOf', depth: 1 }] : []);
});

test('the mark of a secret that was taken out is no name in the code', () => {
  expect(identifiers('const jar = cookie("[redacted:session]", redacted)')).toEqual(['jar', 'cookie', 'redacted']);
  expect(identifiers('token: [redacted:api-key]')).toEqual(['token']);
});

test('settings, packages and migrations of the last days are facts; older and empty changes are none', () => {
  const commits = [
    commitOf(1, 'package.json', hunk('-"express": "4.0.0"', '+"express": "5.0.0"')),
    commitOf(2, 'db/migrations/0042.sql', hunk('+ALTER TABLE t')),
    commitOf(3, 'config/prod.yaml', hunk('-# a', '+# b')),
    commitOf(100, 'config/old.yaml', hunk('-a: 1', '+a: 2')),
  ];
  const { changes } = factsOf(commits, [], ONSET);
  expect(changes?.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
    'dependency express',
    'migration db/migrations/0042.sql',
  ]);
  expect(changesTold(changes)).toBe(
    '; among the changes of the last 3 days: express 4.0.0 → 5.0.0 and the migration db/migrations/0042.sql',
  );
});

test('a log line tells its sentences and its own fields, not what each line carries', () => {
  const text = JSON.stringify({
    time: ONSET,
    level: 'error',
    trace_id: 'ab12',
    msg: 'no slot',
    pool: 'orders',
    route: '/x',
  });
  expect(tellingOf(text)).toEqual({ speech: 'no slot', all: 'no slot\npool orders' });
  expect(tellingOf('plain words').speech).toBe('plain words');
});
