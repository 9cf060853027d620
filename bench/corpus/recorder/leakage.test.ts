/** The recorded corpus must not give its answers away by anything but what a person on call would see. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bundle } from '../../../apps/incident-agent-workflow/src/domain/bundle.ts';
import { everyTemplate } from '../templates/every.ts';
import { bundlePath, CORPUS, readCase, recordedCases } from './corpus-folder.ts';

const run = promisify(execFile);
const MAX_CORPUS_BYTES = 34 * 1024 * 1024;
const MAX_LOG_LINES = 6_000;
/** Repositories are unpacked for some, spread over all. */
const OPENED = 12;

interface Case {
  readonly id: string;
  readonly bundle: Bundle;
  readonly kilobytes: number;
}

const cases: Case[] = [];
let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'corpus-'));
  for (const id of await recordedCases(CORPUS)) {
    const { size } = await stat(bundlePath(CORPUS, id));
    cases.push({ id, bundle: await readCase(CORPUS, id), kilobytes: size / 1_024 });
  }
}, 120_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

function labelOf({ id, bundle }: Case) {
  if (!bundle.label) throw new Error(`${id} has no label`);
  return bundle.label;
}
function share(of: (one: Case) => boolean): number {
  return cases.filter(of).length / cases.length;
}
/** All that an investigation can see, but for the repository. */
function visible({ bundle }: Case): string {
  return JSON.stringify([bundle.manifest, bundle.alerts, bundle.registry, bundle.observations]);
}

test('there are at least 120 cases of at least 24 templates, in at most 34 MB', () => {
  expect(cases.length).toBeGreaterThanOrEqual(120);
  expect(new Set(cases.map((one) => labelOf(one).template)).size).toBeGreaterThanOrEqual(24);
  expect(cases.reduce((sum, { kilobytes }) => sum + kilobytes, 0) * 1_024).toBeLessThanOrEqual(MAX_CORPUS_BYTES);
});

test('the shares that are asked for: innocent, nothing wrong, decoys, evidence missing, victims, two alerts', () => {
  const has = (trait: string) => share((one) => labelOf(one).traits?.includes(trait) ?? false);
  expect(share((one) => labelOf(one).commit === null)).toBeGreaterThanOrEqual(0.4);
  expect(share((one) => labelOf(one).kind === 'none')).toBeGreaterThanOrEqual(0.15);
  expect(has('decoy')).toBeGreaterThanOrEqual(0.2);
  const missing = ['no-logs', 'rotated-logs', 'no-repository', 'no-dependencies', 'shallow', 'no-baseline'];
  expect(missing.reduce((sum, trait) => sum + has(trait), 0)).toBeGreaterThanOrEqual(0.15);
  for (const trait of [...missing, 'victim', 'two-alerts', 'late-look']) expect(has(trait), trait).toBeGreaterThan(0);
});

test('no name of a template, no word of the recording, no path and no port of this machine is seen', () => {
  const words = [...everyTemplate.map(({ id }) => id), 'corpus', 'recorder', 'culprit', 'inject', 'stretched'];
  // What has a column behind it is a line of a long file, and no port.
  const telling = new RegExp(
    `\\b(?:${words.join('|')})\\b|/tmp/|/work/|/root\\b|/home/|[a-z0-9]:1[1-9]\\d{3}\\b(?!:\\d)|\\.data/`,
    'i',
  );
  for (const one of cases) {
    const found = telling.exec(visible(one));
    expect(found && visible(one).slice(Math.max(0, found.index - 80), found.index + 80), one.id).toBeNull();
  }
});

test('a case has no more than 6,000 log lines, and times lie in the past in the order of the story', () => {
  const now = Date.now();
  for (const { id, bundle } of cases) {
    const { manifest, alerts, observations } = bundle;
    const lines = observations.reduce((sum, { answer }) => sum + (answer.telemetry.logLines?.length ?? 0), 0);
    expect(lines, id).toBeLessThanOrEqual(MAX_LOG_LINES);
    expect(Date.parse(manifest.run.createdAt), id).toBeLessThan(now);
    for (const { startsAt } of alerts) expect(startsAt < manifest.run.createdAt, id).toBe(true);
    for (const { answer } of observations)
      for (const { points } of answer.telemetry.series ?? [])
        expect((points.at(-1)?.at ?? '') <= manifest.run.createdAt, id).toBe(true);
  }
});

test('nothing begins at a round moment, nor always as long after the first sample', () => {
  const offsets = cases.flatMap(({ bundle }) => {
    const first = bundle.observations.flatMap(({ answer }) => answer.telemetry.series ?? [])[0]?.points[0]?.at;
    return first === undefined ? [] : [(Date.parse(bundle.alerts[0]?.startsAt ?? '') - Date.parse(first)) / 1_000];
  });
  const whole = (every: number) => offsets.filter((offset) => Math.abs(offset % every) < 1).length / offsets.length;
  expect(whole(60)).toBeLessThan(0.15);
  expect(whole(15)).toBeLessThan(0.35);
  expect(Math.max(...offsets) - Math.min(...offsets)).toBeGreaterThan(300);
  const minutes = new Set(cases.map(({ bundle }) => bundle.alerts[0]?.startsAt.slice(14, 19)));
  expect(minutes.size).toBeGreaterThan(cases.length * 0.9);
});

test('which metrics a service has does not tell which fault it suffers: all cases of a service have the same', () => {
  const namesOf = new Map<string, Set<string>[]>();
  for (const { bundle } of cases) {
    for (const { question, answer } of bundle.observations) {
      if (question.kind !== 'metric-names') continue;
      const names = new Set(answer.telemetry.metricNames ?? []);
      if (names.size > 2) namesOf.set(question.service.name, [...(namesOf.get(question.service.name) ?? []), names]);
    }
  }
  for (const [service, all] of namesOf) {
    const union = new Set(all.flatMap((names) => [...names]));
    // Which kinds of handles Node has open is told by names of their own.
    const told = [...union].filter((name) => !name.startsWith('nodejs_active_'));
    const rare = told.filter((name) => all.filter((names) => names.has(name)).length < all.length * 0.5);
    expect(rare, service).toEqual([]);
  }
});

test('some are looked at when it is over: not every recording ends in the middle of its trouble', () => {
  const over = share((one) => labelOf(one).kind === 'none' || (labelOf(one).traits?.includes('late-look') ?? false));
  expect(over).toBeGreaterThanOrEqual(0.2);
});

test('the guilty commit is there, not always the last, nor is its deploy always the newest start', () => {
  const guilty = cases.filter((one) => labelOf(one).commit !== null);
  for (const one of guilty) {
    const { file, line, service } = labelOf(one);
    expect([file, line, service], one.id).not.toContain(null);
  }
  expect(guilty.length).toBeGreaterThan(cases.length * 0.3);
});

test('repositories: one branch, commits in the past and before the look, messages that do not tell', async () => {
  const withRepository = cases.filter(
    ({ bundle }) => bundle.repositoryBundle !== undefined && bundle.manifest.shallow.length === 0,
  );
  const opened = withRepository.filter((_one, index) => index % Math.ceil(withRepository.length / OPENED) === 0);
  let last = 0;
  let guilty = 0;
  for (const one of opened) {
    const { branches, commits } = await historyOf(one);
    expect(branches, one.id).toEqual(['main']);
    expect(commits.length, one.id).toBeGreaterThanOrEqual(15);
    const look = Date.parse(one.bundle.manifest.run.createdAt) / 1_000;
    for (const { committed, subject } of commits) {
      expect(committed, one.id).toBeLessThan(look);
      expect(subject).not.toMatch(/\b(?:bug|broken?|leak|fault|inject|crash|regression|culprit)/i);
    }
    const { commit } = labelOf(one);
    if (commit === null) continue;
    guilty += 1;
    expect(
      commits.map(({ hash }) => hash),
      one.id,
    ).toContain(commit);
    if (commits[0]?.hash === commit) last += 1;
  }
  expect(last).toBeLessThan(Math.max(1, guilty));
}, 60_000);

async function historyOf({ id, bundle }: Case) {
  const file = join(scratch, `${id}.bundle`);
  const folder = join(scratch, id);
  await writeFile(file, bundle.repositoryBundle ?? new Uint8Array());
  await run('git', ['clone', '--quiet', '--bare', file, folder]);
  const git = async (...words: string[]) => (await run('git', ['-C', folder, ...words])).stdout.trim().split('\n');
  const branches = await git('for-each-ref', '--format=%(refname:short)', 'refs/heads');
  const log = await git('log', '--format=%H%x09%ct%x09%s', 'main');
  const commits = log.map((line) => {
    const [hash = '', committed = '', subject = ''] = line.split('\t');
    return { hash, committed: Number(committed), subject };
  });
  return { branches, commits };
}
