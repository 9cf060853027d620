/** The failing call written down as a test, in the style of the project's own tests where it has some. */
import { quoteForShell } from '../../lib/escape.ts';
import type { TreeFile } from '../../remediation-ports.ts';
import type { SearchFound } from './search-javascript.ts';
import { javascriptLiteral, makersIn, PYTHON_THING, pythonLiteral } from './shape.ts';

export type StyleName = 'vitest' | 'jest' | 'node:test' | 'pytest' | 'JUnit 4' | 'JUnit 5' | 'Go' | 'script';

export interface WrittenTest {
  readonly style: StyleName;
  /** From the top of the repository. */
  readonly path: string;
  readonly text: string;
  /** From the service's folder. */
  readonly command: string;
  /** What the command needs beside it. */
  readonly beside?: readonly TreeFile[];
  /** The command compiles once and runs it three times by itself: see `runsOf`. */
  readonly runsThrice?: true;
}
export interface Writing {
  readonly incident: string;
  /** Of the service, from the top; '' for the top itself. */
  readonly folder: string;
  /** `module` is a path from the folder. */
  readonly found: SearchFound;
}

export const PYTEST = 'python3 -m pytest -q -p no:cacheprovider';

/** Found beside the code or in a folder above it, as package managers leave it. */
export function installed(program: string): string {
  return `d=$PWD; while [ ! -x "$d/node_modules/.bin/${program}" ] && [ "$d" != / ]; do d=$(dirname "$d"); done; "$d/node_modules/.bin/${program}"`;
}

export function writtenTest(style: StyleName, { incident, folder, found }: Writing): WrittenTest {
  const slug = incident.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const inFolder = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
  if (found.module.endsWith('.py')) {
    const name = `test_${slug.replaceAll('-', '_')}.py`;
    const command = style === 'pytest' ? `${PYTEST} ${name}` : `python3 ${name}`;
    return { style, path: inFolder(name), text: pythonTest(style, incident, found), command };
  }
  const beside = found.module.split('/').slice(0, -1).join('/');
  const ending = style === 'script' ? 'mjs' : /\.[cm]?ts$/.test(found.module) ? 'test.ts' : 'test.mjs';
  const own = `${beside === '' ? '' : `${beside}/`}${slug}.${ending}`;
  const commands: Partial<Readonly<Record<StyleName, string>>> = {
    vitest: `${installed('vitest')} run ${quoteForShell(own)}`,
    jest: `${installed('jest')} ${quoteForShell(own)}`,
    'node:test': `node --test ${quoteForShell(own)}`,
  };
  const command = commands[style] ?? `node ${quoteForShell(own)}`;
  return { style, path: inFolder(own), text: javascriptTest(style, incident, found), command };
}

function javascriptTest(style: StyleName, incident: string, found: SearchFound): string {
  const { module, name, via } = found;
  const file = `./${module.split('/').at(-1) ?? module}`;
  const [owner = name] = name.split('.');
  const makers = makersIn(found.values).map(
    (one) => `import { ${one.name} } from '${importPath(module, one.module)}';\n`,
  );
  const own = via === 'named' ? `import { ${owner} } from '${file}';` : `import own from '${file}';`;
  const imports = `${makers.filter((line) => line.trim() !== own).join('')}${own}`;
  const lines = callLines(found);
  const head = `// Fails as in ${incident} before the fix, passes after it. Found by the incident agent by trying values.\n`;
  if (style === 'script') return `${head}${imports}\n\n${lines.join('\n')}\n`;
  const runner = { vitest: "import { test } from 'vitest';\n", 'node:test': "import test from 'node:test';\n" };
  const runnerImport = style === 'vitest' || style === 'node:test' ? runner[style] : '';
  return `${head}${runnerImport}${imports}\n\ntest('${name}() answers where it failed in ${incident}', async () => {\n  ${lines.join('\n  ')}\n});\n`;
}

function callLines({ name, via, values, inner }: SearchFound): string[] {
  const [owner = name, method] = name.split('.');
  const callee = via === 'named' ? owner : `own.${owner}`;
  const words = values.map(javascriptLiteral);
  const made = method === undefined ? callee : `${callee}.prototype.${method}.call`;
  if (!inner) return [`await ${made}(${words.join(', ')});`];
  const path = inner.path.map((key) =>
    /^[A-Za-z_$][\w$]*$/.test(String(key)) ? `.${key}` : `[${JSON.stringify(key)}]`,
  );
  const [outer, rest] = [words.slice(0, inner.outer), words.slice(inner.outer)];
  return [`const made = await ${made}(${outer.join(', ')});`, `await made${path.join('')}(${rest.join(', ')});`];
}

/** From the folder of one module to another one. */
function importPath(from: string, to: string): string {
  const [folders, parts] = [from.split('/').slice(0, -1), to.split('/')];
  let shared = 0;
  while (shared < folders.length && folders[shared] === parts[shared]) shared += 1;
  const up = folders.length - shared;
  return `${up === 0 ? './' : '../'.repeat(up)}${parts.slice(shared).join('/')}`;
}

function pythonTest(style: StyleName, incident: string, { module, name, values }: SearchFound): string {
  const parts = module.replace(/\.py$/, '').split('/');
  const call = `${name}(${values.map(pythonLiteral).join(', ')})`;
  const thing = call.includes('Thing(') ? `\n\n${PYTHON_THING}` : '';
  const slug = incident.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  const head = `# Fails as in ${incident} before the fix, passes after it. Found by the incident agent by trying values.\n`;
  const [owner = name] = name.split('.');
  const makers = makersIn(values).map((one) => `from ${one.module} import ${one.name}\n`);
  const imports = [...new Set([...makers, `from ${parts.join('.')} import ${owner}\n`])].toSorted().join('');
  const body = `\n\ndef test_${slug}():\n    ${call}\n`;
  return `${head}${imports}${thing}${body}${style === 'pytest' ? '' : `\n\ntest_${slug}()\n`}`;
}
