/** Trouble that passes is waited for once, if it says how long or is likely to be short. */
import { APICallError } from '@ai-sdk/provider';
import { retryAfterSeconds } from './failures.ts';

const LONGEST_WAIT_SECONDS = 30;
const SHORT_PAUSE_MILLISECONDS = 500;

export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export async function patiently<T>(work: () => Promise<T>, sleep: Sleep, signal: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const pause = signal.aborted ? undefined : pauseAfter(error);
    if (pause === undefined) throw error;
    await sleep(pause, signal);
    signal.throwIfAborted();
    return await work();
  }
}

/** Milliseconds to wait before the one further try; undefined: waiting would not help. */
function pauseAfter(error: unknown): number | undefined {
  if (!APICallError.isInstance(error)) return undefined;
  if (error.statusCode === 429) {
    const seconds = retryAfterSeconds(error) ?? 1;
    return seconds <= LONGEST_WAIT_SECONDS ? seconds * 1_000 : undefined;
  }
  return error.statusCode !== undefined && error.statusCode >= 500 ? SHORT_PAUSE_MILLISECONDS : undefined;
}
