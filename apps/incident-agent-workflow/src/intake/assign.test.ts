import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../domain/alert.ts';
import type { OpenIncident, StoredAlert } from '../ports.ts';
import { type Assignment, assign, type KnownState } from './assign.ts';

const NOW = '2026-01-01T12:00:00.000Z';
const LIMITS = { newIncidentsPerMinute: 20 };

function alert(change: Partial<Alert> & { name?: string; service?: string | undefined } = {}): Alert {
  const { name = 'ServiceDown', service = 'checkout', ...rest } = change;
  const labels: Record<string, string> = {
    alertname: name,
    ...('service' in change && change.service === undefined ? {} : { service }),
  };
  return {
    status: 'firing',
    labels,
    annotations: {},
    startsAt: '2026-01-01T11:59:00Z',
    fingerprint: `${name} ${service}`,
    format: 'alertmanager',
    receivedAt: NOW,
    ...rest,
  };
}

function stored(of: Alert, change: Partial<StoredAlert> = {}): StoredAlert {
  return {
    incidentId: 'INC-1',
    incidentOpen: true,
    fingerprint: of.fingerprint,
    startsAt: of.startsAt,
    status: 'firing',
    ...change,
  };
}

const OPEN: OpenIncident = {
  id: 'INC-1',
  groupKey: 'service:checkout',
  status: 'diagnosed',
  severity: 'warning',
  startedAt: '2026-01-01T11:59:00.000Z',
};

function decide(alerts: readonly Alert[], known: Partial<KnownState> = {}, openedLastMinute = 0): Assignment {
  return assign(alerts, { alerts: [], open: [], ...known }, openedLastMinute, LIMITS, NOW);
}

describe('who an alert is', () => {
  test('a new alert opens an incident named by its summary', () => {
    const { opens } = decide([alert({ annotations: { summary: 'checkout is\ndown' } })]);
    expect(opens.map(({ incident }) => incident)).toMatchObject([
      {
        groupKey: 'service:checkout',
        service: 'checkout',
        title: 'checkout is down',
        severity: 'warning',
        startedAt: '2026-01-01T11:59:00.000Z',
      },
    ]);
  });
  test('a repeat of an open alert joins it and starts nothing', () => {
    const repeated = alert();
    const result = decide([repeated], { alerts: [stored(repeated)], open: [OPEN] });
    expect(result).toMatchObject({ opens: [], rerun: [], settle: [], joins: [{ incidentId: 'INC-1' }] });
  });
  test.each([
    {
      says: 'a minute after the report',
      doubtedAt: '2026-01-01T11:59:00.000Z',
      rerun: [{ incidentId: 'INC-1', reason: 'repeated' }],
    },
    { says: 'at once', doubtedAt: '2026-01-01T11:59:01.000Z', rerun: [] },
  ])('a repeat of an alert that was not confirmed, $says', ({ doubtedAt, rerun }) => {
    const repeated = alert();
    const known = { alerts: [stored(repeated, { doubtedAt })], open: [OPEN] };
    expect(decide([repeated], known).rerun).toEqual(rerun);
    expect(decide([{ ...repeated, status: 'resolved' }], known).rerun).toEqual([]);
  });
  test('a resolved with a startsAt never seen firing is found by its fingerprint and asks for a check', () => {
    const resolved = alert({ status: 'resolved', startsAt: '2026-01-01T11:59:30Z' });
    const result = decide([resolved], { alerts: [stored(alert())], open: [OPEN] });
    expect(result).toMatchObject({ opens: [], settle: ['INC-1'], joins: [{ incidentId: 'INC-1' }] });
  });
  test('a resolved that nobody knew changes nothing', () => {
    const result = decide([alert({ status: 'resolved' })]);
    expect(result).toMatchObject({ opens: [], joins: [], settle: [] });
    expect(result.ignored).toHaveLength(1);
  });
  test('a firing that is late, of an incident that is over, opens nothing', () => {
    const late = alert();
    expect(decide([late], { alerts: [stored(late, { incidentOpen: false, status: 'resolved' })] }).opens).toEqual([]);
  });
  test('the same alert firing anew after its incident is over opens the next one', () => {
    const again = alert({ startsAt: '2026-01-01T11:59:50Z' });
    expect(
      decide([again], { alerts: [stored(alert(), { incidentOpen: false, status: 'resolved' })] }).opens,
    ).toHaveLength(1);
  });
  test('a firing that comes late, after its own resolved, does not wake the incident', () => {
    const late = alert();
    const result = decide([late], { alerts: [stored(late, { status: 'resolved' })], open: [OPEN] });
    expect(result).toMatchObject({ joins: [], opens: [] });
  });
  test('an alert that still fires after its incident was closed opens the next one', () => {
    const still = alert();
    expect(decide([still], { alerts: [stored(still, { incidentOpen: false, status: 'firing' })] }).opens).toHaveLength(
      1,
    );
  });
  test('one that fires and resolves in one batch was an incident all the same', () => {
    const { opens, ignored } = decide([alert(), alert({ status: 'resolved' })]);
    expect(opens.map(({ alerts }) => alerts.map(({ status }) => status))).toEqual([['resolved']]);
    expect(ignored).toEqual([]);
  });
  test('the last word on an alert counts when it comes twice in one batch', () => {
    const result = decide([alert(), alert({ status: 'resolved' })], { alerts: [stored(alert())], open: [OPEN] });
    expect(result.joins.map(({ alert: { status } }) => status)).toEqual(['resolved']);
  });
});

describe('what belongs together', () => {
  test('two rules about one service are one incident', () => {
    const { opens } = decide([alert(), alert({ name: 'Service5xxErrors' })]);
    expect(opens.map(({ alerts }) => alerts.length)).toEqual([2]);
  });
  test('alerts that name no service are grouped by their rule', () => {
    const nameless = [
      alert({ service: undefined, fingerprint: 'a' }),
      alert({ service: undefined, fingerprint: 'b' }),
      alert({ name: 'Other', service: undefined, fingerprint: 'c' }),
    ];
    expect(decide(nameless).opens.map(({ incident }) => incident.groupKey)).toEqual([
      'alert:ServiceDown',
      'alert:Other',
    ]);
  });
  test('a graver alert that joins starts another investigation, an equal one does not', () => {
    const graver = alert({ name: 'Worse' });
    const critical = { ...graver, labels: { ...graver.labels, severity: 'critical' } };
    expect(decide([critical], { open: [OPEN] })).toMatchObject({
      rerun: [{ incidentId: 'INC-1', reason: 'joined' }],
      widen: [{ incidentId: 'INC-1', severity: 'critical' }],
    });
    expect(decide([graver], { open: [OPEN] })).toMatchObject({ rerun: [], widen: [] });
  });
  test('an earlier start widens the incident, a later one does not', () => {
    expect(
      decide([alert({ name: 'Earlier', startsAt: '2026-01-01T11:00:00+00:00' })], { open: [OPEN] }).widen,
    ).toMatchObject([{ startedAt: '2026-01-01T11:00:00.000Z' }]);
    expect(decide([alert({ name: 'Later', startsAt: '2026-01-01T11:59:59Z' })], { open: [OPEN] }).widen).toEqual([]);
  });
});

describe('under a storm', () => {
  test('10,000 services of one rule become one incident', () => {
    const storm = Array.from({ length: 10_000 }, (_, index) => alert({ service: `service-${index}` }));
    const { opens } = decide(storm);
    expect(opens.map(({ incident, alerts, storm: isStorm }) => [incident.groupKey, alerts.length, isStorm])).toEqual([
      ['storm:ServiceDown', 10_000, true],
    ]);
    expect(opens[0]?.incident.title).toBe('Alert storm: 10000 × ServiceDown');
  });
  test('many rules of many services become one incident for all', () => {
    const storm = Array.from({ length: 100 }, (_, index) =>
      alert({ service: `service-${index}`, name: `Rule${index}` }),
    );
    expect(decide(storm).opens.map(({ incident }) => incident.groupKey)).toEqual(['storm']);
  });
  test('what was opened within the last minute counts', () => {
    expect(decide([alert()], {}, 20).opens.map(({ storm }) => storm)).toEqual([true]);
    expect(decide([alert()], {}, 19).opens.map(({ storm }) => storm)).toEqual([false]);
  });
});

test('every alert goes exactly one way, whatever comes', () => {
  const anyAlert = fc.record({
    name: fc.constantFrom('A', 'B', 'C'),
    service: fc.constantFrom('x', 'y', undefined),
    status: fc.constantFrom('firing' as const, 'resolved' as const),
  });
  fc.assert(
    fc.property(fc.array(anyAlert, { maxLength: 40 }), fc.integer({ min: 0, max: 25 }), (shapes, opened) => {
      const alerts = shapes.map(({ name, service, status }) =>
        alert({ name, service, status, fingerprint: `${name} ${service}` }),
      );
      const { joins, opens, ignored } = decide(
        alerts,
        {
          alerts: [stored(alert({ name: 'A', service: 'x', fingerprint: 'A x' }))],
          open: [{ ...OPEN, groupKey: 'service:x' }],
        },
        opened,
      );
      const placed = [...joins.map((join) => join.alert), ...opens.flatMap((open) => open.alerts), ...ignored];
      expect(placed).toHaveLength(new Set(alerts.map(({ fingerprint }) => fingerprint)).size);
    }),
  );
});
