/** The HTTP side of the agent: one Fastify plugin per subject, each given what it needs. */
import rateLimit from '@fastify/rate-limit';
import { createServer, type Refusal, type ServerOptions } from '@incident-agent/service-kit/fastify';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isAgentError } from '../domain/error.ts';
import { type AuthOptions, guard } from './auth.ts';
import { type AlertRoutesOptions, alertRoutes } from './routes/alerts.ts';
import { type BundleRoutesOptions, bundleRoutes } from './routes/bundles.ts';
import { type DeliveryRoutesOptions, deliveryRoutes } from './routes/deliveries.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { type HealthRoutesOptions, healthRoutes } from './routes/health.ts';
import { type IncidentRoutesOptions, incidentRoutes } from './routes/incidents.ts';
import { type PageRoutesOptions, pageRoutes } from './routes/pages.ts';
import { type RunRoutesOptions, runRoutes } from './routes/runs.ts';
import { type StatusRoutesOptions, statusRoutes } from './routes/status.ts';

export type AgentServerOptions = Pick<ServerOptions, 'service' | 'logger' | 'metrics'> &
  HealthRoutesOptions &
  AlertRoutesOptions &
  IncidentRoutesOptions &
  BundleRoutesOptions &
  DeliveryRoutesOptions &
  StatusRoutesOptions &
  PageRoutesOptions &
  RunRoutesOptions & { readonly auth: AuthOptions };

/** Requests a minute from one address; alerts have limits of their own and are never turned away for their number. */
const REQUESTS_PER_MINUTE = 1_200;
const SIGN_INS_PER_MINUTE = 10;

export async function createAgentServer(options: AgentServerOptions): Promise<FastifyInstance> {
  const server = createServer({
    service: options.service,
    logger: options.logger,
    metrics: options.metrics,
    errorBody: ({ message }) => ({ error: message }),
    refusalOf,
    // A 503 that sheds load has a metric of its own: counted as 5xx, a storm would beget alerts about the agent.
    countsAs: (status) => (status === 503 ? 'shed' : undefined),
  });
  await server.register(rateLimit, {
    max: (request) => (request.url.startsWith('/sign-in') ? SIGN_INS_PER_MINUTE : REQUESTS_PER_MINUTE),
    keyGenerator: (request) => `${request.ip} ${request.url.startsWith('/sign-in')}`,
    allowList: (request) =>
      request.url.startsWith('/alerts') || request.url.startsWith('/health') || request.url === '/metrics',
    timeWindow: 60_000,
  });
  await guard(server, options.auth);
  await server.register(healthRoutes, options);
  await server.register(alertRoutes, options);
  await server.register(incidentRoutes, options);
  await server.register(bundleRoutes, options);
  await server.register(deliveryRoutes, options);
  await server.register(feedbackRoutes, options);
  await server.register(statusRoutes, options);
  await server.register(runRoutes, options);
  await server.register(pageRoutes, options);
  return server;
}

/** What a parameter's schema or the store refuses is the caller's mistake. */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof z.ZodError) return { statusCode: 400, message: z.prettifyError(error) };
  return isAgentError(error) && error.code === 'invalid-input'
    ? { statusCode: 400, message: error.message }
    : undefined;
}
