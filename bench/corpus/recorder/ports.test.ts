import { afterEach, expect, test } from 'vitest';
import { isFree } from '../../../demo/ports.ts';
import { portsOf, type Slot, takeSlot } from './ports.ts';

const taken: Slot[] = [];
afterEach(() => {
  for (const slot of taken.splice(0)) slot.release();
});

async function take(): Promise<Slot> {
  const slot = await takeSlot();
  taken.push(slot);
  return slot;
}

test('two cases never share a port, not even those of two recorders', async () => {
  const slots = await Promise.all([take(), take(), take()]);
  const ports = (await Promise.all(slots.map(({ number }) => portsOf(number, 9)))).flat();
  expect(new Set(slots.map(({ number }) => number)).size).toBe(3);
  expect(new Set(ports).size).toBe(27);
  for (const port of ports) expect(await isFree(port)).toBe(true);
});

test('a slot has a bounded number of ports', async () => {
  const { number } = await take();
  await expect(portsOf(number, 41)).rejects.toThrow('too few ports are free for a case');
});

test('what was given back can be taken again', async () => {
  const slot = await takeSlot();
  const first = (await portsOf(slot.number, 1))[0] ?? 0;
  expect(await isFree(first - 1)).toBe(false);
  slot.release();
  await expect.poll(() => isFree(first - 1)).toBe(true);
});
