import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Clock } from '../ports.ts';
import { until } from '../store/test-database.ts';
import { superviseChild } from './supervise.ts';

let children: ChildProcess[];
let waits: number[];
let now: number;
/** Sleeps take no time and are written down. */
const clock: Clock = {
  now: () => new Date(now).toISOString(),
  milliseconds: () => now,
  async sleep(milliseconds) {
    waits.push(milliseconds);
    now += milliseconds;
    await new Promise(setImmediate);
  },
};
const QUIET = { info() {}, warn() {}, error() {} };
beforeEach(() => {
  children = [];
  waits = [];
  now = 0;
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

function startChild(program: string): ChildProcess {
  const started = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(started);
  return started;
}

const STAYS = 'setInterval(() => {}, 1000); console.log("up")';

test('a worker that keeps dying is started again, ever later, until it stays', async () => {
  const supervisor = superviseChild({
    start: () => startChild(children.length < 7 ? 'process.exit(3)' : STAYS),
    log: QUIET,
    clock,
  });
  await until('one stays', () => children.length === 8);
  expect(waits).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  await supervisor.stop();
});

test('one that was well for a while is started again without delay', async () => {
  const supervisor = superviseChild({
    start() {
      const started = startChild(children.length < 3 ? 'process.exit(3)' : STAYS);
      if (children.length === 3) now += 60_000; // the third lives for a minute
      return started;
    },
    log: QUIET,
    clock,
  });
  await until('the fourth is up', () => children.length === 4);
  expect(waits).toEqual([200, 400, 200]);
  await supervisor.stop();
});

test('stop asks the worker to leave, and no other is started', async () => {
  const supervisor = superviseChild({ start: () => startChild(STAYS), log: QUIET, clock });
  await supervisor.stop();
  expect(children.map(({ signalCode }) => signalCode)).toEqual(['SIGTERM']);
  await supervisor.stop();
});

test('a worker that does not leave is killed', async () => {
  const supervisor = superviseChild({
    start: () => startChild(`process.on('SIGTERM', () => console.log('no')); ${STAYS}`),
    log: QUIET,
    clock,
  });
  const output = children[0]!.stdout!;
  await once(output, 'data');
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    const refusal = once(output, 'data');
    const stopped = supervisor.stop();
    await refusal;
    vi.advanceTimersByTime(8_000);
    await stopped;
  } finally {
    vi.useRealTimers();
  }
  expect(children[0]!.signalCode).toBe('SIGKILL');
});

test('a program that cannot be started at all is tried again like one that died', async () => {
  let tries = 0;
  const supervisor = superviseChild({
    start() {
      tries += 1;
      if (tries === 1) throw new Error('no memory');
      return tries === 2 ? spawn('/there/is/no/such/program') : startChild(STAYS);
    },
    log: QUIET,
    clock,
  });
  await until('the third try stays', () => tries === 3);
  expect(waits).toEqual([200, 400]);
  await supervisor.stop();
});

test('a message that does not reach the worker is no reason to start a second one', async () => {
  const supervisor = superviseChild({ start: () => startChild(STAYS), log: QUIET, clock });
  await once(children[0]!.stdout!, 'data');
  children[0]!.emit('error', new Error('channel closed'));
  children[0]!.emit('error', new Error('channel closed'));
  await supervisor.stop();
  expect(children).toHaveLength(1);
  expect(children[0]!.signalCode).toBe('SIGTERM');
});
