/**
 * The one way in which git is run. The repository is somebody else's: nothing that its configuration, hooks,
 * attributes or remotes name may be executed, nothing is fetched, nothing is written but into a scratch repository of ours.
 */
import { spawn } from 'node:child_process';
import { AgentError, messageOf } from '../domain/error.ts';
import { oneLine } from './clean-text.ts';
import { redact } from './redact.ts';

export interface GitOptions {
  /** Top of the work tree, and what it really is behind symbolic links. */
  readonly top: string;
  readonly realTop: string;
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  /** An exit code that means "there is none of it", as that of grep. */
  readonly emptyCode?: number;
  /** What git reads from its standard input; nothing without it. */
  readonly input?: Uint8Array | string | undefined;
  /** Another index than the repository's own, for a tree that is put together there. */
  readonly indexFile?: string | undefined;
}
export interface GitOutput {
  readonly text: string;
  /** The same as it came, for files that are no text. */
  readonly bytes: Buffer;
  /** Longer than allowed: the rest was not read. */
  readonly isCut: boolean;
}

const TIMEOUT_MILLISECONDS = 20_000;
const MAX_STDERR_CHARACTERS = 4_000;

/** Settings on the command line win over those of the repository. Each of these could otherwise run a program. */
const NEUTRAL_SETTINGS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.editor=false',
  'core.askPass=false',
  'core.sshCommand=false',
  'core.gitProxy=none',
  'core.alternateRefsCommand=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'protocol.allow=never',
  'credential.helper=',
  'gpg.program=false',
  'gpg.ssh.program=false',
  'gpg.x509.program=false',
  'log.showSignature=false',
  'log.mailmap=false',
  'log.follow=false',
  'diff.external=',
  'diff.orderFile=/dev/null',
  'diff.ignoreSubmodules=all',
  'diff.submodule=short',
  'diff.noprefix=false',
  'diff.mnemonicPrefix=false',
  'diff.renames=true',
  'submodule.recurse=false',
  'blame.ignoreRevsFile=',
  'grep.fallbackToNoIndex=false',
  'color.ui=false',
  'core.quotePath=false',
  'core.bigFileThreshold=1m',
  'i18n.logOutputEncoding=UTF-8',
].flatMap((setting) => ['-c', setting]);

/** Nothing of the agent's own environment but where programs are found: no credentials, no GIT_DIR, no home. */
const ENVIRONMENT = {
  HOME: '/nonexistent',
  XDG_CONFIG_HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** Throws AgentError (timeout, not-configured: git is not installed, not-found, refused, malformed). */
export function runGit(words: readonly string[], options: GitOptions): Promise<GitOutput> {
  const { top, realTop, signal, maxBytes, emptyCode, input, indexFile } = options;
  if (signal.aborted) return Promise.reject(tookTooLong());
  const trusted = [top, realTop].flatMap((folder) => ['-c', `safe.directory=${folder}`]);
  const within = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]);
  return new Promise((resolve, reject) => {
    const git = spawn('git', ['--no-pager', ...NEUTRAL_SETTINGS, ...trusted, '-C', top, ...words], {
      cwd: '/',
      env: {
        ...ENVIRONMENT,
        PATH: process.env.PATH,
        ...(indexFile === undefined ? {} : { GIT_INDEX_FILE: indexFile }),
      }, // not a setting of ours: where the programs of this machine are
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      signal: within,
      killSignal: 'SIGKILL',
    });
    git.stdin?.on('error', () => undefined); // it ended without reading all: its exit code tells why
    git.stdin?.end(input);
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isCut = false;
    let complaint = '';
    git.stdout?.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= maxBytes || isCut) return;
      isCut = true;
      git.kill('SIGKILL');
    });
    git.stderr?.on('data', (chunk: Buffer) => {
      if (complaint.length < MAX_STDERR_CHARACTERS) complaint += chunk.toString('utf8');
    });
    git.on('error', (error) => reject(within.aborted ? tookTooLong() : notStarted(error)));
    git.on('close', (code) => {
      const read = Buffer.concat(chunks).subarray(0, maxBytes);
      if (code === 0 || isCut || (code !== null && code === emptyCode && complaint === ''))
        resolve({ text: read.toString('utf8'), bytes: read, isCut });
      else reject(within.aborted ? tookTooLong() : failureOf(complaint, code));
    });
  });
}

/** Also told to who waits no longer for a command that goes on for others. */
export function tookTooLong(): AgentError {
  return new AgentError('timeout', 'git did not finish in time', { retryable: true });
}

function notStarted(error: unknown): AgentError {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return isMissing
    ? new AgentError('not-configured', 'git is not installed: install it to see code and history', { retryable: false })
    : new AgentError('unreachable', `git could not be started: ${messageOf(error)}`, { retryable: true, cause: error });
}

/** LC_ALL=C keeps these sentences English. */
function failureOf(complaint: string, code: number | null): AgentError {
  const sentence = oneLine(redact(complaint.replace(/^(?:fatal|error): /, '')), 300) || `it ended with code ${code}`;
  const isMissing =
    /unknown revision|bad revision|does not exist|no such path|not a valid object|bad object|invalid object|needed a single revision|has only \d+ lines?|does not have any commits|exists on disk, but not in|bad file/i;
  if (isMissing.test(complaint)) return new AgentError('not-found', `git: ${sentence}`, { retryable: false });
  if (/dubious ownership|permission denied/i.test(complaint)) {
    return new AgentError('refused', `git: ${sentence}`, { retryable: false });
  }
  return new AgentError('malformed', `git: ${sentence}`, { retryable: false });
}
