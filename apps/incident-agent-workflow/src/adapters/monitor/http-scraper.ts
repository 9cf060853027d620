/** Reads a service's /metrics over HTTP; its address comes from the registry only. */
import { messageOf } from '../../domain/error.ts';
import type { Sample, Scraper } from '../../ports.ts';

export interface HttpScraperOptions {
  /** Monitor's own reader of the text format. */
  readonly read: (text: string) => Sample[];
  readonly timeoutMilliseconds: number;
}

const MAX_TEXT_CHARACTERS = 4 * 1024 * 1024;

export function httpScraper({ read, timeoutMilliseconds }: HttpScraperOptions): Scraper {
  return {
    async scrape(service, signal) {
      if (service.metricsUrl === undefined)
        return { isUp: false, failure: 'the registry names no address for it', samples: [] };
      try {
        const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
        const response = await fetch(service.metricsUrl, { redirect: 'error', signal: within });
        if (!response.ok) {
          await response.body?.cancel();
          return { isUp: false, failure: `server returned HTTP status ${response.status}`, samples: [] };
        }
        const text = await response.text();
        if (text.length > MAX_TEXT_CHARACTERS)
          return { isUp: false, failure: 'the answer is larger than 4 MB', samples: [] };
        return { isUp: true, failure: undefined, samples: read(text) };
      } catch (error) {
        return { isUp: false, failure: reasonOf(error), samples: [] };
      }
    },
  };
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return messageOf(cause);
}
