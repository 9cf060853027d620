/** Who may import whom, read from the files themselves; and for each rule a small made-up tree that breaks it. */
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { moduleOf, readModules } from './architecture/modules.ts';
import { ARCHITECTURE } from './architecture/rules.ts';
import { codeOnly, importsOf } from './architecture/source-text.ts';

const modules = readModules(join(import.meta.dirname, '..'));
const AGENT = 'apps/incident-agent-workflow/src';

test('the files are found, and what they import is read', () => {
  expect(modules.length).toBeGreaterThan(100);
  for (const part of [`${AGENT}/pipeline.ts`, `${AGENT}/ports.ts`, `${AGENT}/domain/report.ts`]) {
    expect(modules.map(({ path }) => path)).toContain(part);
  }
  const story = modules.find(({ path }) => path === `${AGENT}/pipeline.ts`);
  expect(story?.imports).toContainEqual({ path: `${AGENT}/ports.ts`, isTypeOnly: true });
  const ownImports = modules.flatMap(({ imports }) => imports).filter((one) => 'path' in one);
  const known = new Set(modules.map(({ path }) => path));
  const unknown = ownImports.filter((one) => one.path.endsWith('.ts') && !known.has(one.path));
  expect(unknown).toEqual([]);
});

test.each(ARCHITECTURE)('$says', ({ breaches }) => {
  expect(breaches(modules)).toEqual([]);
});

/** Each of these trees must be refused by the rule of that name, and by no other. */
const BROKEN: Record<string, Record<string, string>> = {
  'each layer of the agent imports only what it may see': {
    [`${AGENT}/analyze/a.ts`]: "import { b } from '../adapters/sources/b.ts';\nb();",
    [`${AGENT}/adapters/sources/b.ts`]: 'export function b(): void {}',
  },
  'what decides imports nothing from Node and no package but zod': {
    [`${AGENT}/report/a.ts`]: "import { readFileSync } from 'node:fs';\nreadFileSync('x');",
  },
  'our own packages are imported by the outer layers only': {
    [`${AGENT}/store/a.ts`]:
      "import { NotifyRequest } from '@incident-agent/contracts/notify';\nNotifyRequest.parse(1);",
  },
  'apps and packages are entered by their name, not by their files': {
    'apps/notifier/src/a.ts': "import { b } from '../../weather-app1/src/b.ts';\nb();",
    'apps/weather-app1/src/b.ts': 'export function b(): void {}',
  },
  'no import leads back to itself': {
    'scripts/a.ts': "import './b.ts';",
    'scripts/b.ts': "import './a.ts';",
  },
  'a file has one subject: 400 lines, the pipeline under 120': { 'scripts/a.ts': 'const a = 1;\n'.repeat(401) },
  'time and chance are handed in': { [`${AGENT}/intake/a.ts`]: 'export const now = () => Date.now();' },
  'settings are read in one place of each app': { 'apps/notifier/src/a.ts': 'export const port = process.env.PORT;' },
  'nothing of ours is mocked': { 'scripts/a.test.ts': "vi.mock('./b.ts');" },
  'exports have names': { 'scripts/a.ts': 'export default function a(): void {}' },
  'no index.ts': { 'apps/notifier/src/mail/index.ts': 'export const a = 1;' },
  'relative imports name the file with its ending': { 'scripts/a.ts': "import './b';" },
};

test.each(ARCHITECTURE)('a tree that breaks it is refused: $says', ({ says }) => {
  const tree = Object.entries(BROKEN[says] ?? {}).map(([path, text]) => moduleOf(path, text));
  expect(tree.length).toBeGreaterThan(0);
  const refusedBy = ARCHITECTURE.filter((rule) => rule.breaches(tree).length > 0);
  expect(refusedBy.map((rule) => rule.says)).toEqual([says]);
});

test.each([
  { says: 'an adapter of another family', from: 'adapters/sources/a.ts', to: 'adapters/models/b.ts' },
  { says: 'one deciding layer from another', from: 'analyze/a.ts', to: 'collect/b.ts' },
  { says: 'the domain from lib', from: 'lib/a.ts', to: 'domain/incident.ts' },
  { says: 'lib from the domain', from: 'domain/a.ts', to: 'lib/b.ts' },
  { says: 'an adapter from the server', from: 'server/a.ts', to: 'adapters/sources/b.ts' },
  { says: 'the store from the pipeline', from: 'pipeline.ts', to: 'store/b.ts' },
  { says: 'the composition root from anywhere', from: 'cli/a.ts', to: 'main.ts' },
  { says: 'a part of the composition root from anywhere', from: 'server/a.ts', to: 'composition/b.ts' },
  { says: 'anything from a folder that no rule knows', from: 'helpers/a.ts', to: 'domain/b.ts' },
])('nobody imports $says', ({ from, to }) => {
  const up = '../'.repeat(from.split('/').length - 1) || './';
  const tree = [moduleOf(`${AGENT}/${from}`, `import type { B } from '${up}${to}';`), moduleOf(`${AGENT}/${to}`, '')];
  expect(ARCHITECTURE[0]?.breaches(tree).length).toBeGreaterThan(0);
});

function pipeline(lines: number) {
  return [moduleOf(`${AGENT}/pipeline.ts`, 'void 0;\n'.repeat(lines))];
}

test('a pipeline of 120 lines is too long', () => {
  const rule = ARCHITECTURE.find(({ says }) => says.includes('pipeline'));
  expect(rule?.breaches(pipeline(119))).toEqual([]);
  expect(rule?.breaches(pipeline(120))).toHaveLength(1);
});

test.each([
  { says: 'several lines', text: "import {\n  a,\n  type B,\n} from './a.ts';", imports: ['./a.ts'] },
  {
    says: 'types, all at once, for effect',
    text: "import type { A } from 'a';\nimport * as b from \"b\";\nimport 'c';",
    imports: ['a', 'b', 'c'],
  },
  { says: 'a re-export', text: "export * from './a.ts';\nexport { b } from './b.ts';", imports: ['./a.ts', './b.ts'] },
  { says: 'a dynamic import', text: "const a = await import('./a.ts');", imports: ['./a.ts'] },
  { says: 'a commented one', text: "// import 'a';\n/* import 'b'; */", imports: [] },
  { says: 'one in a string or a template', text: 'const a = "import \'x\'"; const b = `import "y"`;', imports: [] },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is what is read
  { says: 'one in the code of a template', text: "const a = `${await import('z')}`;", imports: ['z'] },
  { says: 'an exported text', text: "export const from = 'a';\nexport const b = 'import';", imports: [] },
  { says: 'one after a regular expression with quotes', text: "const a = /['\"`]/g;\nimport 'b';", imports: ['b'] },
  { says: 'one after a division', text: "const a = b / c; const d = '/'; import('e');", imports: ['e'] },
])('imports are read rightly: $says', ({ text, imports }) => {
  expect(importsOf(text).map(({ specifier }) => specifier)).toEqual(imports);
});

test('blanking keeps the length and the line breaks of any text', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('a', '/', '*', "'", '"', '`', '$', '{', '}', '\\', '\n', '[', ']', 'é', '😀'),
      }),
      (text) => {
        const code = codeOnly(text);
        expect(code.length).toBe(text.length);
        expect(code.split('\n').length).toBe(text.split('\n').length);
      },
    ),
  );
});
