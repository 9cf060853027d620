/** Alerts of the storefront behind which nothing is wrong. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultTemplate, TrafficPlan, Variant } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { TILL } from '../fresh/shared.ts';
import { inPlaceOf, trustedCertificate } from '../later/in-its-place.ts';
import { get, shoppers } from '../shoppers.ts';

/** Of the day's pace. */
const NIGHT = 0.07;
const MORNING = 1.1;

const CALM = { ...TILL, class: null, kind: 'none', service: 'storefront', alerting: 'storefront' } as const;
const BANK_MILLISECONDS = [60, 85, 70, 120, 75, 95];

export const storefrontLatestCalm: readonly FaultTemplate[] = [
  /** The night is over: visitors are remembered up to the limit, as they are every day, and then it holds no more. */
  fault({
    ...CALM,
    id: 'calm-first-visitors-of-the-morning',
    seconds: { baseline: 75, incident: 66, recovery: 10 },
    traffic: (world, variant) => visitors(world, variant, NIGHT),
    async inject(world, variant) {
      world.setTraffic(visitors(world, variant, MORNING));
    },
  }),

  /** The provider repairs the page that says how it is; all this time it charges cards. */
  fault({
    ...CALM,
    id: 'calm-page-of-health-repaired',
    seconds: { baseline: 60, incident: 50, recovery: 12 },
    traffic: (world, variant) => shoppers(world, variant, { checkoutEach: 1 }),
    async inject(world, variant) {
      const provider = await inPlaceOf(world, 'payments', charging(), await trustedCertificate(world));
      await world.pause(byMagnitude(variant, { low: 7, middle: 9, high: 11 }));
      await provider.end();
    },
  }),
];

/** As the provider does it, but for the question how it is. */
function charging(): RequestListener {
  let asked = 0;
  return (request, response) => {
    asked += 1;
    const milliseconds = BANK_MILLISECONDS[asked % BANK_MILLISECONDS.length];
    answer(request, response, milliseconds).catch(() => response.destroy());
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, milliseconds?: number): Promise<void> {
  const { status, body } = request.url === '/charges' ? charged(await bodyOf(request)) : REPAIRED;
  await wait(milliseconds);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

const REPAIRED = { status: 503, body: { error: 'status_page_under_maintenance' } };

function charged({ source, reference, amount }: Record<string, unknown>): { status: number; body: object } {
  if (String(source).endsWith('0002')) return { status: 402, body: { error: 'card_declined', reference } };
  return { status: 201, body: { id: `ch_${String(reference)}`, status: 'succeeded', amount } };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** They look at one product after the other. */
function visitors(world: Parameters<FaultTemplate['traffic']>[0], variant: Variant, factor: number): TrafficPlan {
  const more = () => ['towel', 'jug', 'tray'].map((sku) => get(world.addresses.storefront, `/products/${sku}`));
  return shoppers(world, variant, { factor, more });
}
