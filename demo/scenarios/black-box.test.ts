import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { listen } from '../listen.ts';
import { startBlackBox } from './black-box.ts';

async function startService(metrics?: string) {
  const server = createServer((request, response) => {
    const found = request.url === '/metrics' ? metrics : 'ok';
    response.writeHead(found === undefined ? 404 : 200).end(found ?? 'not found');
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return {
    url,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function read(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

test('a service without metrics gets those of its callers, all classes at 0 from the start', async () => {
  const service = await startService();
  const request = { method: 'GET', url: `${service.url}/cart/1?x=2` };
  const blackBox = await startBlackBox(service.url, '/health', [request]);
  expect((await read(blackBox.metricsUrl)).text).toContain(
    'http_requests_total{handler="/cart/1",method="GET",status="5xx"} 0\n',
  );
  blackBox.observe(request, '5xx');
  blackBox.observe(request, 'none');
  const { status, text } = await read(blackBox.metricsUrl);
  expect(status).toBe(200);
  expect(text).toContain('http_requests_total{handler="/cart/1",method="GET",status="5xx"} 1\n');
  service.stop();
  expect((await read(blackBox.metricsUrl)).status).toBe(503);
  await blackBox.close();
});

test('a service that counts for itself is passed through', async () => {
  const own = 'http_requests_total{status="5xx"} 7\n';
  const service = await startService(own);
  const blackBox = await startBlackBox(service.url, '/health', [{ method: 'GET', url: `${service.url}/` }]);
  expect(await read(blackBox.metricsUrl)).toEqual({ status: 200, text: own });
  service.stop();
  await blackBox.close();
});
