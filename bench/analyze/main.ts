/**
 * How fast the analysis is: log mining alone (plain, JSON and lines that are all unlike), redaction apart from it, and a
 * full incident of 50 series, 100,000 log lines and a repository of 5,000 commits.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { readLogLines } from '../../apps/incident-agent-workflow/src/analyze/logs/read-log-lines.ts';
import { mineTemplates } from '../../apps/incident-agent-workflow/src/analyze/logs/templates.ts';
import { extractTraces } from '../../apps/incident-agent-workflow/src/analyze/stack-traces/extract.ts';
import { redactLines } from '../../apps/incident-agent-workflow/src/lib/redact.ts';
import { type Bench, type Figure, figure, percentile } from '../figures.ts';
import { buildLargeRepository } from './large-repository.ts';
import { jsonLines, plainLines, unlikeLines } from './lines.ts';

const LINES = 200_000;
const UNLIKE_LINES = 50_000;
const ROUNDS = 7;
/** As `serve` starts its workers. */
const WORKER_NODE_OPTIONS = ['--max-old-space-size=256', '--max-semi-space-size=8'];

export const analyzeBench: Bench = async ({ scratch, repeats, say, signal }) => {
  const mining = [
    perSecond('log_plain_lines_per_s', plainLines(LINES), mine, 600_000),
    perSecond('log_json_lines_per_s', jsonLines(LINES), mine, 200_000),
    perSecond('log_unlike_lines_per_s', unlikeLines(UNLIKE_LINES), mine, 50_000),
    traces('trace_plain_lines_per_s', plainLines(LINES)),
    traces('trace_json_lines_per_s', jsonLines(LINES)),
    perSecond('redact_plain_lines_per_s', plainLines(UNLIKE_LINES), redactLines),
    perSecond('redact_json_lines_per_s', jsonLines(UNLIKE_LINES), redactLines),
  ];
  say('a full incident');
  return [...mining, ...(await fullIncident(scratch, repeats ?? 20, signal))];
};

/** Reading (time, level, message) and templates, from the text of the lines. */
function mine(texts: readonly string[]): unknown {
  return mineTemplates(readLogLines(texts.map((line) => ({ stream: 'orders', text: line }))), new Set());
}

/** Looking for stack traces where there are none, in a log that is already read. */
function traces(name: string, texts: readonly string[]): Figure {
  const lines = readLogLines(texts.map((line) => ({ stream: 'orders', text: line })));
  return perSecond(name, texts, () => extractTraces(lines));
}

/** The median of several rounds, the first one for warming up. */
function perSecond(
  name: string,
  lines: readonly string[],
  work: (lines: readonly string[]) => unknown,
  atLeast?: number,
): Figure {
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const began = performance.now();
    work(lines);
    if (round > 0) rates.push((lines.length * 1_000) / (performance.now() - began));
  }
  return figure(name, percentile(rates, 0.5), 'lines/s', atLeast === undefined ? {} : { atLeast });
}

const Measured = z.object({
  analyzeSeconds: z.array(z.number()),
  lookSeconds: z.array(z.number()),
  peakMegabytes: z.number(),
  evidence: z.number(),
});

/** In a process of its own with the limits of the product's worker, so that its memory is what a user pays for. */
async function fullIncident(scratch: string, repeats: number, signal: AbortSignal): Promise<Figure[]> {
  const repository = join(scratch, 'large-repository');
  await buildLargeRepository(repository);
  const program = join(import.meta.dirname, 'full-incident.ts');
  const child = spawn(process.execPath, [...WORKER_NODE_OPTIONS, program, repository, String(repeats)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`The full incident ended with exit code ${String(code)}`);
  const { analyzeSeconds, lookSeconds, peakMegabytes, evidence } = Measured.parse(JSON.parse(output));
  return [
    figure('analyze_p50_s', percentile(analyzeSeconds, 0.5), 's', { below: 1 }),
    figure('analyze_p95_s', percentile(analyzeSeconds, 0.95), 's', { below: 2 }),
    figure('look_p50_s', percentile(lookSeconds, 0.5), 's'),
    figure('look_p95_s', percentile(lookSeconds, 0.95), 's'),
    figure('analyze_peak_mb', peakMegabytes, 'MB', { below: 300 }),
    figure('analyze_evidence', evidence, 'items'),
  ];
}
