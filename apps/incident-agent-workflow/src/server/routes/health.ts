/** Liveness, and what this instance can reach. */
import type { FastifyInstance } from 'fastify';
import { messageOf } from '../../domain/error.ts';

/** Resolves with a word for people; throws with what is wrong. */
export type ReadinessCheck = () => Promise<string>;

export interface HealthRoutesOptions {
  readonly service: string;
  /** Only `database` decides between 200 and 503: all others degrade a report, not the agent. */
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
}

const CHECK_TIMEOUT_MILLISECONDS = 2_000;

export async function healthRoutes(server: FastifyInstance, { service, checks }: HealthRoutesOptions): Promise<void> {
  server.get('/health', async () => ({ status: 'ok', service }));
  server.get('/health/ready', async (_request, reply) => {
    const results = await outcomesOf(checks);
    const isReady = results.database === undefined || results.database.status === 'ok';
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'unready', checks: results });
  });
}

export interface Outcome {
  readonly status: 'ok' | 'failing';
  readonly detail: string;
}

/** All at once, none longer than two seconds. */
export async function outcomesOf(checks: Readonly<Record<string, ReadinessCheck>>): Promise<Record<string, Outcome>> {
  const results = Object.entries(checks).map(async ([name, check]) => [name, await outcome(check)] as const);
  return Object.fromEntries(await Promise.all(results));
}

async function outcome(check: ReadinessCheck): Promise<Outcome> {
  const { promise, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(() => reject(new Error('no answer within 2 s')), CHECK_TIMEOUT_MILLISECONDS);
  try {
    return { status: 'ok', detail: await Promise.race([check(), promise]) };
  } catch (error) {
    return { status: 'failing', detail: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}
