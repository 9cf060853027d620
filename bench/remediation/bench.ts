/**
 * `npm run bench remediation [-- --dir <folder>] [--part tune|test] [--only <name>]`: every labelled incident is replayed,
 * its fix worked out and tried as the product does, and compared with the label. Beside it: what hostile code reaches in
 * the sandbox, and whether a draft that is cut off at any point is doubled. Per case: results/remediation-cases.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BenchContext, type Figure, figure, percentile } from '../figures.ts';
import { readBundleFile } from '../replay-bundle.ts';
import { bundleFiles, caseIdOf, partOf, readSplit, templateOf } from '../score/folder.ts';
import { countDoubled, countEscapes } from './abuse.ts';
import { type CaseOutcome, tryCase } from './try-case.ts';

const CORPUS = join(import.meta.dirname, '..', 'incidents');
const RESULTS = join(import.meta.dirname, '..', 'results');
const TOLD_EVERY = 10;

export async function remediation(context: BenchContext): Promise<Figure[]> {
  const { say, signal, scratch } = context;
  const outcomes = await tryFolder(resolve(context.dir ?? CORPUS), context);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'remediation-cases.json'), `${JSON.stringify(outcomes, null, 1)}\n`);
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

async function tryFolder(folder: string, { scratch, signal, say, part, only }: BenchContext): Promise<CaseOutcome[]> {
  const split = await readSplit(folder);
  const outcomes: CaseOutcome[] = [];
  for (const [index, file] of (await bundleFiles(folder)).entries()) {
    signal.throwIfAborted();
    if (index > 0 && index % TOLD_EVERY === 0) say(`${index} bundles`);
    const id = caseIdOf(file);
    const bundle = await readBundleFile(join(folder, file));
    const { label } = bundle;
    if (!label || (part !== undefined && partOf(id, label, split) !== part)) continue;
    if (only && !only.some((name) => id.includes(name) || templateOf(label).includes(name))) continue;
    outcomes.push(await tryCase(id, bundle, label, join(scratch, id), signal));
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
