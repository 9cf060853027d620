/** Asks the services that we lean on, every few seconds, whether they are well. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Shop } from './shop.ts';

export interface Health {
  checks(): Readonly<Record<string, string>>;
}

const EVERY_MILLISECONDS = 2_000;
const LIMIT_MILLISECONDS = 1_500;

export function watchHealth(shop: Shop, log: Log, metrics: Metrics, signal: AbortSignal): Health {
  const checks: Record<string, string> = {};
  for (const { upstream, healthPath } of shop.dependencies) {
    void keepAsking(upstream.name, `${upstream.url}${healthPath}`);
  }

  async function keepAsking(name: string, url: string): Promise<void> {
    while (!signal.aborted) {
      const state = await ask(url);
      if (checks[name] !== undefined && checks[name] !== state)
        log.warn('dependency changed', { dependency: name, state });
      checks[name] = state;
      metrics.dependency(name, state === 'ok');
      await wait(EVERY_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
  }
  return { checks: () => checks };
}

async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MILLISECONDS) });
    await response.body?.cancel();
    return response.ok ? 'ok' : `answers ${response.status}`;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'does not answer' : 'not reachable';
  }
}
