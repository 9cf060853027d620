/** How the charts of a report share the page: the first as wide as the page, two more beside each other below it. */
import type { Chart } from '../../domain/chart.ts';
import type { ChartSize } from './chart-svg.ts';

export interface PlacedChart {
  readonly chart: Chart;
  readonly file: string;
  readonly size: ChartSize;
  readonly isWide: boolean;
}

const WIDE_PIXELS = 660;
/** As large in print: the type of both is the same size on paper. */
const HALF_PIXELS = 322;
const HEIGHT_PIXELS = 168;
/** Up or down takes less room than a quantity. */
const STATE_HEIGHT_PIXELS = 118;

export function placedCharts(charts: readonly Chart[]): PlacedChart[] {
  const pairStart = charts.length % 2;
  return charts.map((chart, index) => {
    const isWide = index < pairStart;
    const beside = isWide ? [chart] : charts.slice(pairStart);
    const heightPixels = beside.every(({ isStepped }) => isStepped) ? STATE_HEIGHT_PIXELS : HEIGHT_PIXELS;
    const widthPixels = isWide ? WIDE_PIXELS : HALF_PIXELS;
    return { chart, file: `/chart-${chart.evidenceId}.svg`, size: { widthPixels, heightPixels }, isWide };
  });
}
