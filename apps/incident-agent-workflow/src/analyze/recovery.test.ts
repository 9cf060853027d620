import { expect, test } from 'vitest';
import { unregisteredService } from '../domain/service.ts';
import type { Observation, Series, Telemetry } from '../domain/telemetry.ts';
import type { AnalysisContext } from './context.ts';
import { recoveryOf, recoveryQuestions } from './recovery.ts';

const CONTEXT: AnalysisContext = {
  alerts: [],
  service: unregisteredService('checkout'),
  registered: false,
  registry: { services: [] },
  window: { from: '2026-01-01T11:00:00.000Z', to: '2026-01-01T12:00:00.000Z' },
  openedAt: '2026-01-01T12:00:00.000Z',
  provisionalOnset: '2026-01-01T11:59:00.000Z',
  digest: (text) => text,
};

function saw(...telemetry: Partial<Telemetry>[]): Observation[] {
  const question = { kind: 'targets' as const, service: CONTEXT.service };
  return telemetry.map((one) => ({ question, answer: { source: 'test', query: '', telemetry: one, gaps: [] } }));
}
function probe(httpStatus: number | undefined): Partial<Telemetry> {
  const common = {
    of: 'health' as const,
    url: 'http://x',
    at: CONTEXT.window.to,
    detail: '',
    durationMilliseconds: 1,
    body: '',
  };
  return { probe: httpStatus === undefined ? { ...common, failure: 'refused' } : { ...common, httpStatus } };
}
function counter(
  metric: string,
  labels: Record<string, string>,
  values: readonly (number | null | undefined)[],
): Series {
  const points = values.flatMap((value, index) =>
    value === undefined ? [] : [{ at: new Date(Date.UTC(2026, 0, 1, 12, 0, 5 * index)).toISOString(), value }],
  );
  return { metric, labels, points };
}
function series(metric: string, ...values: (number | null)[]): Partial<Telemetry> {
  return { series: [counter(metric, { status: '5xx' }, values)] };
}
const spring = 'http_server_requests_seconds_count';

test.each([
  { says: 'a healthy answer is recovered', seen: saw(probe(200)), state: 'recovered' },
  { says: 'a refused probe is broken', seen: saw(probe(undefined)), state: 'broken' },
  {
    says: 'one bad sign among good ones is broken',
    seen: saw(probe(200), series('dependency_up', 1, 0)),
    state: 'broken',
  },
  {
    says: 'errors within the look-back are broken',
    seen: saw(probe(200), series('http_requests_total', 3, 4)),
    state: 'broken',
  },
  {
    says: 'a counter that stands still is no error',
    seen: saw(series('http_requests_total', 4, 4)),
    state: 'recovered',
  },
  { says: 'a counter that was reset is no error', seen: saw(series('http_requests_total', 4, 0)), state: 'recovered' },
  {
    says: 'errors are seen as frameworks count them',
    seen: saw(probe(200), { series: [counter(spring, { outcome: 'SERVER_ERROR', status: '500' }, [3, 4])] }),
    state: 'broken',
  },
  {
    says: 'the first error ever, beside answers that were counted before',
    seen: saw({
      series: [
        counter('http_requests_total', { status: '200' }, [7, 8, 9]),
        counter('http_requests_total', { status: '500' }, [undefined, 1, 1]),
      ],
    }),
    state: 'broken',
  },
  {
    says: 'requests that all ended well are recovered',
    seen: saw({ series: [counter(spring, { outcome: 'SUCCESS' }, [3, 4])] }),
    state: 'recovered',
  },
  {
    says: 'requests of which nothing says how they ended say nothing',
    seen: saw({ series: [counter('http_requests_total', {}, [3, 4])] }),
    state: 'unknown',
  },
  { says: 'samples without a number say nothing', seen: saw(series('up', null)), state: 'unknown' },
  { says: 'nothing seen is unknown, not recovered', seen: saw({}), state: 'unknown' },
])('$says', ({ seen, state }) => {
  expect(recoveryOf(seen, CONTEXT).state).toBe(state);
});

test('one look cannot tell several services apart', () => {
  const alerts = ['a', 'b'].map((service) => ({
    status: 'firing' as const,
    labels: { service },
    annotations: {},
    startsAt: CONTEXT.window.from,
    fingerprint: service,
    format: 'test',
    receivedAt: CONTEXT.window.from,
  }));
  expect(recoveryOf(saw(probe(200)), { ...CONTEXT, alerts }).state).toBe('unknown');
});

test('the look asks for the last minute only', () => {
  const metric = recoveryQuestions(CONTEXT).find(({ kind }) => kind === 'metric');
  expect(metric).toMatchObject({ kind: 'metric', from: '2026-01-01T11:59:00.000Z', to: '2026-01-01T12:00:00.000Z' });
});
