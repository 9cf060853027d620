/**
 * A bare repository on this machine or on a share: the draft is a branch whose one commit carries the description. For
 * those without a forge, and for the demo. `git log incident/…` shows it all.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAgentError, messageOf } from '../../domain/error.ts';
import { runGit } from '../../lib/git-command.ts';
import type { SendOutcome } from '../../ports.ts';
import type { DraftWish, Forge } from '../../remediation-ports.ts';
import { movedOn } from './moved-on.ts';
import { refused } from './outcomes.ts';

const MAX_BYTES = 16 * 1024 * 1024;
const NAME = 'Incident Agent';
const EMAIL = 'incident-agent@localhost';
const MODES = { file: '100644', executable: '100755', link: '120000' } as const;

type Run = (words: readonly string[], input?: Uint8Array | string, indexFile?: string) => Promise<string>;

export function localForge(): Forge {
  return {
    name: 'local',
    put: (draft, signal) => outcome(() => put(draft, runner(draft.repository, signal))),
    close: (draft, reason, signal) => outcome(() => close(draft, reason, runner(draft.repository, signal))),
  };
}

function runner(repository: string, signal: AbortSignal): Run {
  const top = fileURLToPath(repository);
  return async (words, input, indexFile) =>
    (await runGit(words, { top, realTop: top, signal, maxBytes: MAX_BYTES, input, indexFile })).text.trim();
}

async function put(draft: DraftWish, run: Run): Promise<SendOutcome> {
  const tip = await hashOf(run, `refs/heads/${draft.base}`);
  if (tip === undefined) return refused(`${draft.repository} has no branch ${draft.base}`);
  const moved = await movedOn(draft, tip, (path) => hashAt(path, tip, run));
  if (moved !== undefined) return refused(`${draft.base} has moved on and changed ${moved}: investigate again`);
  const own = (await run(['for-each-ref', '--format=%(refname)', `refs/heads/incident/`]))
    .split('\n')
    .filter((ref) => ref !== '');
  for (const ref of own) {
    if (!(await run(['log', '-1', '--format=%B', ref, '--'])).includes(draft.marker)) continue;
    if (!(await isUntouched(run, ref, draft.base))) return sent(draft, ref, 'left as it is: somebody has worked on it');
    if (ref !== `refs/heads/${draft.branch}`) await run(['update-ref', '-d', ref]);
  }
  const ref = `refs/heads/${draft.branch}`;
  const there = await hashOf(run, ref);
  if (there !== undefined && !(await run(['log', '-1', '--format=%B', there, '--'])).includes(draft.marker))
    return refused(`the branch ${draft.branch} is there already and is not ours`);
  const commit = await commitOf(draft, tip, run);
  await run(['update-ref', ref, commit, there ?? '0'.repeat(commit.length)]);
  return sent(draft, ref, there === undefined ? 'opened' : 'updated');
}

async function hashAt(path: string, tip: string, run: Run): Promise<string | undefined> {
  const listed = await run(['ls-tree', '--full-tree', tip, '--', path]);
  return /^\d+ blob ([0-9a-f]+)\t/.exec(listed)?.[1];
}

async function commitOf(draft: DraftWish, tip: string, run: Run): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'incident-draft-'));
  try {
    const index = join(folder, 'index');
    await run(['read-tree', `${tip}^{tree}`], undefined, index);
    for (const { path, mode, content } of draft.files) {
      const blob = content === undefined ? undefined : await run(['hash-object', '-w', '--stdin'], content);
      const line = blob === undefined ? `0 ${'0'.repeat(tip.length)}\t${path}\0` : `${MODES[mode]} ${blob}\t${path}\0`;
      await run(['update-index', '-z', '--index-info'], line, index);
    }
    const tree = await run(['write-tree'], undefined, index);
    // Written out rather than told to `commit-tree`, so that a second try makes the same commit.
    const who = `${NAME} <${EMAIL}> ${Math.floor(Date.parse(draft.committedAt) / 1_000)} +0000`;
    const text = `tree ${tree}\nparent ${tip}\nauthor ${who}\ncommitter ${who}\n\n${draft.title}\n\n${draft.body}`;
    return await run(['hash-object', '-w', '-t', 'commit', '--stdin'], text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One commit on top of the base, and it is ours. */
async function isUntouched(run: Run, ref: string, base: string): Promise<boolean> {
  const commits = await run(['log', '--format=%ce', ref, `^refs/heads/${base}`, '--']);
  return commits === EMAIL;
}

async function close(
  { branch, marker, repository }: Pick<DraftWish, 'branch' | 'marker' | 'repository'>,
  reason: string,
  run: Run,
): Promise<SendOutcome> {
  const ref = `refs/heads/${branch}`;
  const there = await hashOf(run, ref);
  if (there === undefined) return { state: 'sent', receipt: { state: 'gone', repository, branch } };
  const says = await run(['log', '-1', '--format=%ce%n%B', there, '--']);
  if (!says.startsWith(`${EMAIL}\n`) || !says.includes(marker))
    return { state: 'sent', receipt: { state: 'left as it is: somebody has worked on it', repository, branch } };
  // Kept where no list of branches shows it, with the reason on top.
  const who = `${NAME} <${EMAIL}> ${await run(['log', '-1', '--format=%ct', there, '--'])} +0000`;
  const tree = await run(['rev-parse', '--verify', `${there}^{tree}`]);
  const text = `tree ${tree}\nparent ${there}\nauthor ${who}\ncommitter ${who}\n\nClosed: ${reason}\n`;
  await run(['update-ref', `refs/closed/${branch}`, await run(['hash-object', '-w', '-t', 'commit', '--stdin'], text)]);
  await run(['update-ref', '-d', ref, there]);
  return { state: 'sent', receipt: { state: 'closed', repository, branch, reason } };
}

async function hashOf(run: Run, ref: string): Promise<string | undefined> {
  const listed = await run(['for-each-ref', '--format=%(objectname) %(refname)', ref]);
  const row = listed.split('\n').find((one) => one.endsWith(` ${ref}`));
  return row?.split(' ')[0];
}

function sent({ repository, branch, title }: DraftWish, ref: string, state: string): SendOutcome {
  const url = `${repository}#${ref.replace('refs/heads/', '')}`;
  return { state: 'sent', receipt: { forge: 'local', state, repository, branch, title, url, draft: true } };
}

async function outcome(work: () => Promise<SendOutcome>): Promise<SendOutcome> {
  try {
    return await work();
  } catch (error) {
    return { state: 'refused', error: messageOf(error), retryable: isAgentError(error) && error.retryable };
  }
}
