/** How a service tests itself: told from its test files and its package.json, and from nothing that would be run. */
import type { TreeFile } from '../../remediation-ports.ts';
import { installed, PYTEST, type StyleName } from './styles.ts';

export interface OwnTests {
  /** For /bin/sh, from the service's folder; undefined: it has no tests that we know how to run. */
  readonly command: string | undefined;
  /** undefined: none is recognised. */
  readonly style: StyleName | undefined;
}

const TEST_FILE =
  /(?:\.(?:test|spec)\.[cm]?[jt]sx?|(?:^|\/)test_[^/]*\.py|_test\.(?:py|go)|(?:^|\/)src\/test\/.*\.java)$/;
const MAX_FILES_READ = 40;
/** As `npm init` leaves it. */
const NO_TEST = /no test specified/;

/** `folder`: of the service, '' for the top. */
export function ownTestsOf(files: readonly TreeFile[], folder: string, configured: string | undefined): OwnTests {
  const prefix = folder === '' ? '' : `${folder}/`;
  const tests = files.filter(({ path, mode }) => mode !== 'link' && path.startsWith(prefix) && TEST_FILE.test(path));
  const style = styleOf(tests, files, prefix);
  return { style, command: configured ?? (tests.length === 0 ? undefined : commandOf(style, files, prefix, tests)) };
}

function styleOf(tests: readonly TreeFile[], files: readonly TreeFile[], prefix: string): StyleName | undefined {
  const texts = tests.slice(0, MAX_FILES_READ).map(({ content }) => Buffer.from(content).toString('utf8'));
  if (texts.some((text) => /from ['"]vitest['"]/.test(text))) return 'vitest';
  if (texts.some((text) => /['"]node:test['"]/.test(text))) return 'node:test';
  if (tests.some(({ path }) => path.endsWith('.py'))) return 'pytest';
  const manifest = textOf(files, `${prefix}package.json`);
  if (/"jest"/.test(manifest) || texts.some((text) => /@jest\/globals/.test(text))) return 'jest';
  return undefined;
}

function commandOf(
  style: StyleName | undefined,
  files: readonly TreeFile[],
  prefix: string,
  tests: readonly TreeFile[],
): string | undefined {
  if (style === 'pytest') return PYTEST;
  const script = scriptOf(textOf(files, `${prefix}package.json`));
  if (script !== undefined && !NO_TEST.test(script)) return 'npm test --silent';
  if (style === 'vitest') return `${installed('vitest')} run`;
  if (style === 'jest') return installed('jest');
  if (style === 'node:test') return 'node --test';
  if (tests.some(({ path }) => path.endsWith('_test.go'))) return 'go test ./...';
  if (files.some(({ path }) => path === `${prefix}pom.xml`)) return 'mvn -q -o -B test';
  return undefined;
}

function scriptOf(manifest: string): string | undefined {
  try {
    const test: unknown = JSON.parse(manifest)?.scripts?.test;
    return typeof test === 'string' ? test : undefined;
  } catch {
    return undefined; // there is none, or it is not JSON: npm could not read it either
  }
}

function textOf(files: readonly TreeFile[], path: string): string {
  const file = files.find((one) => one.path === path);
  return file ? Buffer.from(file.content).toString('utf8') : '';
}
