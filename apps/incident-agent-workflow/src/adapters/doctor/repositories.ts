/** Whether each service's repository can be read: without it no commit and no line is ever named. */
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { type Diagnosis, failing, fine, warning } from '../../domain/diagnosis.ts';
import { messageOf } from '../../domain/error.ts';
import type { Registry, Service } from '../../domain/service.ts';
import type { DoctorCheck } from '../../host-ports.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { shellCommand } from '../../lib/escape.ts';

const NAME = 'repository';
const SHOWS = 'reports name no commit, no line and no author';

export function repositoryCheck(registry: Registry): DoctorCheck {
  return {
    name: NAME,
    async run(signal) {
      return (await Promise.all(registry.services.map((service) => look(service, signal)))).flat();
    },
  };
}

async function look({ name, repositoryPath }: Service, signal: AbortSignal): Promise<Diagnosis[]> {
  if (repositoryPath === undefined) {
    const mend = `set repo_path of ${name} in the service registry to its work tree`;
    return [warning(NAME, { what: `${name} has no repo_path in the service registry`, shows: SHOWS, mend })];
  }
  const isFolder = await stat(repositoryPath).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    const mend = `${shellCommand(['git', 'clone', '<address>', repositoryPath])}   or correct repo_path of ${name}; in a container, mount it`;
    return [failing(NAME, { what: `${name}: there is no folder ${repositoryPath}`, shows: SHOWS, mend })];
  }
  const top = await git(repositoryPath, ['rev-parse', '--show-toplevel', '--is-shallow-repository'], signal);
  if (top.failure !== undefined) return [await whyNot(name, repositoryPath, top.failure)];
  const [folder = '', isShallow = ''] = top.output.split('\n');
  if (isShallow !== 'true') return [fine(NAME, `${name}: ${folder}`)];
  const mend = shellCommand(['git', '-C', folder, 'fetch', '--unshallow']);
  return [
    warning(NAME, {
      what: `${name}: ${folder} is a shallow clone`,
      shows: 'commits before its edge are never named',
      mend,
    }),
  ];
}

async function whyNot(name: string, path: string, failure: string): Promise<Diagnosis> {
  if (/dubious ownership/.test(failure)) {
    return warning(NAME, {
      what: `${name}: ${path} belongs to another user, and git refuses it (safe.directory)`,
      shows: 'the agent reads it all the same; the commands in its reports fail with “dubious ownership”',
      mend: shellCommand(['git', 'config', '--global', '--add', 'safe.directory', quotedFolder(failure) ?? path]),
    });
  }
  if (/not a git repository/.test(failure)) {
    const mend = `point repo_path of ${name} at a work tree with its .git; in a container, mount the repository’s root, .git included`;
    return failing(NAME, { what: `${name}: ${path} is not a git repository`, shows: SHOWS, mend });
  }
  if (/ENOENT/.test(failure))
    return failing(NAME, { what: 'git is not installed', shows: SHOWS, mend: 'apt-get install git' });
  return failing(NAME, {
    what: `${name}: git cannot read ${path} (${failure})`,
    shows: SHOWS,
    mend: shellCommand(['git', '-C', path, 'status']),
  });
}

function quotedFolder(failure: string): string | undefined {
  return /repository at '([^']+)'/.exec(failure)?.[1];
}

/** As a person would run it, with their own configuration: that is what is asked here. It reads nothing but names. */
function git(
  folder: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<{ output: string; failure?: string }> {
  return new Promise((resolve) => {
    const child = spawn('git', ['-C', folder, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8').slice(0, 4_000)));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8').slice(0, 4_000)));
    child.on('error', (error) => resolve({ output: '', failure: messageOf(error) }));
    child.on('close', (code) =>
      resolve(code === 0 ? { output: output.trim() } : { output: '', failure: oneLine(complaint, 400) }),
    );
  });
}
