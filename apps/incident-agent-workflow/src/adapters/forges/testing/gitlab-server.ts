/**
 * GitLab's REST API for the calls that drafts need, over a real bare repository. Parameters, required fields and status
 * codes as docs.gitlab.com publishes them; unknown fields are refused, so that a typing error does not pass.
 */
import { z } from 'zod';
import type { BareRepository } from './bare-repository.ts';
import { type Reply, type RestServer, type Route, restServer } from './rest-server.ts';

export interface GitlabState {
  archived: boolean;
  accessLevel: number;
  readonly requests: MergeRequest[];
  readonly notes: string[];
}
interface MergeRequest {
  iid: number;
  title: string;
  description: string;
  source: string;
  state: 'opened' | 'closed' | 'merged';
  labels: string;
  reviewers: number[];
  notes: number;
}

const Action = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('delete'), file_path: z.string() }),
  z.strictObject({
    action: z.enum(['create', 'update']),
    file_path: z.string(),
    content: z.string(),
    encoding: z.enum(['text', 'base64']).optional(),
  }),
  z.strictObject({ action: z.literal('chmod'), file_path: z.string(), execute_filemode: z.boolean() }),
]);
const NewCommit = z.strictObject({
  branch: z.string(),
  start_sha: z.string().optional(),
  commit_message: z.string(),
  actions: z.array(Action).min(1),
  force: z.boolean().optional(),
});
const NewRequest = z.strictObject({
  source_branch: z.string(),
  target_branch: z.string(),
  title: z.string().max(255),
  description: z.string(),
  labels: z.string().optional(),
  remove_source_branch: z.boolean().optional(),
  reviewer_ids: z.array(z.number()).optional(),
});
const ChangedRequest = z.strictObject({
  title: z.string().optional(),
  description: z.string().optional(),
  state_event: z.enum(['close', 'reopen']).optional(),
});

export async function gitlabServer(
  repository: BareRepository,
  token: string,
): Promise<{ server: RestServer; state: GitlabState }> {
  const state: GitlabState = { archived: false, accessLevel: 30, requests: [], notes: [] };
  return { server: await restServer('/api/v4', token, routesOf(repository, state)), state };
}

const NOT_FOUND: Reply = { status: 404, body: { message: '404 Not found' } };
const PROJECT = '/projects/shop%2Fapi';

function requestOf(one: MergeRequest) {
  return {
    iid: one.iid,
    web_url: `https://gitlab.test/shop/api/-/merge_requests/${one.iid}`,
    state: one.state,
    draft: one.title.startsWith('Draft: '),
    title: one.title,
    description: one.description,
    source_branch: one.source,
    user_notes_count: one.notes,
  };
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of routes
function routesOf({ git, stage }: BareRepository, state: GitlabState): Route[] {
  const tipOf = (branch: string): string => git(['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`]);
  const branchBody = (name: string) => ({
    name,
    commit: { id: tipOf(name), message: git(['log', '-1', '--format=%B', tipOf(name)]) },
  });
  const names = (): string[] => git(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/']).split('\n');
  const withRequest = (iid: string | undefined, answer: (one: MergeRequest) => Reply): Reply => {
    const found = state.requests.find((one) => String(one.iid) === iid);
    return found ? answer(found) : NOT_FOUND;
  };
  return [
    [
      'GET',
      PROJECT,
      () => ({
        status: 200,
        body: {
          archived: state.archived,
          default_branch: 'main',
          permissions: { project_access: { access_level: state.accessLevel }, group_access: null },
        },
      }),
    ],
    [
      'GET',
      `${PROJECT}/repository/branches/{name}`,
      ({ at }) => (tipOf(at.name ?? '') === '' ? NOT_FOUND : { status: 200, body: branchBody(at.name ?? '') }),
    ],
    [
      'GET',
      `${PROJECT}/repository/branches`,
      ({ query }) => {
        const prefix = (query.get('search') ?? '').replace(/^\^/, '');
        return {
          status: 200,
          body: names()
            .filter((name) => name.startsWith(prefix))
            .map(branchBody),
        };
      },
    ],
    [
      'GET',
      `${PROJECT}/repository/files/{path}`,
      ({ at, query }) => {
        const blob = /^\d+ blob (\w+)/.exec(git(['ls-tree', query.get('ref') ?? '', '--', at.path ?? '']))?.[1];
        return blob === undefined ? NOT_FOUND : { status: 200, body: { file_path: at.path, blob_id: blob } };
      },
    ],
    ['POST', `${PROJECT}/repository/commits`, ({ body }) => commit(NewCommit.parse(body))],
    [
      'GET',
      `${PROJECT}/merge_requests`,
      ({ query }) => ({
        status: 200,
        body: state.requests.filter((one) => one.source === query.get('source_branch')).map(requestOf),
      }),
    ],
    [
      'POST',
      `${PROJECT}/merge_requests`,
      ({ body }) => {
        const wish = NewRequest.parse(body);
        if (state.requests.some((one) => one.source === wish.source_branch && one.state === 'opened'))
          return {
            status: 409,
            body: { message: ['Another open merge request already exists for this source branch'] },
          };
        const { title, description, source_branch: source, labels = '', reviewer_ids: reviewers = [] } = wish;
        const made: MergeRequest = {
          iid: state.requests.length + 1,
          title,
          description,
          source,
          state: 'opened',
          labels,
          reviewers,
          notes: 0,
        };
        state.requests.push(made);
        return { status: 201, body: requestOf(made) };
      },
    ],
    [
      'PUT',
      `${PROJECT}/merge_requests/{iid}`,
      ({ at, body }) =>
        withRequest(at.iid, (one) => {
          const { state_event: event, ...text } = ChangedRequest.parse(body);
          Object.assign(one, text, event === 'close' ? { state: 'closed' } : {});
          return { status: 200, body: requestOf(one) };
        }),
    ],
    [
      'POST',
      `${PROJECT}/merge_requests/{iid}/notes`,
      ({ at, body }) =>
        withRequest(at.iid, () => {
          state.notes.push(z.strictObject({ body: z.string() }).parse(body).body);
          return { status: 201, body: { id: 1 } };
        }),
    ],
    [
      'GET',
      '/users',
      ({ query }) => ({ status: 200, body: query.get('username') === 'mira' ? [{ id: 7, username: 'mira' }] : [] }),
    ],
  ];

  function commit({
    branch,
    start_sha: start,
    commit_message: message,
    actions,
    force = false,
  }: z.infer<typeof NewCommit>): Reply {
    const there = tipOf(branch);
    if (there !== '' && start !== undefined && !force)
      return { status: 400, body: { message: `A branch called '${branch}' already exists.` } };
    const parent = start ?? there;
    git(['read-tree', parent]);
    for (const one of actions) {
      if (one.action === 'delete') stage(one.file_path, undefined);
      if (one.action !== 'create' && one.action !== 'update') continue;
      const isThere = git(['ls-files', '--', one.file_path]) !== '';
      if (isThere !== (one.action === 'update'))
        return {
          status: 400,
          body: { message: isThere ? 'A file with this name already exists' : "A file with this name doesn't exist" },
        };
      const blob = git(
        ['hash-object', '-w', '--stdin'],
        Buffer.from(one.content, one.encoding === 'base64' ? 'base64' : 'utf8'),
      );
      stage(one.file_path, blob);
    }
    const made = git(['commit-tree', git(['write-tree']), '-p', parent], message);
    git(['update-ref', `refs/heads/${branch}`, made]);
    return { status: 201, body: { id: made } };
  }
}
