import { expect, test } from 'vitest';
import { commitOf, inputOf, ONSET, replacing } from './commit.test-helper.ts';
import { missingNames } from './identifiers.ts';
import { isInert } from './inert.ts';
import { scoreOfNone } from './none.ts';
import { rankCommits } from './rank.ts';
import { effectsOf, protectionRemoved } from './semantics.ts';

test.each([
  { says: 'a comment', path: 'src/a.ts', patch: replacing(1, '// one', '// two'), inert: true },
  { says: 'formatting', path: 'src/a.ts', patch: replacing(1, 'f( a,b )', 'f(a, b);'), inert: true },
  { says: 'quotes', path: 'src/a.ts', patch: replacing(1, "x('a')", 'x("a")'), inert: true },
  { says: 'a document', path: 'README.md', patch: replacing(1, 'a', 'b'), inert: true },
  { says: 'an example of an environment', path: 'api/.env.example', patch: replacing(1, 'A=1', 'A=2'), inert: true },
  { says: 'an environment', path: 'api/.env', patch: replacing(1, 'A=1', 'A=2'), inert: false },
  {
    says: 'its own version',
    path: 'package.json',
    patch: replacing(3, '  "version": "1.4.0",', '  "version": "1.5.0",'),
    inert: true,
  },
  {
    says: 'its own version in TOML',
    path: 'pyproject.toml',
    patch: replacing(3, 'version = "1.4.0"', 'version = "1.5.0"'),
    inert: true,
  },
  {
    says: 'the version of a package',
    path: 'package.json',
    patch: replacing(9, '    "zod": "3.1.0",', '    "zod": "4.0.0",'),
    inert: false,
  },
  {
    says: 'how it is started',
    path: 'package.json',
    patch: replacing(9, '"start": "a"', '"start": "b"'),
    inert: false,
  },
  { says: 'a test', path: 'src/a.test.ts', patch: replacing(1, 'a', 'b'), inert: true },
  { says: 'code', path: 'src/a.ts', patch: replacing(1, 'return a', 'return b'), inert: false },
  {
    says: 'the number of a release',
    path: 'package.json',
    patch: replacing(2, '  "version": "1.4.0",', '  "version": "1.5.0",'),
    inert: true,
  },
  {
    says: 'the version of a dependency',
    path: 'Cargo.toml',
    patch: '@@ -9,2 +9,2 @@\n [dependencies.tokio]\n-version = "1.4.0"\n+version = "1.5.0"',
    inert: false,
  },
  {
    says: 'a line that moved into a function',
    path: 'src/a.ts',
    patch: '@@ -1,2 +1,2 @@\n-const pool = open();\n function ask() {\n+const pool = open();',
    inert: false,
  },
  { says: 'a blank in a variable', path: '.env', patch: replacing(1, 'PORT=80', 'PORT = 80'), inert: false },
  {
    says: 'a URL, which is no comment',
    path: 'src/a.ts',
    patch: replacing(1, "x('http://a')", "x('http://b')"),
    inert: false,
  },
  {
    says: 'indentation in Python, which is meaning',
    path: 'a.py',
    patch: replacing(1, '  return a', '    return a'),
    inert: false,
  },
  { says: 'code that is called like a licence', path: 'src/notices.ts', patch: replacing(1, 'a', 'b'), inert: false },
  {
    says: 'a folder that is called like a list of changes',
    path: 'db/changelog/1.xml',
    patch: replacing(1, 'a', 'b'),
    inert: false,
  },
  { says: 'a licence', path: 'LICENSE-MIT', patch: replacing(1, 'a', 'b'), inert: true },
  { says: 'a patch that could not be read', path: 'src/a.ts', patch: '', inert: false },
])('$says is inert: $inert', ({ path, patch, inert }) => {
  expect(isInert(commitOf(1, path, patch))).toBe(inert);
});

test.each([
  { says: 'a guard taken out', patch: '@@ -1,3 +1,0 @@\n-if (!x) {\n-  return;\n-}', least: 0.5 },
  { says: 'an optional access made plain', patch: replacing(1, 'a?.b ?? 0', 'a.b'), least: 0.5 },
  { says: 'a time limit cut', patch: replacing(1, 'timeout: 5_000', 'timeout: 50'), least: 1 },
])('$says is protection removed', ({ patch, least }) => {
  expect(protectionRemoved(effectsOf(commitOf(1, 'a.ts', patch)))).toBeGreaterThanOrEqual(least);
});

test('a guard that moves is not removed', () => {
  const patch = '@@ -1,1 +1,0 @@\n-if (x) return;\n@@ -9,0 +9,1 @@\n+if (x) return;';
  expect(protectionRemoved(effectsOf(commitOf(1, 'a.ts', patch)))).toBe(0);
});

test.each([
  ["Cannot read properties of undefined (reading 'price')", 'price'],
  ['item.describe is not a function', 'describe'],
  ["'Item' object has no attribute 'price'", 'price'],
  ["KeyError: 'region'", 'region'],
  ['column "price_cents" does not exist', 'price_cents'],
  ['Missing required environment variable ITEMS_REGION', 'ITEMS_REGION'],
])('"%s" misses %s', (message, name) => {
  expect(missingNames(message)).toContain(name);
});

const CRASH_FRAME = { path: 'src/a.ts', line: 40, function: 'f', depth: 0 };
const CODE = [1, 2, 3, 4, 5].map((index) => commitOf(index, `src/file${index}.ts`, replacing(40, 'one', 'two')));

test('suspicion and none together are one', () => {
  const { suspects, none } = rankCommits(inputOf(CODE));
  expect(suspects.reduce((sum, { suspicion }) => sum + suspicion, none)).toBeCloseTo(1, 9);
});

test('being deployed last ties a commit to nothing', () => {
  const deploys = { deployedAt: '2026-03-02T09:59:00.000Z', previousAt: undefined, previousRevision: undefined };
  const { suspects } = rankCommits(inputOf(CODE, { deploys }));
  expect(suspects.every(({ isDirect }) => !isDirect)).toBe(true);
  expect(suspects.map(({ at }) => at?.rule)).toEqual(['latest-change', ...CODE.slice(1).map(() => undefined)]);
});

test('the line that crashes leads to who wrote it', () => {
  const commits = [...CODE, commitOf(6, 'src/a.ts', replacing(40, 'one', 'two'))];
  const blame = [{ path: 'src/a.ts', line: 40, hash: commits[5]!.hash, committedAt: ONSET }];
  const [first] = rankCommits(inputOf(commits, { frames: [CRASH_FRAME], blame })).suspects;
  expect(first).toMatchObject({ commit: commits[5], isDirect: true, at: { line: 40, rule: 'crash-line-in-change' } });
});

test('lines are carried through the commits after the suspect one', () => {
  const above = commitOf(0, 'src/a.ts', '@@ -3,0 +4,10 @@\n+1\n+2\n+3\n+4\n+5\n+6\n+7\n+8\n+9\n+10');
  const suspect = commitOf(6, 'src/a.ts', replacing(30, 'one', 'two'));
  const [first] = rankCommits(inputOf([above, suspect], { frames: [CRASH_FRAME] })).suspects;
  expect(first).toMatchObject({ commit: suspect, at: { path: 'src/a.ts', line: 40, rule: 'crash-line-in-change' } });
});

test('what ran before the deploy without failing is hardly suspect', () => {
  const old = commitOf(6, 'src/a.ts', replacing(38, 'one', 'two'));
  const fresh = commitOf(0, 'src/a.ts', replacing(52, 'one', 'two'));
  const deploys = { deployedAt: ONSET, previousAt: undefined, previousRevision: old.hash };
  const [first] = rankCommits(inputOf([fresh, old], { frames: [CRASH_FRAME], deploys })).suspects;
  expect(first?.commit).toBe(fresh);
});

test('commits after the alert, and newer ones than what is deployed, are no candidates', () => {
  const late = { ...commitOf(0, 'src/a.ts', replacing(40, 'a', 'b')), committedAt: '2026-03-02T10:05:00.000Z' };
  expect(rankCommits(inputOf([late, ...CODE])).excluded).toEqual([{ commit: late, because: 'after-alert' }]);
  const behind = { ...inputOf(CODE), deployedRevision: CODE[2]!.hash };
  expect(rankCommits(behind).excluded.map(({ because }) => because)).toEqual(['not-deployed', 'not-deployed']);
});

test('an empty history suspects nobody', () => {
  expect(rankCommits(inputOf([]))).toEqual({ suspects: [], none: 1, excluded: [] });
});

test('an old line is not to blame once a later commit took away what it relies on', () => {
  const writer = commitOf(9, 'src/a.ts', replacing(40, 'one', 'const amount = item.price.amount;'));
  const taker = commitOf(4, 'src/store.ts', replacing(7, 'return { price: cents };', 'return { cost: cents };'));
  const scene = {
    frames: [CRASH_FRAME],
    messages: ["TypeError: Cannot read properties of undefined (reading 'amount')"],
    code: [
      { path: 'src/a.ts', revision: 'x', firstLine: 40, lines: ['const amount = item.price.amount;'], totalLines: 90 },
    ],
    blame: [{ path: 'src/a.ts', line: 40, hash: writer.hash, committedAt: ONSET }],
  };
  const ranking = rankCommits(inputOf([...CODE.slice(0, 3), taker, CODE[4]!, writer], scene));
  expect(ranking.suspects[0]?.commit).toBe(taker);
  // Without that commit the writer is all there is.
  expect(rankCommits(inputOf([...CODE, writer], scene)).suspects[0]?.commit).toBe(writer);
});

test('"none of these" gains when the errors speak of the outside, and when they are old', () => {
  const none = rankCommits(inputOf(CODE)).none;
  expect(
    rankCommits({ ...inputOf(CODE), outside: [{ kind: 'name service', words: 'an error speaks of it' }] }).none,
  ).toBeGreaterThan(none);
  expect(rankCommits({ ...inputOf(CODE), seenBefore: true }).none).toBeGreaterThan(none);
});

test.each([
  { says: 'of a class that comes from outside', more: { classes: new Map([['dns', 1]] as const) }, gains: true },
  {
    says: 'of a class that code brings about',
    more: { classes: new Map([['deadlock-stall', 1]] as const) },
    gains: false,
  },
])('"none of these" gains where the failure is $says: $gains', ({ more, gains }) => {
  const { none } = rankCommits(inputOf(CODE));
  expect(rankCommits(inputOf(CODE, more)).none > none).toBe(gains);
});

test.each([
  { says: 'another revision of the service came in at that very time', service: 'api', minutes: 0, loses: true },
  { says: 'it came in hours before', service: 'api', minutes: 300, loses: false },
  { says: 'it is one of another service', service: 'web', minutes: 0, loses: false },
])('"none of these" is as likely as with any other deploy unless $says: $loses', ({ service, minutes, loses }) => {
  const at = new Date(Date.parse(ONSET) - minutes * 60_000).toISOString();
  const told = { at, kind: 'deploy' as const, service, previousRevision: undefined, name: 'v2' };
  // Of a revision that is not in this history: nobody gains by it.
  const scene = (revision: string | undefined) =>
    scoreOfNone({
      ...inputOf([]),
      candidates: [],
      scene: inputOf(CODE, { failing: 'api', rollouts: [{ ...told, revision }] }).scene,
    });
  expect(scene('f00f00f') < scene(undefined)).toBe(loses);
});

test.each([
  { says: 'growing memory', name: 'memory-leak', outside: 'network', counts: false },
  { says: 'growing memory, on a host under pressure', name: 'memory-leak', outside: 'host', counts: true },
  { says: 'calls that are refused', name: 'rate-limit', outside: 'network', counts: true },
] as const)('what failed outside counts for $says: $counts', ({ name, outside, counts }) => {
  const scoreWith = (causes: Parameters<typeof scoreOfNone>[0]['outside']): number =>
    scoreOfNone({ ...inputOf(CODE, { classes: new Map([[name, 0.5]] as const) }), candidates: [], outside: causes });
  expect(scoreWith([{ kind: outside, words: 'something failed' }]) > scoreWith([])).toBe(counts);
});

test.each([
  { says: 'builds up', name: 'memory-leak', loses: true },
  { says: 'is there at once', name: 'code-error', loses: false },
] as const)(
  'a deploy after the dated beginning, minutes before it was noticed, explains what $says: $loses',
  ({ name, loses }) => {
    const [at, alertedAt] = [10, 15].map((minutes) => new Date(Date.parse(ONSET) + minutes * 60_000).toISOString());
    const deploy = { at: at ?? '', kind: 'deploy' as const, service: 'api', previousRevision: undefined, name: 'v2' };
    const noneWith = (revision: string | undefined): number => {
      const scene = {
        failing: 'api',
        alertedAt,
        classes: new Map([[name, 0.5]] as const),
        rollouts: [{ ...deploy, revision }],
      };
      return scoreOfNone({ ...inputOf([]), candidates: [], scene: inputOf(CODE, scene).scene });
    };
    expect(noneWith('f00f00f') < noneWith(undefined)).toBe(loses);
  },
);

test.each(['from orders.errors import AppError', "import { AppError } from '../errors';", 'import shop.AppError;'])(
  'an import that git shows above a change says nothing of it: %s',
  (section) => {
    const patch = `@@ -10,1 +10,1 @@ ${section}\n-MOST = 50\n+MOST = 80`;
    const change = commitOf(1, 'orders/validation.py', patch);
    const others = [2, 3].map((index) => commitOf(index, `src/a${index}.ts`, replacing(4, 'one', 'two')));
    const input = inputOf([change, ...others], { messages: ['orders.errors.AppError: no more are taken'] });
    const suspect = rankCommits(input).suspects.find(({ commit }) => commit === change);
    expect(suspect?.features.map(({ name }) => name)).not.toContain('token-overlap');
  },
);
