import { expect, test } from 'vitest';
import type { EvidenceOf } from '../domain/evidence.ts';
import { composeReport } from './compose.ts';
import { exampleComposition } from './example-report.test-helper.ts';

const composition = exampleComposition('unknown');
const { facts } = composition;
const WINDOW = { from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T10:00:00.000Z' };

/** `up` as it looks when the last sample was taken at 09:20, or a zero came then. */
function upWith(last: number): EvidenceOf<'metric'> {
  return {
    id: 'E1',
    kind: 'metric',
    title: 'up',
    source: 'prometheus',
    query: 'up',
    window: WINDOW,
    digest: 'd',
    service: facts.service,
    data: {
      metric: 'up',
      family: 'availability',
      unit: '1',
      points: [
        { at: '2026-03-02T09:00:00.000Z', value: 1 },
        { at: '2026-03-02T09:20:00.000Z', value: last },
      ],
      baselineMedian: 1,
      incidentMedian: last,
      incidentExtreme: last,
      score: null,
      direction: 'down',
      onset: '2026-03-02T09:20:00.000Z',
      lastValue: last,
    },
  };
}

test.each([
  {
    says: 'a state that was 0 is an impact',
    last: 0,
    figures: 1,
    howBad: [expect.stringContaining('does not answer')],
  },
  { says: 'one whose samples merely ended tells nothing of what it was since', last: 1, figures: 0, howBad: [] },
])('$says', ({ last, figures, howBad }) => {
  const report = composeReport({ ...composition, facts: { ...facts, evidence: [upWith(last)] } });
  expect(report.impact).toHaveLength(figures);
  expect(report.keyFacts.filter(({ label }) => label === 'How bad').map(({ value }) => value)).toEqual(howBad);
});
