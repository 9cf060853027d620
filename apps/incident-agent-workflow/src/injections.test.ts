/** Whatever stands in what we read: nothing changes but quoted text, also with a model that obeys every word of it. */
import { expect, test } from 'vitest';
import { effects, hostileWorld, looks, neutral, obedientModel, ownTexts } from './hostile-world.test-helper.ts';
import { INJECTIONS } from './injections.test-helper.ts';
import { runWorld } from './world-run.test-helper.ts';

const TOGETHER = 23;
const GROUPS = Array.from({ length: Math.ceil(INJECTIONS.length / TOGETHER) }, (_, index) =>
  INJECTIONS.slice(index * TOGETHER, (index + 1) * TOGETHER),
);

test('there are enough of them, each once', () => {
  expect(new Set(INJECTIONS).size).toBeGreaterThanOrEqual(60);
  expect(new Set(INJECTIONS).size).toBe(INJECTIONS.length);
});

test.each(GROUPS.map((texts, index) => ({ texts, index })))(
  'orders of group $index change nothing',
  { timeout: 60_000 },
  async ({ texts }) => {
    using plain = disposable(hostileWorld(texts.map(neutral)));
    using hostile = disposable(hostileWorld(texts));
    const { model, seen } = obedientModel(texts);
    const without = await runWorld(plain.world, undefined);
    const told = await runWorld(hostile.world, undefined);
    const obeyed = await runWorld(hostile.world, model);
    expect(effects(obeyed)).toEqual(effects(without));
    expect(looks(obeyed)).toEqual(looks(told));
    // It was told all of it, as data.
    expect(seen.size).toBeGreaterThanOrEqual(Math.ceil(texts.length / 3));
    for (const { system } of model.prompts) for (const text of texts) expect(system).not.toContain(text);
    for (const { user } of model.prompts) {
      const closing = user.match(/<\/data-3FA9C21B>/g)?.length;
      expect(closing).toBe(user.match(/<data-3FA9C21B of=/g)?.length);
      expect(user).not.toMatch(/<\|im_|\[INST\]|<<SYS>>/);
    }
    const own = ownTexts(obeyed.report).join('\n');
    for (const text of texts) expect(own).not.toContain(text);
  },
);

function disposable(world: ReturnType<typeof hostileWorld>) {
  return { world, [Symbol.dispose]: () => world.remove() };
}
