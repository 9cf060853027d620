/** Loki: the service's log lines by its labels. Entries are merged over streams; their time is that of their ingestion. */
import { z } from 'zod';
import { AgentError } from '../../domain/error.ts';
import type { LogsQuestion } from '../../domain/question.ts';
import type { LogLine } from '../../domain/telemetry.ts';
import { cleanText, cutText } from '../../lib/clean-text.ts';
import { escapeLogqlValue } from '../../lib/escape.ts';
import { failureOfStatus, type HttpClient, parseJsonReply } from '../../lib/http.ts';
import { redact, redactLines } from '../../lib/redact.ts';
import { isoOfNanoseconds, nanosecondsOf } from '../../lib/time.ts';
import type { Source } from '../../ports.ts';
import { answerAfter, askedOf, gapOf, type Sight, wrongKind } from './looking.ts';

/** Nanoseconds as text, beyond what a number holds; a third element carries the line's own metadata. */
const Entry = z.tuple([z.string().regex(/^\d{1,19}$/), z.string()]).rest(z.unknown());
const Stream = z.object({ stream: z.record(z.string(), z.string()), values: z.array(Entry) });
const Reply = z.object({
  data: z.object({ resultType: z.literal('streams'), result: z.array(Stream) }),
});

const NAME = 'loki';
/** Loki's own default limit of one query. */
const MAX_LINES = 5_000;
const MAX_LINE_CHARACTERS = 65_536;
/**
 * Without it Loki counts `detected_level` and other metadata of single lines among the labels, so that one file comes
 * back as several streams and a stack trace is torn apart. Releases before 3.0 ignore it.
 */
const KEEP_STREAMS_WHOLE = { 'x-loki-response-encoding-flags': 'categorize-labels' };
/** Added by Loki itself: they name no other stream. */
const ADDED_LABELS = new Set(['detected_level', 'service_name']);

export interface LokiOptions {
  readonly baseUrl: string;
  readonly http: HttpClient;
}

export function loki({ baseUrl, http }: LokiOptions): Source {
  return {
    name: NAME,
    kinds: ['logs'],
    async ask(question, signal) {
      if (question.kind !== 'logs') throw wrongKind(NAME, question.kind);
      const asked = askedOf(NAME, question, selectorOf(question));
      return answerAfter(asked, async () => {
        const limit = Math.min(question.maxLines, MAX_LINES);
        const url = addressOf(question, limit);
        const reply = await http.send({ url, headers: KEEP_STREAMS_WHOLE }, signal);
        if (reply.status !== 200) throw failureOfStatus('Loki', url, reply);
        const sight = readStreams(parseJsonReply('Loki', url, reply.text));
        const cut = gapOf(asked, 'too-large', `read only the newest ${limit} lines, there may be more`);
        return (sight.telemetry.logLines?.length ?? 0) < limit ? sight : { ...sight, gaps: [cut] };
      });
    },
  };

  function addressOf(question: LogsQuestion, limit: number): string {
    const parameters = new URLSearchParams({
      query: selectorOf(question),
      start: String(nanosecondsOf(question.from) ?? 0n),
      // The end is exclusive in Loki, inclusive in our questions.
      end: String((nanosecondsOf(question.to) ?? 0n) + 1_000_000n),
      limit: String(limit),
      direction: 'backward',
    });
    return `${baseUrl.replace(/\/+$/, '')}/loki/api/v1/query_range?${parameters.toString()}`;
  }
}

function selectorOf({ service }: LogsQuestion): string {
  const matchers = Object.entries({ service: service.name, ...service.labels });
  return `{${matchers.map(([label, value]) => `${label}="${escapeLogqlValue(value)}"`).join(',')}}`;
}

/** Oldest first. Lines of one nanosecond stay in the order of their stream. */
function readStreams(body: unknown): Sight {
  const reply = Reply.safeParse(body);
  if (!reply.success) {
    const { path = [], message = '' } = reply.error.issues[0] ?? {};
    const detail = `Loki answered in an unknown shape (${path.map(String).join('.')}: ${message}): is that address a Loki?`;
    throw new AgentError('malformed', detail, { retryable: false });
  }
  const entries = reply.data.data.result.flatMap(({ stream, values }) => {
    const name = streamName(stream);
    // Newest first inside a stream.
    return values.toReversed().map(([nanoseconds, text]) => ({ name, nanoseconds: BigInt(nanoseconds), text }));
  });
  entries.sort((left, right) =>
    left.nanoseconds < right.nanoseconds ? -1 : Number(left.nanoseconds > right.nanoseconds),
  );
  const texts = redactedByStream(entries);
  const logLines = entries.map(({ name, nanoseconds }, index): LogLine => {
    const at = isoOfNanoseconds(nanoseconds);
    return { ...(at === undefined ? {} : { at }), stream: name, text: texts[index] ?? '' };
  });
  return { telemetry: { logLines } };
}

/** A private key spans lines of one stream, between which lines of others may lie. */
function redactedByStream(entries: readonly { readonly name: string; readonly text: string }[]): string[] {
  const byStream = new Map<string, number[]>();
  for (const [index, { name }] of entries.entries()) {
    const indexes = byStream.get(name);
    if (indexes) indexes.push(index);
    else byStream.set(name, [index]);
  }
  const redacted: string[] = [];
  for (const indexes of byStream.values()) {
    const lines = indexes.map((index) => tidy(entries[index]?.text ?? ''));
    for (const [at, line] of redactLines(lines).entries()) redacted[indexes[at] ?? 0] = line;
  }
  return redacted;
}

function tidy(text: string): string {
  return cleanText(cutText(text.replace(/\r$/, ''), MAX_LINE_CHARACTERS));
}

function streamName(labels: Record<string, string>): string {
  const shown = Object.entries(labels)
    .filter(([name]) => !ADDED_LABELS.has(name))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return redact(`{${shown.map(([name, value]) => `${name}="${escapeLogqlValue(value)}"`).join(',')}}`);
}
