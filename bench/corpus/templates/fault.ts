/** What most fault templates have in common, so that each says only what is special about it. */
import { join } from 'node:path';
import type { Tree } from '../../../demo/repository.ts';
import { type Edit, edited } from '../services/edits.ts';
import type { Culprit, FaultTemplate, ServiceName, Variant } from '../template.ts';
import { shoppers } from './shoppers.ts';

type Shared = 'weight' | 'seconds' | 'traffic' | 'inject';
export type Fault = Omit<FaultTemplate, Shared> & Partial<Pick<FaultTemplate, Shared>>;

/** METHODS: enough for a fault that shows as a step. */
const STEP_SECONDS = { baseline: 60, incident: 45, recovery: 12 } as const;

/** Shoppers come; the storefront keeps its files in the case's folder; nothing is injected but the guilty release. */
export function fault(own: Fault): FaultTemplate {
  return {
    weight: 'light',
    seconds: STEP_SECONDS,
    traffic: (world, variant) => shoppers(world, variant),
    inject: async () => undefined,
    ...own,
    environment(variant, scratch) {
      const settings = own.environment?.(variant, scratch);
      return { ...settings, storefront: { DATA_DIR: storefrontData(scratch), ...settings?.storefront } };
    },
  };
}

export function storefrontData(scratch: string): string {
  return join(scratch, 'storefront');
}

export interface Guilty {
  readonly service: ServiceName;
  /** Beneath the service's folder. */
  readonly file: string;
  readonly marker: string;
  /** One is chosen per case. */
  readonly messages: readonly string[];
  /** By path beneath the service's folder. */
  readonly edits: Readonly<Record<string, readonly Edit[]>>;
}

export function guilty({ service, file, marker, messages, edits }: Guilty, variant: Variant): Culprit {
  const folder = `services/${service}`;
  return {
    service,
    file: `${folder}/${file}`,
    marker,
    message: messages[variant.seed % messages.length] ?? '',
    change(tree: Tree): Tree {
      let next = tree;
      for (const [path, changes] of Object.entries(edits)) next = edited(next, `${folder}/${path}`, changes);
      return next;
    },
  };
}

/** The figure for the case's magnitude. */
export function byMagnitude<T>({ magnitude }: Variant, figures: Readonly<Record<Variant['magnitude'], T>>): T {
  return figures[magnitude];
}
