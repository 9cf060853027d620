/** One incident over repositories as they are found, asked through the real git source: what is known is said, each loss is a gap. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { git as gitSource } from './adapters/sources/git.ts';
import { analyze } from './analyze/analyze.ts';
import { LEAD_ROUNDS, leadFollower, openingQuestions } from './analyze/questions.ts';
import {
  CRASH_LINE_CHANGED,
  type Crash,
  ITEMS,
  itemsRepository,
  regressionWorld,
} from './analyze/scenarios.test-helper.ts';
import { answerOf, contextOf, ONSET, type Repository, type World } from './analyze/world.test-helper.ts';
import type { Facts } from './domain/facts.ts';
import type { Question } from './domain/question.ts';
import type { Observation } from './domain/telemetry.ts';
import { plusSeconds } from './lib/time.ts';

const scratch = mkdtempSync(join(tmpdir(), 'bad repositories '));
const origin = itemsRepository(CRASH_LINE_CHANGED);
afterAll(() => {
  rmSync(scratch, { recursive: true });
  origin.remove();
});
const GUILTY = origin.hashes[5] ?? '';
const CRASH: Crash = {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading '0')",
  frames: [`describeItem (/srv/repo/${ITEMS}:15:38)`, `/srv/repo/${ITEMS}:21:29`],
};

function git(folder: string, words: readonly string[], hoursAgo = 1): string {
  const at = plusSeconds(ONSET, -hoursAgo * 3600);
  const who = ['-c', 'user.name=Someone', '-c', 'user.email=someone@example.com'];
  return execFileSync('git', ['-C', folder, ...who, '-c', 'core.hooksPath=/dev/null', ...words], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: scratch,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_DATE: at,
      GIT_COMMITTER_DATE: at,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** A copy to be damaged. */
function clone(name: string, ...options: readonly string[]): string {
  const folder = join(scratch, name);
  git(scratch, ['clone', '-q', '--no-local', ...options, `file://${origin.folder}`, folder]);
  return folder;
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function commitAll(folder: string, message: string, hoursAgo: number): string {
  git(folder, ['add', '--all']);
  git(folder, ['commit', '-q', '-m', message], hoursAgo);
  return git(folder, ['rev-parse', 'HEAD']);
}

/** Everything else of the incident is told by the made-up world; the code only by what git really says. */
async function investigated(folder: string, crash = CRASH, deployedRevision?: string): Promise<Facts> {
  const repository: Repository = { ...origin, folder };
  const told = regressionWorld(repository, crash);
  const service = {
    ...told.service,
    repositoryPath: join(folder, 'apps/items-api'),
    ...(deployedRevision ? { deployedRevision } : {}),
  };
  const world: World = { ...told, service, registry: { services: [service, ...told.registry.services.slice(1)] } };
  const context = contextOf(world);
  const source = gitSource();
  const ask = async (question: Question): Promise<Observation> =>
    source.kinds.includes(question.kind)
      ? { question, answer: await source.ask(question, AbortSignal.timeout(30_000)) }
      : answerOf(question, world);
  const follow = leadFollower(context);
  let seen = await Promise.all(openingQuestions(context).map(ask));
  for (let round = 0; round < LEAD_ROUNDS; round += 1) {
    const further = follow(seen);
    if (further.length === 0) break;
    seen = [...seen, ...(await Promise.all(further.map(ask)))];
  }
  return analyze(seen, context);
}

function blamed({ hypotheses: [first] }: Facts): string | null | undefined {
  return first && first.confidence >= 0.66 ? first.cause.commit : undefined;
}

function gapsOf({ gaps }: Facts): string {
  return gaps
    .filter(({ source }) => source === 'git')
    .map(({ reason, detail }) => `${reason}: ${detail}`)
    .join('\n');
}

const MANY_SECONDS = 60_000;

test(
  'an undamaged one: the commit and its line, nothing is missing',
  async () => {
    const facts = await investigated(clone('whole'));
    expect(facts.hypotheses[0]?.cause).toMatchObject({ commit: GUILTY, file: ITEMS, line: 15 });
    expect(gapsOf(facts)).toBe('');
  },
  MANY_SECONDS,
);

describe('a shallow clone', () => {
  test(
    'that holds the guilty commit still names it, and says that older ones are missing',
    async () => {
      const facts = await investigated(clone('deep enough', '--depth', '11'));
      expect(blamed(facts)).toBe(GUILTY);
      expect(gapsOf(facts)).toContain('shallow');
    },
    MANY_SECONDS,
  );

  test(
    'whose oldest commit only seems to have written everything is not believed',
    async () => {
      const folder = clone('too shallow', '--depth', '5');
      const facts = await investigated(folder);
      expect(facts.hypotheses[0]?.cause).toMatchObject({ class: 'code-error' });
      expect(blamed(facts) ?? null).toBeNull();
      expect(gapsOf(facts)).toContain('shallow');
    },
    MANY_SECONDS,
  );
});

describe('history that was forced away', () => {
  test(
    'what runs is no longer on any branch: it is told from the commit that runs',
    async () => {
      const folder = clone('forced');
      git(folder, ['reset', '-q', '--hard', origin.hashes[3] ?? '']);
      const facts = await investigated(folder, CRASH, origin.hashes.at(-1));
      expect(facts.repository).toMatchObject({ deployedRevision: origin.hashes.at(-1), head: origin.hashes[3] });
      expect(facts.hypotheses[0]?.cause).toMatchObject({ commit: GUILTY, line: 15 });
    },
    MANY_SECONDS,
  );

  test(
    'what runs is gone altogether: the head stands in, and that is said',
    async () => {
      const facts = await investigated(clone('gone'), CRASH, 'f'.repeat(40));
      expect(facts.hypotheses[0]?.cause).toMatchObject({ class: 'code-error', file: ITEMS });
      expect(gapsOf(facts)).toContain('its head is taken instead');
    },
    MANY_SECONDS,
  );
});

test(
  'a merge: the commit inside is named, not the merge',
  async () => {
    const folder = clone('merged');
    git(folder, ['checkout', '-q', '-b', 'feature', origin.hashes[4] ?? '']);
    git(folder, ['cherry-pick', GUILTY], 40);
    const inner = git(folder, ['rev-parse', 'HEAD']);
    git(folder, ['checkout', '-q', '-B', 'main', origin.hashes[4] ?? '']);
    write(folder, 'apps/items-api/notes.md', 'notes\n');
    commitAll(folder, 'notes', 30);
    git(folder, ['merge', '-q', '--no-ff', '-m', 'merge of the feature', 'feature'], 20);
    const facts = await investigated(folder);
    expect(blamed(facts)).toBe(inner);
  },
  MANY_SECONDS,
);

test(
  'a file that was renamed after the guilty commit',
  async () => {
    const folder = clone('renamed');
    const path = 'apps/items-api/src/wording.ts';
    git(folder, ['mv', ITEMS, path]);
    commitAll(folder, 'items: a better name', 2);
    const crash = { ...CRASH, frames: CRASH.frames.map((frame) => frame.replace(ITEMS, path)) };
    const facts = await investigated(folder, crash);
    expect(facts.hypotheses[0]?.cause).toMatchObject({ commit: GUILTY, file: path, line: 15 });
  },
  MANY_SECONDS,
);

test(
  'line ends of Windows, and a path in letters of another script',
  async () => {
    const folder = clone('windows');
    const path = 'apps/items-api/src/größe/цена.ts';
    const text = readFileSync(join(folder, ITEMS), 'utf8').replaceAll('\n', '\r\n');
    write(folder, path, text.replace('item.prices[0]', 'item.price'));
    commitAll(folder, 'prices: one more', 50);
    write(folder, path, text);
    const guilty = commitAll(folder, 'prices: shorter', 2);
    const crash = { ...CRASH, frames: CRASH.frames.map((frame) => frame.replace(ITEMS, path)) };
    const facts = await investigated(folder, crash);
    expect(facts.hypotheses[0]?.cause).toMatchObject({ commit: guilty, file: path, line: 15 });
    const code = facts.evidence.find(({ kind }) => kind === 'code');
    expect(code?.data).toMatchObject({ path });
    expect(JSON.stringify(code)).not.toContain(String.raw`\r`);
  },
  MANY_SECONDS,
);

test(
  'a submodule at the crash frame: what lies inside is not in this repository',
  async () => {
    const folder = clone('submodule');
    git(folder, ['update-index', '--add', '--cacheinfo', `160000,${GUILTY},apps/items-api/vendored`]);
    git(folder, ['commit', '-q', '-m', 'items: the rules of another team'], 3);
    const inside = 'apps/items-api/vendored/src/rules.ts';
    const facts = await investigated(folder, {
      ...CRASH,
      frames: [`check (/srv/repo/${inside}:3:1)`, ...CRASH.frames],
    });
    expect(facts.hypotheses[0]?.cause.class).toBe('code-error');
    const trace = facts.evidence.find(({ kind }) => kind === 'stack-trace');
    expect(trace?.data).toMatchObject({ crashFrame: 0 });
    expect(facts.gaps.map(({ detail }) => detail).join('\n')).toContain(
      `the repository has no file that /srv/repo/${inside}, where it crashed, can be`,
    );
  },
  MANY_SECONDS,
);

describe('a file of five megabytes in one line at the crash frame', () => {
  const bundle = 'apps/items-api/public/bundle.js';
  let folder = '';
  beforeAll(() => {
    folder = clone('bundle');
    write(folder, bundle, `${'var a=1;'.repeat(650_000)}throw new Error("no price")`);
    commitAll(folder, 'items: built', 2);
  });

  test(
    'is a gap, no flood and no line',
    async () => {
      const frames = [`total (/srv/repo/${bundle}:1:4200017)`];
      const facts = await investigated(folder, { type: 'TypeError', message: 'x is undefined', frames });
      expect(facts.hypotheses[0]?.cause.class).toBe('code-error');
      expect(JSON.stringify(facts).length).toBeLessThan(200_000);
      expect(facts.gaps.map(({ detail }) => detail).join('\n')).toMatch(/bundle\.js/);
    },
    MANY_SECONDS,
  );
});

test(
  'the guilty commit itself from a clock an hour ahead: no innocent one is blamed, its line is shown, and the loss is said',
  async () => {
    const folder = clone('hour ahead');
    git(folder, ['reset', '-q', '--hard', origin.hashes[4] ?? '']);
    git(folder, ['cherry-pick', GUILTY], -1);
    const guilty = git(folder, ['rev-parse', 'HEAD']);
    const facts = await investigated(folder, CRASH, guilty);
    expect(facts.hypotheses[0]?.cause).toMatchObject({ class: 'code-error', file: ITEMS, line: 15 });
    expect(blamed(facts) ?? guilty).toBe(guilty);
    expect(facts.evidence.map(({ title }) => title).join()).toContain(`last changed by ${guilty.slice(0, 7)}`);
    expect(gapsOf(facts)).toContain(`the newest ${guilty.slice(0, 7)} of `);
  },
  MANY_SECONDS,
);

test(
  'a commit from a wrong clock, a year ahead, is blamed by nobody',
  async () => {
    const folder = clone('future');
    write(folder, 'apps/items-api/notes.md', 'notes\n');
    const ahead = commitAll(folder, 'from a wrong clock', -24 * 400);
    const facts = await investigated(folder);
    expect(blamed(facts)).toBe(GUILTY);
    expect(gapsOf(facts)).toContain(
      `not weighed, because dated after this look: 1 commit, the newest ${ahead.slice(0, 7)}`,
    );
  },
  MANY_SECONDS,
);
