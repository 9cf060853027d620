/** Which packages a change of a manifest or lock file moves, from which version to which. */

import type { Commit } from '../../domain/telemetry.ts';
import { escapeRegexp } from '../../lib/escape.ts';
import { changedLines, readHunks } from '../../lib/patches.ts';
import { fileKind } from './file-kinds.ts';
import { isNotRun } from './inert.ts';

export interface PackageChange {
  readonly name: string;
  /** undefined: it was added. */
  readonly from: string | undefined;
  /** undefined: it was removed. */
  readonly to: string | undefined;
}

/** One line of a manifest or lock file that names a package with its version. */
const LINES: readonly RegExp[] = [
  /^\s*"(?<name>@?[\w./-]+)":\s*"(?<version>[~^<>=v]*\d[^"]*)"/, // package.json
  /^\s*(?:require\s+)?(?<name>[\w-]+(?:\.[\w-]+)+(?:\/[\w.-]+)+)\s+(?<version>v\d\S*)/, // go.mod, go.sum
  /^\s*(?<name>[A-Za-z][\w.-]*(?:\[[\w,]+\])?)\s*(?:==|~=|>=)\s*(?<version>\d[^\s;#]*)/, // requirements.txt
  /^\s*gem\s+['"](?<name>[\w-]+)['"],\s*['"][~>= ]*(?<version>\d[^'"]*)/, // Gemfile
  /^\s{2,}(?<name>[\w-]+) \((?<version>\d[\w.]*)\)/, // Gemfile.lock
  /^\s*(?<name>[\w-]+)\s*=\s*(?:\{\s*version\s*=\s*)?"[~^=]*(?<version>\d[^"]*)"/, // Cargo.toml, pyproject.toml
  /['"](?<name>[\w.-]+:[\w.-]+):(?<version>\d[\w.-]*)['"]/, // Gradle
  /^"?(?<name>@?[\w./-]+)@[^:]*(?<version>\d[\w.]*)"?:$/, // yarn.lock
  /<PackageReference Include="(?<name>[\w.]+)" Version="(?<version>\d[^"]*)"/, // csproj
  /^\s*FROM\s+(?<name>[\w./-]+):(?<version>\S+)/i, // Dockerfile
];
const LOCKED_NAME =
  /^\s*"(?:node_modules\/)?(?<name>@?[\w./-]+)":\s*\{|^\s*name\s*=\s*"(?<toml>[\w.-]+)"|<artifactId>(?<maven>[\w.-]+)</;
const LOCKED_VERSION = /^\s*"?version"?\s*[:=]\s*"(?<version>\d[^"]*)"|<version>(?<maven>\d[^<]*)</;

const MANIFEST = /(^|\/)(?:package\.json|pyproject\.toml|Cargo\.toml|composer\.json)$/i;
/** What a project file names before its first dependency is the project itself. */
const DEPENDENCY_BEGINS = /<(?:dependency|plugin|parent|extension)>/;

/** In the order of their names; each package once. */
export function packageChanges(commit: Commit): PackageChange[] {
  const before = new Map<string, string>();
  const after = new Map<string, string>();
  for (const file of commit.files) {
    const kind = fileKind(file.path, isNotRun);
    if (kind !== 'dependencies' && !/Dockerfile/i.test(file.path)) continue;
    for (const line of changedLines(file.patch)) note(line.text, line.sign === '-' ? before : after);
    // In a manifest such lines are the program's own name and version.
    if (!MANIFEST.test(file.path)) for (const hunk of readHunks(file.patch)) noteLocked(hunk.lines, before, after);
  }
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .map((name) => ({ name, from: before.get(name), to: after.get(name) }))
    .filter(({ from, to }) => from !== to);
}

function note(line: string, versions: Map<string, string>): void {
  for (const pattern of LINES) {
    const { name, version } = pattern.exec(line)?.groups ?? {};
    if (name === undefined || version === undefined || name === 'version') continue;
    versions.set(name, version);
    return;
  }
}

/** Lock files name the package on one line, often an unchanged one, and the version on a later. */
function noteLocked(
  lines: readonly { readonly sign: string; readonly text: string }[],
  before: Map<string, string>,
  after: Map<string, string>,
): void {
  let current: string | undefined;
  const isProject = lines.some(({ text }) => /<(?:modelVersion|groupId|project)\b/.test(text));
  let isDependency = !isProject;
  for (const { sign, text } of lines) {
    isDependency ||= DEPENDENCY_BEGINS.test(text);
    if (!isDependency) continue;
    const named = LOCKED_NAME.exec(text)?.groups;
    if (named) current = (named.name ?? named.toml ?? named.maven)?.replace(/^.*node_modules\//, '');
    const found = LOCKED_VERSION.exec(text)?.groups;
    const version = found?.version ?? found?.maven;
    if (current === undefined || version === undefined) continue;
    if (sign !== '+') before.set(current, before.get(current) ?? version);
    if (sign !== '-') after.set(current, version);
  }
}

/** So short a name is in every text. */
const TELLING_NAME_CHARACTERS = 4;

/** The changed packages that the texts (messages and library frames) name. */
export function packagesNamed(changes: readonly PackageChange[], texts: readonly string[]): PackageChange[] {
  const all = texts.join('\n').toLowerCase();
  return changes.filter(({ name }) => {
    const full = name.toLowerCase().replace(/\[.*$/, '');
    const short =
      full
        .split(/[/:]/)
        .filter((part) => !/^v\d+$/.test(part))
        .at(-1) ?? full;
    return [full, short].some(
      (each) =>
        each.length >= TELLING_NAME_CHARACTERS && new RegExp(`(?<![\\w-])${escapeRegexp(each)}(?![\\w-])`).test(all),
    );
  });
}
