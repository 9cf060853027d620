/** A flood that crowds out how it began: the beginning is asked for by itself, and the two are read as one log. */
import { expect, test } from 'vitest';
import type { Gap } from '../../domain/gap.ts';
import type { LogsQuestion } from '../../domain/question.ts';
import type { LogLine, Observation } from '../../domain/telemetry.ts';
import { contextOf, FROM, instantAt, SERVICE, TO } from '../metrics/observations.test-helper.ts';
import { leadFollower } from '../questions.ts';
import { logReadings } from './log-reading.ts';
import { observeLogs } from './observe-logs.ts';

function line(index: number, text: string): LogLine {
  return { at: instantAt(index), stream: 'a.log', text: `${instantAt(index)} ${text}` };
}

function answered(question: Partial<LogsQuestion>, logLines: readonly LogLine[], isCut: boolean): Observation {
  const cut: Gap = { source: 'loki', query: 'q', reason: 'too-large', detail: 'read only some', unknown: 'lines' };
  return {
    question: { kind: 'logs', service: SERVICE, from: FROM, to: TO, maxLines: 20_000, ...question },
    answer: {
      source: 'loki',
      query: question.keep ? 'oldest' : 'newest',
      telemetry: { logLines: [...logLines] },
      gaps: isCut ? [cut] : [],
    },
  };
}

/** Sample 300 on; the trouble began at 288. */
const NEWEST = Array.from({ length: 20 }, (_, index) => line(301 + index, 'ERROR retry failed, giving up'));
const OLDEST = [line(1, 'INFO ready'), line(100, 'INFO ready'), line(289, 'ERROR connect ECONNREFUSED ledger:5432')];

test('where the newest lines only could be read, the beginnings of the window and of the trouble are asked for', () => {
  const asked = leadFollower(contextOf())([answered({}, NEWEST, true)]).filter(({ kind }) => kind === 'logs');
  expect(asked).toMatchObject([
    { from: FROM, to: TO, keep: 'oldest', maxLines: 5_000 },
    { from: '2026-01-01T03:10:20.000Z', to: TO, keep: 'oldest', maxLines: 5_000 },
  ]);
});

function follow(...seen: Observation[]) {
  return leadFollower(contextOf())(seen).filter(({ kind }) => kind === 'logs');
}

test('where all was read, or it was asked already, nothing more is asked', () => {
  expect(follow(answered({}, NEWEST, false))).toEqual([]);
  const onset = { from: '2026-01-01T03:10:20.000Z', keep: 'oldest', maxLines: 5_000 } as const;
  const both = [answered({ keep: 'oldest', maxLines: 5_000 }, OLDEST, true), answered(onset, OLDEST.slice(2), true)];
  expect(follow(answered({}, NEWEST, true), ...both)).toEqual([]);
});

test('what was read twice is counted once, and minutes that nobody read are no quiet ones', () => {
  const seen = [answered({}, NEWEST, true), answered({ keep: 'oldest' }, [...OLDEST, ...NEWEST.slice(0, 2)], true)];
  const readings = logReadings(seen, contextOf());
  expect(readings.map(({ lines }) => lines.length)).toEqual([OLDEST.length + NEWEST.length]);
  expect(readings[0]?.query).toBe('newest\noldest');
  const apart = logReadings(
    [answered({}, NEWEST, true), answered({ keep: 'oldest' }, OLDEST.slice(0, 2), true)],
    contextOf(),
  );
  // The window has 80 minutes, of which 72 lie before the alert; half an hour and more of them was not read.
  expect(readings[0]?.windows.baselineMinutes).toBeGreaterThan(70);
  expect(apart[0]?.windows.baselineMinutes).toBeCloseTo((99 * 15) / 60, 1);
});

test('how it began is evidence, and nothing is told as silence', () => {
  const titles = observeLogs([answered({}, NEWEST, true), answered({ keep: 'oldest' }, OLDEST, true)], contextOf()).map(
    ({ title }) => title,
  );
  expect(titles).toEqual([expect.stringContaining('ECONNREFUSED'), expect.stringContaining('retry failed')]);
});

test('an answer without lines changes nothing: so a bundle of before replays as it did', () => {
  const none: Observation = {
    question: { kind: 'logs', service: SERVICE, from: FROM, to: TO, maxLines: 5_000, keep: 'oldest' },
    answer: { source: 'bundle', query: '', telemetry: {}, gaps: [] },
  };
  const alone = [answered({}, NEWEST, true)];
  expect(observeLogs([...alone, none], contextOf())).toEqual(observeLogs(alone, contextOf()));
});
