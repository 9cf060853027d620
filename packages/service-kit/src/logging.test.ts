import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createLogger, type Logger, openServiceLog } from './logging.ts';

const Line = z.record(z.string(), z.unknown());

async function folder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'logging-'));
}

async function linesOf(path: string) {
  const text = await readFile(path, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => Line.parse(JSON.parse(line)));
}

async function loggedBy(write: (logger: Logger) => void) {
  const filePath = join(await folder(), 'logs', 'service.log');
  const logger = createLogger({ service: 'items', filePath, stdout: false });
  write(logger);
  return linesOf(filePath);
}

test('a line has ISO time, upper-case level, service, message and the fields', async () => {
  const [line, ...rest] = await loggedBy((logger) => logger.warn({ status: 404 }, 'GET /x -> 404 (1 ms)'));
  expect(rest).toEqual([]);
  expect(line).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    level: 'WARN',
    service: 'items',
    message: 'GET /x -> 404 (1 ms)',
    status: 404,
  });
});

test.each([
  { says: 'under `error`', write: (logger: Logger, thrown: Error) => logger.error({ error: thrown }, 'failed') },
  { says: 'under `err`', write: (logger: Logger, thrown: Error) => logger.error({ err: thrown }, 'failed') },
  { says: 'alone', write: (logger: Logger, thrown: Error) => logger.error(thrown, 'failed') },
  { says: 'by a child', write: (logger: Logger, thrown: Error) => logger.child({}).error({ error: thrown }, 'failed') },
])('an exception given $says has its stack with causes in one field', async ({ write }) => {
  const thrown = new RangeError('too far', { cause: new Error('the reason') });
  const [line] = await loggedBy((logger) => write(logger, thrown));
  expect(line).toMatchObject({
    message: 'failed',
    error: { type: 'RangeError', message: 'too far' },
    stack: expect.stringMatching(/^RangeError: too far\n {4}at [\s\S]*\[cause\]: Error: the reason/),
  });
  expect(line).not.toHaveProperty('err');
});

test('an `error` that is only text stays as it is', async () => {
  const [line] = await loggedBy((logger) => logger.error({ error: 'refused' }, 'failed'));
  expect(line).toMatchObject({ error: 'refused' });
  expect(line).not.toHaveProperty('stack');
});

test('the live file keeps its name, and no more than `keepFiles` old ones are kept', async () => {
  const place = await folder();
  const filePath = join(place, 'service.log');
  const logger = createLogger({ service: 'items', filePath, stdout: false, maxFileBytes: 500, keepFiles: 2 });
  for (let index = 0; index < 40; index += 1) logger.info({ index }, 'a line of about a hundred characters');
  logger.info('the last');
  const lines = await linesOf(filePath);
  expect(lines.at(-1)).toMatchObject({ message: 'the last' });
  expect((await readdir(place)).sort()).toEqual(['service.log', 'service.log.1', 'service.log.2']);
});

test('a restart adds to the file', async () => {
  const filePath = join(await folder(), 'service.log');
  for (const message of ['before', 'after']) {
    const logger = createLogger({ service: 'items', filePath, stdout: false });
    logger.info(message);
    await linesOf(filePath);
  }
  expect((await readFile(filePath, 'utf8')).trimEnd().split('\n')).toHaveLength(2);
});

test.each(['a file where a folder is needed', 'a folder where the file is needed'])(
  '%s: lines go on to stdout, with one warning',
  async (obstacle) => {
    const place = await folder();
    await writeFile(join(place, 'taken'), '');
    const filePath = obstacle.startsWith('a file') ? join(place, 'taken', 'service.log') : place;
    const program = `
      import { createLogger } from ${JSON.stringify(import.meta.resolve('./logging.ts'))};
      const logger = createLogger({ service: 'items', filePath: ${JSON.stringify(filePath)} });
      logger.info('first');
      setTimeout(() => logger.info('second'), 100);`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => Line.parse(JSON.parse(line)));
    expect(stderr).toBe('');
    expect(lines.map(({ message }) => message)).toEqual(expect.arrayContaining(['first', 'second']));
    expect(lines.filter(({ level }) => level === 'WARN')).toMatchObject([
      { path: filePath, stack: expect.any(String) },
    ]);
  },
);

test("a child's lines go to the same file, as they are and in their order", async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'relay-')), 'service.log');
  const log = openServiceLog({ service: 'parent', filePath: path, stdout: false });
  const child = Readable.from(['{"message":"one"}\n{"mess', 'age":"two"}\n']);
  log.relay(child);
  await new Promise((resolve) => child.once('close', resolve));
  await expect.poll(() => readFile(path, 'utf8')).toBe('{"message":"one"}\n{"message":"two"}\n');
});
