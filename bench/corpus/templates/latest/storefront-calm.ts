/** An alert of the storefront behind which nothing is wrong. */
import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultTemplate, TrafficPlan, Variant } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { TILL } from '../fresh/shared.ts';
import { checkout, get, shoppers } from '../shoppers.ts';

const CALM = { ...TILL, class: null, kind: 'none', service: 'storefront', alerting: 'storefront' } as const;
/** Of the day's pace. */
const NIGHT = 0.07;
const PARTS = 5;
const BETWEEN_MILLISECONDS = 330;

export const storefrontLatestCalm: readonly FaultTemplate[] = [
  /** The night is over: visitors are remembered up to the limit, as they are every day, and then it holds no more. */
  fault({
    ...CALM,
    id: 'calm-first-visitors-of-the-morning',
    seconds: { baseline: 75, incident: 66, recovery: 10 },
    traffic: (world, variant) => visitors(world, variant, NIGHT),
    async inject(world, variant) {
      world.setTraffic(visitors(world, variant, 1.1));
    },
  }),

  /** A fair with a poor connection: what its visitors send arrives bit by bit, and is answered at once when it is there. */
  fault({
    ...CALM,
    id: 'calm-thin-line-at-a-fair',
    seconds: { baseline: 60, incident: 50, recovery: 12 },
    async inject({ addresses, signal }, variant) {
      const until = performance.now() + byMagnitude(variant, { low: 9_000, middle: 10_000, high: 12_000 });
      const sent: Promise<void>[] = [];
      for (let index = 0; performance.now() < until && !signal.aborted; index += 1) {
        sent.push(overAThinLine(checkout(addresses.storefront, index), signal));
        await wait({ low: 280, middle: 210, high: 150 }[variant.traffic]);
      }
      await Promise.all(sent);
    },
  }),
];

/** The body in parts, with a pause before each. What becomes of it is seen by the service's own metrics. */
async function overAThinLine(
  { url, headers, body = '' }: ReturnType<typeof checkout>,
  signal: AbortSignal,
): Promise<void> {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  const outgoing = request(url, { method: 'POST', headers: { ...headers, ...length }, signal });
  outgoing.once('error', () => resolve());
  outgoing.once('response', (answer) => answer.resume().once('close', () => resolve()));
  outgoing.flushHeaders();
  const size = Math.ceil(body.length / PARTS);
  for (let at = 0; at < body.length; at += size) {
    await wait(BETWEEN_MILLISECONDS + Math.random() * BETWEEN_MILLISECONDS);
    if (!outgoing.destroyed) outgoing.write(body.slice(at, at + size));
  }
  outgoing.end();
  await ended;
}

/** They look at one product after the other. */
function visitors(world: Parameters<FaultTemplate['traffic']>[0], variant: Variant, factor: number): TrafficPlan {
  const more = () => ['towel', 'jug', 'tray'].map((sku) => get(world.addresses.storefront, `/products/${sku}`));
  return shoppers(world, variant, { factor, more });
}
