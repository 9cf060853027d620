/** Whatever stands in what we read: nothing changes but quoted text, also with a model that obeys every word of it. */
import { expect, test } from 'vitest';
import type { World } from './analyze/world.test-helper.ts';
import {
  effects,
  fileNameOf,
  hostileWorld,
  looks,
  neutral,
  obedientModel,
  ownTexts,
} from './hostile-world.test-helper.ts';
import { INJECTIONS } from './injections.test-helper.ts';
import { runWorld, type WorldRun } from './world-run.test-helper.ts';

/** Not more than there are commits in that world, so that each is the message of one. */
const TOGETHER = 14;
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
    for (const text of texts) expect([text, placesOf(text, hostile.world, told)]).toEqual([text, PLACES]);
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

const PLACES = ['log line', 'item name', 'annotation', 'commit message', 'name of a file', 'comment in code'];

/** Where the agent has read it. */
function placesOf(text: string, { alerts }: World, { observations }: WorldRun): string[] {
  const all = observations.map(({ answer }) => answer.telemetry);
  const lines = all.flatMap(({ logLines = [] }) => logLines).map((line) => JSON.stringify(line));
  const isRead: Record<string, boolean> = {
    'log line': isIn(
      JSON.stringify(text).slice(1, -1),
      lines.filter((line) => !line.includes('no price of item')),
    ),
    'item name': isIn(
      JSON.stringify(text),
      lines.filter((line) => line.includes('no price of item')),
    ),
    annotation: alerts.some(({ annotations }) => annotations.description === text),
    'commit message': isIn(
      text,
      all.map(({ commits }) => JSON.stringify(commits)),
    ),
    'name of a file': isIn(
      fileNameOf(text),
      all.map(({ paths }) => JSON.stringify(paths)),
    ),
    'comment in code': isIn(
      text,
      all.map(({ code }) => JSON.stringify(code?.lines)),
    ),
  };
  return PLACES.filter((place) => isRead[place]);
}

/** As JSON tells it; its beginning, since some of it is redacted. */
function isIn(text: string, told: readonly (string | undefined)[]): boolean {
  const words = JSON.stringify(text.slice(0, 24)).slice(1, -1);
  return told.some((one) => one?.includes(words));
}

function disposable(world: ReturnType<typeof hostileWorld>) {
  return { world, [Symbol.dispose]: () => world.remove() };
}
