/**
 * `npm run bench reports`: what it takes to write out the reports of three incidents of the corpus (the cause in the
 * code, in a dependency, not found). Cold: a new thread with nothing loaded. Warm: each format again and again.
 */
import { performance } from 'node:perf_hooks';
import { docxRenderer } from '../apps/incident-agent-workflow/src/adapters/renderers/docx.ts';
import { jsonRenderer } from '../apps/incident-agent-workflow/src/adapters/renderers/json.ts';
import { markdownRenderer } from '../apps/incident-agent-workflow/src/adapters/renderers/markdown.ts';
import { threadedPdfRenderer } from '../apps/incident-agent-workflow/src/adapters/renderers/pdf-threaded.ts';
import type { Report } from '../apps/incident-agent-workflow/src/domain/report.ts';
import type { Log, Renderer } from '../apps/incident-agent-workflow/src/ports.ts';
import { chartsOf } from '../apps/incident-agent-workflow/src/report/charts.ts';
import { corpusReports } from '../scripts/pictures-corpus.ts';
import { type Bench, type Figure, figure, percentile } from './figures.ts';
import { countHostile } from './hostile-reports.ts';

const REPEATS = 30;
const AT_ONCE = 8;
const ROUNDS_AT_ONCE = 5;
const BUDGET_MILLISECONDS = 300;

const log: Log = { info() {}, warn: console.error, error: console.error };

export const reports: Bench = async ({ repeats = REPEATS, scratch, say, signal }) => {
  say('investigating three incidents of the corpus');
  const known = await corpusReports();
  const figures: Figure[] = [];
  const pdf = threadedPdfRenderer({ chartsOf, log });
  try {
    const [first] = known;
    if (!first) throw new Error('the corpus has no report');
    figures.push(figure('pdf_cold_ms', await timed(pdf, first.report), 'ms'));
    for (const { name, report } of known) {
      const content = await pdf.render(report);
      figures.push(figure(`pdf_${name}_pages`, pagesOf(content), 'pages'));
      figures.push(figure(`pdf_${name}_kib`, content.byteLength / 1024, 'KiB'));
    }
    say(`each of them ${repeats} times`);
    const warm: number[] = [];
    // Of the whole process, its thread included: what it would take on a machine that does nothing else.
    const worked: number[] = [];
    for (let round = 0; round < repeats; round += 1)
      for (const { report } of known) {
        signal.throwIfAborted();
        const before = process.cpuUsage();
        warm.push(await timed(pdf, report));
        const { user, system } = process.cpuUsage(before);
        worked.push((user + system) / 1_000);
      }
    figures.push(figure('pdf_warm_cpu_median_ms', percentile(worked, 0.5), 'ms'));
    figures.push(figure('pdf_warm_cpu_p95_ms', percentile(worked, 0.95), 'ms', { below: BUDGET_MILLISECONDS }));
    figures.push(figure('pdf_warm_median_ms', percentile(warm, 0.5), 'ms'));
    figures.push(figure('pdf_warm_p95_ms', percentile(warm, 0.95), 'ms', { below: BUDGET_MILLISECONDS }));
    say(`${AT_ONCE} at once, ${ROUNDS_AT_ONCE} times`);
    const together: number[] = [];
    for (let round = 0; round < ROUNDS_AT_ONCE; round += 1) {
      const wanted = Array.from({ length: AT_ONCE }, (_unused, index) => known[index % known.length] ?? first);
      together.push(...(await Promise.all(wanted.map(({ report }) => timed(pdf, report)))));
    }
    figures.push(figure('pdf_8_at_once_median_ms', percentile(together, 0.5), 'ms'));
    figures.push(figure('pdf_8_at_once_p95_ms', percentile(together, 0.95), 'ms'));
  } finally {
    await pdf.close();
  }
  for (const renderer of [docxRenderer({ log, chartsOf }), markdownRenderer(), jsonRenderer()]) {
    const times: number[] = [];
    let bytes = 0;
    for (const { report } of known) {
      bytes = Math.max(bytes, (await renderer.render(report)).byteLength);
      for (let round = 0; round < Math.min(repeats, 5); round += 1) times.push(await timed(renderer, report));
    }
    figures.push(figure(`${renderer.format}_warm_p95_ms`, percentile(times, 0.95), 'ms'));
    figures.push(figure(`${renderer.format}_largest_kib`, bytes / 1024, 'KiB'));
  }
  say('hostile text in every field');
  figures.push(...(await hostileFigures(known, scratch)));
  return figures;
};

/** Over all inputs, formats and reports. */
async function hostileFigures(known: readonly { readonly report: Report }[], scratch: string): Promise<Figure[]> {
  let shown = 0;
  let quoted = 0;
  let acting = 0;
  for (const { report } of known)
    for (const count of await countHostile(report, scratch)) {
      shown += count.shown;
      quoted += count.quoted;
      acting += count.broken.length - (count.shown - count.quoted);
    }
  return [
    figure('hostile_places_shown', shown, 'places'),
    figure('hostile_quoted_share', quoted / shown, 'share', { atLeast: 1 }),
    figure('hostile_acting', acting, 'elements', { atMost: 0 }),
  ];
}

async function timed(renderer: Pick<Renderer, 'render'>, report: Report): Promise<number> {
  const startedAt = performance.now();
  await renderer.render(report);
  return performance.now() - startedAt;
}

/** As its page tree says. */
function pagesOf(pdf: Uint8Array): number {
  const counts = [
    ...Buffer.from(pdf)
      .toString('latin1')
      .matchAll(/\/Count (\d+)/g),
  ].map(([, count]) => Number(count));
  return Math.max(0, ...counts);
}
