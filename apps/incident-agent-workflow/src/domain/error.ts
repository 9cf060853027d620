/** What can go wrong with the outside, as a value that callers decide by. */
import { z } from 'zod';

export const ErrorCode = z.enum([
  'timeout',
  'unreachable',
  'refused',
  'rate-limited',
  'malformed',
  'too-large',
  'not-found',
  'not-configured',
  'invalid-input',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/**
 * Whoever knows the other side sets `retryable`; whoever owns the time decides whether to try again.
 * The message is for a person: what was tried, where, what came back, what to do. Never a secret.
 */
export class AgentError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  constructor(code: ErrorCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'AgentError';
    this.code = code;
    this.retryable = options.retryable;
  }
}

/** By shape, not by class: an error that comes back from a stored stage has kept its fields and lost its class. */
export function isAgentError(error: unknown): error is AgentError {
  return (
    error instanceof Error && error.name === 'AgentError' && 'code' in error && ErrorCode.safeParse(error.code).success
  );
}

/** One line for people, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
