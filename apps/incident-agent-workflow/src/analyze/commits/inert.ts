/** Changes that cannot alter what runs: documents, tests, comments, formatting. */
import type { ChangedFile, Commit } from '../../domain/telemetry.ts';
import { changedLines } from '../../lib/patches.ts';

const NOT_RUN =
  /(^|\/)(docs?|tests?|__tests__|spec|examples?|\.github|\.vscode)\/|\.(md|mdx|txt|rst|adoc|png|svg)$|\.(test|spec)\.\w+$|_test\.(go|py)$|(^|\/)(README|LICENSE|CHANGELOG|CODEOWNERS|\.gitignore|\.editorconfig)/i;

/** A file whose content is never executed by the service. */
export function isNotRun(path: string): boolean {
  return NOT_RUN.test(path);
}

/** True only if every file says so; a patch that could not be read is never called inert. */
export function isInert(commit: Commit): boolean {
  return commit.files.length > 0 && commit.files.every((file) => isNotRun(file.path) || isOnlyTrivia(file));
}

function isOnlyTrivia(file: ChangedFile): boolean {
  if (file.status !== 'modified') return false;
  const lines = changedLines(file.patch);
  if (lines.length === 0) return false;
  const side = (sign: '+' | '-') =>
    lines
      .filter((line) => line.sign === sign)
      .map((line) => withoutComments(line.text))
      // Indentation is meaning in Python.
      .map((text) => (file.path.endsWith('.py') ? text.trimEnd() : text.replace(/[\s;,]/g, '')))
      .filter((text) => text.trim() !== '')
      .join('')
      .replace(/"/g, "'");
  return side('+') === side('-');
}

/** Whole-line comments and those after a blank; a `//` inside a URL stays. Indented `#` only where the line starts with it. */
function withoutComments(line: string): string {
  return line
    .replace(/^\s*(\/\/|#|\*|\/\*|<!--).*$/, '')
    .replace(/\s\/\/ .*$/, '')
    .replace(/\/\*.*?\*\//g, '');
}
