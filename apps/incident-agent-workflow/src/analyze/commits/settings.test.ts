import { expect, test } from 'vitest';
import { commitOf, hunk } from './commit.test-helper.ts';
import { changedSettings, settingNamed } from './settings.ts';

const LINE = {
  path: 'config/shop.json',
  lines: ['-{ "free_from": 5000, "wind_limit": 60 }', '+{ "free_from": 5000, "wind_limit": "60" }'],
};

test.each([
  { says: 'of a line of several', ...LINE, keys: ['wind_limit'] },
  { says: 'of an ini file', path: 'shop.ini', lines: ['-pool_size = 6', '+pool_size = 1'], keys: ['pool_size'] },
  { says: 'of the environment', path: '.env', lines: ['-PAY_HOST=a', '+PAY_HOST=b'], keys: ['PAY_HOST'] },
  { says: 'that is gone', path: 'shop.yaml', lines: ['-limits: 3', '+limit: 3'], keys: ['limits'] },
  { says: 'that only moved', path: 'shop.yaml', lines: ['-limit: 3', '+limit: 3'], keys: [] },
  { says: 'of code, which is none', path: 'src/shop.ts', lines: ['-limit: 3', '+limit: 4'], keys: [] },
  { says: 'in a comment', path: 'shop.yaml', lines: ['-# limit: 3', '+# limit: 4'], keys: [] },
])('a setting $says', ({ path, lines, keys }) => {
  expect([...changedSettings(commitOf(1, path, hunk(...lines)))]).toEqual(keys);
});

test.each([
  { says: 'by its key', text: 'wind_limit must be a number', least: 1 },
  { says: 'as a part of another name', text: 'max_wind_limit must be a number', least: 0 },
  { says: 'not at all', text: 'a number is wanted', least: 0 },
])('an error that names the changed setting $says', ({ text, least }) => {
  expect(settingNamed(commitOf(1, LINE.path, hunk(...LINE.lines)), [text])).toBe(least);
});

test('a key that is a word like others says little', () => {
  expect(settingNamed(commitOf(1, 'a.yaml', hunk('-payments: 3', '+payments: 4')), ['payments failed'])).toBe(0.2);
});
