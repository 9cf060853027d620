import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { bubblewrap } from '../../adapters/sandboxes/bubblewrap.ts';
import { noSandbox } from '../../adapters/sandboxes/none.ts';
import { type ChangedText, checkSyntax } from './check-syntax.ts';

const PATH = process.env.PATH ?? '';
const NO_SANDBOX = noSandbox('no sandbox in this test');
const has = (program: string): boolean => PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));

function check(file: ChangedText, sandbox = NO_SANDBOX) {
  return checkSyntax([file], sandbox, AbortSignal.timeout(60_000));
}

interface Row {
  readonly path: string;
  readonly before: string;
  readonly sound: string;
  readonly broken: string;
  readonly line: number;
}
const READ_HERE: readonly Row[] = [
  {
    path: 'a.ts',
    before: 'let a: number = 1;\n',
    sound: 'let a = <T,>(x: T): x is T => x!;\n',
    broken: 'let a;\nlet b: = 1;\n',
    line: 2,
  },
  { path: 'a.mjs', before: 'f();\n', sound: 'await f?.();\n', broken: 'f(;\n', line: 1 },
  { path: 'a.cjs', before: 'f();\n', sound: 'f();\nreturn;\n', broken: 'f();\n}\n', line: 2 },
  { path: 'a.jsx', before: 'f(<p>x</p>);\n', sound: 'f(<>{y}</>);\n', broken: 'f(<p>x);\n', line: 1 },
  { path: 'a.tsx', before: 'f(<p />);\n', sound: 'f(<p>{x as string}</p>);\n', broken: 'f(<p>{</p>);\n', line: 1 },
  { path: 'a.toml', before: 'a = 1\n', sound: '[t]\na = 2026-01-01\n', broken: 'a = 1\nb =\n', line: 2 },
  { path: 'a.yaml', before: 'a: 1\n', sound: 'a: !Ref b\n---\nc: [1]\n', broken: 'a: 1\nb: [1\n', line: 3 },
  { path: 'a.ini', before: '[a]\nb = 1\n', sound: '# x\n[a]\nb = 1\n  2\nc: 3\n\n', broken: '[a]\nb 1\n', line: 2 },
  { path: '.env.example', before: 'A=1\n', sound: 'A=\nB="x"\n', broken: 'A=1\nB\n', line: 2 },
  { path: 'a.properties', before: 'a=1\n', sound: 'a b\nc:\\u00e9\nd=\\\\users\n', broken: 'a=1\nb=\\u12\n', line: 2 },
];

test.each(READ_HERE)(
  '$path is read without any sandbox: a sound edit passes, a broken one names its line',
  async (row) => {
    const { path, before } = row;
    expect(await check({ path, before, after: row.sound })).toEqual({ broken: undefined, unchecked: [] });
    const { broken } = await check({ path, before, after: row.broken });
    expect(broken).toMatch(`${path} no longer parses: `);
    expect(broken).toMatch(new RegExp(`line ${row.line}\\b`));
  },
);

test('JSON is refused with the words of the parser', async () => {
  const file = { path: 'package.json', before: '{"a":1}', after: '{"a":1,}' };
  expect((await check(file)).broken).toMatch(/package\.json no longer parses: .*JSON/);
  expect(await check({ ...file, after: '{"a":[1]}' })).toEqual({ broken: undefined, unchecked: [] });
});

const READ_BY_TOOLCHAIN: readonly (Row & { readonly program: string })[] = [
  {
    path: 'a.py',
    program: 'python3',
    before: 'x = 1\n',
    sound: 'async def f():\n    yield\n    [*a] = b\n',
    broken: 'x = 1\ndef f(:\n    pass\n',
    line: 2,
  },
  {
    path: 'src/A.java',
    program: 'javac',
    before: 'package x;\n\nclass A {}\n',
    sound:
      'package x;\n\nrecord A(int to, char with) {\n  String s() { return """\n    x""" + missing.Name.of(to); }\n}\n',
    broken: 'package x;\n\nclass A {\n  int a = ;\n}\n',
    line: 4,
  },
  {
    path: 'a.go',
    program: 'gofmt',
    before: 'package a\n',
    sound: 'package a\n\nfunc f[T any](x T) *T { return &x }\n',
    broken: 'package a\n\nfunc f( {\n}\n',
    line: 3,
  },
];

test.for(READ_BY_TOOLCHAIN)(
  '$path is parsed by its own toolchain in the sandbox',
  { timeout: 60_000 },
  async (row, { skip }) => {
    if (!has('bwrap')) skip('needs bwrap: apt-get install bubblewrap');
    if (!has(row.program)) skip(`needs ${row.program}`);
    const { path, before } = row;
    const sandbox = bubblewrap({ path: PATH });
    expect(await check({ path, before, after: row.sound }, sandbox)).toEqual({ broken: undefined, unchecked: [] });
    expect((await check({ path, before, after: row.broken }, sandbox)).broken).toMatch(
      `${path} no longer parses: line ${row.line}: `,
    );
    expect((await check({ path, before: undefined, after: row.broken }, sandbox)).broken).toMatch(`line ${row.line}: `);
  },
);

test('of several files each is told by its own name', { timeout: 60_000 }, async ({ skip }) => {
  if (!has('bwrap')) skip('needs bwrap: apt-get install bubblewrap');
  const files = [
    { path: 'a.py', before: 'x\n', after: 'y\n' },
    { path: 'b.py', before: 'x\n', after: 'y(\n' },
    { path: 'c.kt', before: 'x\n', after: 'y(\n' },
  ];
  expect(await checkSyntax(files, bubblewrap({ path: PATH }), AbortSignal.timeout(60_000))).toEqual({
    broken: expect.stringMatching(/^b\.py no longer parses: line 1: /),
    unchecked: ['c.kt: there is no parser for such files here'],
  });
});

test.each([
  {
    says: 'without a sandbox',
    file: { path: 'a.py', before: 'x\n', after: 'x(\n' },
    reason: 'a.py: no sandbox in this test',
  },
  {
    says: 'of a language without a parser',
    file: { path: 'a.rs', before: 'x\n', after: 'x(\n' },
    reason: /a\.rs: there is no parser/,
  },
  {
    says: 'of what did not parse before, as templates do',
    file: {
      path: 'chart/a.yaml',
      before: '{{- if .Values.x }}\na: 1\n{{ end }}\n',
      after: '{{- if .Values.y }}\na: [\n',
    },
    reason: /does not parse as it is either/,
  },
])('$says nothing is claimed: it was not checked', async ({ file, reason }) => {
  const { broken, unchecked } = await check(file);
  expect(broken).toBeUndefined();
  expect(unchecked).toEqual([expect.stringMatching(reason)]);
});
