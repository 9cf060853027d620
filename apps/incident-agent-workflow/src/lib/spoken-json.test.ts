import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { objectsIn } from './spoken-json.ts';

const GOOD = '{"finding":{"claims":[{"text":"up is 0","cites":["E1"]}]},"requests":[]}';
const VALUE = JSON.parse(GOOD);

test.each([
  { says: 'plain JSON', text: GOOD },
  { says: 'JSON in a fence', text: `Here you are:\n\`\`\`json\n${GOOD}\n\`\`\`\nAnything else?` },
  { says: 'JSON after thinking', text: `<think>{"finding": no}</think>${GOOD}` },
  { says: 'JSON after a thought whose beginning is missing', text: `so {"a":1}?\n</think>\n${GOOD}` },
  { says: 'comments', text: GOOD.replace('"requests"', '// don\'t ask {\n /* none } */ "requests"') },
  { says: 'trailing commas', text: GOOD.replace('["E1"]', '["E1",]').replace('[]}', '[],}') },
  { says: 'single quotes', text: GOOD.replaceAll('"', "'") },
  { says: 'keys without quotes', text: GOOD.replace('"finding"', 'finding') },
])('$says is read', ({ text }) => {
  expect(objectsIn(text)).toEqual({ objects: [VALUE], isCutOff: false });
});

test('braces and quotes in strings end nothing', () => {
  const text = '{"text":"a } b \\" { c","n":{"m":"}"}}';
  expect(objectsIn(`${text} and ${text}`).objects).toEqual([JSON.parse(text), JSON.parse(text)]);
});

test.each([
  { says: 'cut in the middle', text: GOOD.slice(0, 40) },
  { says: 'cut in a string', text: GOOD.slice(0, 34) },
  { says: 'only opened', text: '{' },
])('an object that is $says is never completed', ({ text }) => {
  expect(objectsIn(text)).toEqual({ objects: [], isCutOff: true });
});

test.each(['', 'The database is down.', '<think>{"a":1}', '[1,2]', '} {'.slice(0, 1)])('%j holds none', (text) => {
  expect(objectsIn(text).objects).toEqual([]);
});

test('any text is read without an error, in time', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.string({ unit: fc.constantFrom('{', '}', '"', '/', '*', '\\', '<think>', 'a') }),
      ),
      (text) => {
        for (const object of objectsIn(text).objects) expect(typeof object).toBe('object');
      },
    ),
  );
  const began = performance.now();
  objectsIn('{"'.repeat(100_000));
  objectsIn('/*{'.repeat(60_000));
  expect(performance.now() - began).toBeLessThan(5_000);
});
