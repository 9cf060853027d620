import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listen } from './listen.ts';
import { type Program, startProgram, untilAnswers } from './processes.ts';

let folder: string;
const started: Program[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'processes-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((program) => program.kill()));
  rmSync(folder, { recursive: true, force: true });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A dead child of a dead parent may wait to be collected.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(condition()).toBe(true);
}
function start(run: Parameters<typeof startProgram>[0]['run'], environment: Record<string, string> = {}): Program {
  const program = startProgram({ name: 'it', run, folder, environment, outputFile: join(folder, 'out.log') });
  started.push(program);
  return program;
}
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
function written(name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return '';
  }
}

const CHILD_THAT_STAYS = `import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const child = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], { stdio: 'ignore' });
writeFileSync('child.pid', String(child.pid));
setInterval(() => {}, 1000);
`;

test('a stopped program takes along what it started, also what will not stop', async () => {
  const program = start({ file: file('a.ts', CHILD_THAT_STAYS) });
  await until(() => written('child.pid') !== '');
  await program.stop();
  expect(program.exit()).toBe('SIGTERM');
  await until(() => !isAlive(Number(written('child.pid'))));
});

test('a program that ignores SIGTERM is killed after the limit, and stopping twice does no harm', async () => {
  const program = start({
    file: file('a.ts', "process.on('SIGTERM', () => {});\nconsole.log('up');\nsetInterval(() => {}, 1000);"),
  });
  await until(() => written('out.log').includes('up'));
  await program.stop(100);
  await program.stop(100);
  expect(program.exit()).toBe('SIGKILL');
});

test('programs end when whoever started them is killed with -9, those of a shell too', async () => {
  const starter = file(
    'starter.ts',
    `import { startProgram } from '${join(import.meta.dirname, 'processes.ts')}';
const common = { folder: ${JSON.stringify(folder)}, environment: {}, outputFile: ${JSON.stringify(join(folder, 'out.log'))} };
startProgram({ ...common, name: 'node', run: { file: ${JSON.stringify(file('a.ts', "import { writeFileSync } from 'node:fs';\nwriteFileSync('node.pid', String(process.pid));\nsetInterval(() => {}, 1000);"))} } });
startProgram({ ...common, name: 'shell', run: { shell: 'sleep 300 & echo $! > shell.pid; wait' } });
setInterval(() => {}, 1000);`,
  );
  const parent = spawn(process.execPath, [starter], { stdio: 'inherit' });
  await until(() => written('node.pid') !== '' && written('shell.pid').trim() !== '');
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await until(() => !isAlive(Number(written('node.pid'))));
  await until(() => !isAlive(Number(written('shell.pid'))));
  expect(Number(written('shell.pid'))).toBeGreaterThan(1);
});

test('nothing of our environment reaches a program but what it needs to start', async () => {
  process.env.API_TOKEN_OF_THE_TEST = 'secret';
  const program = start({ file: file('a.ts', 'console.log(JSON.stringify(process.env));') }, { PORT: '1' });
  await until(() => program.exit() !== undefined);
  delete process.env.API_TOKEN_OF_THE_TEST;
  expect(written('out.log')).not.toContain('API_TOKEN_OF_THE_TEST');
  expect(written('out.log')).toContain('"PORT":"1"');
});

test('waiting for a program that ends by itself rejects with the end of what it said', async () => {
  const program = start({ file: file('a.ts', "console.error('Port 1 is in use');\nprocess.exit(3);") });
  const waiting = untilAnswers(
    'http://127.0.0.1:9/',
    program,
    join(folder, 'out.log'),
    10_000,
    AbortSignal.timeout(10_000),
  );
  await expect(waiting).rejects.toThrow(/it ended by itself \(exit code 3\).*\nPort 1 is in use/s);
});

test('waiting ends with the time, and with the wish to stop', async () => {
  const silent = createServer(() => undefined);
  const url = `http://127.0.0.1:${await listen(silent)}/`;
  const program = start({ file: file('a.ts', 'setInterval(() => {}, 1000);') });
  const output = join(folder, 'out.log');
  await expect(untilAnswers(url, program, output, 50, AbortSignal.timeout(10_000))).rejects.toThrow('did not answer');
  const stop = AbortSignal.abort(new Error('enough'));
  await expect(untilAnswers(url, program, output, 10_000, stop)).rejects.toThrow('enough');
  silent.close();
});
