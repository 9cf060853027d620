import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startServer } from '../../lib/testing/start-server.ts';
import type { SandboxJob, SandboxLimits, TreeFile } from '../../remediation-ports.ts';
import { bubblewrap } from './bubblewrap.ts';
import { noSandbox } from './none.ts';

const PATH = process.env.PATH ?? '';
const isInstalled = PATH.split(delimiter).some((folder) => existsSync(join(folder, 'bwrap')));
const MEGABYTE = 1024 * 1024;
const LIMITS: SandboxLimits = {
  seconds: 20,
  memoryBytes: 400 * MEGABYTE,
  processes: 40,
  outputBytes: 4 * MEGABYTE,
  diskBytes: 32 * MEGABYTE,
};
const sandbox = bubblewrap({ path: PATH });
let top: string;

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'sandbox-top-'));
  writeFileSync(join(top, 'mine.txt'), 'not committed');
});
afterAll(() => rmSync(top, { recursive: true }));
beforeEach(({ skip }) => {
  if (!isInstalled) skip('needs bwrap: apt-get install bubblewrap');
});

function file(path: string, content: string, mode: TreeFile['mode'] = 'file'): TreeFile {
  return { path, mode, content: Buffer.from(content) };
}
function run(command: string, change: Partial<Omit<SandboxJob, 'limits'>> & { limits?: Partial<SandboxLimits> } = {}) {
  const job = { files: [], top, folder: '', command, ...change, limits: { ...LIMITS, ...change.limits } };
  return sandbox.run(job, AbortSignal.timeout(60_000));
}

test('the tree and nothing else of the repository is there, at the path of the work tree', async () => {
  const files = [
    file('src/a.txt', 'committed'),
    file('run.sh', '#!/bin/sh\necho ran', 'executable'),
    file('to', 'src/a.txt', 'link'),
  ];
  const result = await run('pwd; ls; cat ../to; ../run.sh', { files, folder: 'src' });
  expect(result).toMatchObject({ state: 'ended', exitCode: 0 });
  expect('output' in result && result.output).toBe(`${top}/src\na.txt\ncommittedran\n`);
});

test('what is deleted inside is not deleted here', async () => {
  const result = await run('rm -rf --no-preserve-root / 2>/dev/null; rm -rf /usr/bin/env; echo still here', {
    files: [file('a.txt', 'a')],
  });
  expect(result).toMatchObject({ state: 'ended', output: expect.stringContaining('still here') });
  expect(readFileSync(join(top, 'mine.txt'), 'utf8')).toBe('not committed');
  expect(existsSync('/usr/bin/env')).toBe(true);
});

const ask = (url: string) =>
  `fetch('${url}').then((r) => console.log('GOT', r.status), (e) => console.log('NO', e.cause?.code))`;

test('there is no network: neither this machine nor any other is reached', async () => {
  await using server = await startServer((_request, response) => response.end('reached'));
  const result = await run(`node -e "${ask(server.url)}; ${ask('http://1.1.1.1')}"`);
  expect(result).toMatchObject({ state: 'ended', exitCode: 0 });
  expect('output' in result && result.output.match(/NO E\w+/g)).toHaveLength(2);
  expect(server.requests).toEqual([]);
});

test('a server inside can be asked from inside', async () => {
  const script = `const s = require('http').createServer((q, r) => r.end('own')).listen(0, async () => {
    console.log(await (await fetch('http://localhost:' + s.address().port)).text()); s.close(); });`;
  expect(await run('node serve.js', { files: [file('serve.js', script)] })).toMatchObject({ output: 'own\n' });
});

test('a fork bomb ends inside, and this machine goes on', async () => {
  const result = await run('bomb() { bomb | bomb & }; bomb; sleep 2; ls /proc | grep -c "^[0-9]"', {
    limits: { seconds: 10 },
  });
  expect(result.state).not.toBe('not-run');
  const left = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isOfTheBomb(pid));
  expect(left).toEqual([]);
});

function isOfTheBomb(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('bomb | bomb');
  } catch {
    return false; // gone
  }
}

test('no more processes than allowed', async () => {
  const result = await run('for i in $(seq 60); do sleep 5 & done 2>/dev/null; ls /proc | grep -c "^[0-9]"', {
    limits: { processes: 20 },
  });
  const counted = 'output' in result ? Number(/^(\d+)$/m.exec(result.output)?.[1] ?? 0) : Number.NaN;
  expect(counted).toBeLessThan(25);
});

test('an endless loop is stopped by the clock', async () => {
  const result = await run('while true; do :; done', { limits: { seconds: 1 } });
  expect(result).toMatchObject({ state: 'stopped', limit: 'time' });
  expect('milliseconds' in result && result.milliseconds).toBeLessThan(5_000);
});

test('ten gigabytes of output are stopped after a few megabytes, and little of it is kept', async () => {
  const result = await run('echo first; head -c 10G /dev/zero | tr "\\0" x');
  expect(result).toMatchObject({ state: 'stopped', limit: 'output', output: expect.stringMatching(/^first\nx/) });
  expect('output' in result && result.output.length).toBeLessThan(200 * 1024);
});

test('ten gigabytes on disk do not fit', async () => {
  const result = await run(
    'for place in . /tmp "$HOME"; do head -c 10G /dev/zero > "$place/big" || echo full; done; df -k . /tmp "$HOME"',
  );
  expect(result).toMatchObject({ state: 'ended' });
  expect('output' in result && result.output.match(/^full$/gm)).toHaveLength(3);
});

test('memory is bounded, of one process and of all together', async () => {
  const one = await run("node -e 'const kept = []; for (;;) kept.push(Buffer.alloc(16e6, 1))'");
  expect(one.state === 'stopped' ? one.limit : one.state === 'ended' && one.exitCode !== 0).toBeTruthy();
  const eater =
    "node -e 'const kept = []; while (kept.length < 9) kept.push(Buffer.alloc(16e6, 1)); setTimeout(() => {}, 9000)'";
  const many = await run(`${eater} & ${eater} & ${eater} & ${eater} & wait`, {
    limits: { memoryBytes: 300 * MEGABYTE, processes: 100 },
  });
  expect(many).toMatchObject({ state: 'stopped', limit: 'memory' });
});

test('nothing of the agent can be read: no environment, no secrets, no files', async () => {
  process.env.SANDBOX_TEST_SECRET = 'agent-secret-4711';
  const hidden = mkdtempSync(join(tmpdir(), 'sandbox-hidden-'));
  writeFileSync(join(hidden, 'key'), 'hidden-file-4711');
  const result = await run(
    `env; cat /etc/shadow /etc/gshadow; cat /proc/*/environ; cat ${hidden}/key; cat mine.txt link; ls -a /root /home /var 2>&1`,
    { files: [file('link', `${hidden}/key`, 'link'), file('shadow', '/etc/shadow', 'link')] },
  );
  rmSync(hidden, { recursive: true });
  process.env.SANDBOX_TEST_SECRET = undefined;
  const output = 'output' in result ? result.output : '';
  expect(output).toContain('HOME=/home/sandbox');
  expect(output).not.toMatch(/4711|not committed|root:[*!$]/);
  expect(output).toMatch(/\/etc\/shadow: No such file/);
});

test('whoever runs inside is nobody here and can become nobody', async () => {
  const result = await run(
    'id -u; grep -E "^(CapEff|CapPrm|NoNewPrivs)" /proc/self/status; setpriv --reuid 0 id -u; mount -t tmpfs none /mnt; echo > /usr/x',
  );
  const output = 'output' in result ? result.output : '';
  expect(output).toMatch(/CapPrm:\s+0+\n/);
  expect(output).toMatch(/CapEff:\s+0+\n/);
  expect(output).toMatch(/NoNewPrivs:\s+1/);
  expect(output.split('\n')).not.toContain('0');
});

test('packages that were installed for the repository are there, read-only; its links do not lead elsewhere', async () => {
  const holder = mkdtempSync(join(tmpdir(), 'sandbox-installed-'));
  const repository = join(holder, 'repository');
  const outside = mkdtempSync(join(tmpdir(), 'sandbox-outside-'));
  for (const folder of ['repository/node_modules/near', 'node_modules/far', 'packages/linked'])
    mkdirSync(join(holder, folder), { recursive: true });
  writeFileSync(join(holder, 'repository/node_modules/near/index.js'), 'module.exports = "near"');
  writeFileSync(join(holder, 'node_modules/far/index.js'), 'module.exports = "far"');
  writeFileSync(join(holder, 'packages/linked/index.js'), 'module.exports = "linked"');
  writeFileSync(join(outside, 'index.js'), 'module.exports = "stolen"');
  symlinkSync('../packages/linked', join(holder, 'node_modules/linked'));
  symlinkSync(outside, join(holder, 'node_modules/stolen'));
  const script =
    "for (const n of ['near', 'far', 'linked', 'stolen']) try { console.log(require(n)) } catch (e) { console.log(e.code) }";
  const result = await run('node a.js; echo x > node_modules/near/index.js', {
    top: repository,
    files: [file('a.js', script)],
  });
  expect(result).toMatchObject({ output: expect.stringMatching(/^near\nfar\nlinked\nMODULE_NOT_FOUND\n.*Read-only/s) });
  rmSync(holder, { recursive: true });
  rmSync(outside, { recursive: true });
});

test('a tree that would lie over the programs lies elsewhere', async () => {
  expect(await run('pwd; ls /usr/bin/env', { top: '/usr' })).toMatchObject({ output: '/work/tree\n/usr/bin/env\n' });
});

test('an abort ends it', async () => {
  const aborting = new AbortController();
  const running = sandbox.run({ files: [], top, folder: '', command: 'sleep 30', limits: LIMITS }, aborting.signal);
  setTimeout(() => aborting.abort(new Error('stop')), 300);
  await expect(running).rejects.toThrow('stop');
});

test('it says whether it can run; where it is not installed, how to get it', async () => {
  expect(await sandbox.unavailable()).toBeUndefined();
  const missing = bubblewrap({ path: PATH, program: '/nonexistent/bwrap' });
  expect(await missing.unavailable()).toBe('bubblewrap is not installed (apt-get install bubblewrap)');
  const none = noSandbox('bubblewrap runs on Linux only');
  expect(await none.unavailable()).toContain('Linux');
});
