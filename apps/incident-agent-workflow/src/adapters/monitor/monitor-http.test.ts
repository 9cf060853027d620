import { expect, test } from 'vitest';
import { unregisteredService } from '../../domain/service.ts';
import { httpClient } from '../../lib/http.ts';
import { startServer } from '../../lib/testing/start-server.ts';
import { readPrometheusText } from '../../monitor/prometheus-text.ts';
import { httpAlertSender } from './http-alert-sender.ts';
import { httpScraper } from './http-scraper.ts';

const signal = (): AbortSignal => AbortSignal.timeout(5_000);

function scrape(metricsUrl: string | undefined, timeoutMilliseconds = 1_000) {
  const service = { ...unregisteredService('checkout'), ...(metricsUrl === undefined ? {} : { metricsUrl }) };
  return httpScraper({
    http: httpClient({ name: 'checkout', maxBodyBytes: 1_000 }),
    read: readPrometheusText,
    timeoutMilliseconds,
  }).scrape(service, signal());
}

test('a service that answers is up, with its samples', async () => {
  await using server = await startServer((_request, response) => response.end('a_total 3\n'));
  expect(await scrape(server.url)).toEqual({
    isUp: true,
    failure: undefined,
    samples: [{ metric: 'a_total', labels: {}, value: 3 }],
  });
});

test.each([
  { says: 'an error status', status: 500, body: 'oops', failure: /500/ },
  { says: 'an endless answer', status: 200, body: 'x'.repeat(2_000), failure: /larger|more than|bytes/i },
])('$says is down, with the reason', async ({ status, body, failure }) => {
  await using server = await startServer((_request, response) => response.writeHead(status).end(body));
  expect(await scrape(server.url)).toMatchObject({ isUp: false, failure: expect.stringMatching(failure), samples: [] });
});

test('a service that says nothing is down after the time-out, one without an address at once', async () => {
  await using server = await startServer(() => undefined);
  expect(await scrape(server.url, 100)).toMatchObject({ isUp: false });
  expect(await scrape(undefined)).toMatchObject({ isUp: false, failure: expect.stringContaining('registry') });
});

test('alerts are posted with the token; a refusal says what to set', async () => {
  const heard: string[] = [];
  await using server = await startServer((request, response) => {
    heard.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(request.headers.authorization === 'Bearer right' ? 202 : 401).end('{}');
  });
  const sender = (token: string) =>
    httpAlertSender({ agentUrl: server.url, http: httpClient({ name: 'The agent', token }) });
  await sender('right').post([], signal());
  await expect(sender('wrong').post([], signal())).rejects.toThrow('set ALERTS_TOKEN');
  expect(heard[0]).toBe('POST /alerts Bearer right');
});
