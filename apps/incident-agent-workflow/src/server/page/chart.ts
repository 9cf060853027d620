/** One chart as SVG, drawn for a wide and for a narrow window: the stylesheet shows one of the two. Missing intervals stay gaps. */
import type { Chart } from '../../domain/chart.ts';
import { type Html, html } from './html.ts';

interface Canvas {
  readonly style: string;
  readonly width: number;
  readonly height: number;
}
const CANVASES: readonly Canvas[] = [
  { style: 'wide-chart', width: 760, height: 210 },
  { style: 'narrow-chart', width: 330, height: 190 },
];
const LEFT = 52;
const RIGHT = 56;
const BOTTOM = 22;
const MARKER_ROW = 15;
/** Markers beyond this share of the width have their label to the left of their line. */
const LABEL_FLIPS_AT = 0.55;
const MARKER_STYLES = {
  onset: { line: 'on', label: 'cr' },
  alert: { line: 'dp', label: 'hl' },
  deploy: { line: 'ro', label: 'hl' },
} as const satisfies Record<Chart['markers'][number]['kind'], { line: string; label: string }>;

export function chartPictures(chart: Chart): Html {
  return html`${CANVASES.map((canvas) => draw(chart, canvas))}`;
}

function draw(chart: Chart, { style, width, height }: Canvas): Html {
  const top = chart.markers.length * MARKER_ROW + 8;
  const base = height - BOTTOM;
  const scale = { ...scalesOf(chart, LEFT, width - RIGHT, top, base), base };
  const end = chart.points.findLast(({ value }) => value !== null);
  const shapes = strokesOf(chart).map((stroke) => strokeShapes(stroke, chart.isStepped, scale));
  return html`<svg class="chart ${style}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${chart.sentence}">
${chart.ticks.map(({ value, label }, index) => html`<line class="${index === 0 ? 'ax' : 'g'}" x1="${LEFT}" x2="${width - RIGHT}" y1="${scale.y(value)}" y2="${scale.y(value)}"/><text x="${LEFT - 8}" y="${scale.y(value) + 4}" text-anchor="end">${label}</text>`)}
${shapes}
${chart.markers.map((marker, row) => markerShape(marker, row, base, scale.x, width))}
${end?.value === null || end === undefined ? undefined : html`<text class="cr" x="${width - RIGHT + 6}" y="${scale.y(end.value) + 4}">${chart.endLabel}</text>`}
<text x="${LEFT}" y="${height - 6}">${clock(chart.from)}</text><text x="${width - RIGHT}" y="${height - 6}" text-anchor="end">${clock(chart.to)} UTC</text></svg>`;
}

interface Scales {
  readonly x: (at: string) => number;
  readonly y: (value: number) => number;
  readonly base: number;
}

function scalesOf(chart: Chart, left: number, right: number, top: number, base: number): Pick<Scales, 'x' | 'y'> {
  const from = Date.parse(chart.from);
  const span = Math.max(1, Date.parse(chart.to) - from);
  const lowest = chart.ticks[0]?.value ?? 0;
  const range = (chart.ticks.at(-1)?.value ?? 1) - lowest || 1;
  return {
    x: (at) => round(left + ((Date.parse(at) - from) / span) * (right - left)),
    y: (value) => round(base - ((value - lowest) / range) * (base - top)),
  };
}

type Stroke = readonly { readonly at: string; readonly value: number }[];

/** The line without its holes. */
function strokesOf({ points }: Chart): Stroke[] {
  const strokes: { at: string; value: number }[][] = [[]];
  for (const { at, value } of points) {
    if (value === null) strokes.push([]);
    else strokes.at(-1)?.push({ at, value });
  }
  return strokes.filter((stroke) => stroke.length > 0);
}

function strokeShapes(stroke: Stroke, isStepped: boolean, { x, y, base }: Scales): Html | undefined {
  const [first, ...rest] = stroke;
  const last = stroke.at(-1);
  if (!first || !last) return undefined;
  const steps = rest.map(({ at, value }) => (isStepped ? `H${x(at)}V${y(value)}` : `L${x(at)} ${y(value)}`));
  const line = `M${x(first.at)} ${y(first.value)}${steps.join('')}`;
  return html`<path class="a" d="${line}V${base}H${x(first.at)}Z"/><path class="l" d="${line}"/>`;
}

function markerShape(
  { at, kind, label }: Chart['markers'][number],
  row: number,
  base: number,
  x: Scales['x'],
  width: number,
): Html {
  const isLeft = x(at) > LEFT + (width - LEFT - RIGHT) * LABEL_FLIPS_AT;
  const y = row * MARKER_ROW + 12;
  return html`<line class="${MARKER_STYLES[kind].line}" x1="${x(at)}" x2="${x(at)}" y1="${y - 9}" y2="${base}"/><text class="${MARKER_STYLES[kind].label}" x="${x(at) + (isLeft ? -5 : 5)}" y="${y}" text-anchor="${isLeft ? 'end' : 'start'}">${label}</text>`;
}

function clock(at: string): string {
  return at.slice(11, 19);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
