import type { NotifyFailureCode } from '@incident-agent/contracts/notify';

/** Why a message was not sent. Whoever knows the other side sets `retryable`; callers decide by it and by `code`. */
export class DeliveryError extends Error {
  readonly code: NotifyFailureCode;
  readonly retryable: boolean;
  constructor(code: NotifyFailureCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'DeliveryError';
    this.code = code;
    this.retryable = options.retryable;
  }
}
