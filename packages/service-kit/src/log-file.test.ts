import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type LogFile, openLogFile } from './log-file.ts';

async function flushed(file: LogFile): Promise<void> {
  await new Promise<void>((done) => file.flush(done));
}

async function blockedFile(reopenAfterMilliseconds: number) {
  const obstacle = join(await mkdtemp(join(tmpdir(), 'log-file-')), 'logs');
  await writeFile(obstacle, 'a file where a folder is needed');
  const path = join(obstacle, 'service.log');
  const failures: Error[] = [];
  const onFailure = (error: Error) => void failures.push(error);
  const file = openLogFile({ path, maxFileBytes: 10_000, keepFiles: 1, reopenAfterMilliseconds, onFailure });
  return { file, path, obstacle, failures };
}

test('a file that stays unusable is reported once, not with each line', async () => {
  const { file, failures } = await blockedFile(0);
  for (let index = 0; index < 5; index += 1) file.write('lost\n');
  await flushed(file);
  expect(failures).toHaveLength(1);
});

test('a file that can be written again gets the lines from then on', async () => {
  const { file, path, obstacle, failures } = await blockedFile(0);
  await rm(obstacle);
  file.write('kept\n');
  await flushed(file);
  expect(await readFile(path, 'utf8')).toBe('kept\n');
  expect(failures).toHaveLength(1);
});

test('until its time has come a failed file is not tried again', async () => {
  const { file, path, obstacle } = await blockedFile(60_000);
  await rm(obstacle);
  file.write('lost\n');
  await flushed(file);
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});
