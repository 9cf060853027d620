/** Which metrics are drawn, and with what on them. Only data: what it looks like is the renderer's. */
import type { Chart } from '../domain/chart.ts';
import type { EvidenceOf, MetricFamily } from '../domain/evidence.ts';
import { evidenceOfKind } from '../domain/evidence.ts';
import type { Report } from '../domain/report.ts';
import { shownUnit } from '../domain/shown-metric.ts';
import { WORDS } from '../lib/catalogue/words.ts';
import { clockTime } from '../lib/instants.ts';
import { quantity } from '../lib/quantity.ts';
import { compareInstants, secondsBetween } from '../lib/time.ts';
import { isState } from './words.ts';

type Metric = EvidenceOf<'metric'>;
type Marker = Chart['markers'][number];

/** What people outside notice comes first. */
const FAMILIES: readonly Metric['data']['family'][] = [
  'errors',
  'availability',
  'dependency',
  'latency',
  'saturation',
  'traffic',
  'restart',
  'other',
] satisfies (typeof MetricFamily)['options'][number][];

/** As much quiet as trouble is shown, and at least this much of it. */
const LEAST_LEAD_SECONDS = 360;

/** A deployment that far before the onset is still shown: it is what people look for first. */
const LONGEST_LEAD_SECONDS = 1_200;
/** So that its line does not lie on the axis. */
const SECONDS_BEFORE_A_DEPLOY = 30;

/** Points further apart than this many usual steps have a hole between them. */
const HOLE_STEPS = 2.5;

/**
 * Best first: what the verdict cites, then what people notice most. What stayed flat is drawn only where the verdict
 * cites it or nothing moved; metrics without two figures never.
 */
export function chartsOf(report: Report): Chart[] {
  const cited = new Set([...report.verdict.statement.cites, ...report.verdict.support.flatMap(({ cites }) => cites)]);
  const weight = (item: Metric): number =>
    (cited.has(item.id) ? 0 : 100) + (item.data.direction === 'flat' ? 50 : 0) + FAMILIES.indexOf(item.data.family);
  return (
    evidenceOfKind(report.evidence, 'metric')
      // When a process was started is an instant: as a curve it would look like a duration.
      .filter((item) => item.data.family !== 'restart')
      .filter((item) => item.data.points.filter(({ value }) => value !== null).length >= 2)
      .filter((item, _index, all) => cited.has(item.id) || isMoving(item) || !all.some(isMoving))
      .map((item, index) => ({ item, index }))
      .toSorted((a, b) => weight(a.item) - weight(b.item) || a.index - b.index)
      .map(({ item }) => chartOf(item, report))
  );
}

function isMoving({ data }: Metric): boolean {
  return data.direction !== 'flat';
}

function chartOf(item: Metric, report: Report): Chart {
  const { data } = item;
  const onset = data.onset ?? report.onset;
  const deployed = deployOf(item, report, onset);
  const points = withHoles(inFocus(data.points, onset, deployed?.at));
  const from = points[0]?.at ?? item.window.from;
  const to = points.at(-1)?.at ?? item.window.to;
  const last = points.findLast(({ value }) => value !== null)?.value ?? 0;
  return {
    evidenceId: item.id,
    title: item.title,
    sentence: sentenceOf(item, from, to),
    from,
    to,
    points,
    isStepped: isState(data),
    isCalm: !isMoving(item),
    ticks: ticksOf(data, points),
    markers: markersOf(isMoving(item) ? onset : null, report.incident.startedAt, deployed).filter(
      ({ at }) => secondsBetween(from, at) >= 0 && secondsBetween(at, to) >= 0,
    ),
    endLabel: isState(data) ? stateWord(last) : quantity(last, shownUnit(data)),
  };
}

/** In the order in which they happened. */
function markersOf(onset: string | null, alertAt: string, deployed: Marker | undefined): Marker[] {
  const markers: Marker[] = deployed ? [deployed] : [];
  if (onset !== null) markers.push({ at: onset, kind: 'onset', label: WORDS.charts.onset(clockTime(onset)) });
  markers.push({ at: alertAt, kind: 'alert', label: WORDS.charts.alert(clockTime(alertAt)) });
  return markers.toSorted((a, b) => compareInstants(a.at, b.at));
}

/** The last time that this service was rolled out or started anew before it began to fail. */
function deployOf(item: Metric, report: Report, onset: string | null): Marker | undefined {
  if (onset === null) return undefined;
  const last = report.timeline
    .filter(({ kind, text }) => kind === 'deploy' && text.includes(item.service))
    .findLast(({ at }) => secondsBetween(at, onset) >= 0 && secondsBetween(at, onset) <= LONGEST_LEAD_SECONDS);
  if (!last) return undefined;
  const { restart, deploy } = WORDS.charts;
  const say = last.text.includes('restart') ? restart : deploy;
  return { at: last.at, kind: 'deploy', label: say(clockTime(last.at)) };
}

/** An hour of quiet before three bad minutes would press what matters into the edge of the picture. */
function inFocus(
  points: Metric['data']['points'],
  onset: string | null,
  deployedAt: string | undefined,
): Metric['data']['points'] {
  const last = points.at(-1)?.at;
  if (onset === null || last === undefined) return points;
  const sinceDeploy = deployedAt === undefined ? 0 : secondsBetween(deployedAt, onset) + SECONDS_BEFORE_A_DEPLOY;
  const lead = Math.max(LEAST_LEAD_SECONDS, secondsBetween(onset, last), sinceDeploy);
  const focus = points.filter(({ at }) => secondsBetween(at, onset) <= lead);
  return focus.filter(({ value }) => value !== null).length >= 2 ? focus : points;
}

function withHoles(points: Metric['data']['points']): Chart['points'] {
  const steps = points.slice(1).map((point, index) => secondsBetween(points[index]?.at ?? point.at, point.at));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const drawn: { at: string; value: number | null }[] = [];
  for (const [index, point] of points.entries()) {
    const earlier = points[index - 1];
    const step = steps[index - 1] ?? 0;
    if (earlier && usual > 0 && step > usual * HOLE_STEPS) drawn.push({ at: earlier.at, value: null });
    drawn.push({ at: point.at, value: point.value });
  }
  return drawn;
}

function stateWord(value: number): string {
  return value === 0 ? WORDS.states.down : WORDS.states.up;
}

/** Zero is always on the axis: a chart that starts elsewhere exaggerates. */
function ticksOf(data: Metric['data'], points: Chart['points']): Chart['ticks'] {
  const unit = shownUnit(data);
  if (isState(data))
    return [
      { value: 0, label: WORDS.states.down },
      { value: 1, label: WORDS.states.up },
    ];
  const values = points.map(({ value }) => value).filter((value) => value !== null);
  const highest = Math.max(0, ...values);
  const lowest = Math.min(0, ...values);
  const step = niceStep((highest - lowest || 1) / 3, unit);
  const ticks: { value: number; label: string }[] = [];
  for (let at = Math.floor(lowest / step); at <= Math.ceil(highest / step); at += 1) {
    const value = Number((at * step).toPrecision(12));
    ticks.push({ value, label: quantity(value, unit) });
  }
  return ticks.length >= 2 ? ticks : [...ticks, { value: step, label: quantity(step, unit) }];
}

/** 1, 2 or 5 times a power of ten, not below what is asked for; bytes are read in powers of 1,024. */
function niceStep(least: number, unit: string): number {
  const whole = unit === 'bytes' ? 1024 ** Math.floor(Math.log(least) / Math.log(1024)) : 1;
  const power = 10 ** Math.floor(Math.log10(least / whole));
  return [1, 2, 5, 10].map((factor) => factor * power * whole).find((step) => step >= least * 0.999) ?? least;
}

/** Of a state the title says all: its middle would be "up" through any short failure. */
function sentenceOf({ title, data, service }: Metric, from: string, to: string): string {
  const span = WORDS.span(clockTime(from), clockTime(to));
  const baseline =
    data.baselineMedian === null || isState(data)
      ? ''
      : ` ${WORDS.charts.before(quantity(data.baselineMedian, shownUnit(data)))}`;
  const later =
    data.incidentMedian === null || isState(data)
      ? ''
      : ` ${WORDS.charts.since(quantity(data.incidentMedian, shownUnit(data)))}`;
  return `${WORDS.charts.of(data.metric, service, span, title)}${baseline}${later}`;
}
