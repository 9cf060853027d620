import assert from 'node:assert/strict';
import { test } from 'node:test';
import { totals } from '../src/pricing.ts';

const DELIVERY = { free_from_cents: 5_000, price_cents: 490 };

test('a small basket pays for its delivery', () => {
  const sum = totals([{ sku: 'vase', quantity: 1, unitCents: 2_400 }], undefined, DELIVERY);
  assert.equal(sum.totalCents, 2_890);
});

test('a discount needs a basket that is large enough', () => {
  const lines = [{ sku: 'vase', quantity: 2, unitCents: 2_400 }];
  assert.equal(totals(lines, 'AUTUMN10', DELIVERY).discountCents, 0);
  assert.equal(totals(lines, ' welcome5 ', DELIVERY).discountCents, 240);
});
