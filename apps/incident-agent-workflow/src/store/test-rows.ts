/** For tests: the smallest rows of each kind. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Alert } from '../domain/alert.ts';
import type { Run } from '../domain/incident.ts';
import type { Report } from '../domain/report.ts';
import type { NewIncident, Stores } from '../ports.ts';

export const NOON = '2026-03-01T12:00:00.000Z';

/** Minutes after noon. */
export function at(minutes: number): string {
  return new Date(Date.parse(NOON) + minutes * 60_000).toISOString();
}

export function newIncident(overrides: Partial<NewIncident> = {}): NewIncident {
  return {
    groupKey: 'service:checkout',
    service: 'checkout',
    title: 'Checkout fails',
    severity: 'warning',
    openedAt: NOON,
    startedAt: at(-5),
    ...overrides,
  };
}

export function newAlert(overrides: Partial<Alert> = {}): Alert {
  return {
    status: 'firing',
    labels: { alertname: 'HighErrorRate', service: 'checkout' },
    annotations: { summary: 'Errors' },
    startsAt: at(-5),
    fingerprint: 'f1',
    format: 'alertmanager',
    receivedAt: NOON,
    ...overrides,
  };
}

export function newRun(incidentId: string, overrides: Partial<Run> = {}): Omit<Run, 'attempt' | 'status'> {
  return {
    id: randomUUID(),
    pipelineId: randomBytes(4).toString('hex').toUpperCase(),
    incidentId,
    reason: 'alert',
    createdAt: NOON,
    ...overrides,
  };
}

/** An incident with one run that nobody has taken yet. */
export async function openRun(
  stores: Stores,
  overrides: Partial<NewIncident> = {},
): Promise<{ readonly incidentId: string; readonly runId: string }> {
  const [incident] = await stores.incidents.insert([newIncident(overrides)]);
  if (!incident) throw new Error('no incident was inserted');
  const run = newRun(incident.id);
  await stores.runs.create(run);
  return { incidentId: incident.id, runId: run.id };
}

export function newReport(
  incidentId: string,
  run: Pick<Run, 'id' | 'pipelineId'>,
  version: number,
  statement = 'The cause is not known',
): Report {
  return {
    schema: 'incident-report/1',
    version,
    generatedAt: at(version),
    incident: {
      id: incidentId,
      title: 'Checkout fails',
      status: 'investigating',
      severity: 'warning',
      service: 'checkout',
      openedAt: NOON,
      startedAt: at(-5),
      resolvedAt: null,
      alertCount: 1,
      alerts: [],
      url: null,
      dashboardUrl: null,
    },
    run: { id: run.id, pipelineId: run.pipelineId, reason: 'alert', startedAt: NOON, route: null },
    window: { from: at(-60), to: NOON },
    onset: null,
    verdict: {
      status: 'unknown',
      band: 'not-established',
      confidence: null,
      cause: null,
      statement: { text: statement, cites: [] },
      support: [],
      wouldChange: [],
    },
    keyFacts: [],
    quick: null,
    triage: null,
    investigation: null,
    code: null,
    actions: [],
    hypotheses: [],
    ruledOut: [],
    notChecked: [],
    evidence: [],
    gaps: [],
    timeline: [],
    repository: null,
    refusedClaims: [],
    claimCounts: { supported: 0, refused: 0 },
    notes: [],
    model: 'off',
    versions: { agent: '0.1.0', rules: '1' },
  };
}

/** For tests that queue nothing. */
export const noQueue: Stores['queue'] = {
  enqueueRuns: () => Promise.resolve(),
  enqueueSettle: () => Promise.resolve(),
  depth: () => Promise.resolve(0),
};
