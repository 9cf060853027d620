/** Questions that come together start git once: many of one kind as one command, and the same command only once. */
import { setImmediate } from 'node:timers/promises';
import { isAgentError } from '../../domain/error.ts';
import { tookTooLong } from '../../lib/git-command.ts';

/** As many as are asked for by one command: their names stand on its command line. */
const MOST_TOGETHER = 64;

interface Crowd<T> {
  /** Until the work is over, or `signal` aborts. */
  join(signal: AbortSignal): Promise<T>;
  /** All have left, so that the work was told to stop: who comes now begins anew. */
  isGivenUp(): boolean;
}

/** Work that several wait for, each as long as he may. */
function crowd<T>(work: (signal: AbortSignal) => Promise<T>): Crowd<T> {
  const stop = new AbortController();
  const result = work(stop.signal);
  result.catch(() => undefined); // told to whoever still waits
  let waiting = 0;
  return {
    isGivenUp: () => stop.signal.aborted,
    join(signal) {
      if (signal.aborted) return Promise.reject(tookTooLong());
      waiting += 1;
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiting -= 1;
          if (waiting === 0) stop.abort();
          reject(tookTooLong());
        };
        signal.addEventListener('abort', leave, { once: true });
        const stay = () => signal.removeEventListener('abort', leave);
        result.finally(stay).then(resolve, reject);
      });
    },
  };
}

export interface OnceOptions {
  /** Whether a result holds for ever; else only for those who ask before it is there. */
  readonly keeps: boolean;
}

/** Work of one name is under way only once. What failed is tried again by the next who asks. */
export function once<T>({ keeps }: OnceOptions) {
  const known = new Map<string, Crowd<T>>();
  return (name: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const running = known.get(name);
    if (running && !running.isGivenUp()) return running.join(signal);
    if (signal.aborted) return Promise.reject(tookTooLong());
    const forget = () => known.get(name) === started && known.delete(name);
    const started = crowd(async (stop) => {
      try {
        const result = await work(stop);
        if (!keeps) forget();
        return result;
      } catch (error) {
        forget();
        throw error;
      }
    });
    known.set(name, started);
    return started.join(signal);
  };
}

export interface GatheredOptions<Key, Value extends object> {
  /** Only keys of one group can be asked for by one command; undefined: this one with no other. */
  readonly groupOf: (key: Key) => string | undefined;
  /** One value for each key, in their order. */
  readonly work: (keys: readonly Key[], signal: AbortSignal) => Promise<readonly Value[]>;
}

/**
 * What is asked for in one turn of the event loop is asked for together. Where that fails each is asked for alone, so
 * that what is wrong with one costs no other its answer.
 */
export function gathered<Key, Value extends object>({ groupOf, work }: GatheredOptions<Key, Value>) {
  const open = new Map<string, { readonly keys: Key[]; readonly answers: Crowd<Answered<Value>[]> }>();

  function begin(group: string) {
    const keys: Key[] = [];
    const answers = crowd(async (stop) => {
      await setImmediate();
      if (open.get(group) === batch) open.delete(group);
      return answersOf(keys, work, stop);
    });
    const batch = { keys, answers };
    open.set(group, batch);
    return batch;
  }

  return async (key: Key, signal: AbortSignal): Promise<Value> => {
    if (signal.aborted) throw tookTooLong();
    const group = groupOf(key);
    if (group === undefined) return workAlone(key, work, signal);
    const waiting = open.get(group);
    const isOpen = waiting && waiting.keys.length < MOST_TOGETHER && !waiting.answers.isGivenUp();
    const { keys, answers } = isOpen ? waiting : begin(group);
    const place = keys.push(key) - 1;
    const answer = (await answers.join(signal))[place];
    if (answer?.status === 'fulfilled') return answer.value;
    throw answer?.reason ?? unanswered();
  };
}

type Answered<Value> = PromiseSettledResult<Value>;

async function answersOf<Key, Value extends object>(
  keys: readonly Key[],
  work: GatheredOptions<Key, Value>['work'],
  signal: AbortSignal,
): Promise<Answered<Value>[]> {
  try {
    return (await work(keys, signal)).map((value) => ({ status: 'fulfilled', value }));
  } catch (error) {
    const isOfAll = keys.length === 1 || signal.aborted || (isAgentError(error) && error.retryable);
    if (isOfAll) return keys.map(() => ({ status: 'rejected', reason: error }));
    return Promise.allSettled(keys.map((key) => workAlone(key, work, signal)));
  }
}

async function workAlone<Key, Value extends object>(
  key: Key,
  work: GatheredOptions<Key, Value>['work'],
  signal: AbortSignal,
): Promise<Value> {
  const [value] = await work([key], signal);
  if (value === undefined) throw unanswered();
  return value;
}

/** A bug of ours. */
function unanswered(): Error {
  return new Error('a question that was gathered with others was left without an answer');
}
