/** A bundle in the place of all sources. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { BundleManifest } from '../../domain/bundle.ts';
import type { Question } from '../../domain/question.ts';
import { type Service, unregisteredService } from '../../domain/service.ts';
import { Answer, type LogLine, type Observation, type Series } from '../../domain/telemetry.ts';
import { bundled } from './bundled.ts';
import { bundledRepository } from './bundled-repository.ts';
import { git } from './git.ts';
import { questionOf, WINDOW } from './source-contract.ts';

const SERVICE = unregisteredService('orders');

function manifest(holds: 'run' | 'recording'): BundleManifest {
  return BundleManifest.parse({
    schema: 'incident-bundle/1',
    incident: {
      id: 'INC-1',
      status: 'investigating',
      severity: 'warning',
      title: 't',
      groupKey: 'g',
      openedAt: WINDOW.from,
      startedAt: WINDOW.from,
    },
    run: {
      id: 'r',
      pipelineId: '3FA9C21B',
      incidentId: 'INC-1',
      status: 'done',
      reason: 'alert',
      attempt: 1,
      createdAt: WINDOW.to,
    },
    window: WINDOW,
    versions: { agent: '0', rules: '1' },
    holds,
  });
}

function sourceOf(holds: 'run' | 'recording', observations: readonly Observation[]) {
  return bundled({ bundle: { manifest: manifest(holds), observations } });
}

function at(minute: number): string {
  return new Date(Date.parse(WINDOW.from) + minute * 60_000).toISOString();
}

function observation(question: Question, telemetry: Answer['telemetry'], gaps: Answer['gaps'] = []): Observation {
  return { question, answer: { source: 'somewhere', query: 'as it was asked', telemetry, gaps } };
}

function ask(source: ReturnType<typeof bundled>, question: Question): Promise<Answer> {
  return source.ask(question, AbortSignal.timeout(10_000));
}

const GAP = { source: 'loki', query: 'q', reason: 'timeout', detail: 'late', unknown: 'lines' } as const;
const LOGS = observation(questionOf('logs', SERVICE), { logLines: [{ stream: 's', text: 'one' }] }, [GAP]);

describe('of a run', () => {
  test('what was asked is answered as it was, gaps included', async () => {
    expect(await ask(sourceOf('run', [LOGS]), questionOf('logs', SERVICE))).toEqual(LOGS.answer);
  });

  test.each([
    {
      says: 'another service',
      question: questionOf('logs', unregisteredService('ledger')),
      unknown: 'log lines of ledger',
    },
    {
      says: 'another window',
      question: { ...questionOf('logs', SERVICE), from: at(1) },
      unknown: 'log lines of orders',
    },
    { says: 'another kind', question: questionOf('targets', SERVICE), unknown: 'whether the scraper sees orders' },
  ])('what was not asked is a gap that says so: $says', async ({ question, unknown }) => {
    expect(await ask(sourceOf('run', [LOGS]), question)).toMatchObject({
      telemetry: {},
      gaps: [{ source: 'bundle', reason: 'not-found', detail: `this bundle does not hold ${unknown}`, unknown }],
    });
  });

  test('asked when it is too late, it says so and claims nothing', async () => {
    const answer = await sourceOf('run', [LOGS]).ask(questionOf('logs', SERVICE), AbortSignal.abort());
    expect(answer).toMatchObject({ telemetry: {}, gaps: [{ reason: 'timeout' }] });
  });
});

test('code of a service whose registry names no repository is the gap that it always is', async () => {
  for (const holds of ['run', 'recording'] as const) {
    const answer = await ask(sourceOf(holds, []), questionOf('history', SERVICE));
    expect(answer).toMatchObject({ source: 'git', telemetry: {}, gaps: [{ source: 'git', reason: 'not-configured' }] });
  }
  const answer = await ask(sourceOf('run', []), questionOf('history', orders()));
  expect(answer.gaps).toMatchObject([{ source: 'bundle', reason: 'not-found' }]);
});

function series(name: string, labels: Record<string, string>, minutes: readonly number[]): Series {
  return { metric: name, labels, points: minutes.map((minute) => ({ at: at(minute), value: minute })) };
}
function metric(name: string, more: object = {}): Question {
  return { ...questionOf('metric', SERVICE), metric: name, ...more } as Question;
}

describe('of a recording, metrics', () => {
  const held = [
    observation(metric('http_requests_total'), {
      series: [
        series('http_requests_total', { status: '5xx' }, [1, 2, 3]),
        series('http_requests_total', { status: '2xx' }, [0, 1, 2, 3, 4]),
      ],
    }),
    observation(metric('up'), { series: [series('up', {}, [4])] }),
    observation(metric('build_info'), { series: [] }),
  ];
  const source = sourceOf('recording', held);

  test('are cut to the window and narrowed by their labels', async () => {
    const answer = await ask(
      source,
      metric('http_requests_total', { labels: { status: '2xx' }, from: at(1), to: at(3) }),
    );
    expect(answer.telemetry.series).toEqual([series('http_requests_total', { status: '2xx' }, [1, 2, 3])]);
    expect(answer).toMatchObject({ source: 'somewhere', query: expect.stringContaining('status="2xx"'), gaps: [] });
  });

  test('come in the order of their labels, without those that have no sample in the window', async () => {
    const all = await ask(source, metric('http_requests_total', { stepSeconds: 5 }));
    expect(all.telemetry.series?.map(({ labels }) => labels.status)).toEqual(['2xx', '5xx']);
    const late = await ask(source, metric('http_requests_total', { from: at(4) }));
    expect(late.telemetry.series?.map(({ labels }) => labels.status)).toEqual(['2xx']);
  });

  test('that were recorded in parts are put together, each sample once', async () => {
    const parts = [
      observation(metric('up', { to: at(2) }), { series: [series('up', {}, [0, 1, 2])] }),
      observation(metric('up', { from: at(2) }), { series: [series('up', {}, [2, 3])] }, [GAP]),
    ];
    const answer = await ask(sourceOf('recording', parts), metric('up'));
    expect(answer.telemetry.series).toEqual([series('up', {}, [0, 1, 2, 3])]);
    expect(answer.gaps).toEqual([GAP]);
  });

  test('that nobody had are none, where others of the service were seen', async () => {
    expect(await ask(source, metric('jvm_threads'))).toMatchObject({ telemetry: { series: [] }, gaps: [] });
  });

  test('of a service of which nothing was recorded are a gap', async () => {
    const answer = await ask(source, { ...metric('up'), service: unregisteredService('ledger') });
    expect(answer).toMatchObject({ telemetry: {}, gaps: [{ reason: 'not-found', source: 'bundle' }] });
  });

  test('that could not be seen then cannot be seen now, whatever the window', async () => {
    const blind = sourceOf('recording', [observation(metric('up'), {}, [GAP])]);
    expect(await ask(blind, metric('up', { from: at(1) }))).toMatchObject({ telemetry: {}, gaps: [GAP] });
  });

  test('are named where they have a sample in the window', async () => {
    const all = { kind: 'metric-names' as const, service: SERVICE, ...WINDOW };
    expect((await ask(source, all)).telemetry.metricNames).toEqual(['http_requests_total', 'up']);
    expect((await ask(source, { ...all, from: at(5) })).telemetry.metricNames).toEqual([]);
  });
});

describe('of a recording, log lines', () => {
  const lines: LogLine[] = [
    { stream: 'a', text: 'a0' },
    { stream: 'a', at: at(1), text: 'a1' },
    { stream: 'a', text: '  of a1' },
    { stream: 'a', at: at(3), text: 'a3' },
    { stream: 'b', at: at(2), text: 'b2' },
    { stream: 'b', at: at(4), text: 'b4' },
    { stream: 'c', text: 'c' },
  ];
  const source = sourceOf('recording', [observation(questionOf('logs', SERVICE), { logLines: lines })]);
  const texts = async (more: object) => {
    const answer = await ask(source, { ...questionOf('logs', SERVICE), ...more });
    return { texts: answer.telemetry.logLines?.map(({ text }) => text), gaps: answer.gaps };
  };

  test('are cut to the window; one without a time goes with the one above it', async () => {
    expect(await texts({ to: at(2) })).toEqual({ texts: ['a0', 'a1', '  of a1', 'b2', 'c'], gaps: [] });
    expect(await texts({ from: at(2), to: at(3) })).toMatchObject({ texts: ['a3', 'b2', 'c'] });
  });

  test('that are more than asked for: the newest are kept, in their order, and the gap counts them', async () => {
    const { texts: kept, gaps } = await texts({ maxLines: 3 });
    expect(kept).toEqual(['a3', 'b2', 'b4']);
    expect(gaps).toMatchObject([
      { reason: 'too-large', detail: `read only the newest 3 of 7 lines, from ${at(3).slice(11, 19)} on` },
    ]);
  });
});

function orders(more: Partial<Service> = {}): Service {
  return { ...SERVICE, repositoryPath: '/srv/shop/services/orders', servicePath: 'services/orders', ...more };
}

function codeQuestions(service: Service): Question[] {
  return [
    { ...questionOf('history', service) },
    questionOf('files', service),
    { kind: 'file-lines', service, path: 'services/orders/main.ts', revision: 'HEAD', fromLine: 1, toLine: 2 },
    { kind: 'blame', service, path: 'services/orders/main.ts', revision: 'HEAD', fromLine: 1, toLine: 2 },
    { kind: 'file-lines', service, path: 'missing.ts', revision: 'HEAD', fromLine: 1, toLine: 2 },
    { kind: 'grep', service, revision: 'HEAD', text: 'start()', paths: [], maxMatches: 5 },
    { kind: 'grep', service, revision: 'HEAD', text: 'stands nowhere', paths: [], maxMatches: 5 },
    { kind: 'diff', service, from: 'HEAD~1', to: 'HEAD', paths: ['services/orders/main.ts'] },
    { kind: 'events', service, from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' },
  ];
}

describe('with its repository', () => {
  let folder: string;
  let top: string;
  const hashes: string[] = [];
  const git$ = (words: string[], where = top): string =>
    execFileSync('git', ['-C', where, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: '/nonexistent',
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'a@example.com',
        GIT_AUTHOR_DATE: `2026-11-2${hashes.length}T10:00:00Z`,
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'a@example.com',
        GIT_COMMITTER_DATE: `2026-11-2${hashes.length}T10:00:00Z`,
      },
    }).trim();

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bundled-test-'));
    mkdirSync(join(folder, 'tmp'));
    // What this test unpacks, and nothing of anybody else's.
    vi.stubEnv('TMPDIR', join(folder, 'tmp'));
    top = join(folder, 'shop');
    mkdirSync(join(top, 'services/orders'), { recursive: true });
    git$(['init', '-q', '-b', 'main']);
    for (const count of [1, 2, 3]) {
      writeFileSync(join(top, 'services/orders/main.ts'), 'start();\n'.repeat(count));
      git$(['add', '-A']);
      git$(['commit', '-q', '-m', `change ${count}`]);
      hashes.push(git$(['rev-parse', 'HEAD']));
    }
    git$(['tag', 'v1', hashes[1] ?? '']);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  const bytesOf = (repository = top) => {
    git$(['bundle', 'create', '-q', join(folder, 'x.bundle'), 'HEAD', '--all'], repository);
    return readFileSync(join(folder, 'x.bundle'));
  };
  test('every question of code is answered as the repository itself would, under the path of the registry', async () => {
    await using repository = bundledRepository({ bytes: bytesOf(), shallow: [] });
    const source = bundled({ bundle: { manifest: manifest('run'), observations: [] }, repository: repository.source });
    for (const question of codeQuestions(orders())) {
      const real = { ...question, service: orders({ repositoryPath: join(top, 'services/orders') }) };
      const expected = JSON.stringify(await git().ask(real, AbortSignal.timeout(10_000))).replaceAll(top, '/srv/shop');
      const answer = await ask(source, question);
      expect(JSON.stringify(Answer.parse(answer))).toBe(JSON.stringify(Answer.parse(JSON.parse(expected))));
    }
  });

  test('nothing tells where it was unpacked, and nothing stays there', async () => {
    const before = scratchFolders();
    {
      await using repository = bundledRepository({ bytes: bytesOf(), shallow: [] });
      const answers = await Promise.all(
        codeQuestions(orders()).map((one) => repository.source.ask(one, AbortSignal.timeout(10_000))),
      );
      expect(JSON.stringify(answers)).not.toContain(tmpdir());
      expect(scratchFolders().length).toBe(before.length + 1);
    }
    expect(scratchFolders()).toEqual(before);
  });

  test('asked after it was closed, nothing is unpacked that nobody would remove', async () => {
    const before = scratchFolders();
    const repository = bundledRepository({ bytes: bytesOf(), shallow: [] });
    await repository[Symbol.asyncDispose]();
    await expect(repository.source.ask(questionOf('history', orders()), AbortSignal.timeout(10_000))).rejects.toThrow(
      'closed',
    );
    expect(scratchFolders()).toEqual(before);
  });

  test('the revision that ran then is the one of the registry, but a file of this machine says nothing', async () => {
    await using repository = bundledRepository({ bytes: bytesOf(), shallow: [] });
    const standing = async (deployedRevision: string) =>
      (await repository.source.ask(questionOf('files', orders({ deployedRevision })), AbortSignal.timeout(10_000)))
        .telemetry.repository;
    expect(await standing('v1')).toMatchObject({
      deployedRevision: hashes[1],
      deployedFrom: 'registry',
      head: hashes[2],
    });
    writeFileSync(join(folder, 'REVISION'), hashes[0] ?? '');
    expect(await standing(`file:${join(folder, 'REVISION')}`)).toMatchObject({ deployedFrom: 'head' });
  });

  test('the folder of the service is found below the root that the manifest names', async () => {
    await using repository = bundledRepository({ bytes: bytesOf(), shallow: [], root: '/srv/shop' });
    const { servicePath: _, ...service } = orders();
    const answer = await repository.source.ask(questionOf('history', service), AbortSignal.timeout(10_000));
    expect(answer.telemetry.repository).toMatchObject({ root: '/srv/shop', servicePath: 'services/orders' });
    expect(answer.telemetry.commits).toHaveLength(3);
  });

  test('a shallow history is shallow again, and its edge is told', async () => {
    const shallowClone = join(folder, 'shallow');
    git$(['clone', '-q', '--depth', '1', `file://${top}`, shallowClone]);
    const shallow = readFileSync(join(shallowClone, '.git/shallow'), 'utf8').trim().split('\n');
    await using repository = bundledRepository({ bytes: bytesOf(shallowClone), shallow });
    const answer = await repository.source.ask(questionOf('history', orders()), AbortSignal.timeout(10_000));
    expect(answer.telemetry.repository).toMatchObject({ shallow: true });
    expect(answer.telemetry.commits?.map(({ hash }) => hash)).toEqual([hashes[2]]);
    expect(answer.gaps).toMatchObject([{ detail: expect.stringContaining('shallow') }]);
  });

  test.each([
    { says: 'nonsense', bytes: new Uint8Array([1, 2, 3]) },
    { says: 'a pack that is cut off', bytes: undefined },
  ])('$says is a gap of every question of code, and nothing stays behind', async ({ bytes }) => {
    const before = scratchFolders();
    const whole = bytesOf();
    await using repository = bundledRepository({ bytes: bytes ?? whole.subarray(0, whole.length - 30), shallow: [] });
    for (const question of codeQuestions(orders())) {
      const answer = await repository.source.ask(question, AbortSignal.timeout(10_000));
      expect(answer).toMatchObject({
        telemetry: {},
        gaps: [{ reason: 'malformed', detail: expect.stringMatching(/^repository\.bundle cannot be read/) }],
      });
      expect(JSON.stringify(answer)).not.toContain(tmpdir());
    }
    expect(scratchFolders()).toEqual(before);
  });
});

function scratchFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('incident-bundle-'));
}
