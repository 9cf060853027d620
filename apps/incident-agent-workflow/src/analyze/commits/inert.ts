/** Changes that cannot alter what runs: documents, tests, comments, formatting. */
import type { ChangedFile, Commit } from '../../domain/telemetry.ts';
import { type ChangedLine, changedLines, readHunks, textsOf } from '../../lib/patches.ts';
import { isOfBlanks, tokensOf } from './token-stream.ts';

const NOT_RUN =
  /(^|\/)(docs?|tests?|__tests__|testdata|spec|fixtures|examples?|\.github|\.gitlab|\.circleci|\.vscode|\.idea|\.husky)\/|\.(md|mdx|txt|rst|adoc|png|svg|jpe?g|gif|snap)$|\.(test|spec)\.\w+$|_test\.\w+$|(^|\/)test_\w+\.py$|Tests?\.(java|kt|cs)$|(^|\/)((?:README|LICENSE|CHANGELOG|CODEOWNERS|AUTHORS|NOTICE)(?:[-.](?:md|txt|rst|adoc|html?|mit|apache\S*))?$|\.gitignore|\.gitattributes|\.env\.(?:example|sample|template|dist)$|\.editorconfig|\.golangci\.ya?ml|\.eslintrc\S*|\.prettier\S*|\.gitlab-ci\.yml|Jenkinsfile|biome\.json)/i;
/** A list of dependencies is text that decides what runs. */
const RUNS_ALL_THE_SAME =
  /(^|\/)(requirements[^/]*|constraints|(?:(?:apt|apk|system|os|rpm)[-_])?packages)\.txt$|(^|\/)CMakeLists\.txt$/i;

/** What a manifest says of the program itself, by which nothing runs otherwise. */
const ABOUT_ITSELF: readonly (readonly [RegExp, RegExp])[] = [
  [
    /(^|\/)(?:package|composer)\.json$/i,
    /^\s*"(?:version|description|author|license|keywords|homepage|bugs|repository)"\s*:\s*(?:"[^"]*"|\[[^\]]*\])\s*,?\s*$/,
  ],
  [
    /(^|\/)(?:pyproject|Cargo)\.toml$/i,
    /^(?:version|description|authors|license|keywords|readme|homepage|repository)\s*=\s*(?:"[^"]*"|\[[^\]]*\])\s*$/,
  ],
];

/** A file whose content is never executed by the service. */
export function isNotRun(path: string): boolean {
  return NOT_RUN.test(path) && !RUNS_ALL_THE_SAME.test(path);
}

/** True only if every file says so; a patch that could not be read is never called inert. */
export function isInert(commit: Commit): boolean {
  return commit.files.length > 0 && commit.files.every((file) => isNotRun(file.path) || isOnlyTrivia(file));
}

const IMPORT_LINE =
  /^\s*(?:import\b|from\s+\S+\s+import\b|use\s+[\w:]|#include\b|using\s+[\w.]+;|require\b|"[\w./-]+"\s*$)/;

export function isImport(line: string): boolean {
  return IMPORT_LINE.test(line);
}

/** A table of a dependency has a version as well. */
const OF_DEPENDENCY = /^[ +-]\[[\w.-]*dependenc/m;

function isOnlyTrivia(file: ChangedFile): boolean {
  if (file.status !== 'modified') return false;
  const lines = changedLines(file.patch);
  if (lines.length === 0) return false;
  const about = ABOUT_ITSELF.find(([path]) => path.test(file.path))?.[1];
  if (about && !OF_DEPENDENCY.test(file.patch) && lines.every(({ text }) => about.test(text) || text.trim() === ''))
    return true;
  if (isOfBlanks(file.path)) return false;
  if (blocksOf(file).every((block) => isSameProgram(block, file.path))) return true;
  // Imports in another order.
  const sorted = (sign: '+' | '-') =>
    textsOf(lines, sign)
      .map((line) => tokensOf(line, file.path).join(' '))
      .sort()
      .join('\n');
  return lines.every(({ text }) => IMPORT_LINE.test(text) || text.trim() === '') && sorted('-') === sorted('+');
}

/** Runs of changed lines: what leaves one of them and comes in another has moved, and may do something else there. */
function blocksOf({ patch }: ChangedFile): ChangedLine[][] {
  const blocks: ChangedLine[][] = [];
  for (const { lines } of readHunks(patch)) {
    let block: ChangedLine[] = [];
    for (const line of [...lines, undefined]) {
      if (line !== undefined && line.sign !== ' ') block.push(line);
      else {
        if (block.length > 0) blocks.push(block);
        block = [];
      }
    }
  }
  return blocks;
}

function isSameProgram(block: readonly ChangedLine[], path: string): boolean {
  if (path.endsWith('.json')) return isSameJson(block);
  const tokens = (sign: '+' | '-') => tokensOf(textsOf(block, sign).join('\n'), path).join(' ');
  return tokens('-') === tokens('+');
}

/** A comma is part of it. */
function isSameJson(block: readonly ChangedLine[]): boolean {
  const side = (sign: '+' | '-') => textsOf(block, sign).join('').replace(/\s+/g, '');
  return side('-') === side('+');
}
