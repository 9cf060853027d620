import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildRepository, git, type Tree } from '../../repository.ts';
import { type History, regressionHistory } from './history.ts';
import { serviceSources } from './sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'history-'));
let history: History;
let hashes: string[];
const NOW = new Date('2026-03-01T12:00:00Z');

beforeAll(async () => {
  history = regressionHistory(serviceSources());
  hashes = await buildRepository(folder, history.steps, NOW);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('it is a history as teams have it: a dozen commits and more, by two people, over days, each changing files', async () => {
  const lines = (await git(folder, ['log', '--format=%an|%ct'])).split('\n').map((line) => line.split('|'));
  expect(lines.length).toBeGreaterThanOrEqual(12);
  expect(new Set(lines.map(([author]) => author)).size).toBe(2);
  const seconds = lines.map(([, time]) => Number(time));
  expect(seconds).toEqual(seconds.toSorted((a, b) => b - a));
  expect(NOW.getTime() / 1_000 - (seconds.at(-1) ?? 0)).toBeGreaterThan(5 * 86_400);
  for (const hash of hashes) expect(await git(folder, ['show', '--format=', '--name-only', hash])).not.toBe('');
});

test('the guilty commit is recent, not one of the last two, and its message does not tell', async () => {
  expect(hashes.length - 1 - history.guiltyIndex).toBeGreaterThanOrEqual(2);
  const message = history.steps[history.guiltyIndex]?.message ?? '';
  expect(message).not.toMatch(/null|break|broke|bug|fail|wrong|careless|demo/i);
  expect(history.steps[history.guiltyIndex]?.hoursAgo).toBeLessThan(24);
});

test('git blames the guilty commit for the line that is expected', async () => {
  const { file, line } = history;
  const blamed = await git(folder, ['blame', '--porcelain', '-L', `${line},${line}`, 'main', '--', file]);
  expect(blamed.slice(0, 40)).toBe(hashes[history.guiltyIndex]);
});

test('what the provider does not know passed before the guilty commit, and breaks in that line after it', async () => {
  const forecast = { current: { gusts: null, wind: 3.14 }, current_units: { gusts: 'km/h' }, hourly: {}, daily: {} };
  const path = join(folder, history.file);
  await git(folder, ['checkout', '--quiet', `${hashes[history.guiltyIndex]}~1`]);
  const before = await import(pathToFileURL(path).href);
  expect(before.rounded(forecast).current).toEqual({ gusts: null, wind: 3.1 });
  await git(folder, ['checkout', '--quiet', 'main']);
  const after = await import(`${pathToFileURL(path).href}?after`);
  let stack = '';
  try {
    after.rounded(forecast);
  } catch (error) {
    stack = (error as Error).stack ?? '';
  }
  expect(stack).toContain("Cannot read properties of null (reading 'toFixed')");
});

test('at each commit every file that is imported is there', () => {
  let tree: Tree = new Map();
  for (const step of history.steps) {
    tree = step.change(tree);
    for (const [path, text] of tree) {
      for (const [, imported] of text.matchAll(/from '(\.[^']+)'/g)) {
        const target = posix.join(posix.dirname(path), imported ?? '');
        expect(tree.has(target), `${step.message}: ${path} imports ${target}`).toBe(true);
      }
    }
  }
  expect(tree.size).toBeGreaterThan(20);
});

test('it ends in the services as they are, but for the feature that the story is about', () => {
  const sources = serviceSources();
  let tree: Tree = new Map();
  for (const step of history.steps) tree = step.change(tree);
  const changed = [...sources].filter(([path, text]) => tree.get(path) !== text).map(([path]) => path);
  expect(changed).toEqual(['apps/weather-app1/src/routes.ts', 'apps/weather-app1/src/server.test.ts']);
});
