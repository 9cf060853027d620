/** The charts of the report as PNG, for documents that show no SVG. The same drawing, twice as fine as it is shown. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { Chart } from '../../domain/chart.ts';
import { chartDrawer } from './chart-svg.ts';
import { reportFonts } from './fonts.ts';

export interface DrawnChart {
  readonly chart: Chart;
  readonly png: Uint8Array;
  readonly widthPixels: number;
  readonly heightPixels: number;
}
export type ChartPainter = (chart: Chart) => DrawnChart;

const SIZE = { widthPixels: 720, heightPixels: 230 } as const;
const STATE_SIZE = { widthPixels: 720, heightPixels: 150 } as const;
const FINENESS = 2;

/** Loading takes most of a second: call it once before the first chart is wanted. */
export async function chartPainter(): Promise<ChartPainter> {
  const [draw] = await Promise.all([chartDrawer(), startEngine()]);
  const fontBuffers = reportFonts().files.map((file) => new Uint8Array(file));
  return (chart) => {
    const size = chart.isStepped ? STATE_SIZE : SIZE;
    const engine = new Resvg(draw(chart, size), {
      background: '#FFFFFF',
      fitTo: { mode: 'zoom', value: FINENESS },
      font: { fontBuffers, defaultFontFamily: 'Inter' },
    });
    try {
      const image = engine.render();
      try {
        return { chart, png: image.asPng(), ...size };
      } finally {
        image.free();
      }
    } finally {
      engine.free();
    }
  };
}

let started: Promise<void> | undefined;

/** Once in a process: the engine itself is one, and refuses to be started again. */
function startEngine(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
  started ??= readFile(path).then(initWasm);
  return started;
}
