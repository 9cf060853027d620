/**
 * Runs a command as a container would: in the root that a Dockerfile gives, as an unprivileged user, with nothing to
 * write to but what is mounted. Made of bubblewrap; below the root that was built lie this machine's own programs, read
 * only, where the image would have Debian's. The network is the machine's.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

export interface Bind {
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

export interface Sandbox {
  /** Made by `buildRoot`. */
  readonly root: string;
  readonly isRootReadOnly: boolean;
  readonly binds: readonly Bind[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingFolder: string;
  /** undefined: as the one who runs this. Ignored where that is no root: then it is somebody unprivileged already. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
}

const InitialProcess = z.object({ 'child-pid': z.number() });
const KEPT_CHARACTERS = 20_000;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** The user that Node's image has. */
const ACCOUNTS = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
  group: 'root:x:0:\nnode:x:1000:\n',
};
/** How programs find names and trust certificates; of the machine, as an engine also does it. */
const MACHINE_FILES = [
  'resolv.conf',
  'hosts',
  'nsswitch.conf',
  'ssl',
  'ca-certificates',
  'ld.so.cache',
  'alternatives',
];

export interface SandboxedProcess {
  readonly output: () => string;
  hasEnded(): boolean;
  /** -1: it could not be started, or was killed. */
  readonly ended: Promise<number>;
  /** To the command itself. Only once it runs. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

export function startInSandbox(sandbox: Sandbox, command: readonly string[]): SandboxedProcess {
  const words = ['--info-fd', '3', ...bubblewrap(sandbox), '--', ...asUser(sandbox.user), ...command];
  const child = spawn('bwrap', words, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: { PATH } });
  const [, stdout, stderr, information] = child.stdio;
  const output = collected([stdout, stderr]);
  const said = collected([information]);
  let isOver = false;
  const ended = new Promise<number>((resolve) => {
    function end(code: number | null): void {
      isOver = true;
      resolve(code ?? -1);
    }
    child.once('error', () => end(-1));
    child.once('close', end);
  });
  return {
    output,
    hasEnded: () => isOver,
    ended,
    signal(name) {
      // Killing the first process ends all of them. It does not pass on other signals, unlike Docker's init.
      if (name === 'SIGKILL') child.kill('SIGKILL');
      else for (const pid of childrenOf(InitialProcess.parse(JSON.parse(said()))['child-pid'])) process.kill(pid, name);
    },
  };
}

function collected(streams: readonly (Readable | Writable | null | undefined)[]): () => string {
  let text = '';
  for (const stream of streams)
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('utf8')).slice(-KEPT_CHARACTERS);
    });
  return () => text;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

/** Exit code and all that was printed. */
export async function runInSandbox(
  sandbox: Sandbox,
  command: readonly string[],
): Promise<{ code: number; output: string }> {
  const running = startInSandbox(sandbox, command);
  const code = await running.ended;
  return { code, output: running.output() };
}

function bubblewrap({ root, isRootReadOnly, binds, environment, workingFolder, user }: Sandbox): string[] {
  const isRoot = process.getuid?.() === 0;
  const accounts = writeAccounts(root);
  const inRoot = isRootReadOnly ? '--ro-bind' : '--bind';
  return [
    ['--die-with-parent', '--unshare-pid'],
    isRoot ? [] : ['--unshare-user', '--uid', String(user?.uid ?? 0), '--gid', String(user?.gid ?? 0)],
    ['--ro-bind', '/usr', '/usr'],
    openFolders('--tmpfs', '/usr/local'),
    openFolders('--dir', '/usr/local/bin', '/etc'),
    ['--ro-bind', process.execPath, '/usr/local/bin/node'],
    ['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    ['passwd', 'group'].flatMap((name) => ['--ro-bind', join(accounts, name), `/etc/${name}`]),
    MACHINE_FILES.flatMap((name) => ['--ro-bind-try', join('/etc', name), join('/etc', name)]),
    ['--dev', '/dev', '--proc', '/proc', '--perms', '1777', '--tmpfs', '/tmp'],
    readdirSync(root).flatMap((name) => [inRoot, join(root, name), `/${name}`]),
    binds.flatMap(({ target }) => openFolders('--dir', ...missingAbove(target, root))),
    binds.flatMap(({ source, target, isReadOnly }) => [isReadOnly ? '--ro-bind' : '--bind', source, target]),
    isRootReadOnly ? ['--remount-ro', '/'] : [],
    ['--clearenv'],
    Object.entries({ PATH, ...environment }).flatMap(([name, value]) => ['--setenv', name, value]),
    ['--chdir', workingFolder],
  ].flat();
}

/** Folders that bubblewrap makes by itself are its caller's alone. */
function openFolders(how: string, ...paths: readonly string[]): string[] {
  return paths.flatMap((path) => ['--perms', '0755', how, path]);
}

/** `/var/log/apps/x` → /var, /var/log, /var/log/apps; nothing of what the root already holds. */
function missingAbove(target: string, root: string): string[] {
  const parts = target.split('/').slice(1, -1);
  const above = parts.map((_part, index) => `/${parts.slice(0, index + 1).join('/')}`);
  return above.filter((path) => !existsSync(join(root, path)) && !path.startsWith('/usr') && !path.startsWith('/etc'));
}

/** After this nothing gives root back: no rights, no groups, no set-uid programs. */
function asUser(user: Sandbox['user']): string[] {
  if (user === undefined || process.getuid?.() !== 0) return [];
  const { uid, gid } = user;
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--no-new-privs',
    '--inh-caps=-all',
    '--bounding-set=-all',
  ];
}

function writeAccounts(root: string): string {
  const folder = join(dirname(realpathSync(root)), 'etc');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(ACCOUNTS)) writeFileSync(join(folder, name), text);
  return folder;
}
