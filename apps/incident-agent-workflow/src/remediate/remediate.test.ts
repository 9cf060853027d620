import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Service, unregisteredService } from '../domain/service.ts';
import { type TestRepository, testRepository } from '../testing/repository.ts';
import { type Case, CRASH, hasProgram, investigateAndFix, SANDBOX } from './fix.test-helper.ts';
import type { RemediateTools } from './remediate.ts';

let repository: TestRepository | undefined;
afterEach(() => repository?.remove());

const CAREFUL =
  'export function total(basket) {\n  const lines = basket.lines ?? [];\n  return lines.map((line) => line.price.cents).reduce((a, b) => a + b, 0);\n}\n';
const CARELESS =
  'export function total(basket) {\n  return basket.lines.map((line) => line.price.cents).reduce((a, b) => a + b, 0);\n}\n';
const TEST =
  "import test from 'node:test';\nimport assert from 'node:assert';\nimport { total } from '../src/total.mjs';\ntest('adds up', () => assert.equal(total({ lines: [{ price: { cents: 3 } }] }), 3));\n";
const SESSIONS = (name: string): string =>
  `export function createSessions(limit) {\n  const all = new Map();\n  return {\n    open(id) {\n      if (all.size > limit) all.clear();\n      return all.get(id) ?? { id: 'x', ${name}: [] };\n    },\n  };\n}\n`;
const MODEL = (name: string): string =>
  `from dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass Customer:\n    id: int\n    ${name}: str\n`;
const FAILS = 'fails as in the incident (3 of 3)';
const run = (one: Case) => investigateAndFix(repository?.top ?? '', one);

/** A service in `svc/` with a test of its own, and a guilty commit. */
function shop(careless = CARELESS, more: Record<string, string> = {}) {
  repository = testRepository();
  repository.commit('begin', {
    'svc/src/total.mjs': CAREFUL,
    'svc/test/total.test.mjs': TEST,
    'svc/package.json': '{"type":"module","scripts":{"test":"node --test"}}',
  });
  const guilty = repository.commit('simpler total', { 'svc/src/total.mjs': careless, ...more });
  repository.commit('unrelated', { 'README.md': 'hello\n' });
  return guilty;
}

test('a regression is proven: it fails as in the incident, not with the fix, again without it, and its tests pass', {
  timeout: 300_000,
}, async ({ skip }) => {
  if (!hasProgram('bwrap')) skip('needs bwrap: apt-get install bubblewrap');
  const result = await run({
    commit: shop(),
    file: CRASH.path,
    line: 2,
    trace: CRASH,
    sandbox: SANDBOX,
  });
  expect(result.proposal?.proof).toMatchObject({
    state: 'proven',
    checks: [
      {
        name: 'the failure, as a node:test test',
        before: 'fails as in the incident (3 of 3)',
        after: 'passes (3 of 3)',
        without: 'fails as in the incident (3 of 3)',
      },
      { before: 'pass (1 of 1)', after: 'pass (3 of 3)' },
    ],
    reproduction: { style: 'node:test', path: 'svc/src/inc-7.test.mjs', text: expect.stringContaining('total({})') },
  });
  expect(result).toMatchObject({
    status: 'draft',
    draft: { forge: 'local', base: 'main', branch: expect.stringMatching(/^incident\/inc-7-revert-/) },
  });
  const body = result.draft?.body ?? '';
  expect(body).toContain('## Proof: Proven');
  expect(body).toContain('(http://agent/incidents/INC-7#E1)');
  expect(body).toContain('@\u200bshop');
});

test('a handler inside of a table of routes is reached, with what the changed file makes', {
  timeout: 300_000,
}, async ({ skip }) => {
  if (!hasProgram('bwrap')) skip('needs bwrap: apt-get install bubblewrap');
  const path = 'svc/src/routes.mjs';
  repository = testRepository();
  repository.commit('begin', {
    'svc/src/sessions.mjs': SESSIONS('seen'),
    [path]:
      "export function routes(shop) {\n  const get = (pattern, handle) => ({ pattern, handle });\n  return [\n    get('/health', async () => ({ status: 200 })),\n    get('/', async (request) => {\n      const session = shop.sessions.open(request.cookie);\n      return { body: session.seen.map((one) => one.sku) };\n    }),\n  ];\n}\n",
    'svc/test/routes.test.mjs':
      "import test from 'node:test';\nimport { routes } from '../src/routes.mjs';\ntest('is well', () => routes({})[0].handle());\n",
    'svc/package.json': '{"type":"module","scripts":{"test":"node --test"}}',
  });
  const commit = repository.commit('sessions: viewed', { 'svc/src/sessions.mjs': SESSIONS('viewed') });
  const trace = { ...CRASH, path, line: 7, function: 'Object.handle' };
  const { proposal } = await run({ commit, file: 'svc/src/sessions.mjs', trace, sandbox: SANDBOX });
  expect(proposal?.proof).toMatchObject({
    state: 'proven',
    reproduction: {
      text: expect.stringMatching(
        /import \{ createSessions \} from '\.\/sessions\.mjs';[\s\S]*await made\[1\]\.handle\(/,
      ),
    },
  });
});

test('the same in Python, where nothing but the function is there', { timeout: 300_000 }, async ({ skip }) => {
  if (!hasProgram('bwrap')) skip('needs bwrap: apt-get install bubblewrap');
  repository = testRepository();
  const careful =
    'def price(order, coupons):\n    coupon = coupons.find(order["coupon"])\n    if coupon is None:\n        return order["total"]\n    return order["total"] - coupon.percent\n';
  repository.commit('begin', { 'svc/shop/__init__.py': '', 'svc/shop/pricing.py': careful });
  const guilty = repository.commit('shorter', {
    'svc/shop/pricing.py': careful.replace(/ {4}if coupon[\s\S]*?total"\]\n/, ''),
  });
  const trace = {
    type: 'AttributeError',
    message: "'NoneType' object has no attribute 'percent'",
    path: 'svc/shop/pricing.py',
    line: 3,
    function: 'price',
  };
  const result = await run({ commit: guilty, file: trace.path, line: 3, trace, sandbox: SANDBOX });
  expect(result.proposal?.proof).toMatchObject({
    state: 'unproven',
    reason: expect.stringMatching(/is gone with the fix and back without it, but .*set test_command/),
    checks: [{ before: 'fails as in the incident (3 of 3)', after: 'passes (3 of 3)' }],
    reproduction: { text: expect.stringContaining('from shop.pricing import price') },
  });
});

test('what is annotated is made by its own class: a reader that a rename missed is proven', {
  timeout: 300_000,
}, async ({ skip }) => {
  if (!hasProgram('bwrap')) skip('needs bwrap: apt-get install bubblewrap');
  repository = testRepository();
  repository.commit('begin', {
    'svc/shop/__init__.py': '',
    'svc/shop/model.py': MODEL('tier'),
    'svc/shop/invoice.py':
      'from shop.model import Customer\n\n\ndef invoice(customers: dict[str, list[Customer]], who: str) -> list[str]:\n    return [one.tier for one in customers[who]]\n',
    'svc/test_invoice.py':
      "from shop.invoice import invoice\n\n\ndef test_nobody():\n    assert invoice({'a': []}, 'a') == []\n",
  });
  const commit = repository.commit('model: level', { 'svc/shop/model.py': MODEL('level') });
  const trace = {
    type: 'AttributeError',
    message: "'Customer' object has no attribute 'tier'",
    path: 'svc/shop/invoice.py',
    line: 5,
    function: 'invoice',
  };
  const { proposal } = await run({ commit, file: 'svc/shop/model.py', trace, sandbox: SANDBOX });
  expect(proposal?.proof).toMatchObject({
    reproduction: { text: expect.stringMatching(/invoice\(\{"x": \[Customer\(1, [^)]*\)\]\}, "x"\)/) },
    checks: expect.arrayContaining([
      expect.objectContaining({ before: FAILS, after: 'passes (3 of 3)', without: FAILS }),
    ]),
  });
});

test('a fix that breaks a test is disproven and not proposed', { timeout: 300_000 }, async ({ skip }) => {
  if (!hasProgram('bwrap')) skip('needs bwrap: apt-get install bubblewrap');
  const guilty = shop();
  repository?.commit('a test that leans on it', {
    'svc/test/total.test.mjs': TEST.replace("'adds up', () =>", "'throws', () =>").replace(
      'assert.equal(total({ lines: [{ price: { cents: 3 } }] }), 3)',
      'assert.throws(() => total({}))',
    ),
  });
  const result = await run({
    commit: guilty,
    file: CRASH.path,
    line: 2,
    trace: CRASH,
    sandbox: SANDBOX,
  });
  expect(result).toMatchObject({ status: 'none', proposal: null, draft: null });
  expect(result.refused[0]?.because).toContain('it breaks tests that passed before: throws');
});

test('without a sandbox the draft says that nothing was tried, and why', async () => {
  const result = await run({ commit: shop(), trace: CRASH });
  expect(result).toMatchObject({
    status: 'draft',
    proposal: { proof: { state: 'unproven', reason: 'no sandbox in this test' } },
  });
});

test.each([
  {
    says: 'below likely nothing is opened',
    one: { confidence: 0.65 },
    reason: /no cause is likely enough: .*66 %.*65 %/,
  },
  { says: 'without a commit there is an operator action', one: { commit: null }, reason: /not a change/ },
])('$says', async ({ one, reason }) => {
  const commit = shop();
  const result = await run({ commit, trace: CRASH, ...one });
  expect(result).toMatchObject({
    status: 'none',
    reason: expect.stringMatching(reason),
    draft: null,
    operatorAction: 'Restart it',
  });
});

test.each<{ says: string; policy: Partial<RemediateTools['policy']>; service?: Partial<Service>; reason: RegExp }>([
  { says: 'a dry run opens nothing', policy: { mode: 'dry-run' }, reason: /REMEDIATION is dry-run/ },
  {
    says: 'a repository that is not allowed gets no draft',
    policy: { repositories: ['github:other/one'] },
    reason: /REMEDIATION_REPOSITORIES does not name/,
  },
  { says: 'without a list none is allowed', policy: { repositories: [] }, reason: /REMEDIATION_REPOSITORIES/ },
  {
    says: 'a forge without a token is said',
    policy: { forgeOf: () => ({ reason: 'GITHUB_TOKEN is not set' }) },
    reason: /GITHUB_TOKEN/,
  },
  {
    says: 'a service without a repository gets none',
    policy: {},
    service: { repository: undefined },
    reason: /names no repository/,
  },
])('$says', async ({ policy, service, reason }) => {
  const result = await run({ commit: shop(), trace: CRASH, policy, ...(service ? { service } : {}) });
  expect(result).toMatchObject({
    status: 'shown',
    draft: null,
    reason: expect.stringMatching(reason),
    proposal: { kind: 'revert' },
  });
});

test.each([
  { says: 'CI files', files: { '.github/workflows/ci.yml': 'on: push\n' }, because: /decides how code is built/ },
  { says: 'lock files', files: { 'svc/package-lock.json': '{}\n' }, because: /lock file/ },
  { says: 'files of secrets', files: { 'svc/.env': 'A=1\n' }, because: /where secrets are kept/ },
  {
    says: 'lines with a secret',
    files: { 'svc/src/key.mjs': "export const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';\n" },
    because: /looks like a secret/,
  },
  { says: 'migrations', files: { 'svc/migrations/002.sql': 'drop table x;\n' }, because: /migration/ },
  { says: 'other services', files: { 'other/a.mjs': 'x\n' }, because: /belongs to other/ },
  { says: 'what is no text', files: { 'svc/logo.png': 'a\0b\n' }, because: /not text/ },
])('a revert never touches $says', async ({ files, because }) => {
  const guilty = shop(CARELESS, files);
  const other = {
    ...unregisteredService('other'),
    repositoryPath: join(repository?.top ?? '', 'other'),
    servicePath: 'other',
  };
  const result = await run({ commit: guilty, trace: CRASH, others: [other] });
  expect(result).toMatchObject({ status: 'none', draft: null });
  expect(result.refused[0]?.because).toMatch(because);
});

test('links, submodules and rights are not touched', async () => {
  repository = testRepository();
  const { git, commit } = repository;
  commit('begin', { 'svc/a.mjs': 'a\n' });
  git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},vendor/sub`);
  git('commit', '-q', '-m', 'a submodule');
  expect((await run({ commit: git('rev-parse', 'HEAD'), trace: CRASH })).refused[0]?.because).toContain('submodule');
  const blob = git('hash-object', '-w', 'svc/a.mjs');
  git('update-index', '--add', '--cacheinfo', `120000,${blob},svc/link`);
  git('commit', '-q', '-m', 'a link');
  expect((await run({ commit: git('rev-parse', 'HEAD') })).refused[0]?.because).toContain('symbolic link');
  git('update-index', '--chmod=+x', 'svc/a.mjs');
  git('commit', '-q', '-m', 'rights');
  expect((await run({ commit: git('rev-parse', 'HEAD') })).refused[0]?.because).toContain('executed');
});

test('more lines than allowed are refused', async () => {
  expect((await run({ commit: shop(), maxLines: 2 })).refused[0]?.because).toContain('PATCH_MAX_LINES');
});

test('code that leans on what a revert takes away stops it', async () => {
  const guilty = shop(`${CARELESS}export function grandTotal() {\n  return 1;\n}\n`);
  repository?.commit('uses it', { 'svc/src/report.mjs': "import { grandTotal } from './total.mjs';\ngrandTotal();\n" });
  expect((await run({ commit: guilty })).refused[0]?.because).toContain('grandTotal is used at svc/src/report.mjs:1');
});

test('edits of a model are taken as exact pieces inside the service, and nowhere else', async () => {
  shop();
  const inside = await run({
    commit: null,
    edits: [{ path: 'svc/src/total.mjs', search: 'basket.lines.map', replace: '(basket.lines ?? []).map' }],
  });
  expect(inside).toMatchObject({
    status: 'draft',
    proposal: { kind: 'patch', files: [{ path: 'svc/src/total.mjs', addedLines: 1, removedLines: 1 }] },
  });
  const outside = await run({ commit: null, edits: [{ path: 'README.md', search: 'hello', replace: 'bye' }] });
  expect(outside.refused[0]?.because).toContain('outside of svc');
});

test('an edit that no longer parses is refused with the reason; where nothing can parse it, that is said', async () => {
  shop();
  repository?.commit('a file in Ruby', { 'svc/total.rb': 'def total = 1\n', 'svc/shop.yaml': 'rate: 1\n' });
  const edit = { path: 'svc/src/total.mjs', search: 'basket.lines.map', replace: '(basket.lines ?? [.map' };
  expect((await run({ commit: null, edits: [edit] })).refused[0]?.because).toMatch(
    /svc\/src\/total\.mjs no longer parses: line 2: /,
  );
  const setting = { path: 'svc/shop.yaml', search: 'rate: 1', replace: 'rate: [1' };
  expect((await run({ commit: null, edits: [setting] })).refused[0]?.because).toMatch(
    /svc\/shop\.yaml no longer parses/,
  );
  const ruby = { path: 'svc/total.rb', search: '= 1', replace: '= 2' };
  const { proposal, draft } = await run({ commit: null, edits: [ruby] });
  expect(proposal?.risks).toContain('Syntax not checked: svc/total.rb: there is no parser for such files here.');
  expect(draft?.body).toMatch(/Syntax not checked/);
});
