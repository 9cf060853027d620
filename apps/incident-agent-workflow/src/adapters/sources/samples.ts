/** The agent's own scrape samples, for where no Prometheus is. */
import { AgentError } from '../../domain/error.ts';
import type { MetricNamesQuestion, MetricQuestion, Question } from '../../domain/question.ts';
import type { ScrapeTarget } from '../../domain/telemetry.ts';
import { quoteForSql } from '../../lib/escape.ts';
import { redact } from '../../lib/redact.ts';
import type { SampleStore, Source } from '../../ports.ts';
import { answerAfter, askedOf, gapOf, type Sight, wrongKind } from './looking.ts';

const NAME = 'samples';
const NOTHING_SCRAPED =
  'the agent has scraped no samples of it: is `incident-agent monitor` running, and has it an address in the registry?';

export interface SamplesOptions {
  readonly samples: Pick<SampleStore, 'series' | 'names' | 'lastScrape'>;
}

export function samples({ samples: store }: SamplesOptions): Source {
  return {
    name: NAME,
    kinds: ['metric', 'metric-names', 'targets'],
    async ask(question, signal) {
      if (question.kind === 'metric') {
        const asked = askedOf(NAME, question, seriesStatement(question));
        return answerAfter(asked, () => readSeries(question, signal));
      }
      if (question.kind === 'metric-names') {
        const asked = askedOf(NAME, question, namesStatement(question));
        return answerAfter(asked, () => readNames(question, signal));
      }
      if (question.kind === 'targets') {
        const asked = askedOf(NAME, question, lastScrapeStatement(question.service.name));
        return answerAfter(asked, () => readTarget(question, signal));
      }
      throw wrongKind(NAME, question.kind);
    },
  };

  async function readSeries(question: MetricQuestion, signal: AbortSignal): Promise<Sight> {
    stopIfLate(signal);
    const { service, metric, labels, from, to } = question;
    const series = await store.series(service.name, metric, labels, from, to);
    if (series.length > 0 || (await store.lastScrape(service.name)) !== undefined) return { telemetry: { series } };
    const asked = askedOf(NAME, question, seriesStatement(question));
    return { telemetry: {}, gaps: [gapOf(asked, 'not-found', NOTHING_SCRAPED)] };
  }

  async function readNames(question: MetricNamesQuestion, signal: AbortSignal): Promise<Sight> {
    stopIfLate(signal);
    const { service, from, to } = question;
    const metricNames = await store.names(service.name, from, to);
    if (metricNames.length > 0 || (await store.lastScrape(service.name)) !== undefined)
      return { telemetry: { metricNames } };
    const asked = askedOf(NAME, question, namesStatement(question));
    return { telemetry: {}, gaps: [gapOf(asked, 'not-found', NOTHING_SCRAPED)] };
  }

  async function readTarget(question: Question, signal: AbortSignal): Promise<Sight> {
    stopIfLate(signal);
    const { service } = question;
    const last = await store.lastScrape(service.name);
    if (last === undefined) {
      const asked = askedOf(NAME, question, lastScrapeStatement(service.name));
      return { telemetry: {}, gaps: [gapOf(asked, 'not-found', NOTHING_SCRAPED)] };
    }
    const health = last.up === null ? 'unknown' : last.up > 0 ? 'up' : 'down';
    const lastError = health === 'down' ? 'the last scrape by the agent itself failed' : '';
    const url = redact(service.metricsUrl ?? '');
    const target: ScrapeTarget = { url, health, lastError, lastScrapeAt: last.at };
    return { telemetry: { targets: [target] } };
  }
}

/** The store itself knows no deadline; its statements have a time limit of their own. */
function stopIfLate(signal: AbortSignal): void {
  if (signal.aborted) throw new AgentError('timeout', 'the samples were not read in time', { retryable: true });
}

function seriesStatement({ service, metric, labels, from, to }: MetricQuestion): string {
  return `SELECT s.labels, p.at, p.value FROM sample_series s JOIN samples p ON p.series = s.id WHERE s.service = ${quoteForSql(service.name)} AND s.metric = ${quoteForSql(metric)} AND s.labels @> ${quoteForSql(JSON.stringify(labels))} AND p.at BETWEEN ${quoteForSql(from)} AND ${quoteForSql(to)} ORDER BY s.labels::text, p.at;`;
}

function namesStatement({ service, from, to }: MetricNamesQuestion): string {
  return `SELECT DISTINCT s.metric FROM sample_series s JOIN samples p ON p.series = s.id WHERE s.service = ${quoteForSql(service.name)} AND p.at BETWEEN ${quoteForSql(from)} AND ${quoteForSql(to)} ORDER BY 1;`;
}

function lastScrapeStatement(service: string): string {
  return `SELECT p.at, p.value FROM sample_series s JOIN samples p ON p.series = s.id WHERE s.service = ${quoteForSql(service)} AND s.metric = 'up' ORDER BY p.at DESC LIMIT 1;`;
}
