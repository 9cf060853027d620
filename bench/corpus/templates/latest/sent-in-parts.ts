/** A request as it comes over a thin line: its head at once, its body bit by bit. */
import { request } from 'node:http';
import type { TrafficRequest } from '../../../../demo/traffic.ts';

const PARTS = 5;

/** Nobody waits for the answer; whatever is under way when the case ends is broken off. */
export function sentInParts(
  { method, url, headers = {}, body = '' }: TrafficRequest,
  seconds: number,
  signal: AbortSignal,
): void {
  const bytes = Buffer.from(body);
  const sent = request(url, { method, headers: { ...headers, 'content-length': String(bytes.length) }, signal });
  sent.on('response', (response) => response.resume());
  sent.on('error', () => undefined);
  sent.flushHeaders();
  const size = Math.ceil(bytes.length / PARTS);
  for (let part = 1; part <= PARTS; part += 1) {
    const chunk = bytes.subarray((part - 1) * size, part * size);
    setTimeout(() => (part === PARTS ? sent.end(chunk) : sent.write(chunk)), (part / PARTS) * seconds * 1_000).unref();
  }
}
