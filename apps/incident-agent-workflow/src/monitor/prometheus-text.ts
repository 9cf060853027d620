/** Reads the Prometheus text format of a service's /metrics. Pure; anything that is no sample line is passed over. */
import type { Sample } from '../ports.ts';

const MAX_SAMPLES = 5_000;
const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/** At most 5,000 samples; NaN and ±Inf become null. */
export function readPrometheusText(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    if (samples.length >= MAX_SAMPLES) break;
    const sample = line.startsWith('#') ? undefined : readLine(line.trim());
    if (sample) samples.push(sample);
  }
  return samples;
}

function readLine(line: string): Sample | undefined {
  const [, metric, labels, value] = LINE.exec(line) ?? [];
  if (metric === undefined || value === undefined) return undefined;
  const number = Number(value);
  return { metric, labels: readLabels(labels ?? ''), value: Number.isFinite(number) ? number : null };
}

function readLabels(text: string): Record<string, string> {
  const labels: [string, string][] = [];
  for (const [, name, value] of text.matchAll(LABEL)) {
    if (name !== undefined && value !== undefined) labels.push([name, unescapeLabel(value)]);
  }
  return Object.fromEntries(labels);
}

function unescapeLabel(value: string): string {
  return value.replaceAll(/\\(.)/g, (_all, character: string) => (character === 'n' ? '\n' : character));
}
