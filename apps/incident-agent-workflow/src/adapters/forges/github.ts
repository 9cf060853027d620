/**
 * GitHub and GitHub Enterprise through the REST API: blobs, tree, commit and branch are made by the Git data API, so
 * there is no push and no credential on disk. Least rights of the token: contents and pull requests, read and write.
 */
import { z } from 'zod';
import type { HttpClient } from '../../lib/http.ts';
import type { SendOutcome } from '../../ports.ts';
import type { DraftWish, Forge } from '../../remediation-ports.ts';
import { type ForgeHttp, forgeHttp } from './forge-http.ts';
import { movedOn } from './moved-on.ts';
import { outcomeOf, refused } from './outcomes.ts';
import { repositoryName } from './repository-name.ts';

export interface GithubOptions {
  /** `https://api.github.com`, or `https://ghe.example.com/api/v3`. */
  readonly apiUrl: string;
  readonly http: HttpClient;
}

const Repository = z.object({
  archived: z.boolean(),
  default_branch: z.string(),
  permissions: z.object({ push: z.boolean() }).optional(),
});
const Ref = z.object({ ref: z.string(), object: z.object({ sha: z.string() }) });
const Commit = z.object({ sha: z.string(), message: z.string(), tree: z.object({ sha: z.string() }) });
const Sha = z.object({ sha: z.string() });
const Pull = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().optional(),
  body: z.string().nullable(),
  comments: z.number().optional(),
  review_comments: z.number().optional(),
  head: z.object({ ref: z.string(), sha: z.string() }),
});
type Pull = z.infer<typeof Pull>;
const MODES = { file: '100644', executable: '100755', link: '120000' } as const;

export function githubForge({ apiUrl, http }: GithubOptions): Forge {
  const on = (repository: string, signal: AbortSignal) => {
    const headers = {
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      'user-agent': 'incident-agent',
    };
    const name = repositoryName(repository);
    const api = forgeHttp({
      name: 'GitHub',
      baseUrl: `${apiUrl.replace(/\/$/, '')}/repos/${name}`,
      http,
      headers,
      signal,
    });
    return { api, owner: name.split('/')[0] ?? '' };
  };
  return {
    name: 'github',
    put: (draft, signal) => outcomeOf(() => put(draft, on(draft.repository, signal))),
    close: (draft, reason, signal) => outcomeOf(() => close(draft, reason, on(draft.repository, signal))),
  };
}

interface On {
  readonly api: ForgeHttp;
  readonly owner: string;
}

async function put(draft: DraftWish, on: On): Promise<SendOutcome> {
  const { api } = on;
  const repository = await api.find('', Repository);
  if (!repository)
    return refused(
      `GitHub shows no repository ${draft.repository} to this token: check its name and the token's access`,
    );
  if (repository.archived) return refused(`${draft.repository} is archived: nothing can be opened there`);
  if (repository.permissions?.push === false)
    return refused(
      `the token may not write to ${draft.repository}: it needs contents and pull requests, read and write`,
    );
  if (draft.branch === repository.default_branch) return refused('a draft never goes to the default branch');
  const base = await api.find(`/git/ref/heads/${pathOf(draft.base)}`, Ref);
  if (!base) return refused(`${draft.repository} has no branch ${draft.base}`);
  const tip = base.object.sha;
  const moved = await movedOn(draft, tip, (path) => hashAt(path, draft.base, api));
  if (moved !== undefined) return refused(`${draft.base} has moved on and changed ${moved}: investigate again`);
  const earlier = await ownPull(draft, on);
  if (earlier && earlier.state !== 'open') return sent(draft, earlier, 'closed by a person: not opened again');
  const branch = earlier?.head.ref ?? draft.branch;
  const there = await api.find(`/git/ref/heads/${pathOf(branch)}`, Ref);
  const isOurs =
    there !== undefined &&
    (await api.ask('GET', `/git/commits/${there.object.sha}`, { schema: Commit })).message.includes(draft.marker);
  if (there && !isOurs && !earlier) return refused(`the branch ${branch} is there already and is not ours`);
  if (!there || isOurs) await branchAt(branch, await commitOf(draft, tip, api), there !== undefined, api);
  const text = { title: draft.title, body: draft.body };
  if (earlier) {
    const pull = await api.ask('PATCH', `/pulls/${earlier.number}`, { schema: Pull, body: text });
    const left = 'description updated, the branch left as it is: somebody has worked on it';
    // An earlier try may have been cut off before they were set.
    return sent(draft, pull, isOurs ? 'updated' : left, isOurs ? await decorate(draft, pull, api) : []);
  }
  const wish = { ...text, head: branch, base: draft.base, draft: true, maintainer_can_modify: true };
  const pull = await api.ask('POST', '/pulls', { schema: Pull, body: wish });
  if (pull.draft !== true) {
    await api.ask('PATCH', `/pulls/${pull.number}`, { schema: Pull, body: { state: 'closed' } });
    return refused(`${draft.repository} knows no drafts, and nothing else is ever opened`);
  }
  return sent(draft, pull, 'opened', await decorate(draft, pull, api));
}

/** Slashes of a branch stay. */
function pathOf(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

async function hashAt(path: string, branch: string, api: ForgeHttp): Promise<string | undefined> {
  return (await api.find(`/contents/${pathOf(path)}?ref=${encodeURIComponent(branch)}`, Sha))?.sha;
}

/** Of this incident: whatever its branch was called by an earlier investigation. */
async function ownPull(
  { branch, marker }: Pick<DraftWish, 'branch' | 'marker'>,
  { api, owner }: On,
): Promise<Pull | undefined> {
  const prefix = /^incident\/[a-z]+-\d+-/.exec(branch)?.[0] ?? branch;
  const refs = await api.ask('GET', `/git/matching-refs/heads/${pathOf(prefix)}`, { schema: z.array(Ref) });
  const names = new Set([branch, ...refs.map(({ ref }) => ref.replace('refs/heads/', ''))]);
  for (const name of names) {
    const query = new URLSearchParams({ head: `${owner}:${name}`, state: 'all', per_page: '30' });
    const pulls = await api.ask('GET', `/pulls?${query.toString()}`, { schema: z.array(Pull) });
    const ours = pulls.filter(({ body }) => body?.includes(marker) === true);
    const found = ours.find(({ state }) => state === 'open') ?? ours[0];
    if (found) return found;
  }
  return undefined;
}

async function commitOf(draft: DraftWish, tip: string, api: ForgeHttp): Promise<string> {
  const tree: Record<string, unknown>[] = [];
  for (const { path, mode, content } of draft.files) {
    const blob = { content: Buffer.from(content ?? '').toString('base64'), encoding: 'base64' };
    const sha = content === undefined ? null : (await api.ask('POST', '/git/blobs', { schema: Sha, body: blob })).sha;
    tree.push({ path, mode: MODES[mode], type: 'blob', sha });
  }
  const base = await api.ask('GET', `/git/commits/${tip}`, { schema: Commit });
  const made = await api.ask('POST', '/git/trees', { schema: Sha, body: { base_tree: base.tree.sha, tree } });
  const body = { message: `${draft.message}\n${draft.marker}\n`, tree: made.sha, parents: [tip] };
  return (await api.ask('POST', '/git/commits', { schema: Sha, body })).sha;
}

async function branchAt(branch: string, sha: string, isThere: boolean, api: ForgeHttp): Promise<void> {
  if (isThere) await api.ask('PATCH', `/git/refs/heads/${pathOf(branch)}`, { schema: Ref, body: { sha, force: true } });
  else await api.ask('POST', '/git/refs', { schema: Ref, body: { ref: `refs/heads/${branch}`, sha } });
}

/** Labels and reviewers are a courtesy: where they are refused the draft stands without them, and says so. */
async function decorate({ labels, reviewers }: DraftWish, { number }: Pull, api: ForgeHttp): Promise<string[]> {
  const notes: string[] = [];
  const attempt = async (what: string, path: string, body: Record<string, unknown>): Promise<void> => {
    const done = await outcomeOf(async () => {
      await api.ask('POST', path, { schema: z.unknown(), body });
      return { state: 'sent', receipt: null };
    });
    if (done.state === 'refused') notes.push(`${what} not set: ${done.error}`);
  };
  if (labels.length > 0) await attempt('labels', `/issues/${number}/labels`, { labels });
  const people = reviewers.filter((name) => !name.includes('/'));
  const teams = reviewers.filter((name) => name.includes('/')).map((name) => name.split('/').at(-1));
  if (reviewers.length > 0)
    await attempt('reviewers', `/pulls/${number}/requested_reviewers`, { reviewers: people, team_reviewers: teams });
  return notes;
}

async function close(
  draft: Pick<DraftWish, 'repository' | 'branch' | 'marker'>,
  reason: string,
  on: On,
): Promise<SendOutcome> {
  const { api } = on;
  const found = await ownPull(draft, on);
  const told = { forge: 'github', repository: draft.repository, branch: draft.branch };
  if (found?.state !== 'open') return { state: 'sent', receipt: { ...told, state: 'gone' } };
  const pull = await api.ask('GET', `/pulls/${found.number}`, { schema: Pull });
  const head = await api.ask('GET', `/git/commits/${pull.head.sha}`, { schema: Commit });
  const isTouched =
    !head.message.includes(draft.marker) ||
    (pull.comments ?? 0) + (pull.review_comments ?? 0) > 0 ||
    pull.draft !== true;
  const receipt = { ...told, url: pull.html_url };
  if (isTouched) return { state: 'sent', receipt: { ...receipt, state: 'left as it is: somebody has taken it up' } };
  await api.ask('POST', `/issues/${pull.number}/comments`, {
    schema: z.unknown(),
    body: { body: `${reason} Closed by the incident agent.` },
  });
  await api.ask('PATCH', `/pulls/${pull.number}`, { schema: Pull, body: { state: 'closed' } });
  return { state: 'sent', receipt: { ...receipt, state: 'closed', reason } };
}

function sent(draft: DraftWish, pull: Pull, state: string, notes: readonly string[] = []): SendOutcome {
  const { repository, title } = draft;
  const receipt = {
    forge: 'github',
    state,
    repository,
    title,
    branch: pull.head.ref,
    url: pull.html_url,
    draft: pull.draft === true,
  };
  return { state: 'sent', receipt: notes.length === 0 ? receipt : { ...receipt, notes } };
}
