import { expect, test } from 'vitest';
import { costOf, priceOf } from './prices.ts';

const OPENAI = 'https://api.openai.com/v1';
const TABLE = { override: undefined };

test.each<{ says: string; name: string; address: string; prompt: number | undefined }>([
  { says: 'a listed one', name: 'gpt-4o', address: OPENAI, prompt: 2.5 },
  { says: 'one with a date behind its name', name: 'gpt-4o-2024-11-20', address: OPENAI, prompt: 2.5 },
  { says: 'the smaller of two that begin alike', name: 'gpt-4o-mini-2024-07-18', address: OPENAI, prompt: 0.15 },
  {
    says: 'one that a router names by its vendor',
    name: 'anthropic/Claude-Sonnet-4-5',
    address: 'https://openrouter.ai/api/v1',
    prompt: 3,
  },
  { says: 'one that is not listed', name: 'new-model', address: OPENAI, prompt: undefined },
  { says: 'any on this machine', name: 'gpt-4o', address: 'http://localhost:11434', prompt: 0 },
  { says: 'any on the host of a container', name: 'x', address: 'http://host.docker.internal:11434', prompt: 0 },
  { says: 'any in a network of one’s own', name: 'x', address: 'http://192.168.1.20:8000/v1', prompt: 0 },
  { says: 'any by a name without a dot', name: 'x', address: 'http://ollama:11434/v1', prompt: 0 },
  { says: 'any at a private IPv6 address', name: 'x', address: 'http://[fd00::1]:8000/v1', prompt: 0 },
  { says: 'none at a public one', name: 'x', address: 'http://[2606:4700::1]/v1', prompt: undefined },
  { says: 'none whose address merely begins so', name: 'x', address: 'https://10.example.com/v1', prompt: undefined },
])('$says', ({ name, address, prompt }) => {
  expect(priceOf(TABLE, name, address)?.prompt).toBe(prompt);
});

test('what is set stands for any model, wherever it runs', () => {
  const override = { prompt: 1, reply: 2 };
  for (const address of [OPENAI, 'http://localhost:11434'])
    expect(costOf({ override }, 'gpt-4o', address, { promptTokens: 1_000_000, replyTokens: 500_000 })).toBe(2);
});

test('the cost of a model without a price is not known, rather than nothing', () => {
  expect(costOf(TABLE, 'new-model', OPENAI, { promptTokens: 1, replyTokens: 1 })).toBeUndefined();
});
