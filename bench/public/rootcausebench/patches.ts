/** Commits of a case as git would print them: its diffs have hunk headers without line numbers. */
import type { ChangedFile, Commit } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import type { Commit as Listed } from './case.ts';

/** Newest first. */
export function commitsOf(commits: readonly Listed[]): Commit[] {
  return commits
    .map((commit): Commit => {
      const at = new Date(commit.timestamp).toISOString();
      const { sha: hash, message, files_changed: paths, diff } = commit;
      // Nobody's parent is told; that it has one is certain, a first commit would hold the whole tree.
      return {
        hash,
        committedAt: at,
        authoredAt: at,
        subject: message.split('\n')[0] ?? '',
        parents: ['0'.repeat(40)],
        files: filesOf(paths, diff ?? ''),
      };
    })
    .toSorted((a, b) => Date.parse(b.committedAt) - Date.parse(a.committedAt) || (a.hash < b.hash ? -1 : 1));
}

/** A hunk belongs to the file that its header names, else to the one before it, else to the first. */
function filesOf(paths: readonly string[], diff: string): ChangedFile[] {
  const hunks = new Map<string, string[]>();
  let path = paths[0] ?? '';
  for (const part of diff.split(/^(?=@@ |(?:---|\+\+\+|diff) )/m)) {
    const [header = '', ...lines] = part.split('\n');
    const named = paths.find((candidate) => header.includes(candidate));
    if (named) path = named;
    if (!header.startsWith('@@ ') && !/^[+\- ]/.test(header)) continue;
    const body = (header.startsWith('@@ ') ? lines : [header, ...lines]).filter((line) => /^[+\- ]/.test(line));
    if (body.length === 0) continue;
    const known = hunks.get(path) ?? [];
    const section = header
      .replace(/^@@ ?(?:[^@]*@@)?/, '')
      .replace(path, '')
      .replace(/^[: ]+/, '')
      .trim();
    hunks.set(path, [...known, hunkOf(body, section, known.length)]);
  }
  return paths.map((each) => ({ path: each, status: 'modified', patch: (hunks.get(each) ?? []).join('\n') }));
}

/** So far apart that no hunk touches another. */
const LINES_BETWEEN = 1_000;

function hunkOf(body: readonly string[], section: string, index: number): string {
  const at = 1 + index * LINES_BETWEEN;
  const oldCount = body.filter((line) => !line.startsWith('+')).length;
  const newCount = body.filter((line) => !line.startsWith('-')).length;
  return [`@@ -${at},${oldCount} +${at},${newCount} @@ ${section}`, ...body].join('\n');
}
