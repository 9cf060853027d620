/** A small line chart as SVG: points, onset, alert. Missing intervals stay gaps. */
import type { EvidenceOf } from '../../domain/evidence.ts';
import { type Html, html } from './html.ts';

const WIDTH = 760;
const HEIGHT = 170;
const LEFT = 56;
const RIGHT = 12;
const TOP = 22;
const BOTTOM = 24;

export function lineChart({ data, title }: EvidenceOf<'metric'>, alertAt: string): Html | undefined {
  const points = data.points.flatMap(({ at, value }) => (value === null ? [] : [{ at: Date.parse(at), value }]));
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first.at === last.at) return undefined;
  const highest = Math.max(...points.map(({ value }) => value), 0) || 1;
  const x = (at: number): number => round(LEFT + ((at - first.at) / (last.at - first.at)) * (WIDTH - LEFT - RIGHT));
  const y = (value: number): number => round(TOP + (1 - value / highest) * (HEIGHT - TOP - BOTTOM));
  const marker = (at: number, label: string, anchor: string): Html | undefined =>
    at < first.at || at > last.at
      ? undefined
      : html`<line class="mk" x1="${x(at)}" x2="${x(at)}" y1="${TOP - 4}" y2="${HEIGHT - BOTTOM}"/><text class="hl" x="${x(at)}" y="${TOP - 8}" text-anchor="${anchor}">${label}</text>`;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
<line class="g" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${TOP}" y2="${TOP}"/><text x="${LEFT - 8}" y="${TOP + 4}" text-anchor="end">${format(highest, data.unit)}</text>
<line class="ax" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM}"/><text x="${LEFT - 8}" y="${HEIGHT - BOTTOM + 4}" text-anchor="end">0</text>
<path class="l" d="${pathOf(points, x, y)}"/>
${data.onset === null ? undefined : marker(Date.parse(data.onset), 'onset', 'end')}${marker(Date.parse(alertAt), 'alert', 'start')}
<text x="${LEFT}" y="${HEIGHT - 6}">${clock(first.at)}</text><text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${clock(last.at)} UTC</text></svg>`;
}

/** A new stroke wherever more than three usual steps are missing. */
function pathOf(
  points: readonly { at: number; value: number }[],
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  const steps = points
    .slice(1)
    .map(({ at }, index) => at - (points[index]?.at ?? at))
    .toSorted((a, b) => a - b);
  const usual = steps[Math.floor(steps.length / 2)] ?? 0;
  let path = '';
  for (const [index, { at, value }] of points.entries()) {
    const before = points[index - 1];
    path += `${before && at - before.at <= usual * 3 ? 'L' : 'M'}${x(at)} ${y(value)}`;
  }
  return path;
}

function format(value: number, unit: string): string {
  if (unit === '1' && value <= 1) return `${round(value * 100)} %`;
  return unit === 's' && value < 1 ? `${Math.round(value * 1_000)} ms` : String(Math.round(value * 100) / 100);
}

function clock(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 19);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
