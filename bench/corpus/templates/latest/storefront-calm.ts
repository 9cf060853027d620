/** An alert of the storefront behind which nothing is wrong. */
import type { FaultTemplate, TrafficPlan, Variant } from '../../template.ts';
import { fault } from '../fault.ts';
import { TILL } from '../fresh/shared.ts';
import { get, shoppers } from '../shoppers.ts';

/** Of the day's pace. */
const NIGHT = 0.07;
const MORNING = 1.1;

export const storefrontLatestCalm: readonly FaultTemplate[] = [
  /** The night is over: visitors are remembered up to the limit, as they are every day, and then it holds no more. */
  fault({
    ...TILL,
    id: 'calm-first-visitors-of-the-morning',
    class: null,
    kind: 'none',
    service: 'storefront',
    alerting: 'storefront',
    seconds: { baseline: 75, incident: 66, recovery: 10 },
    traffic: (world, variant) => visitors(world, variant, NIGHT),
    async inject(world, variant) {
      world.setTraffic(visitors(world, variant, MORNING));
    },
  }),
];

/** They look at one product after the other. */
function visitors(world: Parameters<FaultTemplate['traffic']>[0], variant: Variant, factor: number): TrafficPlan {
  const more = () => ['towel', 'jug', 'tray'].map((sku) => get(world.addresses.storefront, `/products/${sku}`));
  return shoppers(world, variant, { factor, more });
}
