/**
 * `npm run bench remediation [-- --dir <folder>] [--part tune|test] [--only <name>]`: every labelled incident is replayed,
 * its fix worked out and tried as the product does, and compared with the label. Beside it: what hostile code reaches in
 * the sandbox, and whether a draft that is cut off at any point is doubled. Per case: results/remediation-cases.json.
 */
import { join, resolve } from 'node:path';
import { CORPUS } from '../corpus/recorder/corpus-folder.ts';
import { type BenchContext, type Figure, figure, keepCases, percentile } from '../figures.ts';
import { casesIn } from '../score/folder.ts';
import { countDoubled, countEscapes } from './abuse.ts';
import { type CaseOutcome, tryCase } from './try-case.ts';

export async function remediation(context: BenchContext): Promise<Figure[]> {
  const { say, signal, scratch } = context;
  const outcomes = await tryFolder(resolve(context.dir ?? CORPUS), context);
  keepCases('remediation-cases', outcomes);
  for (const line of linesOf(outcomes)) say(line);
  const guilty = outcomes.filter(({ hasCommit }) => hasCommit);
  const proposed = outcomes.filter(({ proof }) => proof !== null);
  const times = proposed.map(({ milliseconds }) => milliseconds / 1_000);
  const right = guilty.filter(({ isRight }) => isRight);
  const withProof = (state: string): number => right.filter(({ proof }) => proof === state).length;
  return [
    figure('remediation_cases', outcomes.length, 'cases'),
    figure('remediation_code_cases', guilty.length, 'cases'),
    figure('remediation_right', share(right.length, guilty.length), 'ratio'),
    figure('remediation_proven', share(withProof('proven'), guilty.length), 'ratio'),
    figure('remediation_passes', share(withProof('passes'), guilty.length), 'ratio'),
    figure('remediation_wrong', share(proposed.filter(({ isRight }) => !isRight).length, outcomes.length), 'ratio', {
      atMost: 0.02,
    }),
    figure(
      'remediation_wrong_proven',
      proposed.filter(({ isRight, proof }) => !isRight && proof === 'proven').length,
      'drafts',
      { atMost: 0 },
    ),
    ...(times.length === 0
      ? []
      : [
          figure('remediation_p50_s', percentile(times, 0.5), 's'),
          figure('remediation_p95_s', percentile(times, 0.95), 's'),
        ]),
    figure('remediation_escapes', await countEscapes(signal), 'of the hostile list', { atMost: 0 }),
    figure('remediation_doubled', await countDoubled(join(scratch, 'forge.git'), signal), 'drafts', { atMost: 0 }),
  ];
}

function share(count: number, of: number): number {
  return of === 0 ? 0 : count / of;
}

async function tryFolder(folder: string, context: BenchContext): Promise<CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  for await (const { id, bundle } of casesIn(folder, context)) {
    const { label } = bundle;
    if (label) outcomes.push(await tryCase(id, bundle, label, join(context.scratch, id), context.signal));
  }
  return outcomes;
}

/** How the looks ended, most frequent first; no case is named. */
function linesOf(outcomes: readonly CaseOutcome[]): string[] {
  const counts = new Map<string, number>();
  for (const { hasCommit, isRight, proof, why } of outcomes) {
    const end =
      proof === null
        ? `no fix: ${why}`
        : `${isRight ? 'right' : 'WRONG'}, ${proof}${proof === 'proven' ? '' : `: ${why}`}`;
    const line = `${hasCommit ? 'code' : 'other'}: ${end}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([, left], [, right]) => right - left)
    .map(([line, count]) => `${String(count).padStart(4)} × ${line}`);
}
