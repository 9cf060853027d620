import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** A program that runs a service whose `start` is the given text; it says `ready` when it runs. */
function program(start: string, filePath?: string): ChildProcess {
  const code = `
    import { createServer } from 'node:net';
    import { createLogger } from ${JSON.stringify(import.meta.resolve('./logging.ts'))};
    import { runService } from ${JSON.stringify(import.meta.resolve('./service.ts'))};
    const logger = createLogger({ service: 'items', filePath: ${JSON.stringify(filePath)} });
    const idle = setInterval(() => {}, 1_000);
    await runService({ logger, stopTimeoutSeconds: 0.3, start: async () => { ${start} } });
    logger.info('ready');`;
  return spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Runs until the program ends; sends `signals` one after another once it is ready, each after the word before it. */
async function outcome(child: ChildProcess, signals: { after: string; signal: NodeJS.Signals }[] = []) {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    const next = signals[0];
    if (!next || !output.includes(next.after)) return;
    signals.shift();
    child.kill(next.signal);
  });
  const [code] = await once(child, 'close');
  return { code, output };
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s closes the service once and exits 0', async (signal) => {
  const child = program(`return { close: async () => logger.info('closed') };`);
  const { code, output } = await outcome(child, [{ after: 'ready', signal }]);
  expect(code).toBe(0);
  expect(output.match(/"closed"/g)).toHaveLength(1);
});

test('a second signal does not wait', async () => {
  const child = program(`return { close: () => new Promise((resolve) => setTimeout(resolve, 5_000)) };`);
  const { code, output } = await outcome(child, [
    { after: 'ready', signal: 'SIGTERM' },
    { after: 'stopping', signal: 'SIGINT' },
  ]);
  expect(code).toBe(1);
  expect(output).toContain('again');
});

test('the same signal twice in a moment is one wish: the service still closes cleanly', async () => {
  const child = program(`return { close: () => new Promise((resolve) => setTimeout(resolve, 200)) };`);
  const { code, output } = await outcome(child, [
    { after: 'ready', signal: 'SIGINT' },
    { after: 'stopping', signal: 'SIGINT' },
  ]);
  expect(code).toBe(0);
  expect(output).not.toContain('again');
});

test('a service that does not stop in time exits 1 and says so', async () => {
  const child = program(`return { close: () => new Promise(() => {}) };`);
  const { code, output } = await outcome(child, [{ after: 'ready', signal: 'SIGTERM' }]);
  expect(code).toBe(1);
  expect(output).toContain('Did not stop within 0.3 s');
});

test('a busy port is one clear sentence and exit code 1', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const child = program(
    `const s = createServer(); await new Promise((ok, no) => s.once('error', no).listen(${port}, '127.0.0.1', ok));`,
  );
  const { code, output } = await outcome(child);
  taken.close();
  expect(code).toBe(1);
  expect(output).toContain(`Port ${port} is in use: stop the other program or set PORT`);
  expect(output).not.toContain('"stack"');
});

test.each([
  { says: 'a failed start', start: `throw new Error('no such luck');`, word: 'Could not start' },
  {
    says: 'an exception after the start',
    start: `setTimeout(() => { throw new Error('no such luck'); }); return { close() {} };`,
    word: 'nobody expected',
  },
  {
    says: 'a rejection that nobody caught',
    start: `void Promise.reject(new Error('no such luck')); return { close() {} };`,
    word: 'nobody expected',
  },
])('$says ends with exit code 1, its stack also in the file', async ({ start, word }) => {
  const filePath = join(await mkdtemp(join(tmpdir(), 'service-')), 'service.log');
  const { code } = await outcome(program(start, filePath));
  const logged = await readFile(filePath, 'utf8');
  expect(code).toBe(1);
  expect(logged).toContain(word);
  expect(logged).toMatch(/"level":"FATAL".*"stack":"Error: no such luck\\n/);
});
