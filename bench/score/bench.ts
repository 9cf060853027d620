/**
 * `npm run bench incidents [-- --dir <folder>] [--against <file>]`: every bundle of a folder through the product's own
 * replay, scored against its label, with dummies beside it. Per case: results/incidents-cases.json and incidents-misses.txt.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../../apps/incident-agent-workflow/src/domain/error.ts';
import { CORPUS } from '../corpus/recorder/corpus-folder.ts';
import { type BenchContext, type Figure, figure, keepCases, keepText } from '../figures.ts';
import { type CaseResult, type Part, type Scored, SPLIT_PARTS, type Unreadable } from './case-result.ts';
import { CaseFile, compare } from './comparison.ts';
import { mainFigures, partFigures, timeFigures } from './corpus-figures.ts';
import { DUMMIES } from './dummies/all.ts';
import { evaluateCase } from './evaluate.ts';
import { casesIn } from './folder.ts';
import { groupRows, type Labelled, summarise } from './summary.ts';
import {
  comparisonLines,
  curveLines,
  groupTable,
  intervalLine,
  leftOutLines,
  missLines,
  reliabilityLines,
  summaryTable,
} from './tables.ts';
import { ablationNamed } from './without/all.ts';

/** Only with two can a difference be seen. */
const REPEATS = 2;

export interface Evaluated {
  readonly cases: readonly CaseResult[];
  readonly unreadable: readonly Unreadable[];
}

export async function incidents(context: BenchContext): Promise<Figure[]> {
  const { say } = context;
  const folder = resolve(context.dir ?? CORPUS);
  if (context.dir === undefined && !existsSync(folder)) {
    say('skipped: no corpus is recorded (npm run bench record), and no --dir is given');
    return [];
  }
  const { cases, unreadable } = await evaluateFolder(folder, context);
  const result = {
    schema: 'incident-scores/1',
    cases: cases.map((one) => ({ ...one, milliseconds: Math.round(one.milliseconds) })),
  };
  keepCases('incidents-cases', result);
  const misses = missLines(cases);
  keepText('incidents-misses.txt', misses.map((line) => `${line}\n`).join(''));
  const parts = partsOf(cases);
  for (const part of parts) for (const line of partLines(part, cases)) say(line);
  for (const line of leftOutLines(cases, unreadable)) say(line);
  say(
    `${misses.filter((line) => !line.startsWith(' ')).length} misses in bench/results/incidents-misses.txt, every case in incidents-cases.json`,
  );
  if (context.against !== undefined) for (const line of againstLines(context.against, cases)) say(line);
  const judged = labelled(cases, parts.includes('test') ? 'test' : 'all');
  return [
    ...parts.flatMap((part) => partFigures(part, summarise(labelled(cases, part)))),
    figure('corpus_left_out', unreadable.length, 'bundles'),
    ...(judged.length > 0 ? mainFigures(summarise(judged), cases) : timeFigures(cases)),
  ];
}

export type EvaluateFolderOptions = Pick<
  BenchContext,
  'scratch' | 'repeats' | 'signal' | 'say' | 'part' | 'only' | 'isQuick' | 'without'
>;

export async function evaluateFolder(
  folder: string,
  { scratch, repeats, isQuick = false, without = [], ...wish }: EvaluateFolderOptions,
): Promise<Evaluated> {
  const cases: CaseResult[] = [];
  const unreadable: Unreadable[] = [];
  const ablations = without.map(ablationNamed);
  const times = isQuick ? 1 : Math.max(REPEATS, repeats ?? 0);
  const leftOut = (file: string, error: unknown): void =>
    void unreadable.push({ file, reason: `not readable: ${messageOf(error)}` });
  for await (const { id, file, bundle, part } of casesIn(folder, wish, leftOut)) {
    try {
      cases.push(await evaluateCase(bundle, { id, part, scratch, repeats: times, removeCulprit: !isQuick, ablations }));
    } catch (error) {
      unreadable.push({ file, reason: `could not be replayed: ${messageOf(error)}` });
    }
  }
  return { cases, unreadable };
}

const PARTS: readonly Part[] = [...SPLIT_PARTS, 'all'];

function partsOf(cases: readonly CaseResult[]): Part[] {
  return PARTS.filter((part) => cases.some((one) => one.part === part && one.label));
}

type LabelledCase = CaseResult & Labelled;

function labelled(cases: readonly CaseResult[], part: Part | undefined): LabelledCase[] {
  return cases.flatMap((one) => {
    const scored = labelledAs(one, one.engine);
    return scored && (part === undefined || one.part === part) ? [scored] : [];
  });
}

function labelledAs(one: CaseResult, { score, removal }: Scored): LabelledCase | undefined {
  return one.label && score ? { ...one, label: one.label, score, removal } : undefined;
}

function partLines(part: Part, cases: readonly CaseResult[]): string[] {
  const own = labelled(cases, part);
  const summary = summarise(own);
  const dummies = DUMMIES.map(({ name }) => ({
    name,
    summary: summarise(
      own.flatMap((one) => {
        const scored = one.dummies[name];
        return (scored && labelledAs(one, scored)) ?? [];
      }),
    ),
  }));
  return [
    '',
    `── ${part}: ${own.length} cases of ${new Set(own.map(({ template }) => template)).size} templates`,
    ...summaryTable([{ name: 'engine', summary }, ...dummies]),
    intervalLine(summary),
    '',
    ...reliabilityLines(summary),
    '',
    ...curveLines(summary),
    '',
    ...groupTable(
      'template',
      groupRows(own, ({ template }) => [template]),
    ),
    '',
    ...groupTable(
      'class',
      groupRows(own, ({ label }) => [label.class ?? label.kind]),
    ),
    '',
    ...groupTable(
      'language',
      groupRows(own, ({ language }) => [language]),
    ),
    '',
    ...groupTable(
      'trait',
      groupRows(own, ({ label }) => label.traits ?? []),
    ),
    '',
  ];
}

function againstLines(path: string, cases: readonly CaseResult[]): string[] {
  const before = CaseFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  const now = CaseFile.parse(JSON.parse(JSON.stringify({ schema: 'incident-scores/1', cases })));
  return ['', ...comparisonLines(compare(before.cases, now.cases))];
}
