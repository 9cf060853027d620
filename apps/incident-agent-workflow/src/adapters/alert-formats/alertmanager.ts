/** Alertmanager's webhook (version 4), or the minimal `{"alerts":[{status, labels, annotations}]}` written by hand. */
import { z } from 'zod';
import type { Alert, RejectedAlert, Sifted } from '../../domain/alert.ts';
import { AgentError } from '../../domain/error.ts';
import { cleanText, cutText, oneLine } from '../../lib/clean-text.ts';
import { redact } from '../../lib/redact.ts';
import { millisecondsOf } from '../../lib/time.ts';
import type { AlertFormat } from '../../ports.ts';

const Webhook = z.object({ alerts: z.array(z.unknown()).min(1) });

/** Unknown fields pass: newer versions add some. null and '' are how some senders write "not set". */
const Instant = z.iso.datetime({ offset: true }).or(z.literal('')).nullish();
const Pairs = z.record(z.string(), z.unknown());
const Wire = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Pairs,
  annotations: Pairs.nullish(),
  startsAt: Instant,
  endsAt: Instant,
  fingerprint: z.unknown().optional(),
  generatorURL: z.unknown().optional(),
});

const CURES: Record<string, string> = {
  '': 'must be an object with status and labels',
  status: 'must be "firing" or "resolved"',
  labels: 'must be an object of texts, e.g. {"alertname":"ServiceDown","service":"weather-app1"}',
  annotations: 'must be an object of texts, e.g. {"summary":"weather-app1 is down"}',
  startsAt: 'must be an ISO 8601 time with a zone, e.g. "2026-01-31T08:15:00Z", or left out',
  endsAt: 'must be an ISO 8601 time with a zone, e.g. "2026-01-31T08:15:00Z", or left out',
};

const MAX_LABELS = 128;
const MAX_ANNOTATIONS = 128;
const MAX_NAME_CHARACTERS = 256;
const MAX_LABEL_CHARACTERS = 4_096;
/** Alertmanager sends annotations whole however long they are; this much is more than anybody reads. */
const MAX_ANNOTATION_CHARACTERS = 65_536;
const MAX_URL_CHARACTERS = 8_192;
/** Real offsets lie between -12:00 and +14:00; Postgres refuses those of 16 hours and more. */
const MAX_OFFSET_HOURS = 14;
const YEAR_10000 = Date.UTC(10_000, 0);

type Refusal = Omit<RejectedAlert, 'index'>;
type Read<T> = { readonly value: T } | { readonly refusal: Refusal };

/** `digest`: hex digest of a text. It makes the fingerprint of an alert that comes without one. */
export function alertmanager(options: { digest: (text: string) => string }): AlertFormat {
  return {
    name: 'alertmanager',
    parse(body, receivedAt): Sifted<Alert> {
      const webhook = Webhook.safeParse(body);
      if (!webhook.success) throw invalidInput(`alerts must be a list of at least one alert, e.g. ${EXAMPLE}`);
      const good: Alert[] = [];
      const rejected: RejectedAlert[] = [];
      for (const [index, item] of webhook.data.alerts.entries()) {
        const read = readAlert(item, receivedAt, options.digest);
        if ('value' in read) good.push(read.value);
        else rejected.push({ index, ...read.refusal });
      }
      if (good.length === 0) throw invalidInput(`no alert is usable: ${summarize(rejected)}. An example: ${EXAMPLE}`);
      return { good, rejected };
    },
  };
}

const EXAMPLE =
  '{"alerts":[{"status":"firing","labels":{"alertname":"ServiceDown","service":"weather-app1"},"annotations":{"summary":"weather-app1 is not responding"}}]}';

function readAlert(item: unknown, receivedAt: string, digest: (text: string) => string): Read<Alert> {
  const wire = Wire.safeParse(item);
  if (!wire.success) {
    const field = String(wire.error.issues[0]?.path[0] ?? '');
    return refuse(field, CURES[field] ?? 'has the wrong type');
  }
  const { status, startsAt, endsAt, fingerprint, generatorURL } = wire.data;
  const labels = readLabels(wire.data.labels);
  if ('refusal' in labels) return labels;
  const annotations = readTexts('annotations', wire.data.annotations ?? {}, MAX_ANNOTATION_CHARACTERS);
  if ('refusal' in annotations) return annotations;
  const start = readInstant('startsAt', startsAt);
  if ('refusal' in start) return start;
  const end = readInstant('endsAt', endsAt);
  if ('refusal' in end) return end;
  const url = webLink(generatorURL);
  return {
    value: {
      status,
      labels: redacted(labels.value),
      annotations: redacted(annotations.value.slice(0, MAX_ANNOTATIONS)),
      startsAt: start.value ?? receivedAt,
      // While it fires an end is only when the sender would give it up; in year 1 it is Go's way of saying none.
      ...(status === 'resolved' && end.value !== undefined ? { endsAt: end.value } : {}),
      fingerprint: readFingerprint(fingerprint) ?? fingerprintOf(labels.value, digest),
      ...(url === undefined ? {} : { generatorUrl: url }),
      format: 'alertmanager',
      receivedAt,
    },
  };
}

type Texts = readonly (readonly [name: string, text: string])[];

/** Alertmanager itself drops labels with empty values, so they cannot part one alert from another. */
function readLabels(pairs: Record<string, unknown>): Read<Texts> {
  if (Object.keys(pairs).length > MAX_LABELS) return refuse('labels', `may be at most ${MAX_LABELS}`);
  const labels = readTexts('labels', pairs, MAX_LABEL_CHARACTERS);
  if ('refusal' in labels) return labels;
  const filled = labels.value.filter(([, text]) => text !== '');
  if (filled.length > 0) return { value: filled };
  return refuse('labels', 'are empty, so the alert has no identity: send at least alertname and service');
}

function readTexts(field: string, pairs: Record<string, unknown>, maxCharacters: number): Read<Texts> {
  const texts: (readonly [string, string])[] = [];
  for (const [name, value] of Object.entries(pairs)) {
    if (value === null || name === '__proto__') continue;
    const shownName = oneLine(name, MAX_NAME_CHARACTERS);
    if (typeof value !== 'string') {
      return refuse(`${field}.${shownName}`, `must be text, not ${Array.isArray(value) ? 'a list' : typeof value}`);
    }
    texts.push([cleanText(cutText(name, MAX_NAME_CHARACTERS)), cleanText(cutText(value, maxCharacters))]);
  }
  return { value: texts };
}

/** undefined: none was given. Year 1 is Go's zero time, which means the same. */
function readInstant(field: string, instant: string | null | undefined): Read<string | undefined> {
  if (!instant || /^000[01]-/.test(instant)) return { value: undefined };
  const milliseconds = millisecondsOf(instant);
  const offsetHours = Number(/[+-](\d\d):?\d\d$/.exec(instant)?.[1] ?? 0);
  const inRange = milliseconds !== undefined && milliseconds >= 0 && milliseconds < YEAR_10000;
  if (inRange && offsetHours <= MAX_OFFSET_HOURS) return { value: instant };
  return refuse(field, 'must lie between the years 1970 and 9999, in a zone of at most 14 hours');
}

function readFingerprint(fingerprint: unknown): string | undefined {
  return typeof fingerprint === 'string' && /^[\w:.-]{1,128}$/.test(fingerprint) ? fingerprint : undefined;
}

/** Of the labels only, whatever their order, as Alertmanager makes it (its own hash is another one). */
function fingerprintOf(labels: Texts, digest: (text: string) => string): string {
  return digest(JSON.stringify([...labels].sort(([left], [right]) => (left < right ? -1 : 1)))).slice(0, 16);
}

/** Shown as a link, never fetched. undefined: not a link for a browser. */
function webLink(url: unknown): string | undefined {
  if (typeof url !== 'string' || url.length > MAX_URL_CHARACTERS || !URL.canParse(url)) return undefined;
  return /^https?:$/.test(new URL(url).protocol) ? redact(cleanText(url)) : undefined;
}

function redacted(texts: Texts): Record<string, string> {
  return Object.fromEntries(texts.map(([name, text]) => [name, redact(text)]));
}

function refuse(field: string, reason: string): { readonly refusal: Refusal } {
  return { refusal: { field: field === '' ? 'alert' : field, reason } };
}

function summarize(rejected: readonly RejectedAlert[]): string {
  const shown = rejected.slice(0, 3).map(({ index, field, reason }) => `alerts[${index}]: ${field} ${reason}`);
  return rejected.length > shown.length
    ? `${shown.join('; ')}; and ${rejected.length - shown.length} more`
    : shown.join('; ');
}

function invalidInput(message: string): AgentError {
  return new AgentError('invalid-input', message, { retryable: false });
}
