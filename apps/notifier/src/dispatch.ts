/** One message per key: decides whether to send, sends, and remembers what became of it. */
import type { ChannelName, NotifyRequest, Receipt } from '@incident-agent/contracts/notify';
import { DeliveryError } from './delivery-error.ts';
import type { Entry, ReceiptJournal } from './journal.ts';
import { readPdf } from './pdf.ts';
import type { Channel, Clock, Message } from './ports.ts';

/** Beyond it a caller is asked to come back: each message may hold tens of megabytes. */
const MAX_IN_FLIGHT = 50;
const SEND_MILLISECONDS = 120_000;

type MessageResult = 'sent' | 'failed' | 'unknown' | 'duplicate';

export interface DispatchOptions {
  readonly channels: readonly Channel[];
  readonly journal: ReceiptJournal;
  readonly clock: Clock;
  /** For a message without a key. */
  readonly newKey: () => string;
  readonly onResult: (channel: ChannelName, result: MessageResult, error?: unknown) => void;
  /** A message was sent, and a restart would not know it. */
  readonly onForgetting: (error: unknown) => void;
}

export interface Dispatch {
  /**
   * The receipt, also the earlier one when the key was used before: then nothing is sent. A key whose earlier try is
   * `unknown` is sent again, and its receipt says `resent`. Rejects with a DeliveryError.
   */
  send(request: NotifyRequest): Promise<Receipt>;
  /** Waits for a try that is under way. undefined: nothing was sent under this key. */
  find(key: string): Promise<Entry | undefined>;
}

export function createDispatch(options: DispatchOptions): Dispatch {
  const inFlight = new Map<string, Promise<Receipt>>();
  return {
    send(request) {
      const key = request.idempotency_key ?? options.newKey();
      const running = inFlight.get(key);
      if (running) return running;
      if (inFlight.size >= MAX_IN_FLIGHT)
        return Promise.reject(
          new DeliveryError('busy', `${MAX_IN_FLIGHT} messages are being sent; try again`, { retryable: true }),
        );
      const task = dispatch(options, request, key).finally(() => inFlight.delete(key));
      inFlight.set(key, task);
      return task;
    },
    async find(key) {
      await inFlight.get(key)?.catch(() => undefined); // its failure is told to its own caller, and is in the journal
      return options.journal.find(key);
    },
  };
}

async function dispatch(options: DispatchOptions, request: NotifyRequest, key: string): Promise<Receipt> {
  try {
    const channel = channelFor(options.channels, request.channel);
    const earlier = options.journal.find(key);
    if (earlier?.receipt) {
      if (earlier.channel !== request.channel) throw keyOfAnother(earlier.channel);
      options.onResult(request.channel, 'duplicate');
      return earlier.receipt;
    }
    const receipt = await sendJournaled(options, channel, toMessage(request, key), earlier);
    options.onResult(request.channel, 'sent');
    return receipt;
  } catch (error) {
    const isUnknown = error instanceof DeliveryError && error.code === 'unknown';
    options.onResult(request.channel, isUnknown ? 'unknown' : 'failed', error);
    throw error;
  }
}

async function sendJournaled(
  { journal, clock, onForgetting }: DispatchOptions,
  channel: Channel,
  message: Message,
  earlier: Entry | undefined,
): Promise<Receipt> {
  const mayHaveArrived = earlier?.state === 'sending' || earlier?.state === 'unknown';
  const signal = AbortSignal.timeout(SEND_MILLISECONDS);
  const base = { key: message.idempotencyKey, channel: channel.name };
  await journal.write({ ...base, state: 'sending', at: clock.now() }).catch((cause: unknown) => {
    throw new DeliveryError('internal', 'the receipt journal cannot be written, so nothing was sent: check DATA_DIR', {
      retryable: true,
      cause,
    });
  });
  try {
    const found = mayHaveArrived ? await channel.find?.(message.idempotencyKey, signal) : undefined;
    const receipt = found ?? { ...(await channel.send(message, signal)), ...(mayHaveArrived && { resent: true }) };
    // Sent is sent: a disk that fails now costs the memory of it after a restart, not the answer.
    await journal.write({ ...base, state: 'sent', at: clock.now(), receipt }).catch(onForgetting);
    return receipt;
  } catch (error) {
    const isUnknown = mayHaveArrived || (error instanceof DeliveryError && error.code === 'unknown');
    const text = error instanceof Error ? error.message : String(error);
    const entry: Entry = { ...base, state: isUnknown ? 'unknown' : 'failed', at: clock.now(), error: text };
    await journal.write(entry).catch(() => undefined); // the error at hand says more than the disk's
    throw error;
  }
}

function toMessage(request: NotifyRequest, key: string): Message {
  const { pdf_base64, pdf_filename, idempotency_key: _, receipt, ...rest } = request;
  const pdf = readPdf(pdf_base64, pdf_filename ?? request.incident?.id ?? `${request.service}-${request.alertname}`);
  return { ...rest, idempotencyKey: key, ...(pdf && { pdf }), ...(receipt && { earlier: receipt }) };
}

function channelFor(channels: readonly Channel[], name: ChannelName): Channel {
  const channel = channels.find((candidate) => candidate.name === name);
  if (channel) return channel;
  const cure = name === 'email' ? 'set EMAIL_SENDER and EMAIL_RECEIVER' : 'this notifier sends e-mail only so far';
  throw new DeliveryError('not-configured', `channel ${name} is not configured: ${cure}`, { retryable: false });
}

function keyOfAnother(channel: ChannelName): DeliveryError {
  const message = `idempotency_key: already used for channel ${channel}; take another key`;
  return new DeliveryError('invalid-input', message, { retryable: false });
}
