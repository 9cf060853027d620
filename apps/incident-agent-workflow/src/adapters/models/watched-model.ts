/**
 * What is known of the model, for people, not for runs: it is asked once when it is found, again after a while where it
 * failed, and whether it is still there is seen from its list of models, which costs nothing.
 */
import { messageOf } from '../../domain/error.ts';
import type { ModelStatus } from '../../domain/model.ts';
import type { Model } from '../../ports.ts';
import type { ModelFinder } from './find-model.ts';

/** A model on a laptop takes a while to be loaded. */
const PROBE_MILLISECONDS = 120_000;
const PROBE_AGAIN_MILLISECONDS = 60_000;
const LOOK_MILLISECONDS = 2_000;
const LOOK_AGAIN_MILLISECONDS = 30_000;

export interface WatchedModel {
  /** At once, with what is known so far. Never throws. */
  status(): Promise<ModelStatus>;
  /** Resolves when a probe that is under way has ended. */
  settled(): Promise<void>;
}

export function watchModel(finder: ModelFinder, milliseconds: () => number): WatchedModel {
  let probing: Promise<void> | undefined;
  let failure: { readonly words: string; readonly at: number } | undefined;
  let listed: { readonly isThere: boolean; readonly at: number } | undefined;

  async function status(): Promise<ModelStatus> {
    const { model, note } = await finder.find(AbortSignal.timeout(LOOK_MILLISECONDS));
    if (!model) return { name: note, state: 'off', capabilities: null, failure: null, price: null };
    const isStale = failure !== undefined && milliseconds() - failure.at >= PROBE_AGAIN_MILLISECONDS;
    if (!finder.known() && !probing && (failure === undefined || isStale)) probing = probe(model.capabilities);
    const capabilities = finder.known();
    const common = { name: note, price: model.price ?? null };
    if (capabilities) {
      const { json, contextTokens } = capabilities;
      const missed = (await isGone(model)) ? `${note} does not answer any more: start it again` : null;
      return {
        ...common,
        state: missed === null ? 'answers' : 'failing',
        capabilities: { json, contextTokens: contextTokens ?? null },
        failure: missed,
      };
    }
    if (probing) return { ...common, state: 'being asked', capabilities: null, failure: null };
    return { ...common, state: 'failing', capabilities: null, failure: failure?.words ?? null };
  }

  /** One that never had a list is not missed. */
  async function isGone({ offered }: Model): Promise<boolean> {
    if (!listed || milliseconds() - listed.at >= LOOK_AGAIN_MILLISECONDS) {
      const names = (await offered?.(AbortSignal.timeout(LOOK_MILLISECONDS))) ?? [];
      if (listed || names.length > 0) listed = { isThere: names.length > 0, at: milliseconds() };
    }
    return listed?.isThere === false;
  }

  async function probe(ask: ((signal: AbortSignal) => Promise<unknown>) | undefined): Promise<void> {
    try {
      await ask?.(AbortSignal.timeout(PROBE_MILLISECONDS));
      failure = undefined;
    } catch (error) {
      failure = { words: messageOf(error), at: milliseconds() };
    } finally {
      probing = undefined;
    }
  }

  return { status, settled: async () => probing };
}
