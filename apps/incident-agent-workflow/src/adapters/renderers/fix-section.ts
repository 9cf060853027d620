/** The fix: what it changes, how it was tried, what became of its draft. One view for every format. */
import type { Proof, Proposal } from '../../domain/proposal.ts';
import type { Report } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import { duration, shortHash } from '../../lib/wording.ts';
import { BOUNDS } from './bounds.ts';
import { filled, type Row, words } from './rows.ts';

export interface FixSection {
  /** `Proven`, `Tests pass`, …; null: there is no fix that could be proven. */
  readonly state: Proof['state'] | null;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly files: Proposal['files'];
  /** `2 files, +5 −1`. */
  readonly size: string;
  /** Name, before, after, without, time. */
  readonly checks: readonly (readonly string[])[];
  readonly reproduction: { readonly path: string; readonly lines: readonly string[] } | null;
}

const FIX = WORDS.fix;
const MAX_CHECKS = 8;

/** null: no fix was looked for. */
export function fixSection({ remediation }: Report): FixSection | null {
  if (!remediation) return null;
  const { proposal, draft, reason, operatorAction, runbook, refused } = remediation;
  const instead = [
    words(FIX.instead, [operatorAction ?? '']),
    words(FIX.runbook, [runbook ?? '']),
    words(
      FIX.refused,
      refused.map(({ what, because }) => `${what}: ${because}`),
    ),
  ];
  const planned = draft
    ? [words(FIX.draft, [FIX.draftPlanned(draft.forge, draft.repository, draft.branch)])]
    : proposal
      ? [words(FIX.noDraft, [reason])]
      : [];
  if (!proposal)
    return {
      state: null,
      title: FIX.none,
      rows: filled([words(FIX.none, [reason]), ...instead]),
      files: [],
      size: '',
      checks: [],
      reproduction: null,
    };
  const { proof, files } = proposal;
  return {
    state: proof.state,
    title: proposal.title,
    rows: filled([
      words(FIX.what, [proposal.story]),
      words(FIX.proof, [`${FIX.states[proof.state]}: ${proof.reason}`, FIX.triedAt(shortHash(proof.revision))]),
      ...planned,
      words(FIX.risk, proposal.risks),
      words(FIX.undo, [proposal.undo]),
      ...instead,
    ]),
    files,
    size: `${FIX.kinds[proposal.kind]}, ${sizeOf(files)}`,
    checks: proof.checks
      .slice(0, MAX_CHECKS)
      .map(({ name, before, after, without, milliseconds }) => [
        name,
        before,
        after,
        without ?? '–',
        duration(milliseconds / 1_000),
      ]),
    reproduction: proof.reproduction && {
      path: proof.reproduction.path,
      lines: proof.reproduction.text.split('\n', BOUNDS.diffLines),
    },
  };
}

function sizeOf(files: Proposal['files']): string {
  let added = 0;
  let removed = 0;
  for (const file of files) {
    added += file.addedLines;
    removed += file.removedLines;
  }
  return WORDS.changedFiles(files.length, added, removed);
}
