/** Reads a service's /metrics and asks its health address; both come from the registry only. */
import { isAgentError, messageOf } from '../../domain/error.ts';
import type { HttpClient } from '../../lib/http.ts';
import type { Sample, ScrapeResult, Scraper } from '../../ports.ts';

export interface HttpScraperOptions {
  /** Bounds the answer's size. */
  readonly http: HttpClient;
  /** Monitor's own reader of the text format. */
  readonly read: (text: string) => Sample[];
  readonly timeoutMilliseconds: number;
}

export function httpScraper({ http, read, timeoutMilliseconds }: HttpScraperOptions): Scraper {
  /** undefined: it answers. */
  async function failureAt(url: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      await http.getText(url, AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]));
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }
  async function metricsOf(url: string, signal: AbortSignal): Promise<ScrapeResult & { readonly hasNone?: boolean }> {
    try {
      const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
      return { isUp: true, failure: undefined, samples: read(await http.getText(url, within)) };
    } catch (error) {
      const hasNone = isAgentError(error) && error.code === 'not-found';
      return { isUp: false, failure: messageOf(error), samples: [], hasNone };
    }
  }
  return {
    async scrape(service, signal) {
      const [metrics, healthFailure] = await Promise.all([
        service.metricsUrl === undefined ? undefined : metricsOf(service.metricsUrl, signal),
        service.healthUrl === undefined ? undefined : failureAt(service.healthUrl, signal),
      ]);
      if (metrics === undefined && service.healthUrl === undefined)
        return { isUp: false, failure: 'the registry names no address for it', samples: [] };
      // Not every service has metrics; one that answers its health check without them is no outage.
      if (metrics === undefined || (metrics.hasNone === true && service.healthUrl !== undefined))
        return { isUp: healthFailure === undefined, failure: healthFailure, samples: [] };
      const { isUp, failure, samples } = metrics;
      return { isUp, failure, samples, ...(healthFailure === undefined ? {} : { healthFailure }) };
    },
  };
}
