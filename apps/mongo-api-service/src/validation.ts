/** Refusals of what callers send. */
import { AppError, type FastifyInstance } from '@incident-agent/service-kit/fastify';
import { ObjectId } from 'mongodb';
import { z } from 'zod';

/** Throws a 422 that names each wrong field. */
export function parseOrRefuse<S extends z.ZodType>(schema: S, sent: unknown): z.infer<S> {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new AppError(422, reasons.join('; '));
}

const Parameters = z.object({ item_id: z.string() });

/** Throws a 400 for what can be no id. */
export function parseItemId(parameters: unknown): ObjectId {
  const { item_id: written } = Parameters.parse(parameters);
  if (!/^[0-9a-f]{24}$/i.test(written)) throw new AppError(400, 'item_id must be 24 hexadecimal digits');
  return new ObjectId(written);
}

/** Within these routes a body that cannot be read as JSON is as wrong as one with wrong fields. */
export function refuseUnreadableBodies(routes: FastifyInstance): void {
  routes.setErrorHandler((error) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'FST_ERR_CTP_INVALID_JSON_BODY' || code === 'FST_ERR_CTP_EMPTY_JSON_BODY') {
      throw new AppError(422, 'body: Must be JSON', { cause: error });
    }
    throw error;
  });
}
