import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AgentError } from '../../domain/error.ts';
import { compareText } from '../../lib/compare-text.ts';
import { gathered, once } from './git-together.ts';

const PATIENT = new AbortController().signal;

/** Work that ends when it is told to, or stops. */
function work<T>() {
  const started: AbortSignal[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  return {
    started,
    resolve,
    reject,
    run: (signal: AbortSignal): Promise<T> => {
      started.push(signal);
      return Promise.race([
        promise,
        new Promise<never>((_, stop) => signal.addEventListener('abort', () => stop(new Error('stopped')))),
      ]);
    },
  };
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => (error instanceof AgentError ? error.code : error instanceof Error ? error.message : error),
  );
}

test('what is under way is begun once, and done again afterwards', async () => {
  const { started, resolve, run } = work<string>();
  const ask = once<string>({ keeps: false });
  const both = [ask('a', PATIENT, run), ask('a', PATIENT, run)];
  const other = ask('b', PATIENT, run);
  expect(started).toHaveLength(2);
  resolve('done');
  expect(await Promise.all([...both, other])).toEqual(['done', 'done', 'done']);
  expect(await ask('a', PATIENT, async () => 'again')).toBe('again');
});

test('what is kept is not done again, but what failed is', async () => {
  const ask = once<string>({ keeps: true });
  expect(await failure(ask('a', PATIENT, () => Promise.reject(new Error('broken'))))).toBe('broken');
  expect(await ask('a', PATIENT, async () => 'first')).toBe('first');
  expect(await ask('a', PATIENT, async () => 'second')).toBe('first');
});

test('who waits no longer costs the others nothing; when the last has left the work stops, and the next begins anew', async () => {
  const { started, run } = work<string>();
  const ask = once<string>({ keeps: true });
  const [hasty, patient] = [new AbortController(), new AbortController()];
  const left = failure(ask('a', hasty.signal, run));
  const stayed = failure(ask('a', patient.signal, run));
  hasty.abort();
  expect(await left).toBe('timeout');
  expect(started[0]?.aborted).toBe(false);
  patient.abort();
  const anew = ask('a', PATIENT, async () => 'anew');
  expect(await stayed).toBe('timeout');
  expect(started.map(({ aborted }) => aborted)).toEqual([true]);
  expect(await anew).toBe('anew');
  expect(await ask('a', PATIENT, async () => 'third')).toBe('anew');
});

test('who comes too late begins nothing', async () => {
  const { started, run } = work<string>();
  expect(await failure(once<string>({ keeps: false })('a', AbortSignal.abort(), run))).toBe('timeout');
  const ask = gathered<string, object>({
    groupOf: () => 'all',
    work: async (keys, signal) => [await run(signal)].map(() => keys),
  });
  expect(await failure(ask('a', AbortSignal.abort()))).toBe('timeout');
  await setImmediate();
  expect(started).toEqual([]);
});

/** Spells out each word, and keeps which ones were asked for together. `broken` ones fail whoever is with them. */
function speller(broken: ReadonlySet<string> = new Set()) {
  const together: string[][] = [];
  const ask = gathered<string, string[]>({
    groupOf: (word) => (word === '' ? undefined : word[0]),
    async work(words) {
      together.push([...words]);
      await setImmediate();
      if (words.some((word) => broken.has(word)))
        throw new AgentError('malformed', `broken: ${words.join()}`, { retryable: false });
      return words.map((word) => word.split(''));
    },
  });
  return { ask: (word: string) => ask(word, PATIENT), together };
}

test('what is asked for in one turn is asked for together, group by group, and what belongs to none alone', async () => {
  const { ask, together } = speller();
  expect(await Promise.all(['ab', 'b', 'ac', '', 'ab', ''].map(ask))).toEqual([
    ['a', 'b'],
    ['b'],
    ['a', 'c'],
    [],
    ['a', 'b'],
    [],
  ]);
  expect(together.map((words) => words.join('+')).toSorted(compareText)).toEqual(['', '', 'ab+ac+ab', 'b']);
  await ask('ad');
  expect(together.at(-1)).toEqual(['ad']);
});

test('each has his own answer, whoever else asks and whoever of them is broken', async () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 2 }), { maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(words, fc.array(fc.constantFrom('a', 'ab', 'bc', 'cc')), async (asked, bad) => {
      const broken = new Set<string>(bad);
      const { ask } = speller(broken);
      const answers = await Promise.allSettled(asked.map(ask));
      expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'broken'))).toEqual(
        asked.map((word) => (broken.has(word) ? 'broken' : word.split(''))),
      );
    }),
    { numRuns: 50 },
  );
});

test('no command is asked for more than it can name', async () => {
  const { ask, together } = speller();
  await Promise.all(Array.from({ length: 150 }, (_, index) => ask(`a${index}`)));
  expect(together.map(({ length }) => length)).toEqual([64, 64, 22]);
});

test('what came too late for all is not tried again for each', async () => {
  const asked: number[] = [];
  const ask = gathered<string, object>({
    groupOf: () => 'all',
    work(keys) {
      asked.push(keys.length);
      return Promise.reject(new AgentError('timeout', 'late', { retryable: true }));
    },
  });
  expect(await Promise.all(['a', 'b', 'c'].map((key) => failure(ask(key, PATIENT))))).toEqual([
    'timeout',
    'timeout',
    'timeout',
  ]);
  expect(asked).toEqual([3]);
});

test('of those who ask together one may leave, and the work stops only with the last', async () => {
  const { started, resolve, run } = work<object[]>();
  const ask = gathered<string, object>({ groupOf: () => 'all', work: (_, signal) => run(signal) });
  const hasty = new AbortController();
  const left = failure(ask('a', hasty.signal));
  const stayed = ask('b', PATIENT);
  await setImmediate();
  await setImmediate();
  hasty.abort();
  expect(await left).toBe('timeout');
  resolve([{ of: 'a' }, { of: 'b' }]);
  expect(await stayed).toEqual({ of: 'b' });
  expect(started.map(({ aborted }) => aborted)).toEqual([false]);
});
