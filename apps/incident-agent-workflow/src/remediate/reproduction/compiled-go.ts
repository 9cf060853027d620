/** Go's part of finding a failing call: a test of the package that failed, run by the toolchain that is installed. */
import type { TreeFile } from '../../remediation-ports.ts';
import type { CompiledLanguage, Writing } from './compiled-language.ts';
import { goSearch } from './search-go.ts';
import type { WrittenTest } from './styles.ts';
import type { Target } from './target.ts';

const SEARCH_FILE = 'incident_search_test.go';
const RUNNER = 'incident-run.sh';
/** Compiled once; the answer of a search is its last line. */
const RUN = `#!/bin/sh
# Runs one test of a Go package three times, each told by how it ended: incident-run.sh <folder> <test>
set -e
go test -c -vet=off -o /tmp/incident.test "./$1"
cd "$1"
for time in 1 2 3; do
  code=0
  /tmp/incident.test -test.run "^$2\\$" || code=$?
  printf '\\nended with %s\\n' "$code"
done
`;

export const GO: CompiledLanguage = {
  ending: '.go',
  callsOf({ frames, path }: Target) {
    const folder = folderOf(path);
    const inPackage = frames.filter((frame) => folderOf(frame.path) === folder);
    return inPackage.flatMap(({ function: name }) => callOf(name ?? '') ?? []);
  },
  search(order, files, folder, target) {
    const place = inside(target.path, folder);
    const text = goSearch(order, packageOf(files, target.path));
    const program: TreeFile = {
      path: join(folder, join(place, SEARCH_FILE)),
      mode: 'file',
      content: Buffer.from(text),
    };
    const words = `go test -vet=off -count=1 -run '^TestIncidentSearch$' './${place}' -v`;
    return {
      files: [program],
      command: `${words} > /tmp/answer 2>&1 || true; grep '^incident-answer ' /tmp/answer | cut -c17- | grep . || tail -n 5 /tmp/answer`,
    };
  },
  write,
};

/** `shop/pricing.(*Basket).Total.func1` → `*Basket`, `Total`: a literal is reached by the function around it. */
function callOf(name: string): { owner: string | null; name: string } | undefined {
  const local = /(?:^|\/)[^/.]+\.(.+)$/.exec(name)?.[1] ?? '';
  const [, pointer, method] = /^\((\*\w+)\)\.(\w+)/.exec(local) ?? [];
  if (pointer !== undefined && method !== undefined) return { owner: pointer, name: method };
  const [first = '', second] = local.split('.');
  // Of `glob..func1` and of generic functions there is nothing to call by name.
  if (!/^\w+$/.test(first) || second === '') return undefined;
  return second === undefined || /^func\d/.test(second) ? { owner: null, name: first } : { owner: first, name: second };
}

function write({ incident, folder, source, target, files }: Writing): WrittenTest {
  const place = inside(target.path, folder);
  const name = `Test${incident.replaceAll(/[^A-Za-z0-9]/g, '')}`;
  const text = `package ${packageOf(files, target.path)}

import "testing"

// Fails as in ${incident} before the fix, passes after it. Found by the incident agent by trying values.
func ${name}(t *testing.T) {
	${source}
}
`;
  const path = join(folder, join(place, `${incident.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}_test.go`));
  const runner: TreeFile = { path: join(folder, RUNNER), mode: 'file', content: Buffer.from(RUN) };
  return {
    style: 'Go',
    path,
    text,
    command: `sh ${RUNNER} ${place === '' ? '.' : place} ${name}`,
    beside: [runner],
    runsThrice: true,
  };
}

function packageOf(files: readonly TreeFile[], path: string): string {
  const file = files.find((one) => one.path === path);
  return /^package\s+(\w+)/m.exec(Buffer.from(file?.content ?? []).toString('utf8'))?.[1] ?? 'main';
}

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

/** The folder of a file, from the service's. */
function inside(path: string, folder: string): string {
  const own = folderOf(path);
  return folder === '' ? own : own.slice(folder.length + 1);
}

function join(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}
