/**
 * Runs a command over a tree of its own with bubblewrap: no network, nothing of this machine but its programs and what
 * was installed for the repository (both read-only), an empty home, none of the agent's environment, bounded in time,
 * memory, processes, output and disk. The tree lives in memory; nothing is written to this machine.
 */
import { spawn } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { oneLine } from '../../lib/clean-text.ts';
import type { Sandbox, SandboxJob, SandboxResult } from '../../remediation-ports.ts';
import { archiveOf } from './archive.ts';
import { findToolchains, installedFor, SYSTEM_FOLDERS, type Toolchains } from './installed.ts';
import { memoryOf } from './process-memory.ts';

export interface BubblewrapOptions {
  /** Where this machine's programs are (`PATH`). */
  readonly path: string;
  /** `bwrap`, unless another one is to be used. */
  readonly program?: string;
}

/** Memory is measured this often; between two looks a single process is held by the kernel, more loosely. */
const WATCH_MILLISECONDS = 100;
/** V8 reserves some of it before it runs anything. */
const RESERVED_BYTES = 2 * 1024 ** 3;
/** Beginning and end of what a command prints. */
const KEPT_BYTES = 64 * 1024;
const MEGABYTE = 1024 * 1024;
const CHECK_SECONDS = 20;
/** Users that nobody else is: the limit of processes counts by user, and does not hold for root. */
const FIRST_USER = 1_900_000_000;
const HOME = '/home/sandbox';
const TREE_ELSEWHERE = '/work/tree';
const HOSTS = '127.0.0.1 localhost\n::1 localhost\n';

export function bubblewrap({ path, program = 'bwrap' }: BubblewrapOptions): Sandbox {
  let toolchains: Promise<Toolchains> | undefined;
  let works: Promise<string | undefined> | undefined;
  let runs = 0;

  async function run(job: SandboxJob, signal: AbortSignal): Promise<SandboxResult> {
    signal.throwIfAborted();
    toolchains ??= findToolchains(path);
    const known = await toolchains;
    const top = usableTop(job.top);
    const tracked = new Set(job.files.flatMap(({ path: file }) => [file, ...foldersAbove(file)]));
    const installed = top === job.top ? await installedFor(top, job.folder, (one) => tracked.has(one), known) : [];
    runs += 1;
    const user = process.getuid?.() === 0 ? FIRST_USER + ((process.pid * 100 + runs) % 100_000_000) : undefined;
    const words = wordsOf(job, { top, installed, toolchains: known, user });
    return start(program, words, { job, archive: await archiveOf(job.files), path, user, signal });
  }

  async function check(): Promise<string | undefined> {
    const limits = { seconds: CHECK_SECONDS, memoryBytes: 256 * MEGABYTE, processes: 16, outputBytes: MEGABYTE };
    const job = {
      files: [],
      top: TREE_ELSEWHERE,
      folder: '',
      command: 'true',
      limits: { ...limits, diskBytes: MEGABYTE },
    };
    const result = await run(job, AbortSignal.timeout(2 * CHECK_SECONDS * 1_000));
    if (result.state === 'not-run') return result.reason;
    if (result.state === 'ended' && result.exitCode === 0) return undefined;
    return `bubblewrap cannot make a sandbox on this machine: ${oneLine(result.output, 200) || 'it did not say why'}`;
  }

  return {
    name: 'bubblewrap',
    async unavailable() {
      works ??= check();
      const reason = await works;
      if (reason !== undefined) works = undefined; // it may be installed while we run
      return reason;
    },
    run,
  };
}

/** A tree cannot lie over the programs that work on it. */
function usableTop(top: string): string {
  const isOverPrograms =
    /^\/(?:usr|bin|sbin|lib\w*|etc|proc|dev|sys)?(?:\/|$)/.test(top) && !/^\/usr\/(?:src|local\/src)\/./.test(top);
  return isAbsolute(top) && !isOverPrograms && !top.includes('\0') ? top : TREE_ELSEWHERE;
}

function foldersAbove(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

interface Inside {
  readonly top: string;
  readonly installed: readonly string[];
  readonly toolchains: Toolchains;
  /** The agent runs as root: what runs inside becomes this user. undefined: a user namespace takes its rights away. */
  readonly user: number | undefined;
}

function wordsOf({ folder, command, limits }: SandboxJob, { top, installed, toolchains, user }: Inside): string[] {
  const shown = [...SYSTEM_FOLDERS, ...toolchains.folders];
  const disk = String(limits.diskBytes);
  const room = ['--perms', '0777', '--size', disk, '--tmpfs'];
  return [
    ...(user === undefined ? ['--unshare-user', '--uid', '1000', '--gid', '1000', '--disable-userns'] : []),
    '--unshare-ipc',
    '--unshare-pid',
    '--unshare-net',
    '--unshare-uts',
    '--unshare-cgroup-try',
    '--hostname',
    'sandbox',
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
    'ALL',
    ...(user === undefined ? [] : ['--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID']),
    '--clearenv',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...room,
    '/tmp',
    // Folders that bubblewrap makes on the way to a mount could be entered by root only.
    ...foldersTo([...shown, ...installed, '/etc/hosts', HOME, top]).flatMap((one) => ['--perms', '0755', '--dir', one]),
    ...['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    ...shown.flatMap((one) => ['--ro-bind-try', one, one]),

    '--perms',
    '0644',
    '--ro-bind-data',
    '3',
    '/etc/passwd',
    '--perms',
    '0644',
    '--ro-bind-data',
    '4',
    '/etc/hosts',
    ...room,
    HOME,
    ...room,
    top,
    ...installed.flatMap((one) => ['--ro-bind-try', one, one]),
    ...Object.entries(environmentOf(toolchains)).flatMap(([name, value]) => ['--setenv', name, value]),
    '--chdir',
    top,
    '--',
    '/bin/sh',
    '-c',
    UNPACK_AND_RUN,
    'sh',

    top,
    folder,
    String(limits.processes),
    String(Math.ceil((limits.memoryBytes + RESERVED_BYTES) / 1024)),
    String(limits.seconds * 2),
    user === undefined ? '' : String(user),
    command,
  ];
}

/** Every folder above the places, the outer ones first. */
function foldersTo(places: readonly string[]): string[] {
  return [...new Set(places.flatMap((place) => foldersAbove(place.slice(1))))].map((one) => `/${one}`).toSorted();
}

/** The tree comes in on standard input. `ulimit -p` is processes in dash and busybox, `-u` in bash. */
const UNPACK_AND_RUN = `
tar -xf - -C "$1" --no-same-owner || exit 126
cd "$1/$2" || exit 126
exec </dev/null 2>&1
ulimit -c 0; ulimit -d "$4"; ulimit -t "$5"
if [ -n "$6" ]; then
  exec setpriv --reuid "$6" --regid "$6" --clear-groups --no-new-privs /bin/sh -c 'ulimit -p "$1" 2>/dev/null || ulimit -u "$1"; exec /bin/sh -c "$2"' sh "$3" "$7"
fi
ulimit -p "$3" 2>/dev/null || ulimit -u "$3"
exec /bin/sh -c "$7"
`;

function environmentOf({ programFolders, mavenRepository, goModules }: Toolchains): Record<string, string> {
  return {
    ...(mavenRepository === undefined
      ? {}
      : { MAVEN_REPOSITORY: mavenRepository, MAVEN_OPTS: `-Dmaven.repo.local=${mavenRepository}` }),
    ...(goModules === undefined ? {} : { GOMODCACHE: goModules }),
    PATH: programFolders.join(':'),
    HOME,
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    CI: '1',
    NO_COLOR: '1',
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
    GOCACHE: '/tmp/go-build',
    PYTHONDONTWRITEBYTECODE: '1',
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
  };
}

interface Start {
  readonly job: SandboxJob;
  readonly archive: Uint8Array;
  readonly path: string;
  readonly user: number | undefined;
  readonly signal: AbortSignal;
}

function start(program: string, words: string[], { job, archive, path, user, signal }: Start): Promise<SandboxResult> {
  const { limits } = job;
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(program, words, {
      cwd: '/',
      env: { PATH: path },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const output = keptOutput();
    let limit: 'time' | 'memory' | 'output' | undefined;
    const stop = (why: typeof limit): void => {
      limit ??= why;
      child.kill('SIGKILL'); // the inner processes die with it: their namespace ends, and they die with their parent
    };
    const abort = (): void => stop('time');
    const clock = setTimeout(() => stop('time'), limits.seconds * 1_000);
    const watch = setInterval(() => {
      void memoryOf(child.pid ?? 0).then((bytes) => bytes > limits.memoryBytes && stop('memory'));
    }, WATCH_MILLISECONDS);
    signal.addEventListener('abort', abort, { once: true });
    const take = (chunk: Buffer): void => {
      if (output.add(chunk) > limits.outputBytes) stop('output');
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    for (const [index, content] of [archive, undefined, undefined, passwdOf(user), HOSTS].entries()) {
      if (content === undefined) continue;
      const pipe = child.stdio[index];
      if (!pipe || !('end' in pipe)) continue;
      pipe.on('error', () => undefined); // it ended before it had read all: its exit code tells why
      pipe.end(content);
    }
    const over = (): void => {
      clearTimeout(clock);
      clearInterval(watch);
      signal.removeEventListener('abort', abort);
    };
    child.on('error', (error) => {
      over();
      const isMissing = 'code' in error && error.code === 'ENOENT';
      resolve({
        state: 'not-run',
        reason: isMissing ? 'bubblewrap is not installed (apt-get install bubblewrap)' : error.message,
      });
    });
    child.on('close', (code) => {
      over();
      const told = { output: output.text(), milliseconds: Math.round(performance.now() - began) };
      if (signal.aborted) reject(signal.reason);
      else if (limit !== undefined) resolve({ state: 'stopped', limit, ...told });
      else resolve({ state: 'ended', exitCode: code ?? 137, ...told });
    });
  });
}

function passwdOf(user: number | undefined): string {
  const id = user ?? 1000;
  return `root:x:0:0::/:/bin/false\nsandbox:x:${id}:${id}::${HOME}:/bin/sh\n`;
}

/** Beginning and end of a stream that may have no end. */
function keptOutput() {
  const first: Buffer[] = [];
  let last: Buffer[] = [];
  let firstBytes = 0;
  let lastBytes = 0;
  let all = 0;
  return {
    /** Bytes so far. */
    add(chunk: Buffer): number {
      all += chunk.length;
      const room = KEPT_BYTES - firstBytes;
      if (room > 0) {
        first.push(chunk.subarray(0, room));
        firstBytes += Math.min(room, chunk.length);
      }
      const rest = chunk.subarray(Math.max(room, 0));
      if (rest.length > 0) {
        last.push(rest);
        lastBytes += rest.length;
        if (lastBytes > 4 * KEPT_BYTES) {
          last = [Buffer.concat(last).subarray(-KEPT_BYTES)];
          lastBytes = KEPT_BYTES;
        }
      }
      return all;
    },
    text(): string {
      const end = Buffer.concat(last).subarray(-KEPT_BYTES);
      const left = all - firstBytes - end.length;
      const middle = left > 0 ? `\n… ${left} bytes left out …\n` : '';
      return `${Buffer.concat(first).toString('utf8')}${middle}${end.toString('utf8')}`;
    },
  };
}
