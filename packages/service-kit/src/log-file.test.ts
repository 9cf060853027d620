import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLogFile } from './log-file.ts';

async function blockedFile(reopenAfterMilliseconds: number) {
  const obstacle = join(await mkdtemp(join(tmpdir(), 'log-file-')), 'logs');
  await writeFile(obstacle, 'a file where a folder is needed');
  const path = join(obstacle, 'service.log');
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => void failures.push(error);
  const file = openLogFile({ path, maxFileBytes: 10_000, keepFiles: 1, reopenAfterMilliseconds, onFailure });
  return { file, path, obstacle, failures };
}

test('a file that stays unusable is reported once, not with each line', async () => {
  const { file, failures } = await blockedFile(0);
  for (let index = 0; index < 5; index += 1) file.write('lost\n');
  expect(failures).toHaveLength(1);
});

test('a file that can be written again gets the lines from then on', async () => {
  const { file, path, obstacle, failures } = await blockedFile(0);
  await rm(obstacle);
  file.write('kept\n');
  expect(await readFile(path, 'utf8')).toBe('kept\n');
  expect(failures).toHaveLength(1);
});

test('until its time has come a failed file is not tried again', async () => {
  const { file, path, obstacle } = await blockedFile(60_000);
  await rm(obstacle);
  file.write('lost\n');
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});

test('whole lines are moved to the older files, youngest first, and the oldest are dropped', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'log-file-'));
  const path = join(folder, 'service.log');
  const file = openLogFile({ path, maxFileBytes: 10, keepFiles: 2, onFailure: (error) => expect.fail(String(error)) });
  for (const line of ['1111\n', '2222\n', '3333\n', '4444\n', '5555\n', '6666\n', '7777\n', 'longer than all\n', '9\n'])
    file.write(line);
  expect((await readdir(folder)).sort()).toEqual(['service.log', 'service.log.1', 'service.log.2']);
  expect(await readFile(path, 'utf8')).toBe('9\n');
  expect(await readFile(`${path}.1`, 'utf8')).toBe('longer than all\n');
  expect(await readFile(`${path}.2`, 'utf8')).toBe('7777\n');
});

test('without old files to keep, the live one begins anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'log-file-'));
  const path = join(folder, 'service.log');
  const file = openLogFile({ path, maxFileBytes: 10, keepFiles: 0, onFailure: (error) => expect.fail(String(error)) });
  for (const line of ['1111\n', '2222\n', '3333\n']) file.write(line);
  expect(await readdir(folder)).toEqual(['service.log']);
  expect(await readFile(path, 'utf8')).toBe('3333\n');
});
