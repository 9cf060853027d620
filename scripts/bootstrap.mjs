// Installs if needed, then runs a file under the pinned Node. Plain JavaScript without packages: it runs before there are any.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';
import { whatIsMissing } from './installed.mjs';
import { linkPinnedNode, pinnedNodePath } from './pinned-node.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NPM_WATCH_MILLISECONDS = 500;

/** Exits the program: with the file's own exit code, or with 1 and one sentence when it could not be started. */
export async function main([file, ...programArguments]) {
  if (file === undefined || !existsSync(resolve(ROOT, file))) {
    fail(file === undefined ? 'Usage: node scripts/run.mjs <file.ts> [arguments]' : `There is no file ${file} to run.`);
    return;
  }
  const installSeconds = await installIfNeeded();
  const node = pinnedNodePath(ROOT);
  if (installSeconds === undefined || node === undefined) return;
  linkPinnedNode(ROOT, node);
  run(node, [resolve(ROOT, file), ...programArguments], environment(node, installSeconds));
}

/** Seconds it took, 0 if all was there; undefined when it failed and the reason has been said. */
async function installIfNeeded() {
  const missing = whatIsMissing(ROOT);
  if (missing === undefined) return 0;
  const startedAt = Date.now();
  console.error(`${missing} Installing from package-lock.json; this takes about a minute, once.`);
  const problem = await install(ROOT);
  const stillMissing = problem ?? whatIsMissing(ROOT);
  if (stillMissing === undefined) return (Date.now() - startedAt) / 1000;
  fail(`Could not install: ${stillMissing}`);
  return undefined;
}

/** With the pinned Node first on the path, so that programs which say `#!/usr/bin/env node` run under it too. */
function environment(node, installSeconds) {
  const path = [join(ROOT, 'node_modules', '.bin'), dirname(node), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path, INSTALL_SECONDS: installSeconds.toFixed(1) };
}

/** Asynchronous on purpose: with spawnSync a Ctrl-C would return to the shell while the program still cleans up. */
function run(node, commandLine, env) {
  const child = spawn(node, commandLine, { stdio: 'inherit', env });
  // A terminal's Ctrl-C reaches the child by itself. Without a terminal a SIGINT may have been sent to us alone.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY && !process.stderr.isTTY) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGTERM'));
  const watch = watchNpm(() => child.kill('SIGTERM'));
  child.once('error', (error) => {
    clearInterval(watch);
    fail(`The pinned Node (${node}) does not start: ${error.message}`);
  });
  child.once('exit', (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}

/** A `kill` that reaches npm alone leaves us behind, since neither npm nor its shell hands it on. */
function watchNpm(whenGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const started = starters();
  const watch = setInterval(() => {
    if (starters() === started) return;
    clearInterval(watch);
    whenGone();
  }, NPM_WATCH_MILLISECONDS);
  return watch;
}

/** The shell that npm started us through, and where the kernel tells, the npm above it. */
function starters() {
  try {
    // `pid (name) state ppid …`, and a name may hold spaces and brackets
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[2]}`;
  } catch {
    return `${process.ppid}`;
  }
}

function fail(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}
