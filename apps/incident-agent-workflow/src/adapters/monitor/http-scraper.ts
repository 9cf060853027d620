/** Reads a service's /metrics over HTTP; its address comes from the registry only. */
import { messageOf } from '../../domain/error.ts';
import type { HttpClient } from '../../lib/http.ts';
import type { Sample, Scraper } from '../../ports.ts';

export interface HttpScraperOptions {
  /** Bounds the answer's size. */
  readonly http: HttpClient;
  /** Monitor's own reader of the text format. */
  readonly read: (text: string) => Sample[];
  readonly timeoutMilliseconds: number;
}

export function httpScraper({ http, read, timeoutMilliseconds }: HttpScraperOptions): Scraper {
  return {
    async scrape(service, signal) {
      if (service.metricsUrl === undefined)
        return { isUp: false, failure: 'the registry names no address for it', samples: [] };
      try {
        const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
        return { isUp: true, failure: undefined, samples: read(await http.getText(service.metricsUrl, within)) };
      } catch (error) {
        return { isUp: false, failure: messageOf(error), samples: [] };
      }
    },
  };
}
