/**
 * GitLab, also self-managed, through its REST API: the commits API makes commit and branch at once. A draft is a merge
 * request whose title begins with `Draft:`. Least rights of the token: scope api, role Developer.
 */
import { z } from 'zod';
import type { HttpClient } from '../../lib/http.ts';
import type { SendOutcome } from '../../ports.ts';
import type { DraftFile, DraftWish, Forge } from '../../remediation-ports.ts';
import { type ForgeHttp, forgeHttp } from './forge-http.ts';
import { movedOn } from './moved-on.ts';
import { outcomeOf, refused } from './outcomes.ts';
import { repositoryName } from './repository-name.ts';

export interface GitlabOptions {
  /** `https://gitlab.com`, or one's own. */
  readonly url: string;
  readonly http: HttpClient;
}

const Access = z.object({ access_level: z.number() }).nullish();
const Project = z.object({
  archived: z.boolean(),
  default_branch: z.string().nullish(),
  permissions: z.object({ project_access: Access, group_access: Access }).optional(),
});
const Branch = z.object({ name: z.string(), commit: z.object({ id: z.string(), message: z.string() }) });
const MergeRequest = z.object({
  iid: z.number(),
  web_url: z.string(),
  state: z.string(),
  draft: z.boolean().optional(),
  description: z.string().nullable(),
  source_branch: z.string(),
  user_notes_count: z.number().optional(),
});
type MergeRequest = z.infer<typeof MergeRequest>;
const FileFacts = z.object({ blob_id: z.string() });
const User = z.object({ id: z.number(), username: z.string() });
const DEVELOPER = 30;

export function gitlabForge({ url, http }: GitlabOptions): Forge {
  const on = (repository: string, signal: AbortSignal): ForgeHttp => {
    const project = encodeURIComponent(repositoryName(repository));
    const baseUrl = `${url.replace(/\/$/, '')}/api/v4`;
    const api = forgeHttp({ name: 'GitLab', baseUrl, http, headers: { accept: 'application/json' }, signal });
    const inside = (path: string): string => (path.startsWith('/users') ? path : `/projects/${project}${path}`);
    return {
      ask: (method, path, asked) => api.ask(method, inside(path), asked),
      find: (path, schema) => api.find(inside(path), schema),
    };
  };
  return {
    name: 'gitlab',
    put: (draft, signal) => outcomeOf(() => put(draft, on(draft.repository, signal))),
    close: (draft, reason, signal) => outcomeOf(() => close(draft, reason, on(draft.repository, signal))),
  };
}

async function put(draft: DraftWish, api: ForgeHttp): Promise<SendOutcome> {
  const project = await api.find('', Project);
  if (!project)
    return refused(`GitLab shows no project ${draft.repository} to this token: check its name and the token's access`);
  if (project.archived) return refused(`${draft.repository} is archived: nothing can be opened there`);
  const { permissions } = project;
  const level = Math.max(permissions?.project_access?.access_level ?? 0, permissions?.group_access?.access_level ?? 0);
  if (permissions && level < DEVELOPER)
    return refused(`the token may not write to ${draft.repository}: it needs the role Developer and the scope api`);
  if (draft.branch === project.default_branch) return refused('a draft never goes to the default branch');
  const base = await branchOf(draft.base, api);
  if (!base) return refused(`${draft.repository} has no branch ${draft.base}`);
  const moved = await movedOn(draft, base.commit.id, (path) => hashAt(path, draft.base, api));
  if (moved !== undefined) return refused(`${draft.base} has moved on and changed ${moved}: investigate again`);
  const earlier = await ownRequest(draft, api);
  if (earlier && earlier.state !== 'opened') return sent(draft, earlier, 'closed by a person: not opened again');
  const name = earlier?.source_branch ?? draft.branch;
  const there = await branchOf(name, api);
  const isOurs = there?.commit.message.includes(draft.marker) === true;
  if (there && !isOurs && !earlier) return refused(`the branch ${name} is there already and is not ours`);
  if (!there || isOurs) await commit(draft, name, base.commit.id, isOurs, api);
  const text = { title: `Draft: ${draft.title}`, description: draft.body };
  if (earlier)
    return sent(
      draft,
      await api.ask('PUT', `/merge_requests/${earlier.iid}`, { schema: MergeRequest, body: text }),
      isOurs ? 'updated' : 'description updated, the branch left as it is: somebody has worked on it',
    );
  const body = {
    ...text,
    source_branch: name,
    target_branch: draft.base,
    labels: draft.labels.join(','),
    remove_source_branch: true,
    reviewer_ids: await idsOf(draft.reviewers, api),
  };
  return sent(draft, await api.ask('POST', '/merge_requests', { schema: MergeRequest, body }), 'opened');
}

function branchOf(name: string, api: ForgeHttp) {
  return api.find(`/repository/branches/${encodeURIComponent(name)}`, Branch);
}

async function hashAt(path: string, branch: string, api: ForgeHttp): Promise<string | undefined> {
  const file = `/repository/files/${encodeURIComponent(path)}?ref=${encodeURIComponent(branch)}`;
  return (await api.find(file, FileFacts))?.blob_id;
}

/** Of this incident: whatever its branch was called by an earlier investigation. */
async function ownRequest(
  { branch, marker }: Pick<DraftWish, 'branch' | 'marker'>,
  api: ForgeHttp,
): Promise<MergeRequest | undefined> {
  const prefix = /^incident\/[a-z]+-\d+-/.exec(branch)?.[0] ?? branch;
  const search = new URLSearchParams({ search: `^${prefix}` });
  const branches = await api.ask('GET', `/repository/branches?${search.toString()}`, { schema: z.array(Branch) });
  for (const name of new Set([branch, ...branches.map((one) => one.name)])) {
    const query = new URLSearchParams({ source_branch: name, state: 'all' });
    const requests = await api.ask('GET', `/merge_requests?${query.toString()}`, { schema: z.array(MergeRequest) });
    const ours = requests.filter(({ description }) => description?.includes(marker) === true);
    const found = ours.find(({ state }) => state === 'opened') ?? ours[0];
    if (found) return found;
  }
  return undefined;
}

/** `force` only over a commit of our own: the branch is then begun anew from the base. */
async function commit(draft: DraftWish, branch: string, start: string, force: boolean, api: ForgeHttp): Promise<void> {
  const actions = draft.files.flatMap(actionsOf);
  const body = {
    branch,
    start_sha: start,
    commit_message: `${draft.message}\n${draft.marker}\n`,
    actions,
    ...(force ? { force } : {}),
  };
  await api.ask('POST', '/repository/commits', { schema: z.unknown(), body });
}

function actionsOf({ path, mode, content, before }: DraftFile): Record<string, unknown>[] {
  if (content === undefined) return [{ action: 'delete', file_path: path }];
  const written = { file_path: path, content: Buffer.from(content).toString('base64'), encoding: 'base64' };
  if (before !== undefined) return [{ action: 'update', ...written }];
  const chmod = { action: 'chmod', file_path: path, execute_filemode: true };
  return [{ action: 'create', ...written }, ...(mode === 'executable' ? [chmod] : [])];
}

/** Names that GitLab does not know, and groups, are left out. */
async function idsOf(names: readonly string[], api: ForgeHttp): Promise<number[]> {
  const ids: number[] = [];
  for (const name of names.filter((one) => !one.includes('/'))) {
    const users = await api.ask('GET', `/users?username=${encodeURIComponent(name)}`, { schema: z.array(User) });
    ids.push(...users.filter(({ username }) => username === name).map(({ id }) => id));
  }
  return ids;
}

async function close(
  draft: Pick<DraftWish, 'repository' | 'branch' | 'marker'>,
  reason: string,
  api: ForgeHttp,
): Promise<SendOutcome> {
  const found = await ownRequest(draft, api);
  const told = { forge: 'gitlab', repository: draft.repository, branch: draft.branch };
  if (found?.state !== 'opened') return { state: 'sent', receipt: { ...told, state: 'gone' } };
  const branch = await branchOf(found.source_branch, api);
  const isTouched =
    branch?.commit.message.includes(draft.marker) !== true || (found.user_notes_count ?? 0) > 0 || found.draft !== true;
  const receipt = { ...told, url: found.web_url };
  if (isTouched) return { state: 'sent', receipt: { ...receipt, state: 'left as it is: somebody has taken it up' } };
  await api.ask('POST', `/merge_requests/${found.iid}/notes`, {
    schema: z.unknown(),
    body: { body: `${reason} Closed by the incident agent.` },
  });
  await api.ask('PUT', `/merge_requests/${found.iid}`, { schema: MergeRequest, body: { state_event: 'close' } });
  return { state: 'sent', receipt: { ...receipt, state: 'closed', reason } };
}

function sent(draft: DraftWish, request: MergeRequest, state: string): SendOutcome {
  const { repository, title } = draft;
  const { source_branch: branch, web_url: url } = request;
  return {
    state: 'sent',
    receipt: { forge: 'gitlab', state, repository, title, branch, url, draft: request.draft !== false },
  };
}
