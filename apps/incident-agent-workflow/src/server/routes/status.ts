/** What this instance can see and do. No secrets: names, addresses and numbers only. */
import type { FastifyInstance } from 'fastify';
import type { ModelStatus } from '../../domain/model.ts';
import type { Clock, ModelBudget, Stores } from '../../ports.ts';
import { outcomesOf, type ReadinessCheck } from './health.ts';

export interface StatusRoutesOptions {
  readonly service: string;
  readonly stores: Pick<Stores, 'incidents' | 'queue' | 'deliveries' | 'spending'>;
  readonly clock: Clock;
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  readonly versions: { readonly agent: string; readonly rules: string };
  readonly model: () => Promise<ModelStatus>;
  readonly modelLimits: Pick<ModelBudget, 'runUsd' | 'dayUsd'> & { readonly runSeconds: number };
}

export async function statusRoutes(server: FastifyInstance, options: StatusRoutesOptions): Promise<void> {
  const { service, stores, clock, checks, versions, modelLimits } = options;
  server.get('/api/status', async () => {
    const day = clock.now().slice(0, 10);
    const [reached, model, spentUsd, open, queued, failed, planned] = await Promise.all([
      outcomesOf(checks),
      options.model(),
      stores.spending.spentOn(day),
      stores.incidents.countOpen(),
      stores.queue.depth(),
      stores.deliveries.list('failed'),
      stores.deliveries.list('planned'),
    ]);
    return {
      service,
      versions,
      at: clock.now(),
      checks: reached,
      model: {
        ...model,
        limits: {
          run_seconds: modelLimits.runSeconds,
          run_usd: modelLimits.runUsd ?? null,
          day_usd: modelLimits.dayUsd ?? null,
        },
        spent_today_usd: Math.round(spentUsd * 1e6) / 1e6,
      },
      incidents: { open },
      queue: { depth: queued },
      deliveries: { planned: planned.length, failed: failed.length },
    };
  });
}
