/** A reply in whatever protocol: streamed, asked for once more where trouble passes, and with what it cost. */
import type { ModelPrompt, ModelReply } from '../../domain/model.ts';
import { patiently, type Sleep } from './patiently.ts';
import { costOf, type Prices } from './prices.ts';
import { type Piece, streamReply } from './stream-reply.ts';

/** What every protocol is told. */
export interface ModelOptions {
  readonly modelName: string;
  readonly prices: Prices;
  readonly idleMilliseconds?: number | undefined;
  readonly sleep: Sleep;
}

/** Throws what the endpoint threw; see failures.ts. */
export async function pricedReply(
  open: (signal: AbortSignal) => AsyncIterable<Piece>,
  prompt: ModelPrompt,
  { address, modelName, prices, idleMilliseconds, sleep }: ModelOptions & { readonly address: string },
  signal: AbortSignal,
): Promise<ModelReply> {
  const answer = await patiently(() => streamReply(open, prompt, { address, idleMilliseconds }, signal), sleep, signal);
  return { ...answer, costUsd: costOf(prices, modelName, address, answer) };
}
