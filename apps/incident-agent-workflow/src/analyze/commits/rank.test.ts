import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Commit } from '../../domain/telemetry.ts';
import { accused } from '../suspicion.ts';
import { commitOf, hunk, inputOf, ONSET, replacing } from './commit.test-helper.ts';
import type { FeatureName } from './feature-names.ts';
import type { CrimeScene } from './features.ts';
import { newestFirst } from './order.ts';
import { rankCommits, type Suspect } from './rank.ts';

const OTHERS = [1, 2, 3, 4].map((index) => commitOf(index, `src/file${index}.ts`, replacing(40, 'one', 'two')));
function strengthOf(suspect: Suspect | undefined, name: FeatureName): number {
  return suspect?.features.find((feature) => feature.name === name)?.value ?? 0;
}
function suspectOf(commit: Commit, scene: Partial<CrimeScene>): Suspect | undefined {
  return rankCommits(inputOf([...OTHERS, commit], scene)).suspects.find((one) => one.commit.hash === commit.hash);
}
const said = (text: string) => [{ text, weight: 1 }];
const FRAME = { path: 'src/a.ts', line: 40, function: 'f', depth: 0 };

test.each<{ says: string; feature: FeatureName; commit: Commit; near: Commit; scene: Partial<CrimeScene> }>([
  {
    says: 'a limit cut where calls time out',
    feature: 'class-match',
    commit: commitOf(5, 'src/a.ts', hunk('-timeout: 5_000', '+timeout: 300')),
    near: commitOf(5, 'src/a.ts', hunk('-columns: 5_000', '+columns: 300')),
    scene: { said: said('context deadline exceeded') },
  },
  {
    says: 'a migration where a column is missed',
    feature: 'class-match',
    commit: commitOf(5, 'db/migrations/0042.sql', hunk('+ALTER TABLE orders')),
    near: commitOf(5, 'src/orders.ts', hunk('+const orders = 1;')),
    scene: { said: said('column "total" does not exist') },
  },
  {
    says: 'a name taken away that the error misses',
    feature: 'removed-symbol',
    commit: commitOf(5, 'src/a.ts', hunk('-meta: string', '+metadata: string')),
    near: commitOf(5, 'src/a.ts', hunk('-meta: string', '+meta: number')),
    scene: { messages: ["missing required field 'meta'"] },
  },
  {
    says: 'a field named in brackets',
    feature: 'removed-symbol',
    commit: commitOf(5, 'src/a.go', hunk('-"title": text,', '+"name": text,')),
    near: commitOf(5, 'src/a.go', hunk('-"price": text,', '+"cost": text,')),
    scene: { messages: ['no mapping found for field [title]'] },
  },
  {
    says: 'a setting brought in that nobody sets',
    feature: 'demanded-symbol',
    commit: commitOf(5, 'src/a.ts', hunk('+need(env.ITEMS_REGION)')),
    near: commitOf(5, 'src/a.ts', hunk('-need(env.ITEMS_REGION, 1)', '+need(env.ITEMS_REGION)')),
    scene: { messages: ['Missing required environment variable ITEMS_REGION'] },
  },
  {
    says: 'a package moved that the error names',
    feature: 'package-named',
    commit: commitOf(5, 'package.json', hunk('-"protobuf": "1.0.0"', '+"protobuf": "2.0.0"')),
    near: commitOf(5, 'package.json', hunk('-"winston": "1.0.0"', '+"winston": "2.0.0"')),
    scene: { messages: ['panic: protobuf: duplicate registration'] },
  },
  {
    says: 'the definition of what the crash uses',
    feature: 'definition-changed',
    commit: commitOf(5, 'src/price.ts', replacing(12, 'return 1', 'return null')),
    near: commitOf(5, 'src/price.ts', replacing(400, 'return 1', 'return null')),
    scene: { definitions: [{ path: 'src/price.ts', line: 10, function: 'price', depth: 1 }] },
  },
  {
    says: 'the file in which the error is worded',
    feature: 'file-in-stack',
    commit: commitOf(5, 'src/check.ts', replacing(12, 'a', 'b')),
    near: commitOf(5, 'src/other.ts', replacing(12, 'a', 'b')),
    scene: { origins: [{ path: 'src/check.ts', line: 90 }] },
  },
  {
    says: 'a file that was called otherwise then',
    feature: 'file-in-stack',
    commit: commitOf(5, 'src/old.ts', replacing(12, 'a', 'b')),
    near: commitOf(5, 'src/older.ts', replacing(12, 'a', 'b')),
    scene: { frames: [{ ...FRAME, path: 'src/file1.ts' }] },
  },
  {
    says: 'a limit cut that the error names',
    feature: 'brought-in',
    commit: commitOf(5, 'config/a.json', hunk('-"bank": 3000', '+"bank": 70')),
    near: commitOf(5, 'config/a.json', hunk('-"bank": 3000', '+"bank": 90')),
    scene: { messages: ['bank did not answer within 70 ms'] },
  },
  {
    says: 'what keeps this kind of failure off, taken away',
    feature: 'explains',
    commit: commitOf(5, 'src/a.ts', hunk('-timeout: 5_000', '+timeout: 300')),
    near: commitOf(5, 'src/a.ts', hunk('-if (!order) return;', '+use(order);')),
    scene: { said: said('context deadline exceeded') },
  },
  {
    says: 'names of the failing line, in code rather than in data',
    feature: 'relied-on',
    commit: commitOf(5, 'src/b.ts', hunk('+const tariff = courier;')),
    near: commitOf(5, 'config/b.json', hunk('+"tariff": "courier"')),
    scene: {
      frames: [FRAME],
      code: [{ path: 'src/a.ts', revision: 'x', firstLine: 40, lines: ['send(tariff, courier)'], totalLines: 90 }],
    },
  },
  {
    says: 'a revert taken back',
    feature: 'history',
    commit: { ...commitOf(5, 'src/a.ts', replacing(1, 'a', 'b')), subject: 'Reapply "faster rounding"' },
    near: { ...commitOf(5, 'src/a.ts', replacing(1, 'a', 'b')), subject: 'Revert "faster rounding"' },
    scene: {},
  },
])('$says is told by $feature', ({ feature, commit, near, scene }) => {
  const [first, ...rest] = OTHERS;
  const renamed = { ...first!, files: [{ ...first!.files[0]!, status: 'renamed' as const, oldPath: 'src/old.ts' }] };
  const among = (one: Commit) =>
    rankCommits(inputOf([renamed, ...rest, one], scene)).suspects.find(({ commit: { hash } }) => hash === one.hash);
  expect(strengthOf(among(commit), feature)).toBeGreaterThan(0.3);
  expect(strengthOf(among(near), feature)).toBeLessThan(strengthOf(among(commit), feature));
});

test('speaking of the same things is no ground to blame anybody', () => {
  const scene = { messages: ['charge of customer rejected'], said: said('charge of customer rejected') };
  const talker = commitOf(5, 'src/charge.ts', hunk('+charge(customer, rejected)'));
  expect(suspectOf(talker, scene)?.isDirect).toBe(false);
});

test('a commit without parents is never accused, not even of the line that it wrote', () => {
  const root = { ...commitOf(6, 'src/a.ts', replacing(40, 'one', 'two')), parents: [] };
  const blame = [{ path: 'src/a.ts', line: 40, hash: root.hash, committedAt: ONSET }];
  const alone = rankCommits(inputOf([root], { frames: [FRAME], blame }));
  expect(alone.suspects[0]?.commit).toBe(root);
  expect(accused(alone)).toBeUndefined();
  const child = { ...root, parents: ['p'] };
  expect(accused(rankCommits(inputOf([child], { frames: [FRAME], blame })))?.commit).toBe(child);
});

test('a merge in which the guilty commit came leaves the blame with the commit', () => {
  const guilty = commitOf(5, 'src/a.ts', replacing(40, 'one', 'two'));
  const merge = { ...commitOf(2, 'src/a.ts', ''), parents: [OTHERS[2]!.hash, guilty.hash], files: [] };
  const blame = [{ path: 'src/a.ts', line: 40, hash: guilty.hash, committedAt: ONSET }];
  const { suspects } = rankCommits(inputOf([merge, ...OTHERS, guilty], { frames: [FRAME], blame }));
  expect(suspects[0]?.commit).toBe(guilty);
});

test('lines and names are followed through a rename', () => {
  const guilty = commitOf(6, 'src/old.ts', replacing(30, 'one', 'two'));
  const rename: Commit = {
    ...commitOf(1, 'src/a.ts', '@@ -3,0 +4,10 @@\n+1\n+2\n+3\n+4\n+5\n+6\n+7\n+8\n+9\n+10'),
    files: [
      {
        path: 'src/a.ts',
        oldPath: 'src/old.ts',
        status: 'renamed',
        patch: '@@ -3,0 +4,10 @@\n+1\n+2\n+3\n+4\n+5\n+6\n+7\n+8\n+9\n+10',
      },
    ],
  };
  const [first] = rankCommits(inputOf([rename, guilty], { frames: [FRAME] })).suspects;
  expect(first).toMatchObject({ commit: guilty, at: { path: 'src/a.ts', line: 40, rule: 'crash-line-in-change' } });
});

// ─── properties ───────────────────────────────────────────────────────────────────────────────────────────────────

const WORDS = ['basket', 'courier', 'ledger', 'parcel', 'voucher', 'tariff'];
const anyLine = fc
  .tuple(
    fc.constantFrom('+', '-'),
    fc.constantFrom(...WORDS),
    fc.constantFrom(...WORDS),
    fc.constantFrom('if (!%a) return %b();', 'const %a = await %b(%a);', '%a.close(%b);', 'timeout(%a, %b, 5000)'),
  )
  .map(([sign, a, b, shape]) => `${sign}${shape.replaceAll('%a', a).replaceAll('%b', b)}`);
const anyCommits = fc
  .array(fc.array(anyLine, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 6 })
  .map((all) =>
    all.map((lines, index) => commitOf(index + 1, `src/${WORDS[index % WORDS.length]}/main.ts`, hunk(...lines))),
  );
const anyScene = fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS)).map(([a, b]) => {
  const text = `TypeError: Cannot read properties of undefined (reading '${a}') in ${b}, timed out`;
  return { messages: [text], said: said(text), frames: [{ ...FRAME, path: `src/${b}/main.ts`, line: 12 }] };
});
const orderOf = (commits: readonly Commit[], scene: Partial<CrimeScene>) =>
  rankCommits(inputOf(commits, scene)).suspects.map(({ commit, suspicion }) => [commit.hash, suspicion.toFixed(9)]);

test('the order in which commits come in does not matter', () => {
  fc.assert(
    fc.property(anyCommits, anyScene, fc.infiniteStream(fc.nat()), (commits, scene, chance) => {
      const keys = new Map(commits.map((commit) => [commit.hash, chance.next().value ?? 0]));
      const shuffled = commits.toSorted((a, b) => (keys.get(a.hash) ?? 0) - (keys.get(b.hash) ?? 0));
      const deployedRevision = commits[0]!.hash;
      const inOrder = rankCommits({ ...inputOf(commits, scene), deployedRevision });
      const mixed = rankCommits({ ...inputOf(shuffled, scene), deployedRevision });
      expect(mixed).toEqual(inOrder);
    }),
    { numRuns: 40, seed: 1 },
  );
});

test('other names for the same things give the same ranking', () => {
  const other = new Map(WORDS.map((word, index) => [word, `q${'xyzuvw'[index]}rk`]));
  const renamed = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replace(new RegExp(WORDS.join('|'), 'g'), (word) => other.get(word) ?? word));
  fc.assert(
    fc.property(anyCommits, anyScene, (commits, scene) => {
      expect(orderOf(renamed(commits), renamed(scene))).toEqual(orderOf(commits, scene));
    }),
    { numRuns: 40, seed: 1 },
  );
});

test('any history is put in one order, each commit once, children before parents', () => {
  const anyHistory = fc.array(fc.tuple(fc.nat(5), fc.array(fc.nat(7), { maxLength: 2 })), { maxLength: 8 }).map((all) =>
    all.map(([hour, parents], index) => ({
      ...commitOf(hour, 'a', ''),
      hash: `${index}`.padStart(40, '0'),
      parents: parents.map((parent) => `${parent}`.padStart(40, '0')),
    })),
  );
  fc.assert(
    fc.property(anyHistory, (commits) => {
      const ordered = newestFirst(commits);
      expect(ordered.map(({ hash }) => hash).toSorted()).toEqual(commits.map(({ hash }) => hash).toSorted());
      expect(newestFirst(commits.toReversed())).toEqual(ordered);
    }),
    { numRuns: 100, seed: 1 },
  );
});
