// Runs `npm ci`, shows what npm says on stderr, and says in one sentence why it failed.
import { spawn } from 'node:child_process';
import { basename } from 'node:path';

const ARGUMENTS = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
/** The end of npm's output is where it says what went wrong. */
const KEPT_CHARACTERS = 64_000;

const REASONS = [
  { sign: /ENOSPC/, says: 'the disk is full: free about 1.5 GB and try again.' },
  {
    sign: /EINTEGRITY/,
    says: 'a downloaded package does not match its checksum: run `npm cache verify` and try again.',
  },
  {
    sign: /EACCES|EPERM|EROFS/,
    says: 'no permission to write here: check who owns this folder, node_modules and ~/.npm.',
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network/,
    says: 'the npm registry cannot be reached: check the network, the proxy and `npm config get registry`.',
  },
  {
    sign: /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/,
    says: 'the TLS certificate of the npm registry is not trusted: check `npm config get cafile`.',
  },
  { sign: /E401|E403/, says: 'the npm registry refuses this user: check the token in ~/.npmrc.' },
  { sign: /E404|ETARGET/, says: 'the npm registry does not have one of the packages: see the lines above.' },
  { sign: /EUSAGE/, says: 'package-lock.json and package.json do not agree: restore both from git.' },
  { sign: /EBUSY|ENOTEMPTY/, says: 'something is using node_modules: stop running programs and try again.' },
];

/** Why npm failed, one sentence for people, from what it printed. */
function explain(output, exitCode) {
  const known = REASONS.find(({ sign }) => sign.test(output));
  return known?.says ?? `npm ci ended with exit code ${exitCode}: see the lines above.`;
}

/** Resolves to undefined when all is installed, else to one sentence that says why not. */
export function install(root, environment = process.env) {
  const { command, prefix, options } = npmCommand(environment);
  return new Promise((resolve) => {
    const npm = spawn(command, [...prefix, ...ARGUMENTS], {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    let output = '';
    for (const stream of [npm.stdout, npm.stderr]) {
      stream.on('data', (chunk) => {
        process.stderr.write(chunk);
        output = (output + chunk).slice(-KEPT_CHARACTERS);
      });
    }
    // A Ctrl-C reaches npm by itself; waiting for it keeps the terminal ours until it has stopped.
    const wait = () => npm.kill('SIGINT');
    process.on('SIGINT', wait);
    npm.once('error', (error) => {
      resolve(
        error.code === 'ENOENT'
          ? 'npm was not found: it comes with Node, reinstall Node from https://nodejs.org.'
          : error.message,
      );
    });
    npm.once('close', (code, signal) => {
      process.off('SIGINT', wait);
      if (code === 0) resolve(undefined);
      else resolve(signal || code === 130 ? 'it was interrupted; the next start begins anew.' : explain(output, code));
    });
  });
}

/** The npm that started us, else the one on the path; on Windows that is a script which needs a shell. */
function npmCommand(environment, platform = process.platform) {
  const running = environment.npm_execpath;
  if (running !== undefined && /^npm-cli\.c?js$/.test(basename(running))) {
    return { command: process.execPath, prefix: [running], options: {} };
  }
  return platform === 'win32'
    ? { command: 'npm.cmd', prefix: [], options: { shell: true } }
    : { command: 'npm', prefix: [], options: {} };
}
