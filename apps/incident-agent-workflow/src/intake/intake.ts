/**
 * Alerts → incidents, runs and jobs, in one transaction. All webhooks that wait go into one transaction (one lane):
 * with 50 in flight this takes four times the alerts per second of a transaction each, and an upsert of a shared
 * incident row is never waited for.
 */
import type { Alert } from '../domain/alert.ts';
import type { FindsService } from '../domain/alert-service.ts';
import { AgentError, isAgentError } from '../domain/error.ts';
import type { IncidentStatus } from '../domain/incident.ts';
import type { Chance, Clock, Log, Meter, OpenIncident, Stores, UnitOfWork } from '../ports.ts';
import { type AdmissionLimits, type Assignment, assign, possibleKeys } from './assign.ts';

export interface TakenIncident {
  readonly id: string;
  readonly status: IncidentStatus;
  readonly isNew: boolean;
}

export interface Intake {
  /** Resolves after the transaction committed. Throws AgentError 'unreachable' (retryable) when the store is away, 'rate-limited' when too many wait. */
  take(alerts: readonly Alert[]): Promise<readonly TakenIncident[]>;
}

export interface IntakeTools {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly meter: Meter;
  readonly limits?: Partial<IntakeLimits>;
  /** Alerts about the agent itself run quick: they must not beget work that begets alerts. */
  readonly ownService: string;
  /** Which service an alert speaks of; absent: the one that its labels name. */
  readonly serviceOf?: FindsService;
}

interface IntakeLimits extends AdmissionLimits {
  readonly waitingAlerts: number;
  readonly alertsPerTransaction: number;
}
const LIMITS: IntakeLimits = { newIncidentsPerMinute: 20, waitingAlerts: 50_000, alertsPerTransaction: 10_000 };

interface Waiting {
  readonly alerts: readonly Alert[];
  resolve(taken: readonly TakenIncident[]): void;
  reject(error: unknown): void;
}

export function createIntake(tools: IntakeTools): Intake {
  const limits = { ...LIMITS, ...tools.limits };
  const lane: Waiting[] = [];
  let waitingAlerts = 0;
  let isBusy = false;
  let recentOpenings: number[] = [];

  async function drain(): Promise<void> {
    isBusy = true;
    while (lane.length > 0) {
      const batch = nextBatch(lane, limits.alertsPerTransaction);
      try {
        await settleTogether(batch);
      } catch (error) {
        // One webhook's text that the database refuses must not cost its neighbours.
        if (batch.length > 1 && isAgentError(error) && error.code === 'invalid-input')
          for (const one of batch) await settleAlone(one);
        else for (const one of batch) one.reject(error);
      }
      for (const one of batch) waitingAlerts -= one.alerts.length;
    }
    isBusy = false;
  }

  async function settleTogether(batch: readonly Waiting[]): Promise<void> {
    const now = tools.clock.now();
    recentOpenings = recentOpenings.filter((at) => at > tools.clock.milliseconds() - 60_000);
    const taken = await record(
      tools,
      batch.flatMap((one) => one.alerts),
      recentOpenings.length,
      limits,
      now,
    );
    for (const incident of taken.incidents.values())
      if (incident.isNew) recentOpenings.push(tools.clock.milliseconds());
    for (const one of batch) one.resolve(incidentsOf(one.alerts, taken));
  }

  async function settleAlone(one: Waiting): Promise<void> {
    try {
      await settleTogether([one]);
    } catch (error) {
      one.reject(error);
    }
  }

  return {
    take(alerts) {
      if (waitingAlerts + alerts.length > limits.waitingAlerts) {
        return Promise.reject(
          new AgentError('rate-limited', `${waitingAlerts} alerts are waiting to be stored: send again later`, {
            retryable: true,
          }),
        );
      }
      waitingAlerts += alerts.length;
      const { promise, resolve, reject } = Promise.withResolvers<readonly TakenIncident[]>();
      lane.push({ alerts, resolve, reject });
      if (!isBusy) void drain();
      return promise;
    },
  };
}

function nextBatch(lane: Waiting[], alertsPerTransaction: number): Waiting[] {
  const batch: Waiting[] = [];
  let alertCount = 0;
  while (lane[0] && (batch.length === 0 || alertCount + lane[0].alerts.length <= alertsPerTransaction)) {
    alertCount += lane[0].alerts.length;
    batch.push(...lane.splice(0, 1));
  }
  return batch;
}

interface Recorded {
  readonly incidents: ReadonlyMap<string, TakenIncident>;
  readonly incidentOfFingerprint: ReadonlyMap<string, string>;
}

async function record(
  tools: IntakeTools,
  alerts: readonly Alert[],
  openedLastMinute: number,
  limits: AdmissionLimits,
  now: string,
): Promise<Recorded> {
  const { assignment, recorded } = await tools.unitOfWork.transaction(async (stores) => {
    await stores.incidents.lockIntake();
    const known = {
      alerts: await stores.incidents.alertsByFingerprint(
        [...new Set(alerts.map((alert) => alert.fingerprint))].toSorted(),
      ),
      open: await stores.incidents.openByGroupKey(possibleKeys(alerts, tools.serviceOf).toSorted()),
    };
    const assigned = assign(alerts, known, openedLastMinute, limits, now, tools.serviceOf);
    return { assignment: assigned, recorded: await write(stores, assigned, known.open, tools, now) };
  });
  countAlerts(tools.meter, alerts, assignment);
  for (const { isNew, id } of recorded.incidents.values())
    if (isNew) tools.log.info(`Incident ${id} opened`, { incident: id });
  return recorded;
}

async function write(
  stores: Stores,
  assignment: Assignment,
  known: readonly OpenIncident[],
  tools: IntakeTools,
  now: string,
): Promise<Recorded> {
  const opened = await stores.incidents.insert(assignment.opens.map(({ incident }) => incident));
  const rows = [
    ...assignment.joins,
    ...assignment.opens.flatMap(({ alerts }, index) => {
      const incident = opened[index];
      return incident ? alerts.map((alert) => ({ incidentId: incident.id, alert })) : [];
    }),
  ];
  await stores.incidents.upsertAlerts(rows);
  for (const { incidentId, severity, startedAt } of assignment.widen)
    await stores.incidents.widen(incidentId, severity, startedAt);
  const wanted = [
    ...opened.map((incident, index) => ({
      incident,
      reason: 'alert' as const,
      storm: assignment.opens[index]?.storm ?? false,
    })),
    ...assignment.rerun.flatMap(({ incidentId, reason }) => {
      const incident = known.find(({ id }) => id === incidentId);
      return incident ? [{ incident, reason, storm: false }] : [];
    }),
  ];
  const queued: { runId: string; priority: number }[] = [];
  for (const { incident, reason, storm } of wanted) {
    const runId = tools.chance.uuid();
    const isQuick = storm || incident.groupKey === `service:${tools.ownService}`;
    await stores.runs.create({
      id: runId,
      pipelineId: tools.chance.pipelineId(),
      incidentId: incident.id,
      reason,
      createdAt: now,
      ...(isQuick ? { forcedRoute: 'quick' as const } : {}),
    });
    queued.push({ runId, priority: PRIORITY[incident.severity] });
  }
  await stores.queue.enqueueRuns(queued);
  // Until the new report is there, another repeat starts nothing more.
  for (const { incidentId } of assignment.rerun) await stores.incidents.setDoubt(incidentId, undefined);
  const overAtOnce = opened.filter((_incident, index) =>
    assignment.opens[index]?.alerts.every(({ status }) => status === 'resolved'),
  );
  for (const { id } of overAtOnce) await stores.queue.enqueueSettle(id, 'resolved');
  for (const incidentId of assignment.settle) await stores.queue.enqueueSettle(incidentId, 'resolved');
  return outcome(rows, opened, known);
}

const PRIORITY = { critical: 2, warning: 1, info: 0 } as const;

function outcome(
  rows: readonly { incidentId: string; alert: Alert }[],
  opened: readonly OpenIncident[],
  known: readonly OpenIncident[],
): Recorded {
  const incidentOfFingerprint = new Map(rows.map(({ incidentId, alert }) => [alert.fingerprint, incidentId]));
  const status = new Map([...known, ...opened].map((incident) => [incident.id, incident.status]));
  const newIds = new Set(opened.map(({ id }) => id));
  const incidents = new Map<string, TakenIncident>();
  for (const id of incidentOfFingerprint.values()) {
    incidents.set(id, { id, status: status.get(id) ?? 'investigating', isNew: newIds.has(id) });
  }
  return { incidents, incidentOfFingerprint };
}

function incidentsOf(alerts: readonly Alert[], recorded: Recorded): TakenIncident[] {
  const ids = new Set<string>();
  for (const alert of alerts) {
    const id = recorded.incidentOfFingerprint.get(alert.fingerprint);
    if (id !== undefined) ids.add(id);
  }
  return [...ids].flatMap((id) => recorded.incidents.get(id) ?? []);
}

function countAlerts(meter: Meter, alerts: readonly Alert[], assignment: Assignment): void {
  const ignored = new Set(assignment.ignored);
  const opening = new Set(assignment.opens.flatMap(({ alerts: members }) => members));
  for (const alert of alerts) {
    const result = ignored.has(alert) ? 'ignored' : opening.has(alert) ? 'opened' : 'joined';
    meter.count('alerts_total', { status: alert.status, result });
  }
}
