/** What could mend it, in the order in which it is thought of: a revert, a roll-back of settings, a patch. */
import { evidenceOfKind } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { CodeFinding } from '../domain/finding.ts';
import type { Cause } from '../domain/hypothesis.ts';
import type { FixRecipe, ProposalKind } from '../domain/proposal.ts';
import { shortHash } from '../lib/wording.ts';
import type { Workbench } from '../remediation-ports.ts';
import { readNewName, takeBackHunk } from './rules.ts';

export interface Candidate {
  readonly kind: ProposalKind;
  readonly title: string;
  readonly story: string;
  readonly recipe: FixRecipe;
  readonly risks: readonly string[];
}

const CONFIG_FILE = /\.(?:ini|ya?ml|json|toml|properties|conf|cfg|env|xml)$|(?:^|\/)config\//i;

export async function candidatesOf(
  facts: Facts,
  cause: Cause,
  code: CodeFinding | undefined,
  bench: Workbench,
): Promise<Candidate[]> {
  const shown = evidenceOfKind(facts.evidence, 'commit').find(({ data }) => data.hash === cause.commit)?.data;
  const found: Candidate[] = [];
  if (cause.commit !== null) found.push(await revertOf(cause.commit, cause, bench));
  if (shown && cause.file !== null) {
    const patch = takeBackHunk(shown, cause.file, cause.line);
    if (patch) found.push(patchOf(patch, ['Only a part of the commit is taken back; the rest may rely on it.']));
    const reader = await readerPatch(facts, shown, cause, bench);
    if (reader) found.push(patchOf(reader, []));
  }
  const edits = code?.edits ?? [];
  if (edits.length > 0) {
    const story = 'Edits that a model wrote. Each was found exactly once in the code.';
    found.push(
      patchOf({ title: `Change ${edits[0]?.path ?? 'the code'}`, story, edits }, [
        'A model wrote it: read it with care.',
      ]),
    );
  }
  return found;
}

function patchOf(
  {
    title,
    story,
    edits,
  }: { title: string; story: string; edits: readonly { path: string; search: string; replace: string }[] },
  risks: readonly string[],
): Candidate {
  return { kind: 'patch', title, story, recipe: { kind: 'edits', edits: [...edits] }, risks };
}

async function revertOf(hash: string, cause: Cause, bench: Workbench): Promise<Candidate> {
  const facts = await bench.commit(hash);
  const [parent] = facts?.parents ?? [];
  const changed = parent === undefined ? [] : await bench.compare(parent, hash).catch(() => []); // too many: the guard rails refuse it
  const isConfig = changed.length > 0 && changed.every(({ path }) => CONFIG_FILE.test(path));
  const later =
    parent === undefined
      ? []
      : await bench.commitsOn(
          hash,
          bench.branch.tip,
          changed.map(({ path }) => path),
        );
  const subject = facts?.subject ?? '';
  const others = changed.filter(({ path }) => path !== cause.file).length;
  const risks = [
    ...(others > 0 ? [`It takes back everything that commit brought, in ${changed.length} files.`] : []),
    ...(later.length > 0
      ? [
          `Commits since then touch the same files and stay: ${later
            .slice(0, 3)
            .map((one) => shortHash(one.hash))
            .join(', ')}.`,
        ]
      : []),
  ];
  const quoted = subject === '' ? '' : ` (“${subject}”)`;
  return {
    kind: isConfig ? 'config-roll-back' : 'revert',
    title: isConfig ? `Roll back the settings of ${shortHash(hash)}${quoted}` : `Revert ${shortHash(hash)}${quoted}`,
    story: `Takes back ${shortHash(hash)}${quoted}, the commit that the evidence points to; what came after it stays.`,
    recipe: { kind: 'revert', commit: hash },
    risks,
  };
}

/** The name that the error misses, and the line that asks for it. */
async function readerPatch(facts: Facts, shown: Parameters<typeof readNewName>[0], cause: Cause, bench: Workbench) {
  if (cause.file === null || cause.line === null) return undefined;
  const text = await bench.read(bench.branch.tip, cause.file);
  const line = text?.split('\n')[cause.line - 1];
  for (const { data } of evidenceOfKind(facts.evidence, 'stack-trace')) {
    const missed = /(?:reading|attribute|KeyError:?|key|property|method)\s*\(?['"]?([A-Za-z_$][\w$]*)/.exec(
      `${data.type}: ${data.message}`,
    )?.[1];
    const quoted = [...data.message.matchAll(/['"]([A-Za-z_$][\w$]*)['"]/g)].at(-1)?.[1];
    for (const name of [quoted, missed]) {
      const patch = name === undefined ? undefined : readNewName(shown, name, cause.file, line);
      if (patch) return patch;
    }
  }
  return undefined;
}
