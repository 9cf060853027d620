import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { httpClient } from '../../lib/http.ts';
import type { DraftWish, Forge } from '../../remediation-ports.ts';
import { githubForge } from './github.ts';
import { gitlabForge } from './gitlab.ts';
import { localForge } from './local.ts';
import { type BareRepository, bareRepository } from './testing/bare-repository.ts';
import { breachOf } from './testing/github-contract.ts';
import { githubServer } from './testing/github-server.ts';
import { gitlabServer } from './testing/gitlab-server.ts';

const TOKEN = 'token-of-the-test';
const MARKER = '<!-- incident-agent INC-7 2026-11-20T10:00:00.000Z -->';
const BRANCH = 'incident/inc-7-revert-abc';

interface Place {
  readonly repository: BareRepository;
  readonly forge: Forge;
  readonly name: string;
  readonly base: string;
  /** Requests so far; 0 where there are none. */
  calls(): number;
  /** The n-th request is carried out, and its answer is lost. */
  loseAnswer(number: number | undefined): void;
  /** Open drafts, with their descriptions; and whether any of them, or any request ever, is no draft. */
  open(): { body: string; branch: string; isDraft: boolean }[];
  everReady(): boolean;
  closedReasons(): string[];
}

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

function withBase(): { repository: BareRepository; base: string } {
  const repository = bareRepository();
  cleanUps.push(() => repository.remove());
  return { repository, base: repository.push('main', { 'svc/a.ts': 'bad\n', 'svc/old.ts': 'old\n' }, 'begin') };
}

async function github() {
  const { repository, base } = withBase();
  const { server, state } = await githubServer(repository, TOKEN);
  cleanUps.push(() => server[Symbol.asyncDispose]());
  const forge = githubForge({ apiUrl: server.url, http: httpClient({ name: 'GitHub', token: TOKEN }) });
  const place: Place = {
    repository,
    forge,
    base,
    name: 'github:shop/api',
    calls: () => server.calls.length,
    loseAnswer: (number) => {
      server.loseAnswer = number === undefined ? undefined : (_, at) => at === number;
    },
    open: () =>
      state.pulls
        .filter((one) => one.state === 'open')
        .map(({ body, head, draft }) => ({ body, branch: head, isDraft: draft })),
    everReady: () => state.pulls.some(({ draft }) => !draft),
    closedReasons: () => state.comments,
  };
  return { ...place, server, state };
}
async function gitlab() {
  const { repository, base } = withBase();
  const { server, state } = await gitlabServer(repository, TOKEN);
  cleanUps.push(() => server[Symbol.asyncDispose]());
  const forge = gitlabForge({ url: server.url, http: httpClient({ name: 'GitLab', token: TOKEN }) });
  const place: Place = {
    repository,
    forge,
    base,
    name: `${server.url}/shop/api.git`,
    calls: () => server.calls.length,
    loseAnswer: (number) => {
      server.loseAnswer = number === undefined ? undefined : (_, at) => at === number;
    },
    open: () =>
      state.requests
        .filter((one) => one.state === 'opened')
        .map(({ description, source, title }) => ({
          body: description,
          branch: source,
          isDraft: title.startsWith('Draft: '),
        })),
    everReady: () => state.requests.some(({ title }) => !title.startsWith('Draft: ')),
    closedReasons: () => state.notes,
  };
  return { ...place, server, state };
}
async function local(): Promise<Place> {
  const { repository, base } = withBase();
  const own = () =>
    repository
      .git(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/incident/'])
      .split('\n')
      .filter((name) => name !== '');
  return {
    repository,
    forge: localForge(),
    base,
    name: pathToFileURL(repository.path).href,
    calls: () => 0,
    loseAnswer() {},
    open: () =>
      own().map((branch) => ({ branch, body: repository.git(['log', '-1', '--format=%B', branch]), isDraft: true })),
    everReady: () => false,
    closedReasons: () =>
      repository
        .git(['for-each-ref', '--format=%(contents)', 'refs/closed/'])
        .split('\n')
        .filter((line) => line !== ''),
  };
}

function wish(place: Place, change: Partial<DraftWish> = {}): DraftWish {
  const files = [
    { path: 'svc/a.ts', mode: 'file' as const, content: Buffer.from('good\n'), before: Buffer.from('bad\n') },
    { path: 'svc/old.ts', mode: 'file' as const, content: undefined, before: Buffer.from('old\n') },
    { path: 'svc/new.ts', mode: 'file' as const, content: Buffer.from('new\n'), before: undefined },
  ];
  return {
    repository: place.name,
    base: 'main',
    baseCommit: place.base,
    branch: BRANCH,
    title: 'Revert abc',
    body: `${MARKER}\nFirst version.\n`,
    marker: MARKER,
    message: 'Revert abc\n',
    committedAt: '2026-11-20T10:05:00.000Z',
    labels: ['incident'],
    reviewers: ['mira', 'shop/team'],
    files,
    ...change,
  };
}
const within = () => AbortSignal.timeout(20_000);
const put = (place: Place, change: Partial<DraftWish> = {}) => place.forge.put(wish(place, change), within());

describe.each([
  ['github', github],
  ['gitlab', gitlab],
  ['local', local],
] as const)('%s', (_, start) => {
  test('a draft is opened onto the base, with exactly its files, and the base stays', async () => {
    const place: Place = await start();
    expect(await put(place)).toMatchObject({
      state: 'sent',
      receipt: { state: 'opened', branch: BRANCH, url: expect.any(String), draft: true },
    });
    expect(place.open()).toMatchObject([
      { branch: BRANCH, isDraft: true, body: expect.stringContaining('First version.') },
    ]);
    const { git } = place.repository;
    expect(git(['diff', '--name-status', 'main', BRANCH]).split('\n')).toEqual([
      'M\tsvc/a.ts',
      'A\tsvc/new.ts',
      'D\tsvc/old.ts',
    ]);
    expect(git(['show', `${BRANCH}:svc/a.ts`])).toBe('good');
    expect(git(['rev-parse', 'main', `${BRANCH}^`]).split('\n')).toEqual([place.base, place.base]);
  });

  test('asked again it is the same one; another verdict brings it up to date', async () => {
    const place: Place = await start();
    await put(place);
    await put(place);
    expect(place.open()).toHaveLength(1);
    const files = [
      { path: 'svc/a.ts', mode: 'file' as const, content: Buffer.from('better\n'), before: Buffer.from('bad\n') },
    ];
    const again = await put(place, { body: `${MARKER}\nSecond version.\n`, branch: 'incident/inc-7-other-fix', files });
    expect(again).toMatchObject({ state: 'sent' });
    expect(place.open()).toMatchObject([{ body: expect.stringContaining('Second version.') }]);
    const branch = place.open()[0]?.branch ?? '';
    expect(place.repository.git(['diff', '--name-only', 'main', branch])).toBe('svc/a.ts');
  });

  test('whichever answer is lost, a second try ends in one draft', { timeout: 60_000 }, async () => {
    const whole: Place = await start();
    await put(whole);
    expect(whole.open()).toHaveLength(1);
    for (let number = 1; number <= whole.calls(); number += 1) {
      const place: Place = await start();
      place.loseAnswer(number);
      const cut = await put(place);
      // Labels and reviewers are a courtesy: without them the draft stands.
      const isCourtesy = cut.state === 'sent' && JSON.stringify(cut.receipt).includes('not set: ');
      expect(isCourtesy || (cut.state === 'refused' && cut.retryable)).toBe(true);
      place.loseAnswer(undefined);
      expect(await put(place)).toMatchObject({ state: 'sent' });
      expect({ number, open: place.open().length, ready: place.everReady() }).toEqual({
        number,
        open: 1,
        ready: false,
      });
    }
  });

  test('a base that moved on elsewhere does not matter, one that changed the same file does', async () => {
    const place: Place = await start();
    const elsewhere = place.repository.push('main', { 'other.ts': 'x\n' }, 'elsewhere');
    expect(await put(place)).toMatchObject({ state: 'sent' });
    expect(place.repository.git(['rev-parse', `${BRANCH}^`])).toBe(elsewhere);
    const other: Place = await start();
    other.repository.push('main', { 'svc/a.ts': 'changed\n' }, 'the same file');
    expect(await put(other)).toEqual({
      state: 'refused',
      retryable: false,
      error: 'main has moved on and changed svc/a.ts: investigate again',
    });
    expect(other.open()).toEqual([]);
  });

  test('the default branch is never written to, whatever is wished', async () => {
    const place: Place = await start();
    expect(await put(place, { branch: 'main' })).toMatchObject({ state: 'refused', retryable: false });
    expect(place.repository.git(['rev-parse', 'main'])).toBe(place.base);
    expect(place.open()).toEqual([]);
  });

  test('a branch of somebody else is left alone', async () => {
    const place: Place = await start();
    const theirs = place.repository.push(BRANCH, { 'theirs.ts': 'x\n' }, 'their work');
    expect(await put(place)).toMatchObject({ state: 'refused', error: expect.stringContaining('not ours') });
    expect(place.repository.git(['rev-parse', BRANCH])).toBe(theirs);
  });

  test('a draft that somebody has committed to is neither rewritten nor closed', async () => {
    const place: Place = await start();
    await put(place);
    const theirs = place.repository.push(BRANCH, { 'svc/a.ts': 'mine\n' }, 'a hand on it');
    await put(place, { body: `${MARKER}\nSecond version.\n` });
    expect(place.repository.git(['rev-parse', BRANCH])).toBe(theirs);
    const closed = await place.forge.close(wish(place), 'It is over.', within());
    expect(closed).toMatchObject({ state: 'sent', receipt: { state: expect.stringContaining('somebody') } });
    expect(place.open()).toHaveLength(1);
  });

  test('one that nobody touched is closed with the reason, once; one that is not there is no failure', async () => {
    const place: Place = await start();
    await put(place);
    expect(await place.forge.close(wish(place), 'It is over.', within())).toMatchObject({
      state: 'sent',
      receipt: { state: 'closed' },
    });
    expect(await place.forge.close(wish(place), 'It is over.', within())).toMatchObject({ receipt: { state: 'gone' } });
    expect(place.open()).toEqual([]);
    expect(place.closedReasons().filter((text) => text.includes('It is over.'))).toHaveLength(1);
  });
});

test('GitHub: labels and reviewers are set; where they are refused the draft stands and says so', async () => {
  const place = await github();
  await put(place);
  expect(place.state.pulls[0]).toMatchObject({ labels: ['incident'], reviewers: ['mira', 'team'] });
  const other = await github();
  other.state.knowsReviewers = false;
  expect(await put(other)).toMatchObject({
    state: 'sent',
    receipt: { notes: [expect.stringContaining('reviewers not set')] },
  });
});

test('GitLab: labels and the reviewers that it knows are set', async () => {
  const place = await gitlab();
  await put(place);
  expect(place.state.requests[0]).toMatchObject({ labels: 'incident', reviewers: [7], title: 'Draft: Revert abc' });
});

test.each([
  { says: 'archived', change: { archived: true }, error: /archived/ },
  { says: 'no right to write', change: { push: false }, error: /may not write/ },
  {
    says: 'no drafts on this plan',
    change: { supportsDrafts: false },
    error: /[Dd]raft pull requests are not supported/,
  },
])('GitHub, $says: nothing is opened, and it is said', async ({ change, error }) => {
  const place = await github();
  Object.assign(place.state, change);
  expect(await put(place)).toMatchObject({ state: 'refused', retryable: false, error: expect.stringMatching(error) });
  expect(place.state.pulls).toEqual([]);
});

test.each([
  { says: 'archived', change: { archived: true }, error: /archived/ },
  { says: 'a reporter only', change: { accessLevel: 20 }, error: /Developer/ },
])('GitLab, $says: nothing is opened, and it is said', async ({ change, error }) => {
  const place = await gitlab();
  Object.assign(place.state, change);
  expect(await put(place)).toMatchObject({ state: 'refused', retryable: false, error: expect.stringMatching(error) });
  expect(place.state.requests).toEqual([]);
});

test.each([
  {
    says: 'a rate limit',
    reply: { status: 403, body: {}, headers: { 'x-ratelimit-remaining': '0' } },
    retryable: true,
    error: /rate limit/,
  },
  { says: 'a second rate limit', reply: { status: 429, body: {} }, retryable: true, error: /rate limit/ },
  { says: 'a fault of theirs', reply: { status: 502, body: {} }, retryable: true, error: /502/ },
  { says: 'a repository that is hidden', reply: { status: 404, body: {} }, retryable: false, error: /shows no/ },
  {
    says: 'a protected branch',
    at: 'POST /git/refs',
    reply: { status: 403, body: { message: 'Protected branch' } },
    retryable: false,
    error: /Protected branch/,
  },
  { says: 'nonsense', reply: { status: 200, body: { x: 1 } }, retryable: false, error: /something else/ },
])('GitHub answers with $says', async ({ reply, retryable, error, at }) => {
  const place = await github();
  place.server.intercept = (call) => (at === undefined || call.startsWith(at) ? reply : undefined);
  expect(await put(place)).toMatchObject({ state: 'refused', retryable, error: expect.stringMatching(error) });
  expect(JSON.stringify(await put(place))).not.toContain(TOKEN);
});

test('a draft that a person closed is not opened again', async () => {
  const place = await github();
  await put(place);
  Object.assign(place.state.pulls[0] ?? {}, { state: 'closed' });
  expect(await put(place)).toMatchObject({
    state: 'sent',
    receipt: { state: expect.stringContaining('not opened again') },
  });
  expect(place.state.pulls).toHaveLength(1);
});

test.each([
  {
    says: 'a call that is none',
    asked: { method: 'POST', path: '/pulls/1/merge' },
    status: 200,
    breach: 'no such operation',
  },
  {
    says: 'a field that is none',
    asked: { method: 'POST', path: '/pulls', body: { head: 'a', base: 'b', drafty: true } },
    status: 201,
    breach: 'no drafty',
  },
  {
    says: 'a field that is missing',
    asked: { method: 'POST', path: '/git/refs', body: { sha: 'a' } },
    status: 201,
    breach: 'ref',
  },
  {
    says: 'a kind that is wrong',
    asked: { method: 'PATCH', path: '/pulls/1', body: { state: 'merged' } },
    status: 200,
    breach: 'state',
  },
  {
    says: 'a parameter that is none',
    asked: { method: 'GET', path: '/pulls', query: new URLSearchParams('branch=a') },
    status: 200,
    breach: 'no parameter branch',
  },
  {
    says: 'an answer that never comes',
    asked: { method: 'POST', path: '/git/blobs', body: { content: 'a' } },
    status: 200,
    breach: 'never answers 200',
  },
])('the contract of GitHub refuses $says', ({ asked, status, breach }) => {
  const call = { query: new URLSearchParams(), body: undefined, ...asked };
  expect(breachOf(call, { status })).toContain(breach);
});
