/** The build context: which files of a folder `.dockerignore` lets through. The last pattern that fits a path decides. */
import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Pattern {
  readonly glob: string;
  readonly fits: RegExp;
  readonly lets: boolean;
}

/** Files and links below the folder, relative, in no particular order. */
export function contextFiles(folder: string): string[] {
  const patterns = readPatterns(join(folder, '.dockerignore'));
  const found: string[] = [];
  const waiting = [''];
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (mayHold(entry, path, patterns)) waiting.push(path);
      else if (!entry.isDirectory() && isLetThrough(path, patterns)) found.push(path);
    }
  }
  return found;
}

export function isLetThrough(path: string, patterns: readonly Pattern[]): boolean {
  const parts = path.split('/');
  const above = parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
  const last = patterns.findLast(({ fits }) => above.some((folder) => fits.test(folder)));
  return last?.lets ?? true;
}

export function parsePatterns(text: string): Pattern[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const glob = line.replace(/^!/, '').replace(/^\/|\/$/g, '');
      return { lets: line.startsWith('!'), glob, fits: expressionOf(glob) };
    });
}

function readPatterns(path: string): Pattern[] {
  return existsSync(path) ? parsePatterns(readFileSync(path, 'utf8')) : [];
}

/** A folder that is kept out is still looked into where a pattern lets something below it through. */
function mayHold(entry: Dirent, path: string, patterns: readonly Pattern[]): boolean {
  if (!entry.isDirectory()) return false;
  return isLetThrough(path, patterns) || patterns.some(({ lets, glob }) => lets && glob.startsWith(`${path}/`));
}

/** Unlike a shell's, a * here also fits names that begin with a dot. */
function expressionOf(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/|\*\*|\*|\?)/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : RegExp.escape(part);
  });
  return new RegExp(`^${parts.join('')}$`);
}
