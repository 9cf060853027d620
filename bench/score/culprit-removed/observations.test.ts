import { expect, test } from 'vitest';
import { unregisteredService } from '../../../apps/incident-agent-workflow/src/domain/service.ts';
import type { Commit, Observation, Telemetry } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import { joinSeries, oldestSeen, renameHashes, withoutCommit } from './observations.ts';

const [FIRST, GUILTY, LAST] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string];

function commit(hash: string, day: number, ...parents: string[]): Commit {
  const committedAt = `2026-03-0${day}T00:00:00.000Z`;
  return { hash, committedAt, authoredAt: committedAt, subject: 'change', parents, files: [] };
}

function answered(telemetry: Partial<Telemetry>): Observation[] {
  const question = { kind: 'probe', service: unregisteredService('orders'), of: 'health' } as const;
  return [{ question, answer: { source: 'git', query: '', telemetry, gaps: [] } }];
}

test('the commit leaves the list, its child takes its parent, and its lines are the oldest one’s', () => {
  const seen = answered({
    commits: [commit(LAST, 3, GUILTY), commit(GUILTY, 2, FIRST), commit(FIRST, 1)],
    blame: [{ path: 'a.ts', line: 3, hash: GUILTY, committedAt: '2026-03-02T00:00:00.000Z' }],
  });
  const oldest = oldestSeen(seen, GUILTY)!;
  expect(oldest).toEqual({ hash: FIRST, committedAt: '2026-03-01T00:00:00.000Z' });
  const [told] = withoutCommit(seen, { removed: GUILTY, oldest });
  expect(told?.answer.telemetry.commits).toEqual([commit(LAST, 3, FIRST), commit(FIRST, 1)]);
  expect(told?.answer.telemetry.blame).toEqual([{ path: 'a.ts', line: 3, ...oldest }]);
});

test('whole and shortened hashes get their new names, longer words and other hex numbers keep theirs', () => {
  const renamed = new Map([[GUILTY, FIRST]]);
  const text = `revision\n${GUILTY} (${GUILTY.slice(0, 7)}) id ${GUILTY}0 deadbeef1 x${GUILTY.slice(0, 8)}`;
  expect(renameHashes({ text, deep: [GUILTY.slice(0, 12)] }, renamed)).toEqual({
    text: `revision\n${FIRST} (aaaaaaa) id ${GUILTY}0 deadbeef1 x${GUILTY.slice(0, 8)}`,
    deep: ['aaaaaaaaaaaa'],
  });
});

function at(minute: number): string {
  return `2026-03-02T10:0${minute}:00.000Z`;
}

test('a revision that went over to itself is one series in time order', () => {
  const series = [
    { metric: 'build_info', labels: { revision: 'r', job: 'j' }, points: [{ at: at(2), value: 1 }] },
    {
      metric: 'build_info',
      labels: { job: 'j', revision: 'r' },
      points: [
        { at: at(1), value: 1 },
        { at: at(2), value: null },
      ],
    },
    { metric: 'up', labels: { job: 'j' }, points: [] },
  ];
  const [joined] = joinSeries(answered({ series }));
  expect(joined?.answer.telemetry.series).toEqual([
    {
      metric: 'build_info',
      labels: { revision: 'r', job: 'j' },
      points: [
        { at: at(1), value: 1 },
        { at: at(2), value: 1 },
      ],
    },
    { metric: 'up', labels: { job: 'j' }, points: [] },
  ]);
});
