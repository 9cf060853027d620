/**
 * `node bench/corpus/recorder/record-case.ts <order>`: records one case in a process of its own and writes its bundle.
 * What became of it stands in the result file; the exit code says only whether that could be written.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeBundle } from '../../../apps/incident-agent-workflow/src/adapters/bundles/bundle-file.ts';
import { stopSignal } from '../../../demo/stop-signal.ts';
import { services } from '../services/all.ts';
import { bundleOfCase } from './bundle-of-case.ts';
import { foldersIn, prepareServices } from './case-services.ts';
import { compose } from './compose.ts';
import { definitionsFor } from './definitions.ts';
import type { CasePlan } from './plan.ts';
import { allCases } from './plan-fresh.ts';
import { play } from './play.ts';
import { CaseResult } from './results.ts';

const Order = z.object({
  id: z.string(),
  seed: z.number(),
  slot: z.number(),
  scratch: z.string(),
  bundle: z.string(),
  result: z.string(),
});
type Order = z.infer<typeof Order>;

async function record({ slot, scratch, bundle }: Order, plan: CasePlan, signal: AbortSignal): Promise<CaseResult> {
  const definitions = definitionsFor(plan.template, services);
  const composed = compose(plan, definitions);
  const folders = foldersIn(scratch);
  const running = await prepareServices({ plan, composed, definitions, slot }, folders, signal);
  try {
    const played = await play(plan, running, folders, signal);
    const content = await bundleOfCase({ plan, composed, definitions, running, folders, played });
    const { lateShare, failures } = played.scrapes;
    const seen = { lateShare, missedScrapes: failures.length, scrapes: played.scrapes.at.length };
    if (content === undefined) return { outcome: 'no-alert', ...seen };
    const bytes = await writeBundle(content);
    mkdirSync(dirname(bundle), { recursive: true });
    writeFileSync(`${bundle}.part`, bytes);
    renameSync(`${bundle}.part`, bundle);
    return {
      outcome: 'recorded',
      ...seen,
      bytes: bytes.byteLength,
      alerts: content.alerts.map(({ labels }) => labels.alertname ?? ''),
    };
  } finally {
    await running.end();
  }
}

async function main(): Promise<number> {
  const order = Order.parse(JSON.parse(process.argv[2] ?? ''));
  const signal = stopSignal();
  const plan = allCases(order.seed).find(({ id }) => id === order.id);
  let result: CaseResult;
  try {
    if (plan === undefined) throw new Error(`There is no case ${order.id}`);
    result = await record(order, plan, signal);
  } catch (error) {
    result = { outcome: 'failed', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  writeFileSync(order.result, JSON.stringify(CaseResult.parse(result)));
  if (result.outcome !== 'failed') rmSync(join(order.scratch, 'releases'), { recursive: true, force: true });
  return 0;
}

process.exit(await main());
