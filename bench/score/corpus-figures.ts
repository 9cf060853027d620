/** The figures of the corpus under the names that others compare over time, with their budgets. Pure. */
import { type Figure, figure, percentile } from '../figures.ts';
import type { CaseResult, Part } from './case-result.ts';
import type { Count, Summary } from './summary.ts';

/** Of the test part; of a folder without a split nothing is asked. */
const COMMIT_AT1 = 0.85;
const CLASS_AT1 = 0.85;
const FALSE_BLAME = 0.05;
const ANALYZE_P50_MILLISECONDS = 1_000;
const ANALYZE_P95_MILLISECONDS = 2_000;

export function partFigures(part: Part, summary: Summary): Figure[] {
  const isJudged = part === 'test';
  const { levels } = summary;
  const of = (name: string, { hits, of: all }: Count, atLeast?: number): Figure[] =>
    all === 0 ? [] : [figure(`corpus_${part}_${name}`, hits / all, 'ratio', isJudged && atLeast ? { atLeast } : {})];
  return [
    figure(`corpus_${part}_cases`, summary.count, 'cases'),
    ...of('commit_at1', levels.commit.first, COMMIT_AT1),
    ...of('class_at1', levels.class.first, CLASS_AT1),
    ...of('service_at1', levels.service.first),
    ...of('file_at1', levels.file.first),
    ...of('line_at1', levels.line.first),
    ...of('commit_at3', levels.commit.third),
    ...of('class_at3', levels.class.third),
    ...of('none_right', summary.noneRight),
    ...of('abstained', summary.abstained),
    ...of('right_answered', summary.rightWhenAnswered),
    figure(`corpus_${part}_aurc`, summary.areaUnderRisk, 'ratio'),
  ];
}

/** What has one name whatever the folder: of the test part, or of all where there is no split. */
export function mainFigures(summary: Summary, cases: readonly CaseResult[]): Figure[] {
  const { falseBlame, consistency } = summary;
  const blamed = falseBlame.of === 0 ? 0 : falseBlame.hits / falseBlame.of;
  return [
    figure('corpus_false_blame', blamed, 'ratio', { atMost: FALSE_BLAME }),
    ...(consistency
      ? [
          figure('corpus_ece', consistency.error, 'ratio', { atMost: Number(consistency.limit.toPrecision(4)) }),
          figure('corpus_brier', summary.brier, 'ratio', { below: Number(summary.baseRateBrier.toPrecision(4)) }),
        ]
      : []),
    ...timeFigures(cases),
  ];
}

/** Empty where nothing was replayed. */
export function timeFigures(cases: readonly CaseResult[]): Figure[] {
  if (cases.length === 0) return [];
  const whole = cases.map(({ milliseconds }) => milliseconds);
  const analysis = cases.map(({ analysisMilliseconds }) => analysisMilliseconds);
  return [
    figure('corpus_replay_p50_ms', percentile(whole, 0.5), 'ms', { below: ANALYZE_P50_MILLISECONDS }),
    figure('corpus_replay_p95_ms', percentile(whole, 0.95), 'ms', { below: ANALYZE_P95_MILLISECONDS }),
    figure('corpus_analyze_p50_ms', percentile(analysis, 0.5), 'ms'),
    figure('corpus_analyze_p95_ms', percentile(analysis, 0.95), 'ms'),
    figure('corpus_repeatable', cases.filter((one) => one.isRepeatable).length / cases.length, 'ratio', { atLeast: 1 }),
  ];
}
