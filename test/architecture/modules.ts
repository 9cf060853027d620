/** Every TypeScript file of a tree, with what it imports. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { codeOnly, type ImportText, importsOf } from './source-text.ts';

export interface Module {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
  /** The text without comments and without the contents of strings. */
  readonly code: string;
  readonly imports: readonly Import[];
  readonly isTest: boolean;
}
/** One of ours by its path, or a package (`zod`, `node:fs`) by its name. */
export type Import = ({ readonly path: string } | { readonly packageName: string }) & { readonly isTypeOnly: boolean };

const FOLDERS = ['apps', 'packages', 'demo', 'scripts', 'test', 'bench'];
/** `web` is built by a bundler and has its own checks. */
const LEFT_OUT = /(?:^|\/)(?:node_modules|fixtures|dist|\.data)$|^apps\/[^/]+\/(?:logs|reports|web)$/;

export function readModules(root: string): Module[] {
  const paths: string[] = [];
  for (const folder of FOLDERS) if (existsSync(join(root, folder))) addPaths(root, folder, paths);
  return paths.toSorted().map((path) => moduleOf(path, readFileSync(join(root, path), 'utf8')));
}

export function moduleOf(path: string, text: string): Module {
  return {
    path,
    text,
    code: codeOnly(text),
    imports: importsOf(text).map((imported) => resolved(path, imported)),
    isTest: isTestPath(path),
  };
}

function addPaths(root: string, folder: string, paths: string[]): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !LEFT_OUT.test(path)) addPaths(root, path, paths);
    else if (entry.isFile() && /\.[cm]?tsx?$/.test(entry.name)) paths.push(path);
  }
}

function resolved(from: string, { specifier, isTypeOnly }: ImportText): Import {
  if (specifier.startsWith('.')) return { path: posix.join(posix.dirname(from), specifier), isTypeOnly };
  return { packageName: specifier, isTypeOnly };
}

/** Tests, and what only tests use: `x.test-helper.ts`, a folder `testing`, a file that begins with `test-`. */
function isTestPath(path: string): boolean {
  return /\.test(?:-helper)?\.ts$|^test\/|\/testing\/|\/test-[^/]*\.ts$/.test(path);
}
