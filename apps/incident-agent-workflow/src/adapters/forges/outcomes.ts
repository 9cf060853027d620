/** What became of a draft, as the outbox is told it. */
import { isAgentError, messageOf } from '../../domain/error.ts';
import type { SendOutcome } from '../../ports.ts';

export async function outcomeOf(work: () => Promise<SendOutcome>): Promise<SendOutcome> {
  try {
    return await work();
  } catch (error) {
    if (!isAgentError(error)) throw error;
    return { state: 'refused', error: messageOf(error), retryable: error.retryable };
  }
}

export function refused(error: string): SendOutcome {
  return { state: 'refused', error, retryable: false };
}
