/** Prometheus, or what speaks its HTTP API: raw series of one metric, and how its scrapes fare. */
import { z } from 'zod';
import { AgentError } from '../../domain/error.ts';
import type { MetricNamesQuestion, MetricQuestion, Question } from '../../domain/question.ts';
import type { Service } from '../../domain/service.ts';
import { fitting, type LabelMatch, narrowingLabels, waysToKnow } from '../../domain/service-labels.ts';
import type { Point, ScrapeTarget, Series } from '../../domain/telemetry.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { escapePromqlValue, shellCommand } from '../../lib/escape.ts';
import { failureOfStatus, type HttpClient, type HttpReply, parseJsonReply } from '../../lib/http.ts';
import { redact } from '../../lib/redact.ts';
import { isoOfMilliseconds, millisecondsOf } from '../../lib/time.ts';
import type { Source } from '../../ports.ts';
import { type Asked, answerAfter, askedOf, gapOf, type Sight, wrongKind } from './looking.ts';

/** Errors have the same envelope, whatever the status. */
const Failure = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });
const Labels = z.record(z.string(), z.string());
const WireSeries = z.object({
  metric: Labels,
  values: z.array(z.tuple([z.number(), z.string()])).optional(),
  /** Native histograms have these instead of values. */
  histograms: z.array(z.unknown()).optional(),
});
const Matrix = z.object({
  data: z.object({ resultType: z.literal('matrix'), result: z.array(WireSeries) }),
});
const WireTarget = z.object({
  labels: Labels,
  scrapeUrl: z.string(),
  lastError: z.string().default(''),
  lastScrape: z.string().optional(),
  health: z.string(),
});
const Names = z.object({ data: z.array(z.string()) });
const Targets = z.object({ data: z.object({ activeTargets: z.array(WireTarget) }) });

const NAME = 'prometheus';
/** Prometheus refuses more than 11,000 points a series. */
const MAX_POINTS = 11_000;
const MAX_SERIES = 1_000;

export interface PrometheusOptions {
  readonly baseUrl: string;
  readonly http: HttpClient;
}

export function prometheus({ baseUrl, http }: PrometheusOptions): Source {
  return {
    name: NAME,
    kinds: ['metric', 'metric-names', 'targets'],
    async ask(question, signal) {
      if (question.kind === 'metric') {
        const asked = askedOf(NAME, question, selectorOf(question));
        return answerAfter(asked, async () => {
          const sight = readMatrix(asked, await ask('query_range', rangeOf(question, asked.query), signal));
          if (sight.telemetry.series?.length !== 0 || sight.gaps?.length) return sight;
          const query = wideSelectorOf(question);
          const wide = readMatrix({ ...asked, query }, await ask('query_range', rangeOf(question, query), signal));
          return wide.telemetry.series?.length === 0 ? sight : { ...wide, query };
        });
      }
      if (question.kind === 'metric-names') {
        const asked = askedOf(
          NAME,
          question,
          shellCommand(['curl', '-s', redact(addressOf(NAMES, namesOf(question)))]),
        );
        return answerAfter(asked, async () => readNames(asked, await ask(NAMES, namesOf(question), signal)));
      }
      if (question.kind === 'targets') {
        const asked = askedOf(NAME, question, shellCommand(['curl', '-s', redact(addressOf('targets', STATE_ACTIVE))]));
        return answerAfter(asked, async () => readTargets(asked, question, await ask('targets', STATE_ACTIVE, signal)));
      }
      throw wrongKind(NAME, question.kind);
    },
  };

  function addressOf(path: string, parameters: Parameters): string {
    return `${baseUrl.replace(/\/+$/, '')}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`;
  }
  async function ask(path: string, parameters: Parameters, signal: AbortSignal): Promise<unknown> {
    const url = addressOf(path, parameters);
    const reply = await http.send({ url }, signal);
    const failure = failureIn(reply);
    if (failure) throw failure;
    if (reply.status !== 200) throw failureOfStatus('Prometheus', url, reply);
    return parseJsonReply('Prometheus', url, reply.text);
  }
}

/** A parameter may stand more than once. */
type Parameters = Record<string, string> | [string, string][];

const STATE_ACTIVE = { state: 'active' };
const NAMES = 'label/__name__/values';
const MAX_NAMES = 5_000;

/** As for the series: a scraped `service` label that collides is kept as `exported_service`; and what exporters show of it. */
function namesOf({ service, from, to }: MetricNamesQuestion): [string, string][] {
  const others = Object.entries(service.labels);
  const selector = (name: string): string =>
    `{${[[name, service.name] as const, ...others].map(([label, value]) => `${label}="${escapePromqlValue(value)}"`).join(',')}}`;
  const ways = waysToKnow(service).map((way): [string, string] => ['match[]', wideSelector('', way, service, {})]);
  return [
    ['match[]', selector('service')],
    ['match[]', selector('exported_service')],
    ...ways,
    ['start', String((millisecondsOf(from) ?? 0) / 1000)],
    ['end', String((millisecondsOf(to) ?? 0) / 1000)],
  ];
}

/** A scraped label that collides with the target's own `service` is kept as `exported_service`. */
export function selectorOf({ service, metric, labels }: MetricQuestion): string {
  const others = { ...service.labels, ...labels };
  const selector = (name: string): string => {
    const matchers = Object.entries({ [name]: service.name, ...others });
    return `${metric}{${matchers.map(([label, value]) => `${label}="${escapePromqlValue(value)}"`).join(',')}}`;
  };
  return metric === 'up' ? selector('service') : `${selector('service')} or ${selector('exported_service')}`;
}

/** Where no series has the service's own name: by the labels by which exporters, clusters and proxies tell whose it is. */
function wideSelectorOf({ service, metric, labels }: MetricQuestion): string {
  return waysToKnow(service, metric)
    .map((way) => wideSelector(metric, way, service, labels))
    .join(' or ');
}

function wideSelector(metric: string, way: LabelMatch, service: Service, labels: Record<string, string>): string {
  const others = Object.entries({ ...narrowingLabels(service), ...labels }).filter(([label]) => label !== way.label);
  const matchers = others.map(([label, value]) => `${label}="${escapePromqlValue(value)}"`);
  const own = `${way.label}${way.isPattern ? '=~' : '='}"${escapePromqlValue(way.value)}"`;
  return `${metric}{${[own, ...matchers].join(',')}}`;
}

function rangeOf(question: MetricQuestion, query: string): Record<string, string> {
  const start = (millisecondsOf(question.from) ?? 0) / 1000;
  const end = (millisecondsOf(question.to) ?? 0) / 1000;
  const step = Math.max(question.stepSeconds, Math.ceil((end - start) / (MAX_POINTS - 1)));
  return { query, start: String(start), end: String(end), step: String(step) };
}

function failureIn(reply: HttpReply): AgentError | undefined {
  let body: unknown;
  try {
    body = JSON.parse(reply.text);
  } catch {
    return undefined; // 404, 405 and 503 while it starts are plain text: judged by their status
  }
  const failure = Failure.safeParse(body);
  if (!failure.success) return undefined;
  const { errorType, error } = failure.data;
  const message = `Prometheus answered ${errorType}: ${oneLine(redact(error), 300)}`;
  if (/exceeded maximum resolution|too many samples|sample limit/i.test(error)) {
    return new AgentError('too-large', message, { retryable: false });
  }
  if (errorType === 'timeout' || errorType === 'canceled')
    return new AgentError('timeout', message, { retryable: true });
  if (reply.status >= 500) return new AgentError('unreachable', message, { retryable: true });
  return new AgentError('refused', message, { retryable: false });
}

function readMatrix(asked: Asked, body: unknown): Sight {
  const matrix = Matrix.safeParse(body);
  if (!matrix.success) throw wrongShape('query_range', matrix.error);
  const { result } = matrix.data.data;
  const floats = result.filter(({ values }) => values !== undefined);
  const series = floats.slice(0, MAX_SERIES).map(toSeries);
  const gaps = [];
  if (result.some(({ histograms }) => histograms !== undefined)) {
    gaps.push(gapOf(asked, 'malformed', 'it is a native histogram, of which nothing was read'));
  }
  if (floats.length > MAX_SERIES) {
    gaps.push(gapOf(asked, 'too-large', `read only ${MAX_SERIES} of ${floats.length} series`));
  }
  return { telemetry: { series: series.sort(byLabels) }, gaps };
}

function toSeries({ metric, values = [] }: z.infer<typeof WireSeries>): Series {
  const { __name__: name = '', ...labels } = metric;
  return { metric: name, labels: redactValues(labels), points: values.flatMap(toPoint) };
}

/** NaN, +Inf and -Inf are samples without a number. */
function toPoint([seconds, text]: [number, string]): Point[] {
  const at = isoOfMilliseconds(Math.round(seconds * 1000));
  const value = Number(text);
  return at === undefined ? [] : [{ at, value: text !== '' && Number.isFinite(value) ? value : null }];
}

function redactValues(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, value]) => [name, redact(value)]),
  );
}

function byLabels(left: Series, right: Series): number {
  const [a, b] = [JSON.stringify(left.labels), JSON.stringify(right.labels)];
  return a < b ? -1 : Number(a > b);
}

function readNames(asked: Asked, body: unknown): Sight {
  const reply = Names.safeParse(body);
  if (!reply.success) throw wrongShape(NAMES, reply.error);
  const names = [...new Set(reply.data.data)].sort();
  if (names.length <= MAX_NAMES) return { telemetry: { metricNames: names } };
  const cut = gapOf(asked, 'too-large', `read only ${MAX_NAMES} of ${names.length} names of metrics`);
  return { telemetry: { metricNames: names.slice(0, MAX_NAMES) }, gaps: [cut] };
}

function readTargets(asked: Asked, { service }: Question, body: unknown): Sight {
  const reply = Targets.safeParse(body);
  if (!reply.success) throw wrongShape('targets', reply.error);
  const all = reply.data.data.activeTargets;
  // Just after its start Prometheus is "ready" and knows no target at all: that says nothing about the service.
  if (all.length === 0) {
    return {
      telemetry: {},
      gaps: [gapOf(asked, 'not-found', 'Prometheus has no targets at all: has it just started?')],
    };
  }
  const wanted = Object.entries({ service: service.name, ...service.labels });
  const own = all.filter(({ labels }) => wanted.every(([name, value]) => labels[name] === value));
  const targets = (own.length > 0 ? own : all.filter(({ labels }) => isTargetOf(service, labels)))
    .map(toTarget)
    // Their order changes from call to call.
    .sort((left, right) => (left.url < right.url ? -1 : 1));
  return { telemetry: { targets } };
}

/** Where no target has its name as its `service`. */
function isTargetOf(service: Service, labels: Record<string, string>): boolean {
  const isNarrowed = Object.entries(narrowingLabels(service)).every(([name, value]) => labels[name] === value);
  return isNarrowed && waysToKnow(service, 'up').some((way) => fitting(way)(labels[way.label] ?? ''));
}

function toTarget({ scrapeUrl, health, lastError, lastScrape }: z.infer<typeof WireTarget>): ScrapeTarget {
  const scrapedAt = lastScrape === undefined || lastScrape.startsWith('0001-') ? undefined : lastScrape;
  return {
    url: redact(scrapeUrl),
    health: health === 'up' || health === 'down' ? health : 'unknown',
    lastError: oneLine(redact(lastError), 500),
    ...(scrapedAt === undefined ? {} : { lastScrapeAt: scrapedAt }),
  };
}

function wrongShape(path: string, error: z.ZodError): AgentError {
  const { path: where = [], message = '' } = error.issues[0] ?? {};
  const detail = `Prometheus answered ${path} in an unknown shape (${where.map(String).join('.')}: ${message}): is that address a Prometheus?`;
  return new AgentError('malformed', detail, { retryable: false });
}
