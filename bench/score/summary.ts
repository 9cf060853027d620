/** Many cases in few numbers: the same for the engine, for each dummy and for any part of the cases. Pure. */
import type { BundleLabel } from '../../apps/incident-agent-workflow/src/domain/bundle.ts';
import type { Scored } from './case-result.ts';
import { type CaseScore, LEVELS, type Level } from './levels.ts';
import { areaUnderRisk, type CurvePoint, riskCoverage } from './statistics/abstention.ts';
import {
  type Bin,
  baseRateBrier,
  brier,
  type Consistency,
  consistency,
  equalMassBins,
  type Forecast,
} from './statistics/reliability.ts';

export interface Labelled {
  readonly label: BundleLabel;
  readonly score: CaseScore;
  readonly removal: Scored['removal'];
}

export interface Count {
  readonly hits: number;
  readonly of: number;
}

export interface LevelSummary {
  readonly first: Count;
  readonly third: Count;
  /** Mean of 1/rank; 0 where the right answer is missing. */
  readonly reciprocalRank: number;
}

export interface Summary {
  readonly count: number;
  readonly levels: Readonly<Record<Level, LevelSummary>>;
  /** Where no commit is guilty: the verdict names none. */
  readonly noneRight: Count;
  /** Where no commit is guilty, and without the guilty one: a commit called at least likely. */
  readonly falseBlame: Count;
  /** Where a commit is guilty: another one called at least likely. */
  readonly wrongCommit: Count;
  /** Of the replays without the guilty commit; those that could not be made. */
  readonly notRemoved: number;
  readonly abstained: Count;
  /** Of those that were answered: all that the verdict names is true. */
  readonly rightWhenAnswered: Count;
  readonly curve: readonly CurvePoint[];
  readonly areaUnderRisk: number;
  readonly brier: number;
  readonly baseRateBrier: number;
  readonly bins: readonly Bin[];
  readonly consistency: Consistency | undefined;
}

export function summarise(cases: readonly Labelled[]): Summary {
  const forecasts = cases.map(({ score }): Forecast => score);
  const innocent = cases.filter(({ label }) => label.commit === null);
  const guilty = cases.filter(({ label }) => label.commit !== null);
  const removals = guilty.flatMap(({ removal }) => (removal ? [removal] : []));
  const removed = removals.flatMap((removal) => ('failure' in removal ? [] : [removal.falselyBlamed]));
  const answered = cases.filter(({ score }) => !score.abstained);
  return {
    count: cases.length,
    levels: levelsOf(cases),
    noneRight: counted(innocent, ({ score }) => score.namesNoCommit),
    falseBlame: counted([...innocent.map(({ score }) => score.falselyBlamed), ...removed], (blamed) => blamed !== null),
    wrongCommit: counted(guilty, ({ score }) => score.falselyBlamed !== null),
    notRemoved: removals.length - removed.length,
    abstained: counted(cases, ({ score }) => score.abstained),
    rightWhenAnswered: counted(answered, ({ score }) => score.isRight),
    curve: riskCoverage(forecasts),
    areaUnderRisk: areaUnderRisk(forecasts),
    brier: brier(forecasts),
    baseRateBrier: baseRateBrier(forecasts),
    bins: equalMassBins(forecasts),
    consistency: consistency(forecasts),
  };
}

export function counted<T>(items: readonly T[], isHit: (item: T) => boolean): Count {
  return { hits: items.filter(isHit).length, of: items.length };
}

function levelsOf(cases: readonly Labelled[]): Record<Level, LevelSummary> {
  const of = (level: Level): LevelSummary => {
    const ranks = cases.flatMap(({ score }) => score.ranks[level] ?? (score.ranks[level] === null ? [null] : []));
    return {
      first: counted(ranks, (rank) => rank === 1),
      third: counted(ranks, (rank) => rank !== null && rank <= 3),
      reciprocalRank: ranks.reduce<number>((sum, rank) => sum + (rank === null ? 0 : 1 / rank), 0) / ranks.length,
    };
  };
  const [faultClass, service, commit, file, line] = LEVELS;
  return {
    class: of(faultClass),
    service: of(service),
    commit: of(commit),
    file: of(file),
    line: of(line),
  };
}

/** One row of a table: the cases of one template, class, language or trait. */
export interface GroupRow {
  readonly name: string;
  readonly count: number;
  readonly class: Count;
  readonly commit: Count;
  readonly right: Count;
  readonly abstained: number;
  readonly falseBlames: number;
}

/** In the order of their names. A case may be in several groups, or in none. */
export function groupRows<T extends Labelled>(
  cases: readonly T[],
  groupsOf: (one: T) => readonly string[],
): GroupRow[] {
  const groups = new Map<string, T[]>();
  for (const one of cases) for (const name of groupsOf(one)) groups.set(name, [...(groups.get(name) ?? []), one]);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, own]) => {
      const { class: faultClass, commit } = levelsOf(own);
      return {
        name,
        count: own.length,
        class: faultClass.first,
        commit: commit.first,
        right: counted(own, ({ score }) => score.isRight),
        abstained: counted(own, ({ score }) => score.abstained).hits,
        falseBlames: own.filter(({ score, removal }) => score.falselyBlamed !== null || isBlamedWithout(removal))
          .length,
      };
    });
}

function isBlamedWithout(removal: Scored['removal']): boolean {
  return removal !== null && 'falselyBlamed' in removal && removal.falselyBlamed !== null;
}
