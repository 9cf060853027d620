/** Everything through which the notifier reaches the outside. */
import type { NotifyRequest, Receipt } from '@incident-agent/contracts/notify';
import type { Pdf } from './pdf.ts';

/** What a channel is asked to send: the checked request, with its key settled and its attachment decoded. */
export interface Message extends Omit<NotifyRequest, 'pdf_base64' | 'pdf_filename' | 'idempotency_key' | 'receipt'> {
  readonly idempotencyKey: string;
  readonly pdf?: Pdf;
  /** The receipt of an earlier message about the same matter, to thread or edit it. */
  readonly earlier?: Receipt;
}

/**
 * One way to tell people. `send` rejects with a DeliveryError whose code is `unknown` when the message may have arrived.
 * `find` asks the destination what an earlier try left there (undefined: nothing); without it that stays unknown.
 */
export interface Channel {
  readonly name: NotifyRequest['channel'];
  /** For people, without secrets: where messages go. */
  readonly destination: string;
  send(message: Message, signal: AbortSignal): Promise<Receipt>;
  find?(idempotencyKey: string, signal: AbortSignal): Promise<Receipt | undefined>;
}

export interface Clock {
  /** ISO 8601, UTC. */
  now(): string;
}
