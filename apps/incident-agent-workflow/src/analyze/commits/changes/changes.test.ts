/** What small changes bring about, by class and language: those that do, with the line that does it, and those that do not. */
import { expect, test } from 'vitest';
import { isTelling } from '../../suspicion.ts';
import { commitOf, hunk, inputOf, replacing } from '../commit.test-helper.ts';
import { rankCommits, type Suspect } from '../rank.ts';
import { GUILTY_BETWEEN } from './guilty-between.test-helper.ts';
import { GUILTY_CODE } from './guilty-code.test-helper.ts';
import { GUILTY_FURTHER } from './guilty-further.test-helper.ts';
import { GUILTY_HOLDING } from './guilty-holding.test-helper.ts';
import { GUILTY_MORE } from './guilty-more.test-helper.ts';
import { GUILTY_OUTAGES } from './guilty-outages.test-helper.ts';
import { GUILTY_RESOURCES } from './guilty-resources.test-helper.ts';
import { GUILTY_REVIEWS } from './guilty-reviews.test-helper.ts';
import { GUILTY_SLIPS } from './guilty-slips.test-helper.ts';
import { HARMLESS } from './harmless.test-helper.ts';
import { HARMLESS_FURTHER } from './harmless-further.test-helper.ts';
import { HARMLESS_HOLDING } from './harmless-holding.test-helper.ts';
import { HARMLESS_OUTAGES } from './harmless-outages.test-helper.ts';
import { HARMLESS_REVIEWS } from './harmless-reviews.test-helper.ts';
import { HARMLESS_SLIPS } from './harmless-slips.test-helper.ts';
import { changeOf, type Row } from './row.test-helper.ts';
import { whatItDoes } from './what-it-does.ts';

const OTHERS = [1, 2, 3, 4].map((index) => commitOf(index, `src/file${index}.ts`, replacing(40, 'one', 'two')));

/** The change among four that do nothing, where its class is certain. */
function seen(row: Row): { suspect: Suspect | undefined; isSeen: boolean; at: readonly string[] } {
  const { commit, at } = changeOf(row);
  const [faultClass, , , , message] = row;
  const said = message === undefined ? [] : [{ text: message, weight: 1 }];
  const messages = message === undefined ? [] : [message];
  const input = inputOf([...OTHERS, commit], { classes: new Map([[faultClass, 1]]), said, messages });
  const suspect = rankCommits(input).suspects.find((each) => each.commit.hash === commit.hash);
  return { suspect, isSeen: suspect?.isDirect === true && isTelling(suspect), at };
}

const GUILTY = [
  ...GUILTY_RESOURCES,
  ...GUILTY_BETWEEN,
  ...GUILTY_CODE,
  ...GUILTY_FURTHER,
  ...GUILTY_MORE,
  ...GUILTY_OUTAGES,
  ...GUILTY_HOLDING,
  ...GUILTY_REVIEWS,
  ...GUILTY_SLIPS,
];
const named = (rows: readonly Row[]) => rows.map((row) => [`${row[0]} · ${row[1]} · ${row[2]}`, row] as const);

test.each(named(GUILTY))('%s: is seen, and where', (_, row) => {
  const { suspect, isSeen, at } = seen(row);
  expect(isSeen ? 'seen' : JSON.stringify(suspect?.features)).toBe('seen');
  expect(at).toContain(`${suspect?.at?.path}:${suspect?.at?.line}`);
});

const HARMLESS_ALL = [
  ...HARMLESS,
  ...HARMLESS_FURTHER,
  ...HARMLESS_OUTAGES,
  ...HARMLESS_HOLDING,
  ...HARMLESS_REVIEWS,
  ...HARMLESS_SLIPS,
];

test.each(named(HARMLESS_ALL))('%s: is not taken for it', (_, row) => {
  const { suspect, isSeen } = seen(row);
  expect(isSeen ? JSON.stringify(suspect?.features) : 'not seen').toBe('not seen');
});

test.each(['a'.repeat(200_000), ' '.repeat(200_000), 'f('.repeat(60_000), '{ a: 1, '.repeat(30_000)])(
  'a line that no person wrote is passed over: %#',
  (text) => {
    const change = commitOf(9, 'src/a.ts', hunk(`-${text}`, `+${text}b`));
    expect(whatItDoes(change)).toEqual([]);
  },
);

test('a change of very many lines is read within the time limit of a test', () => {
  const change = commitOf(9, 'src/a.ts', hunk(...manyLines('-'), ...manyLines('+')));
  expect(() => whatItDoes(change)).not.toThrow();
});

function manyLines(sign: string): string[] {
  return Array.from({ length: 500 }, (_, index) => `${sign}  const name${index} = find(${index}, "${sign}");`);
}
