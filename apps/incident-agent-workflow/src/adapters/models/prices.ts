/** What a reply costs. Prices change: the table is what vendors' public lists said in 2026, and LLM_PRICE overrides it. */
import { isIPv4 } from 'node:net';
import { costAt, type ModelReply, type Price } from '../../domain/model.ts';

export interface Prices {
  /** Of the user: stands for whatever model is configured. */
  readonly override: Price | undefined;
}

/** By the beginning of the model's name, the longest that fits. */
const TABLE: readonly (readonly [string, Price])[] = [
  ['gpt-4o', { prompt: 2.5, reply: 10 }],
  ['gpt-4o-mini', { prompt: 0.15, reply: 0.6 }],
  ['gpt-4.1', { prompt: 2, reply: 8 }],
  ['gpt-4.1-mini', { prompt: 0.4, reply: 1.6 }],
  ['gpt-4.1-nano', { prompt: 0.1, reply: 0.4 }],
  ['gpt-5', { prompt: 1.25, reply: 10 }],
  ['gpt-5-mini', { prompt: 0.25, reply: 2 }],
  ['gpt-5-nano', { prompt: 0.05, reply: 0.4 }],
  ['o3', { prompt: 2, reply: 8 }],
  ['o4-mini', { prompt: 1.1, reply: 4.4 }],
  ['claude-3-5-haiku', { prompt: 0.8, reply: 4 }],
  ['claude-haiku-4', { prompt: 1, reply: 5 }],
  ['claude-sonnet-4', { prompt: 3, reply: 15 }],
  ['claude-opus-4', { prompt: 15, reply: 75 }],
  ['claude-opus-4-5', { prompt: 5, reply: 25 }],
];

/** undefined: not known. Nothing is paid for a model on a machine of one's own. */
export function priceOf({ override }: Prices, modelName: string, address: string): Price | undefined {
  if (override) return override;
  if (isOwnMachine(address)) return { prompt: 0, reply: 0 };
  const name = modelName.replace(/^.*\//, '').toLowerCase();
  const fitting = TABLE.filter(([beginning]) => name.startsWith(beginning));
  return fitting.sort(([a], [b]) => b.length - a.length)[0]?.[1];
}

export function costOf(
  prices: Prices,
  modelName: string,
  address: string,
  { promptTokens, replyTokens }: Pick<ModelReply, 'promptTokens' | 'replyTokens'>,
): number | undefined {
  const price = priceOf(prices, modelName, address);
  return price && costAt(price, promptTokens, replyTokens);
}

/** Loopback, private networks, names without a dot and those that Docker gives the host. */
function isOwnMachine(address: string): boolean {
  const { hostname } = new URL(address);
  if (isIPv4(hostname)) return /^(?:127|10)\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\./.test(hostname);
  if (hostname.startsWith('[')) return /^\[(?:::1\]|f[cd]|fe80)/.test(hostname);
  return !hostname.includes('.') || /\.(?:local|internal|lan)$/.test(hostname);
}
