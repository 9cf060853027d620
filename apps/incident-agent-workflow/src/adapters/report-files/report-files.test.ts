import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAgentError } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import { exampleReport } from '../../report/example-report.test-helper.ts';
import { reportFiles } from './report-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

const report = exampleReport('code');
async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  return isAgentError(error) ? error.code : 'no error of ours';
}

test('a report is kept under its incident, run and version, and read back', async () => {
  const files = reportFiles({ folder: join(folder, 'not', 'there', 'yet') });
  const path = await files.write(report, 'pdf', Buffer.from('%PDF'));
  expect(path).toBe(join(folder, 'not', 'there', 'yet', 'INC-147-3FA9C21B-v1.pdf'));
  expect(Buffer.from((await files.read(report, 'pdf')) ?? []).toString()).toBe('%PDF');
});

test('what was not written is not there, which is no error', async () => {
  expect(await reportFiles({ folder }).read(report, 'docx')).toBeUndefined();
});

test('writers of the same file at the same time leave one whole file and nothing beside it', async () => {
  const files = reportFiles({ folder });
  const contents = Array.from({ length: 20 }, (_unused, index) => Buffer.alloc(200_000, index + 65));
  await Promise.all(contents.map((content) => files.write(report, 'pdf', content)));
  expect(await readdir(folder)).toEqual(['INC-147-3FA9C21B-v1.pdf']);
  const kept = Buffer.from((await files.read(report, 'pdf')) ?? []);
  expect(contents.some((content) => content.equals(kept))).toBe(true);
});

test.each([
  { says: 'an id that climbs', change: { incident: { ...report.incident, id: '../../etc/passwd' } } },
  { says: 'an id with a NUL', change: { incident: { ...report.incident, id: 'INC-1\0' } } },
  { says: 'an id with a line break behind it', change: { incident: { ...report.incident, id: 'INC-1\n' } } },
  { says: 'a pipeline id that climbs', change: { run: { ...report.run, pipelineId: '../../AAAA' } } },
  { says: 'a version that is no number', change: { version: Number.NaN } },
] satisfies { says: string; change: Partial<Report> }[])('$says has no file', async ({ change }) => {
  const files = reportFiles({ folder });
  expect(await codeOf(files.write({ ...report, ...change }, 'pdf', Buffer.from('x')))).toBe('invalid-input');
  expect(await codeOf(files.read({ ...report, ...change }, 'pdf'))).toBe('invalid-input');
  expect(await readdir(folder)).toEqual([]);
});

test('a folder that is a file is told as such, to be tried again', async () => {
  await writeFile(join(folder, 'file'), '');
  const files = reportFiles({ folder: join(folder, 'file') });
  expect(await codeOf(files.write(report, 'pdf', Buffer.from('x')))).toBe('unreachable');
});
