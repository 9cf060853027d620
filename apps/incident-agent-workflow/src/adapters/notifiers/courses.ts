/** The charts that decide, as columns for a message: even steps of time, without an image. */
import type { ReportCourse } from '@incident-agent/contracts/notify';
import type { Chart } from '../../domain/chart.ts';
import { evidenceOfKind } from '../../domain/evidence.ts';
import type { Report } from '../../domain/report.ts';
import { shownUnit } from '../../domain/shown-metric.ts';
import { quantity } from '../../lib/quantity.ts';
import { secondsBetween } from '../../lib/time.ts';

const MOST = 2;
const MAX_STEPS = 24;
/** So that every step holds a sample, though they do not come to the second. */
const STEPS_OF_A_SAMPLE = 0.8;

/** The best one, and a second where the verdict cites it too. */
export function coursesOf(report: Report, charts: readonly Chart[]): ReportCourse[] {
  const { statement, support } = report.verdict;
  const cited = new Set([statement, ...support].flatMap(({ cites }) => cites));
  return charts
    .filter(({ evidenceId }, index) => index === 0 || cited.has(evidenceId))
    .slice(0, MOST)
    .map((chart) => courseOf(chart, report));
}

function courseOf(chart: Chart, report: Report): ReportCourse {
  const { evidenceId, title, sentence, isStepped, isCalm, from, to, endLabel } = chart;
  const values = steps(chart);
  const metric = evidenceOfKind(report.evidence, 'metric').find(({ id }) => id === evidenceId)?.data;
  const highest = Math.max(...values.filter((value) => value !== null));
  return {
    title: `${title} [${evidenceId}]`,
    sentence,
    kind: isStepped ? 'state' : 'quantity',
    from,
    to,
    values,
    onset: isCalm ? null : (chart.markers.find(({ kind }) => kind === 'onset')?.at ?? null),
    ...(isStepped || !metric || !Number.isFinite(highest) ? {} : { highest: quantity(highest, shownUnit(metric)) }),
    last: endLabel,
  };
}

/** What matters of a step: the highest of a quantity, the lowest of a state. Null where nothing was measured. */
function steps({ points, from, to, isStepped }: Chart): (number | null)[] {
  const known = points.filter(({ value }) => value !== null);
  const span = Math.max(1, secondsBetween(from, to));
  const count = Math.min(MAX_STEPS, Math.max(2, Math.floor((span / usualStep(known)) * STEPS_OF_A_SAMPLE)));
  const values: (number | null)[] = Array.from({ length: count }, () => null);
  for (const { at, value } of known) {
    const index = Math.min(count - 1, Math.max(0, Math.floor((secondsBetween(from, at) / span) * count)));
    const other = values[index] ?? null;
    if (other === null || value === null) values[index] = value;
    else values[index] = isStepped ? Math.min(other, value) : Math.max(other, value);
  }
  return values;
}

/** The median: a hole in the data does not make it longer. */
function usualStep(points: Chart['points']): number {
  const between = points.slice(1).map(({ at }, index) => secondsBetween(points[index]?.at ?? at, at));
  return Math.max(1, between.toSorted((a, b) => a - b)[Math.floor(between.length / 2)] ?? 1);
}
