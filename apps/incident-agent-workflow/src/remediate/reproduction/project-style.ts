/** How a service tests itself: told from its test files and its package.json, and from nothing that would be run. */
import type { TreeFile } from '../../remediation-ports.ts';
import { javaBuild, javaCommand } from './java-build.ts';
import { installed, PYTEST, type StyleName } from './styles.ts';

export interface OwnTests {
  /** For /bin/sh, from the service's folder; undefined: it has no tests that we know how to run. */
  readonly command: string | undefined;
  /** undefined: none is recognised. */
  readonly style: StyleName | undefined;
  /** What the command needs beside the code. */
  readonly beside: readonly TreeFile[];
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
  const command = configured ?? (tests.length === 0 ? undefined : commandOf(style, files, prefix));
  return { style, command, beside: isJava(style) ? [javaBuild(folder)] : [] };
}

function styleOf(tests: readonly TreeFile[], files: readonly TreeFile[], prefix: string): StyleName | undefined {
  const texts = tests.slice(0, MAX_FILES_READ).map(({ content }) => Buffer.from(content).toString('utf8'));
  if (texts.some((text) => /from ['"]vitest['"]/.test(text))) return 'vitest';
  if (texts.some((text) => /['"]node:test['"]/.test(text))) return 'node:test';
  if (tests.some(({ path }) => path.endsWith('.py'))) return 'pytest';
  if (tests.some(({ path }) => path.endsWith('.go'))) return 'Go';
  if (texts.some((text) => text.includes('org.junit.jupiter'))) return 'JUnit 5';
  if (texts.some((text) => text.includes('org.junit.Test'))) return 'JUnit 4';
  const manifest = textOf(files, `${prefix}package.json`);
  if (/"jest"/.test(manifest) || texts.some((text) => /@jest\/globals/.test(text))) return 'jest';
  return undefined;
}

function commandOf(style: StyleName | undefined, files: readonly TreeFile[], prefix: string): string | undefined {
  if (style === 'pytest') return PYTEST;
  if (style === 'Go') return 'go test ./...';
  if (isJava(style)) return javaCommand('test');
  const script = scriptOf(textOf(files, `${prefix}package.json`));
  if (script !== undefined && !NO_TEST.test(script)) return 'npm test --silent';
  if (style === 'vitest') return `${installed('vitest')} run`;
  if (style === 'jest') return installed('jest');
  if (style === 'node:test') return 'node --test';
  if (files.some(({ path }) => path === `${prefix}pom.xml`)) return 'mvn -q -o -B test';
  return undefined;
}

function isJava(style: StyleName | undefined): boolean {
  return style === 'JUnit 4' || style === 'JUnit 5';
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
