/** How a failure looks to the caller. */
import type { NotifyFailed, NotifyFailureCode } from '@incident-agent/contracts/notify';
import type { FastifyReply } from '@incident-agent/service-kit/fastify';
import type { z } from 'zod';
import { DeliveryError } from '../delivery-error.ts';

const statuses = {
  'invalid-input': 400,
  unauthorized: 401,
  'not-configured': 422,
  internal: 500,
  refused: 502,
  'too-large': 502,
  busy: 503,
  temporary: 503,
  unreachable: 503,
  unknown: 504,
} as const satisfies Record<NotifyFailureCode, number>;

/** Rethrows what is no DeliveryError: a bug, answered 500 without its text. */
export function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof DeliveryError)) throw error;
  const body: NotifyFailed = {
    status: 'failed',
    error: error.message,
    retryable: error.retryable,
    code: error.code,
  };
  if (error.code === 'busy') void reply.header('retry-after', '5');
  return reply.code(statuses[error.code]).send(body);
}

/** For what goes wrong outside the routes: a body that is too long or no JSON, an unknown path, a bug. */
export function failureBody({ statusCode, message }: { statusCode: number; message: string }): NotifyFailed {
  const code = statusCode >= 500 ? 'internal' : 'invalid-input';
  const advice = statusCode === 413 ? '; send at most 32 MB, the PDF smaller or not at all' : '';
  return { status: 'failed', error: `${message}${advice}`, retryable: false, code };
}

/** Every field that is wrong, with the cure. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${cure(issue)}`).join('; ');
}

function cure(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `is missing or of the wrong type; send ${nameOf(issue.expected)}`;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small') return 'must not be empty or below its minimum';
  if (issue.code === 'too_big') return `is above its maximum of ${String(issue.maximum)}`;
  return issue.message;
}

function nameOf(expected: string): string {
  return expected === 'string' ? 'a text' : `a JSON ${expected}`;
}
