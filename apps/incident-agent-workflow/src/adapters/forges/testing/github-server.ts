/**
 * GitHub's REST API for the calls that drafts need, over a real bare repository. Every call and every answer is held
 * against the published contract (github-contract.ts); unknown fields are refused, so that a typing error does not pass.
 */
import { z } from 'zod';
import type { BareRepository } from './bare-repository.ts';
import { breachOf } from './github-contract.ts';
import { type Reply, type RestServer, type Route, restServer } from './rest-server.ts';

export interface GithubState {
  archived: boolean;
  push: boolean;
  supportsDrafts: boolean;
  knowsReviewers: boolean;
  readonly pulls: Pull[];
  readonly comments: string[];
}
interface Pull {
  number: number;
  title: string;
  body: string;
  head: string;
  state: 'open' | 'closed';
  draft: boolean;
  labels: string[];
  reviewers: string[];
  comments: number;
}

const Blob = z.strictObject({ content: z.string(), encoding: z.enum(['utf-8', 'base64']) });
const Tree = z.strictObject({
  base_tree: z.string().optional(),
  tree: z.array(
    z.strictObject({
      path: z.string(),
      mode: z.enum(['100644', '100755', '040000', '160000', '120000']),
      type: z.enum(['blob', 'tree', 'commit']),
      sha: z.string().nullable(),
    }),
  ),
});
const NewCommit = z.strictObject({ message: z.string(), tree: z.string(), parents: z.array(z.string()) });
const NewRef = z.strictObject({ ref: z.string().regex(/^refs\/\w+\/.+/), sha: z.string() });
const ChangedRef = z.strictObject({ sha: z.string(), force: z.boolean().optional() });
const NewPull = z.strictObject({
  title: z.string().max(256),
  head: z.string(),
  base: z.string(),
  body: z.string().max(65_536),
  draft: z.boolean(),
  maintainer_can_modify: z.boolean().optional(),
});
const ChangedPull = z.strictObject({
  title: z.string().optional(),
  body: z.string().optional(),
  state: z.enum(['open', 'closed']).optional(),
});

export async function githubServer(
  repository: BareRepository,
  token: string,
): Promise<{ server: RestServer; state: GithubState }> {
  const state: GithubState = {
    archived: false,
    push: true,
    supportsDrafts: true,
    knowsReviewers: true,
    pulls: [],
    comments: [],
  };
  return { server: await restServer('/repos/shop/api', token, routesOf(repository, state), breachOf), state };
}

const NOT_FOUND: Reply = { status: 404, body: { message: 'Not Found' } };

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of routes
function routesOf({ git, stage }: BareRepository, state: GithubState): Route[] {
  const tipOf = (branch: string): string => git(['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`]);
  const refReply = (name: string, status = 200): Reply => ({
    status,
    body: { ref: `refs/heads/${name}`, object: { sha: tipOf(name), type: 'commit' } },
  });
  const pullOf = (pull: Pull) => ({
    number: pull.number,
    html_url: `https://github.test/shop/api/pull/${pull.number}`,
    state: pull.state,
    draft: pull.draft,
    title: pull.title,
    body: pull.body,
    comments: pull.comments,
    review_comments: 0,
    head: { ref: pull.head, sha: tipOf(pull.head) },
  });
  const withPull = (number: string | undefined, answer: (pull: Pull) => Reply): Reply => {
    const pull = state.pulls.find((one) => String(one.number) === number);
    return pull ? answer(pull) : NOT_FOUND;
  };
  return [
    [
      'GET',
      '',
      () => ({
        status: 200,
        body: { archived: state.archived, default_branch: 'main', permissions: { push: state.push } },
      }),
    ],
    ['GET', '/git/ref/heads/{name+}', ({ at }) => (tipOf(at.name ?? '') === '' ? NOT_FOUND : refReply(at.name ?? ''))],
    [
      'GET',
      '/git/matching-refs/heads/{name+}',
      ({ at }) => ({
        status: 200,
        body: git(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/'])
          .split('\n')
          .filter((name) => name.startsWith(at.name ?? ''))
          .map((name) => refReply(name).body),
      }),
    ],
    [
      'GET',
      '/git/commits/{sha}',
      ({ at }) => ({
        status: 200,
        body: {
          sha: at.sha,
          message: git(['log', '-1', '--format=%B', at.sha ?? '']),
          tree: { sha: git(['rev-parse', `${at.sha}^{tree}`]) },
        },
      }),
    ],
    [
      'GET',
      '/contents/{path+}',
      ({ at, query }) => {
        const sha = /^\d+ blob (\w+)/.exec(git(['ls-tree', query.get('ref') ?? 'main', '--', at.path ?? '']))?.[1];
        return sha === undefined ? NOT_FOUND : { status: 200, body: { type: 'file', sha } };
      },
    ],
    [
      'POST',
      '/git/blobs',
      ({ body }) => {
        const blob = Blob.parse(body);
        return {
          status: 201,
          body: {
            sha: git(
              ['hash-object', '-w', '--stdin'],
              Buffer.from(blob.content, blob.encoding === 'base64' ? 'base64' : 'utf8'),
            ),
          },
        };
      },
    ],
    [
      'POST',
      '/git/trees',
      ({ body }) => {
        const wanted = Tree.parse(body);
        git(wanted.base_tree === undefined ? ['read-tree', '--empty'] : ['read-tree', wanted.base_tree]);
        for (const { path, mode, sha } of wanted.tree) stage(path, sha ?? undefined, mode);
        return { status: 201, body: { sha: git(['write-tree']) } };
      },
    ],
    [
      'POST',
      '/git/commits',
      ({ body }) => {
        const { message, tree, parents } = NewCommit.parse(body);
        return {
          status: 201,
          body: { sha: git(['commit-tree', tree, ...parents.flatMap((one) => ['-p', one])], message) },
        };
      },
    ],
    [
      'POST',
      '/git/refs',
      ({ body }) => {
        const { ref, sha } = NewRef.parse(body);
        const name = ref.replace('refs/heads/', '');
        if (tipOf(name) !== '') return { status: 422, body: { message: 'Reference already exists' } };
        git(['update-ref', ref, sha]);
        return refReply(name, 201);
      },
    ],
    [
      'PATCH',
      '/git/refs/heads/{name+}',
      ({ at, body }) => {
        const { sha } = ChangedRef.parse(body);
        git(['update-ref', `refs/heads/${at.name}`, sha]);
        return refReply(at.name ?? '');
      },
    ],
    [
      'GET',
      '/pulls',
      ({ query }) => {
        const [owner, head] = (query.get('head') ?? '').split(':');
        if (owner !== 'shop') return { status: 422, body: { message: 'head must be owner:branch' } };
        const listed = state.pulls.filter((pull) => pull.head === head).map(pullOf);
        // A list does not count comments: what is undefined is not sent.
        return {
          status: 200,
          body: listed.map((pull) => ({ ...pull, comments: undefined, review_comments: undefined })),
        };
      },
    ],
    ['GET', '/pulls/{number}', ({ at }) => withPull(at.number, (pull) => ({ status: 200, body: pullOf(pull) }))],
    [
      'POST',
      '/pulls',
      ({ body }) => {
        const { title, head, base, body: text, draft } = NewPull.parse(body);
        if (tipOf(head) === '' || tipOf(base) === '')
          return { status: 422, body: { message: 'Validation Failed: head or base' } };
        if (state.pulls.some((pull) => pull.head === head && pull.state === 'open'))
          return { status: 422, body: { message: `A pull request already exists for shop:${head}.` } };
        if (draft && !state.supportsDrafts)
          return { status: 422, body: { message: 'Draft pull requests are not supported in this repository.' } };
        const pull: Pull = {
          number: state.pulls.length + 1,
          title,
          body: text,
          head,
          state: 'open',
          draft,
          labels: [],
          reviewers: [],
          comments: 0,
        };
        state.pulls.push(pull);
        return { status: 201, body: pullOf(pull) };
      },
    ],
    [
      'PATCH',
      '/pulls/{number}',
      ({ at, body }) =>
        withPull(at.number, (pull) => ({ status: 200, body: pullOf(Object.assign(pull, ChangedPull.parse(body))) })),
    ],
    [
      'POST',
      '/issues/{number}/labels',
      ({ at, body }) =>
        withPull(at.number, (pull) => {
          pull.labels.push(...z.strictObject({ labels: z.array(z.string()) }).parse(body).labels);
          return { status: 200, body: [] };
        }),
    ],
    [
      'POST',
      '/issues/{number}/comments',
      ({ at, body }) =>
        withPull(at.number, () => {
          state.comments.push(z.strictObject({ body: z.string() }).parse(body).body);
          return { status: 201, body: { id: 1 } };
        }),
    ],
    [
      'POST',
      '/pulls/{number}/requested_reviewers',
      ({ at, body }) =>
        withPull(at.number, (pull) => {
          const wish = z
            .strictObject({ reviewers: z.array(z.string()), team_reviewers: z.array(z.string()) })
            .parse(body);
          if (!state.knowsReviewers)
            return { status: 422, body: { message: 'Reviews may only be requested from collaborators.' } };
          pull.reviewers.push(...wish.reviewers, ...wish.team_reviewers);
          return { status: 201, body: {} };
        }),
    ],
  ];
}
