/** What people read: summaries side by side, groups, misses, and what changed. Pure: lines of text. */
import type { CaseResult, Scored, Unreadable } from './case-result.ts';
import type { Comparison } from './comparison.ts';
import { LEVELS } from './levels.ts';
import type { Candidate } from './prediction.ts';
import { wilson } from './statistics/proportions.ts';
import type { Count, GroupRow, Summary } from './summary.ts';

export function share({ hits, of }: Count): string {
  return of === 0 ? '–' : `${ratio(hits / of)} (${hits}/${of})`;
}

/** `.83`, `1.00`; `–` where there is nothing. */
export function ratio(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(2).replace(/^0/, '');
}

/** First row: names of columns. First column to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** The engine and the dummies beside it. */
export function summaryTable(columns: readonly { readonly name: string; readonly summary: Summary }[]): string[] {
  const row = (name: string, value: (summary: Summary) => string) => [
    name,
    ...columns.map((one) => value(one.summary)),
  ];
  const levels = LEVELS.flatMap((level) => [
    row(`${level} A@1`, ({ levels: { [level]: found } }) => share(found.first)),
    row(`${level} A@3`, ({ levels: { [level]: found } }) => share(found.third)),
  ]);
  return table([
    ['', ...columns.map(({ name }) => name)],
    ...levels,
    row('class MRR', ({ levels: { class: found } }) => ratio(found.reciprocalRank)),
    row('commit MRR', ({ levels: { commit: found } }) => ratio(found.reciprocalRank)),
    row('none is right', ({ noneRight }) => share(noneRight)),
    row('false blame', ({ falseBlame }) => share(falseBlame)),
    row('wrong commit blamed', ({ wrongCommit }) => share(wrongCommit)),
    row('abstained', ({ abstained }) => share(abstained)),
    row('right when answered', ({ rightWhenAnswered }) => share(rightWhenAnswered)),
    row('AURC', ({ areaUnderRisk }) => ratio(areaUnderRisk)),
    row('Brier (base rate)', ({ brier, baseRateBrier }) => `${ratio(brier)} (${ratio(baseRateBrier)})`),
  ]);
}

/** How far so few cases let the shares lie from the truth. */
export function intervalLine({ levels, falseBlame }: Summary): string {
  const shares = [
    ...within('class A@1', levels.class.first),
    ...within('commit A@1', levels.commit.first),
    ...within('false blame', falseBlame),
  ];
  return `95 % intervals (Wilson, cases taken as independent): ${shares.join('; ')}`;
}

function within(name: string, { hits, of }: Count): string[] {
  const { low, high } = wilson(hits, of);
  return of === 0 ? [] : [`${name} ${ratio(low)} … ${ratio(high)}`];
}

export function reliabilityLines({ bins, consistency, count }: Summary): string[] {
  if (!consistency) return [];
  const { error, limit, isRejected } = consistency;
  return [
    ...table([
      ['said', 'cases', 'right'],
      ...bins.map((bin) => [ratio(bin.meanConfidence), String(bin.count), ratio(bin.rightShare)]),
    ]),
    `ECE ${error.toFixed(3)} on ${count} cases in ${bins.length} bins; a perfect forecaster stays under ${limit.toFixed(3)} in 95 of 100: ${isRejected ? 'rejected' : 'not rejected'}`,
  ];
}

/** From the most careful to always answering; at most so many points. */
export function curveLines({ curve }: Summary, most = 8): string[] {
  const every = Math.max(1, Math.ceil(curve.length / most));
  const shown = curve.filter((_, index) => index % every === every - 1 || index === curve.length - 1);
  return table([
    ['answers from', 'coverage', 'wrong'],
    ...shown.map(({ from, coverage, risk }) => [ratio(from), ratio(coverage), ratio(risk)]),
  ]);
}

export function groupTable(title: string, rows: readonly GroupRow[]): string[] {
  return table([
    [title, 'cases', 'class A@1', 'commit A@1', 'right', 'abstained', 'false blames'],
    ...rows.map((row) => [
      row.name,
      String(row.count),
      share(row.class),
      share(row.commit),
      share(row.right),
      String(row.abstained),
      String(row.falseBlames),
    ]),
  ]);
}

/** One paragraph for each labelled case that is not right at every level, or blames falsely. */
export function missLines(cases: readonly CaseResult[]): string[] {
  return cases.flatMap((one) => {
    const { label, engine } = one;
    const wrong = label ? wrongOf(engine) : [];
    if (!label || wrong.length === 0) return [];
    return [
      `${one.id} (${one.part}, ${one.template}${label.traits?.length ? `; ${label.traits.join(', ')}` : ''}): ${wrong.join(', ')}`,
      `  true  ${told({ ...label, dependency: label.dependency ?? null })}`,
      `  said  ${engine.prediction.status}${engine.prediction.candidates.length === 0 ? ': nothing' : ''}`,
      ...engine.prediction.candidates
        .slice(0, 3)
        .map((candidate) => `        ${ratio(candidate.confidence)} ${told(candidate)}`),
    ];
  });
}

function wrongOf({ score, removal, prediction }: Scored): string[] {
  if (!score) return [];
  const levels = LEVELS.filter((level) => score.ranks[level] !== undefined && score.ranks[level] !== 1);
  const blamed = score.falselyBlamed ? [`blames ${score.falselyBlamed.commit.slice(0, 8)} falsely`] : [];
  const without =
    removal && 'falselyBlamed' in removal && removal.falselyBlamed
      ? [
          `without the culprit blames ${removal.falselyBlamed.commit.slice(0, 8)} at ${ratio(removal.falselyBlamed.confidence)}`,
        ]
      : [];
  const named = score.isRight || levels.length > 0 || prediction.status === 'unknown' ? [] : ['names a commit'];
  return [...levels.map((level) => `${level} ${rankWord(score.ranks[level])}`), ...named, ...blamed, ...without];
}

function rankWord(rank: number | null | undefined): string {
  return rank === null || rank === undefined ? 'missed' : `at ${rank}`;
}

function told(cause: Omit<Candidate, 'confidence'>): string {
  const what = cause.kind === 'none' ? 'nothing is wrong' : (cause.class ?? 'no class');
  const dependency = cause.dependency ? ` (${cause.dependency})` : '';
  const place = cause.file ? ` ${cause.file}${cause.line === null ? '' : `:${cause.line}`}` : '';
  return `${what}${dependency} in ${cause.service}, ${cause.commit ? `commit ${cause.commit.slice(0, 8)}` : 'no commit'}${place}`;
}

export function leftOutLines(cases: readonly CaseResult[], unreadable: readonly Unreadable[]): string[] {
  const unlabelled = cases.filter(({ label }) => label === null);
  const kept = cases.flatMap(({ id, engine }) =>
    engine.removal && 'failure' in engine.removal
      ? [`${id}: its guilty commit could not be removed: ${engine.removal.failure}`]
      : [],
  );
  return [
    ...unreadable.map(({ file, reason }) => `${file}: ${reason}`),
    ...unlabelled.map(({ id, engine }) => {
      const [first] = engine.prediction.candidates;
      return `${id}: no label, replayed only: ${engine.prediction.status}${first ? `, ${ratio(first.confidence)} ${told(first)}` : ''}`;
    }),
    ...kept,
  ];
}

export function comparisonLines(comparison: Comparison): string[] {
  const { common, onlyBefore, onlyNow, firsts, means, corrected, blocks } = comparison;
  const p = (name: string) => {
    const found = corrected.find((one) => one.name === name);
    return found ? found.p.toFixed(3) : 'too few differ';
  };
  return [
    `${common} cases in both; ${onlyBefore} only before, ${onlyNow} only now`,
    ...table([
      ['now against before', 'won', 'lost', 'change', '95 %', 'p (Holm)'],
      ...firsts.map((one) => [
        one.name,
        String(one.wins),
        String(one.losses),
        one.interval ? one.interval.mean.toFixed(3) : '–',
        intervalWords(one.interval),
        p(one.name),
      ]),
      ...means.map(({ name, change }) => [name, '', '', change.mean.toFixed(3), intervalWords(change), p(name)]),
    ]),
    ...(blocks.length === 0 ? ['nothing speaks against it'] : blocks.map((block) => `BLOCKS: ${block}`)),
  ];
}

function intervalWords(change: { readonly low: number; readonly high: number } | undefined): string {
  return change ? `${change.low.toFixed(3)} … ${change.high.toFixed(3)}` : '–';
}
