/** Loki: the service's log lines by its labels. Entries are merged over streams; their time is that of their ingestion. */
import { z } from 'zod';
import { AgentError, isAgentError } from '../../domain/error.ts';
import type { LogsQuestion } from '../../domain/question.ts';
import { narrowingLabels, waysToKnow } from '../../domain/service-labels.ts';
import type { LogLine } from '../../domain/telemetry.ts';
import { cleanText, cutText } from '../../lib/clean-text.ts';
import { escapeLogqlValue } from '../../lib/escape.ts';
import { failureOfStatus, type HttpClient, parseJsonReply } from '../../lib/http.ts';
import { clockTime } from '../../lib/instants.ts';
import { redact, redactLines } from '../../lib/redact.ts';
import { isoOfNanoseconds, nanosecondsOf } from '../../lib/time.ts';
import { thousands } from '../../lib/wording.ts';
import type { Source } from '../../ports.ts';
import { answerAfter, askedOf, gapOf, wrongKind } from './looking.ts';

/** Nanoseconds as text, beyond what a number holds; a third element carries the line's own metadata. */
const WireEntry = z.tuple([z.string().regex(/^\d{1,19}$/), z.string()]).rest(z.unknown());
const Stream = z.object({ stream: z.record(z.string(), z.string()), values: z.array(WireEntry) });
const Reply = z.object({
  data: z.object({ resultType: z.literal('streams'), result: z.array(Stream) }),
});

const NAME = 'loki';
/** Loki's own default limit of one query. */
const PAGE_LINES = 5_000;
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
        const { entries, stopped, query } = await readAny(question, signal);
        const found = { ...asked, query };
        const logLines = linesOf(entries);
        const since = clockTime(logLines[0]?.at ?? question.from);
        const until = clockTime(logLines.at(-1)?.at ?? question.to);
        const read = question.keep
          ? `read only the oldest ${thousands(entries.length)} lines, until ${until}`
          : `read only the newest ${thousands(entries.length)} lines, from ${since} on`;
        if (stopped !== undefined)
          return { telemetry: { logLines }, gaps: [gapOf(found, stopped.code, `${read}: ${stopped.message}`)], query };
        const cut = gapOf(found, 'too-large', `${read}, there may be more`);
        return { telemetry: { logLines }, gaps: entries.length < question.maxLines ? [] : [cut], query };
      });
    },
  };

  /** By its own label; where that has no line, by the labels that collectors give the streams of a container. */
  async function readAny(question: LogsQuestion, signal: AbortSignal): Promise<ReadBack & { readonly query: string }> {
    const own = { query: selectorOf(question), ...(await readBack(question, selectorOf(question), signal)) };
    if (own.entries.length > 0 || own.stopped !== undefined) return own;
    for (const query of wideSelectorsOf(question)) {
      const read = await readBack(question, query, signal);
      if (read.entries.length > 0) return { query, ...read };
    }
    return own;
  }

  /** Page by page from the end of the window, for Loki gives only so many lines at once. Oldest first. */
  async function readBack(question: LogsQuestion, query: string, signal: AbortSignal): Promise<ReadBack> {
    let entries: Entry[] = [];
    // The end is exclusive in Loki, inclusive in our questions.
    let end = (nanosecondsOf(question.to) ?? 0n) + 1_000_000n;
    const first = { query, end, limit: Math.min(question.maxLines, PAGE_LINES) };
    // How it began, and no more: one page.
    if (question.keep) return { entries: await readPage(question, first, signal) };
    for (;;) {
      const limit = Math.min(question.maxLines - entries.length, PAGE_LINES);
      const page = await readPage(question, { query, end, limit }, signal).catch((error: unknown) => {
        // What was read before is worth more than nothing, and what could not be read is said.
        if (entries.length > 0 && isAgentError(error)) return error;
        throw error;
      });
      if (isAgentError(page)) return { entries, stopped: page };
      const fresh = withoutSeen(page, entries);
      entries = [...fresh, ...entries];
      const oldest = page[0]?.nanoseconds;
      if (page.length < limit || oldest === undefined || entries.length >= question.maxLines) return { entries };
      // Other lines of that nanosecond may lie on the next page; where a whole page was that nanosecond, go on before it.
      const next = fresh.length > 0 ? oldest + 1n : oldest;
      if (next >= end) return { entries };
      end = next;
    }
  }

  async function readPage(question: LogsQuestion, page: Page, signal: AbortSignal): Promise<Entry[]> {
    const url = addressOf(question, page);
    const reply = await http.send({ url, headers: KEEP_STREAMS_WHOLE }, signal);
    if (reply.status !== 200) throw failureOfStatus('Loki', url, reply);
    return readStreams(parseJsonReply('Loki', url, reply.text), question.keep ? 'oldest first' : 'newest first');
  }

  function addressOf(question: LogsQuestion, { query, end, limit }: Page): string {
    const parameters = new URLSearchParams({
      query,
      start: String(nanosecondsOf(question.from) ?? 0n),
      end: String(end),
      limit: String(limit),
      direction: question.keep ? 'forward' : 'backward',
    });
    return `${baseUrl.replace(/\/+$/, '')}/loki/api/v1/query_range?${parameters.toString()}`;
  }
}

function selectorOf({ service }: LogsQuestion): string {
  const matchers = Object.entries({ service: service.name, ...service.labels });
  return `{${matchers.map(([label, value]) => `${label}="${escapeLogqlValue(value)}"`).join(',')}}`;
}

/** In the order in which collectors use them: Loki's own name for a stream's program, then those of Kubernetes. */
const OF_STREAMS = ['service_name', 'app', 'container', 'job', 'pod'];

function wideSelectorsOf({ service }: LogsQuestion): string[] {
  const ways = waysToKnow(service);
  return OF_STREAMS.flatMap((name) => ways.filter(({ label }) => label === name)).map((way) => {
    const own = `${way.label}${way.isPattern ? '=~' : '='}"${escapeLogqlValue(way.value)}"`;
    const others = Object.entries(narrowingLabels(service)).filter(([label]) => label !== way.label);
    return `{${[own, ...others.map(([label, value]) => `${label}="${escapeLogqlValue(value)}"`)].join(',')}}`;
  });
}

interface Page {
  readonly query: string;
  /** Exclusive. */
  readonly end: bigint;
  readonly limit: number;
}
interface Entry {
  readonly name: string;
  readonly nanoseconds: bigint;
  readonly text: string;
}
interface ReadBack {
  readonly entries: readonly Entry[];
  /** Why no more could be read. */
  readonly stopped?: AgentError;
}

/** Oldest first. Lines of one nanosecond stay in the order of their stream. */
function readStreams(body: unknown, order: 'oldest first' | 'newest first'): Entry[] {
  const reply = Reply.safeParse(body);
  if (!reply.success) {
    const { path = [], message = '' } = reply.error.issues[0] ?? {};
    const detail = `Loki answered in an unknown shape (${path.map(String).join('.')}: ${message}): is that address a Loki?`;
    throw new AgentError('malformed', detail, { retryable: false });
  }
  const entries = reply.data.data.result.flatMap(({ stream, values }) => {
    const name = streamName(stream);
    const inOrder = order === 'oldest first' ? values : values.toReversed();
    return inOrder.map(([nanoseconds, text]) => ({ name, nanoseconds: BigInt(nanoseconds), text }));
  });
  return entries.sort((left, right) =>
    left.nanoseconds < right.nanoseconds ? -1 : Number(left.nanoseconds > right.nanoseconds),
  );
}

/** The lines of the page that were not on the page before: both may hold those of the nanosecond between them. */
function withoutSeen(page: readonly Entry[], seen: readonly Entry[]): Entry[] {
  const border = seen[0]?.nanoseconds;
  const counts = new Map<string, number>();
  for (const entry of seen) {
    if (entry.nanoseconds !== border) break;
    const key = `${entry.name}\n${entry.text}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return page.filter((entry) => {
    if (border === undefined || entry.nanoseconds < border) return true;
    if (entry.nanoseconds > border) return false;
    const key = `${entry.name}\n${entry.text}`;
    const left = counts.get(key) ?? 0;
    counts.set(key, left - 1);
    return left <= 0;
  });
}

function linesOf(entries: readonly Entry[]): LogLine[] {
  const texts = redactedByStream(entries);
  return entries.map(({ name, nanoseconds }, index): LogLine => {
    const at = isoOfNanoseconds(nanoseconds);
    return { ...(at === undefined ? {} : { at }), stream: name, text: texts[index] ?? '' };
  });
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
