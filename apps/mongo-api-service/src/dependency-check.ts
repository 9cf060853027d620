import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@incident-agent/service-kit/logging';
import type { DependencyMetrics } from '@incident-agent/service-kit/metrics';

export interface DependencyCheckOptions {
  /** Throws when MongoDB does not answer. */
  readonly ping: () => Promise<void>;
  readonly metrics: DependencyMetrics;
  readonly logger: Logger;
  /** From the start of one check to the start of the next. */
  readonly intervalMilliseconds: number;
}

export interface DependencyCheck {
  /** Resolves when the check under way, if any, has ended. */
  stop(): Promise<void>;
}

/** Checks MongoDB at once and then regularly, one check at a time; each failure is logged with its exception. */
export function startDependencyCheck(options: DependencyCheckOptions): DependencyCheck {
  const stopping = new AbortController();
  const ended = keepChecking(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function keepChecking(options: DependencyCheckOptions, signal: AbortSignal): Promise<void> {
  let wasUp: boolean | undefined;
  while (!signal.aborted) {
    const startedAt = performance.now();
    const isUp = await check(options);
    if (isUp && wasUp === false) options.logger.info('MongoDB answers again');
    wasUp = isUp;
    const restMilliseconds = Math.max(0, options.intervalMilliseconds - (performance.now() - startedAt));
    await wait(restMilliseconds, undefined, { signal }).catch(() => undefined); // stopped while waiting
  }
}

async function check({ ping, metrics, logger }: DependencyCheckOptions): Promise<boolean> {
  const isUp = await ping().then(
    () => true,
    (error: unknown) => {
      logger.error({ error, dependency: 'mongodb' }, `MongoDB check failed: ${String(error)}`);
      return false;
    },
  );
  metrics.checked(isUp, Date.now() / 1_000);
  return isUp;
}
