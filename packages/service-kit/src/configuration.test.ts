import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  ConfigurationError,
  flag,
  integer,
  parseConfiguration,
  port,
  readEnvironment,
  text,
  url,
} from './configuration.ts';

async function appFolder(files: Record<string, string> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'configuration-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

test('the process environment wins over .env, and empty values count as unset', async () => {
  const folder = await appFolder({ '.env': '# a comment\nPORT=1\nHOST="all of it"\nNAME=from-env-file\n' });
  expect(readEnvironment(folder, { PORT: '2', NAME: ' ', OTHER: undefined })).toEqual({
    PORT: '2',
    HOST: 'all of it',
    NAME: 'from-env-file',
  });
});

test('without .env the process environment is enough', async () => {
  expect(readEnvironment(await appFolder(), { PORT: '2' })).toEqual({ PORT: '2' });
});

test.each([
  { says: 'a file beside the app', env: { TOKEN_FILE: 'secret.txt' }, token: 'hush' },
  { says: 'the value itself before its file', env: { TOKEN_FILE: 'secret.txt', TOKEN: 'aloud' }, token: 'aloud' },
  { says: 'nothing from a missing file', env: { TOKEN_FILE: 'missing.txt' }, token: undefined },
  { says: 'nothing from an empty file', env: { TOKEN_FILE: 'empty.txt' }, token: undefined },
  { says: 'nothing from a folder', env: { TOKEN_FILE: '.' }, token: undefined },
  {
    says: 'a file of the process before a value in .env',
    env: { TOKEN_FILE: 'secret.txt' },
    dotEnv: 'TOKEN=old',
    token: 'hush',
  },
])('TOKEN is $says', async ({ env, dotEnv, token }) => {
  const folder = await appFolder({ 'secret.txt': 'hush\n', 'empty.txt': '\n', '.env': dotEnv ?? '' });
  expect(readEnvironment(folder, env).TOKEN).toBe(token);
});

test('LOG_FILE is a path, not a secret called LOG', async () => {
  const folder = await appFolder({ 'app.log': 'a line' });
  expect(readEnvironment(folder, { LOG_FILE: 'app.log' })).toEqual({ LOG_FILE: 'app.log' });
});

const Settings = z.object({
  PORT: port(8000),
  CHECK_SECONDS: integer({ min: 1, max: 60, fallback: 5 }),
  STRICT: flag(false),
  UPSTREAM: url('https://api.example.org'),
  TOKEN: text(),
});

test('what is unset gets its fallback, unknown variables are ignored', () => {
  expect(parseConfiguration(Settings, { PATH: '/bin' })).toEqual({
    PORT: 8000,
    CHECK_SECONDS: 5,
    STRICT: false,
    UPSTREAM: 'https://api.example.org',
  });
});

test('all mistakes are reported at once, each with its name and cure, none with its value', () => {
  const wrong = {
    PORT: 'eighty',
    CHECK_SECONDS: '61',
    STRICT: 'maybe',
    UPSTREAM: 'ftp://user:pass@host',
    TOKEN_FILE: 'x',
  };
  const error = mistakesOf(wrong);
  expect(error?.mistakes.map((mistake) => mistake.split(':', 1)[0])).toEqual([
    'TOKEN_FILE',
    'PORT',
    'CHECK_SECONDS',
    'STRICT',
    'UPSTREAM',
  ]);
  expect(error?.message.split('\n')).toHaveLength(6);
  expect(error?.message).toContain('PORT: is not a whole number from 0 to 65535; set one, or leave it out for 8000');
  expect(error?.message).not.toMatch(/eighty|maybe|pass@/);
});

test.each([
  ['PORT', '65535', 65_535],
  ['PORT', '0', 0],
  ['STRICT', 'TRUE', true],
  ['STRICT', 'off', false],
  ['UPSTREAM', 'http://localhost:9090//', 'http://localhost:9090'],
] as const)('%s=%s is %s', (name, written, parsed) => {
  expect(parseConfiguration(Settings, { [name]: written })).toMatchObject({ [name]: parsed });
});

test('a whole number is taken exactly when it is in range', () => {
  fc.assert(
    fc.property(fc.integer({ min: -100, max: 70_000 }), (number) => {
      const isInRange = number >= 0 && number <= 65_535;
      expect(mistakesOf({ PORT: String(number) }) === undefined).toBe(isInRange);
    }),
  );
});

test.each(['1.5', '1e3', '0x10', '-1', '+1', '1 2', '', 'NaN', '٣', '9'.repeat(400)])('%j is no port', (written) => {
  expect(mistakesOf({ PORT: written })?.mistakes).toHaveLength(1);
});

function mistakesOf(environment: Record<string, string>): ConfigurationError | undefined {
  try {
    parseConfiguration(Settings, environment);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}
