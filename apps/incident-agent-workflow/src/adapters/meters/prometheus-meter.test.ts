import { createHttpMetrics } from '@incident-agent/service-kit/metrics';
import { expect, test } from 'vitest';
import type { Incident } from '../../domain/incident.ts';
import { prometheusMeter } from './prometheus-meter.ts';

const OPENED: Incident = {
  id: 'INC-7',
  status: 'diagnosed',
  severity: 'critical',
  service: 'weather-app1',
  title: 'weather-app1: "down"',
  groupKey: 'g',
  openedAt: '2026-11-30T10:00:00.250Z',
  startedAt: '2026-11-30T09:59:00Z',
  alerts: [],
};

/** /metrics of an agent whose open incidents are what `list` says. */
function metricsOf(list: (limit: number) => Promise<readonly Incident[]>): () => Promise<string[]> {
  const { registry } = createHttpMetrics();
  prometheusMeter(registry, {
    openIncidents: async () => (await list(1_000)).length,
    listOpenIncidents: list,
    incidentUrl: (id) => `http://localhost:9100/incidents/${id}`,
    queueDepth: async () => 0,
  });
  return async () =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('incident_agent_incident'));
}

test('every open incident is a series with its service and the address of its page, gone when it is closed', async () => {
  let open: Incident[] = [OPENED, { ...OPENED, id: 'INC-6', service: undefined, severity: 'info' }];
  const metrics = metricsOf(async (limit) => open.slice(0, limit));
  expect(await metrics()).toEqual([
    'incident_agent_incidents_open 2',
    'incident_agent_incident_opened_timestamp_seconds{incident="INC-7",affected_service="weather-app1",severity="critical",url="http://localhost:9100/incidents/INC-7"} 1796032800.25',
    'incident_agent_incident_opened_timestamp_seconds{incident="INC-6",affected_service="unknown",severity="info",url="http://localhost:9100/incidents/INC-6"} 1796032800.25',
  ]);
  open = [];
  expect(await metrics()).toEqual(['incident_agent_incidents_open 0']);
});

test('a storm makes at most 50 series', async () => {
  const storm = Array.from({ length: 200 }, (_, index) => ({ ...OPENED, id: `INC-${index}` }));
  const lines = await metricsOf(async (limit) => storm.slice(0, limit))();
  expect(lines.filter((line) => line.includes('url='))).toHaveLength(50);
});

test('while the store is away nothing is shown, which is not zero', async () => {
  const metrics = metricsOf(async () => {
    throw new Error('the store is away');
  });
  expect(await metrics()).toEqual([]);
});
