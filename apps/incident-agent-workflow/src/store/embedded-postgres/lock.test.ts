import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withStartLock } from './lock.ts';

/** Above every limit of Linux: no process has it. */
const NOBODY = 2 ** 30;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'incident-agent-lock-'));
  path = join(folder, 'a.lock');
});
afterEach(() => rm(folder, { recursive: true }));

async function mostAtOnce(starterCount: number): Promise<number> {
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: starterCount }, () =>
      withStartLock(path, async () => {
        inside += 1;
        most = Math.max(most, inside);
        for (let turn = 0; turn < 5; turn += 1) await setImmediate();
        inside -= 1;
      }),
    ),
  );
  return most;
}

test('only one at a time, and no file is left', async () => {
  expect(await mostAtOnce(8)).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('of many that find the lock of a dead process only one takes it over', async () => {
  await writeFile(path, `${NOBODY} killed`);
  expect(await mostAtOnce(8)).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('while another starter takes over the lock of a dead process nobody else touches it', async () => {
  await writeFile(path, `${NOBODY} killed`);
  await writeFile(`${path}.removing`, '');
  const taken = withStartLock(path, async () => 'done');
  const first = await Promise.race([taken, setTimeout(300, 'still waiting')]);
  expect(first).toBe('still waiting');
  await rm(`${path}.removing`);
  expect(await taken).toBe('done');
});

test.each([
  { says: 'whose number a living process has by now', content: `${process.pid} before the restart` },
  { says: 'of a holder that was killed before it wrote its number', content: '' },
])('a lock $says is taken over once nobody refreshes it', async ({ content }) => {
  await writeFile(path, content);
  await utimes(path, new Date(), new Date(Date.now() - 60_000));
  expect(await withStartLock(path, async () => 'done')).toBe('done');
});

test('the guard of a take-over that was killed does not keep the next one out', async () => {
  await writeFile(path, `${NOBODY} killed`);
  await writeFile(`${path}.removing`, '');
  await utimes(`${path}.removing`, new Date(), new Date(Date.now() - 60_000));
  expect(await withStartLock(path, async () => 'done')).toBe('done');
  expect(await readdir(folder)).toEqual([]);
});

test('work that fails gives the lock back', async () => {
  await expect(withStartLock(path, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
  expect(await readdir(folder)).toEqual([]);
});

test('a folder that is not there is refused at once, not waited for', async () => {
  await expect(withStartLock(join(folder, 'missing', 'a.lock'), async () => 'done')).rejects.toMatchObject({
    code: 'refused',
  });
});
