/** Draws one chart as SVG on the server, without a DOM. Static: nothing in it moves or is loaded. */
import type { EChartsCoreOption } from 'echarts/core';
import type { Chart } from '../../domain/chart.ts';

export interface ChartSize {
  readonly widthPixels: number;
  readonly heightPixels: number;
}

const INK = '#16181D';
const INK_FAINT = '#5E636C';
const GRID = '#E4E4DF';
const LINE = '#A51B1B';
const CALM_LINE = '#475160';
const FONT = 'Inter';
const NARROW_BELOW_PIXELS = 400;
/** The labels of markers have a row each: they are often only minutes apart. */
const MARKER_ROW_PIXELS = 15;
/** Each kind has a line of its own, so that it is told apart in grey too. */
const MARKER_COLORS = { onset: LINE, alert: INK, deploy: INK_FAINT } as const;
const MARKER_LINES = { onset: 'dashed', alert: 'solid', deploy: 'dotted' } as const;
/** Markers beyond this share of the width have their label to the left of their line. */
const LABEL_FLIPS_AT = 0.6;

/** Loading takes most of a second: call it once before the first chart is wanted. */
export async function chartDrawer(): Promise<(chart: Chart, size: ChartSize) => string> {
  const [core, { LineChart }, { GridComponent, MarkLineComponent }, { SVGRenderer }] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ]);
  core.use([LineChart, GridComponent, MarkLineComponent, SVGRenderer]);
  return function draw(chart, { widthPixels, heightPixels }) {
    const drawing = core.init(null, null, { renderer: 'svg', ssr: true, width: widthPixels, height: heightPixels });
    try {
      drawing.setOption(optionOf(chart, widthPixels));
      return withStableIds(drawing.renderToSVGString());
    } finally {
      drawing.dispose();
    }
  };
}

/** The library counts its ids over the life of the process; the same chart must be the same bytes. */
function withStableIds(svg: string): string {
  const ids = new Map<string, string>();
  return svg.replace(/zr\d+-[a-z]+-?\d*|zr\d+-cls-\d+/g, (id) => {
    const known = ids.get(id) ?? `c${ids.size}`;
    ids.set(id, known);
    return known;
  });
}

function optionOf(chart: Chart, widthPixels: number): EChartsCoreOption {
  const lowest = chart.ticks[0]?.value ?? 0;
  const highest = chart.ticks.at(-1)?.value ?? 1;
  const labels = new Map(chart.ticks.map(({ value, label }) => [value.toPrecision(10), label]));
  return {
    animation: false,
    useUTC: true,
    textStyle: { fontFamily: FONT },
    grid: {
      left: widthPixels < NARROW_BELOW_PIXELS ? 48 : 62,
      right: 58,
      top: 12 + Math.max(1, chart.markers.length) * MARKER_ROW_PIXELS,
      bottom: 24,
    },
    xAxis: {
      type: 'time',
      min: Date.parse(chart.from),
      max: Date.parse(chart.to),
      axisLine: { lineStyle: { color: INK_FAINT } },
      axisTick: { show: false },
      splitNumber: widthPixels < NARROW_BELOW_PIXELS ? 3 : 6,
      axisLabel: { color: INK_FAINT, fontSize: 10.5, hideOverlap: true, formatter: clock },
    },
    yAxis: {
      type: 'value',
      min: lowest,
      max: highest,
      interval: (highest - lowest) / Math.max(1, chart.ticks.length - 1),
      splitLine: { lineStyle: { color: GRID } },
      axisLabel: {
        color: INK_FAINT,
        fontSize: 10.5,
        formatter: (value: number) => labels.get(value.toPrecision(10)) ?? '',
      },
    },
    series: [lineOf(chart)],
  };
}

/** UTC, as everywhere in the report. */
function clock(milliseconds: number): string {
  const text = new Date(milliseconds).toISOString();
  return text.slice(17, 19) === '00' ? text.slice(11, 16) : text.slice(11, 19);
}

function lineOf(chart: Chart): object {
  const color = chart.isCalm ? CALM_LINE : LINE;
  return {
    type: 'line',
    step: chart.isStepped ? 'end' : false,
    symbol: 'none',
    connectNulls: false,
    clip: true,
    data: chart.points.map(({ at, value }) => [Date.parse(at), value]),
    lineStyle: { color, width: 1.8 },
    // Under a state there is no quantity to fill.
    ...(chart.isStepped ? {} : { areaStyle: { color, opacity: 0.1 } }),
    endLabel: {
      show: true,
      distance: 6,
      color,
      fontSize: 11,
      fontWeight: 600,
      formatter: () => chart.endLabel,
    },
    markLine: {
      silent: true,
      symbol: 'none',
      data: chart.markers.map((marker, index) => markerOf(marker, index, chart)),
    },
  };
}

function markerOf({ at, kind, label }: Chart['markers'][number], row: number, chart: Chart): object {
  const from = Date.parse(chart.from);
  const share = (Date.parse(at) - from) / Math.max(1, Date.parse(chart.to) - from);
  const color = MARKER_COLORS[kind];
  return {
    xAxis: Date.parse(at),
    lineStyle: { color, width: 1.2, type: MARKER_LINES[kind] },
    label: {
      position: 'end',
      formatter: label,
      distance: 4 + (chart.markers.length - 1 - row) * MARKER_ROW_PIXELS,
      align: share > LABEL_FLIPS_AT ? 'right' : 'left',
      color,
      fontSize: 11,
      fontWeight: 600,
    },
  };
}
