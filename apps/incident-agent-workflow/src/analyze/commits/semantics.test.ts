import { expect, test } from 'vitest';
import { commitOf, hunk } from './commit.test-helper.ts';
import { type Effect, effectsOf } from './semantics.ts';

const effects = (path: string, ...lines: string[]) => effectsOf(commitOf(1, path, hunk(...lines)));

test.each<{ says: string; lines: string[]; effect: Effect; path?: string }>([
  { says: 'a guard taken out', lines: ['-if (!user) return null;'], effect: 'guard-removed' },
  { says: 'an optional access made plain', lines: ['-a?.b', '+a.b'], effect: 'guard-removed' },
  { says: 'a named tolerance dropped', lines: ['-exp.Add(leeway)', '+exp'], effect: 'guard-removed', path: 'a.go' },
  {
    says: 'a LIMIT gone from a query',
    lines: ['-SELECT id FROM t LIMIT 50', '+SELECT id FROM t'],
    effect: 'bound-removed',
  },
  { says: 'a lock gone', lines: ['-mu.Lock()', ' x++'], effect: 'lock-removed', path: 'a.go' },
  { says: 'a clean-up gone', lines: ['-defer rows.Close()'], effect: 'close-removed', path: 'a.go' },
  { says: 'a batch become single calls', lines: ['-loadMany(ids)', '+load(id)'], effect: 'batch-removed' },
  { says: 'a cache gone', lines: ['-return cache.get(key)', '+return load(key)'], effect: 'cache-removed' },
  {
    says: 'a pause between tries gone',
    lines: ['-await sleep(backoff(tries))', '+await again()'],
    effect: 'back-off-removed',
  },
  { says: 'a promise no longer awaited', lines: ['-await save(x)', '+save(x)'], effect: 'wait-removed' },
  {
    says: 'a call moved into a loop',
    lines: [
      '-const all = await store.find(ids);',
      '+for (const id of ids) {',
      '+  all.push(await store.get(id));',
      '+}',
    ],
    effect: 'call-in-loop',
  },
  { says: 'a copy no longer made', lines: ['-return [...rows];', '+return rows;'], effect: 'copy-removed' },
  {
    says: 'a list handed out itself',
    lines: ['-return new ArrayList<>(rows);', '+return rows;'],
    effect: 'copy-removed',
    path: 'A.java',
  },
  { says: 'a time limit cut', lines: ['-timeout: 5_000', '+timeout: 300'], effect: 'timeout-cut' },
  {
    says: 'a time limit cut by its unit alone',
    lines: ['-DefaultTTL: 15 * time.Minute,', '+DefaultTTL: 15 * time.Second,'],
    effect: 'lifetime-cut',
    path: 'a.go',
  },
  { says: 'a pool made smaller', lines: ['-poolSize: 20', '+poolSize: 2'], effect: 'pool-cut' },
  { says: 'a budget of tries cut', lines: ['-retries: 6', '+retries: 1'], effect: 'retry-cut' },
  {
    says: 'sampling raised',
    lines: ['-sampling_ratio: 0.01', '+sampling_ratio: 1.0'],
    effect: 'rate-raised',
    path: 'a.yaml',
  },
  {
    says: 'polling made more frequent',
    lines: ['-pollInterval: 60s', '+pollInterval: 1s'],
    effect: 'rate-raised',
    path: 'a.yaml',
  },
  { says: 'memory cut', lines: ['-  memory: 512Mi', '+  memory: 64Mi'], effect: 'size-cut', path: 'a.yaml' },
  {
    says: 'the log made louder',
    lines: ['-level: info', '+level: debug'],
    effect: 'logging-raised',
    path: 'logging.yaml',
  },
  {
    says: 'a list that only grows',
    lines: ['+var history []record', '+history = append(history, r)'],
    effect: 'growth-added',
    path: 'a.go',
  },
  {
    says: 'a label with one value per user',
    lines: ['-labels: { route }', '+labels: { route, user_id }'],
    effect: 'label-added',
  },
  { says: 'a step left out', lines: ['-registerHandlers(app);', ' start();'], effect: 'step-removed' },
  { says: 'a switch turned', lines: ['-verify: true', '+verify: false'], effect: 'switch-flipped', path: 'a.yaml' },
])('$says is $effect', ({ lines, effect, path = 'a.ts' }) => {
  expect(effects(path, ...lines).get(effect) ?? 0).toBeGreaterThanOrEqual(0.5);
});

test.each<{ says: string; lines: string[]; effect: Effect; path?: string }>([
  { says: 'a guard that moves', lines: ['-if (x) return;', ' a();', '+if (x) return;'], effect: 'guard-removed' },
  {
    says: 'a condition whose numbers are all there again',
    lines: ['-if (lat < -90 || lat > 90) throw out;', '+checkRange(lat, -90, 90);'],
    effect: 'guard-removed',
  },
  { says: 'a guard in a test', lines: ['-if (x) return;'], effect: 'guard-removed', path: 'a.test.ts' },
  { says: 'a time limit that is raised', lines: ['-timeout: 300', '+timeout: 5_000'], effect: 'timeout-cut' },
  {
    says: 'the same time limit in another unit',
    lines: ['-timeout: 5s', '+timeout: 5000ms'],
    effect: 'timeout-cut',
    path: 'a.yaml',
  },
  { says: 'a limit tuned by a tenth', lines: ['-poolSize: 20', '+poolSize: 18'], effect: 'pool-cut' },
  { says: 'another setting with a smaller number', lines: ['-timeout: 5000', '+columns: 3'], effect: 'timeout-cut' },
  {
    says: 'a loop over what is in memory',
    lines: ['+for (const x of xs) {', '+  sum += x;', '+}'],
    effect: 'call-in-loop',
  },
  {
    says: 'a list that is bounded',
    lines: ['+var history = lru.New(max)', '+history.Add(r)'],
    effect: 'growth-added',
    path: 'a.go',
  },
  { says: 'a log line left out', lines: ['-logger.info("x");'], effect: 'step-removed' },
  { says: 'a step that is called elsewhere', lines: ['-start();', '+later(() => start());'], effect: 'step-removed' },
  { says: 'a label of few values', lines: ['-labels: { route }', '+labels: { route, method }'], effect: 'label-added' },
  {
    says: 'the log made quieter',
    lines: ['-level: debug', '+level: info'],
    effect: 'logging-raised',
    path: 'logging.yaml',
  },
])('$says is no $effect', ({ lines, effect, path = 'a.ts' }) => {
  expect(effects(path, ...lines).get(effect) ?? 0).toBeLessThan(0.5);
});

test('a patch that could not be read has no effect', () => {
  expect([...effectsOf(commitOf(1, 'a.ts', ''))]).toEqual([]);
});

test.each([
  {
    says: 'in a migration of its own',
    path: 'db/migrations/7.sql',
    status: 'added' as const,
    lines: ['+DROP INDEX by_customer;'],
  },
  {
    says: 'no longer made',
    path: 'src/schema.sql',
    status: 'modified' as const,
    lines: ['-CREATE INDEX by_customer ON orders (customer);'],
  },
])('an index that goes, $says, is removed', ({ path, status, lines }) => {
  expect(effectsOf(commitOf(1, path, hunk(...lines), { status })).get('index-removed')).toBe(1);
});

test.each([
  { says: 'is made anew', lines: ['+DROP INDEX by_customer;', '+CREATE INDEX by_customer ON orders (customer, at);'] },
  { says: 'is new', lines: ['+CREATE INDEX by_day ON orders (day);'] },
])('an index that $says is not removed', ({ lines }) => {
  expect(
    effectsOf(commitOf(1, 'db/migrations/7.sql', hunk(...lines), { status: 'added' })).get('index-removed'),
  ).toBeUndefined();
});

test.each([
  { says: 'on a condition only', after: '+  if (old.isIdle) rooms.delete(old.id);', least: 0.8 },
  { says: 'as before', after: '+  rooms.delete(old.id);', least: undefined },
])('what was cleaned up in any case, and now $says, has lost its bound: $least', ({ after, least }) => {
  const change = hunk('-  rooms.delete(oldest);', after);
  expect(effectsOf(commitOf(1, 'src/a.ts', change)).get('bound-removed')).toBe(least);
});

test('a collection that lives as long as the process and is only fed grows without bound', () => {
  const change = hunk('+const seen = new Map();', '+seen.set(key, value);');
  expect(effectsOf(commitOf(1, 'src/a.ts', change)).get('unbounded-growth')).toBe(1);
  const bounded = hunk(
    '+const seen = new Map();',
    '+seen.set(key, value);',
    '+if (seen.size > MAX_KEYS) seen.clear();',
  );
  expect(effectsOf(commitOf(1, 'src/a.ts', bounded)).get('unbounded-growth')).toBeUndefined();
});
