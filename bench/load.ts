/** HTTP load on one address of this machine: closed loop (so many in flight) and open loop (so many a second, come what may). */
import { Agent, request } from 'node:http';

export interface LoadResult {
  /** One for every request, in the order of their ends. */
  readonly milliseconds: readonly number[];
  readonly seconds: number;
  /** Answers other than 202, and requests that got none. */
  readonly failures: number;
}

/** Sends every body once, `inFlight` at a time. */
export async function closedLoop(url: string, bodies: readonly string[], inFlight: number): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const milliseconds: number[] = [];
  let failures = 0;
  let next = 0;
  async function sender(): Promise<void> {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const began = performance.now();
      if ((await post(url, body, agent)) !== 202) failures += 1;
      milliseconds.push(performance.now() - began);
    }
  }
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, sender));
  const seconds = (performance.now() - began) / 1_000;
  agent.destroy();
  return { milliseconds, seconds, failures };
}

/** A request's time counts from when it was due, so that a stall is felt by all that should have been sent meanwhile. */
export async function openLoop(url: string, bodies: readonly string[], perSecond: number): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const milliseconds: number[] = [];
  let failures = 0;
  const began = performance.now();
  const underWay: Promise<void>[] = [];
  async function sendDue(body: string, due: number): Promise<void> {
    if ((await post(url, body, agent)) !== 202) failures += 1;
    milliseconds.push(performance.now() - due);
  }
  for (const [index, body] of bodies.entries()) {
    const due = began + (index / perSecond) * 1_000;
    while (performance.now() < due)
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    underWay.push(sendDue(body, due));
  }
  await Promise.all(underWay);
  const seconds = (performance.now() - began) / 1_000;
  agent.destroy();
  return { milliseconds, seconds, failures };
}

/** The status; 0: no answer came. */
function post(url: string, body: string, agent: Agent): Promise<number> {
  return new Promise((resolve) => {
    const content = Buffer.from(body);
    const headers = { 'content-type': 'application/json', 'content-length': content.byteLength };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', () => resolve(0));
    });
    sent.once('error', () => resolve(0));
    sent.end(content);
  });
}
