/** Asks the sources, all at once and each with its deadline. What could not be seen comes back as gaps. */
import { messageOf } from '../domain/error.ts';
import type { Gap } from '../domain/gap.ts';
import { type Question, unknownWithout } from '../domain/question.ts';
import type { Answer, Observation } from '../domain/telemetry.ts';
import type { Clock, Log, Source } from '../ports.ts';
import { choose } from './choose.ts';
import { inParallel } from './in-parallel.ts';

export interface CollectOptions {
  /** How long one source may take for one question. */
  readonly deadlineMilliseconds: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the process is to stop. */
  readonly signal: AbortSignal;
}

const MAX_ASKED_AT_ONCE = 16;
/** At the deadline a source is given this long to say itself what it could not see: it knows its query. */
const GRACE_MILLISECONDS = 200;

/**
 * One observation for each question, in the order of the questions whatever the order of arrival. Sources of a kind are
 * in order of preference: the first that has something is taken, the gaps of all are kept.
 * Rejects only when `signal` aborts.
 */
export async function collect(
  questions: readonly Question[],
  sources: readonly Source[],
  options: CollectOptions,
): Promise<Observation[]> {
  const asked = questions.flatMap((question) =>
    sources.filter((source) => source.kinds.includes(question.kind)).map((source) => ({ question, source })),
  );
  const answers = await inParallel(asked, MAX_ASKED_AT_ONCE, async ({ question, source }) => ({
    question,
    answer: await askOne(question, source, options),
  }));
  options.signal.throwIfAborted();
  return questions.map((question) => {
    const own = answers.filter((each) => each.question === question).map(({ answer }) => answer);
    return { question, answer: choose(question, own) };
  });
}

async function askOne(question: Question, source: Source, options: CollectOptions): Promise<Answer> {
  const { clock, signal, deadlineMilliseconds } = options;
  const stop = new AbortController();
  const deadline = new AbortController();
  const whileWaiting = AbortSignal.any([stop.signal, signal]);
  const late = clock.sleep(deadlineMilliseconds, whileWaiting).then(async () => {
    deadline.abort();
    await clock.sleep(GRACE_MILLISECONDS, whileWaiting);
    return gapAnswer(question, source.name, 'timeout', `${source.name} did not answer in ${deadlineMilliseconds} ms`);
  });
  try {
    return await Promise.race([
      guarded(question, source, AbortSignal.any([deadline.signal, signal]), options.log),
      late,
    ]);
  } finally {
    stop.abort();
  }
}

/** A bug in one source must not cost the others' answers: it is logged for us, and a gap for the reader. */
async function guarded(question: Question, source: Source, signal: AbortSignal, log: Log): Promise<Answer> {
  try {
    return await source.ask(question, signal);
  } catch (error) {
    if (signal.aborted) return gapAnswer(question, source.name, 'timeout', `${source.name} did not answer in time`);
    log.error('A source failed with an internal error', { source: source.name, kind: question.kind, error });
    return gapAnswer(question, source.name, 'malformed', `internal error in ${source.name}: ${messageOf(error)}`);
  }
}

function gapAnswer(question: Question, source: string, reason: Gap['reason'], detail: string): Answer {
  return {
    source,
    query: '',
    telemetry: {},
    gaps: [{ source, query: '', reason, detail, unknown: unknownWithout(question) }],
  };
}
