/**
 * Decides what becomes of each alert: a repeat, part of an open incident, a new incident, or nothing. Pure.
 *
 * Identity (measured on real Alertmanagers): the fingerprint is a hash of the labels only, so it finds the alert; a
 * `resolved` may carry a startsAt that was never seen firing. Fingerprint and startsAt together tell a new firing
 * from an old one: a retry under way may still say "firing" seconds after the alert has resolved.
 */
import { type Alert, alertService } from '../domain/alert.ts';
import type { FindsService } from '../domain/alert-service.ts';
import { type Severity, severityOf } from '../domain/incident.ts';
import type { NewIncident, OpenIncident, StoredAlert } from '../ports.ts';
import { groupKeyOf, stormKeyOf, stormTitle, titleOf } from './group.ts';

export interface KnownState {
  /** Newest row of each fingerprint. */
  readonly alerts: readonly StoredAlert[];
  readonly open: readonly OpenIncident[];
}

export interface Assignment {
  /** Alerts that go to incidents which exist: repeats, resolved ones, new ones of an open group. */
  readonly joins: readonly { readonly incidentId: string; readonly alert: Alert }[];
  /** Incidents to open, each with its alerts. */
  readonly opens: readonly {
    readonly incident: NewIncident;
    readonly alerts: readonly Alert[];
    readonly storm: boolean;
  }[];
  /** Open incidents to be investigated again: a graver alert joined, or one that was not confirmed goes on firing. */
  readonly rerun: readonly { readonly incidentId: string; readonly reason: 'joined' | 'repeated' }[];
  /** Open incidents in which something resolved: to be checked. */
  readonly settle: readonly string[];
  /** Graver severity or an earlier start. */
  readonly widen: readonly { readonly incidentId: string; readonly severity: Severity; readonly startedAt: string }[];
  /** Resolved alerts nobody knew, and firings of an incident that is over. */
  readonly ignored: readonly Alert[];
}

export interface AdmissionLimits {
  /** More new incidents than this within a minute are gathered into storm incidents. */
  readonly newIncidentsPerMinute: number;
}

export function assign(
  alerts: readonly Alert[],
  known: KnownState,
  openedLastMinute: number,
  limits: AdmissionLimits,
  now: string,
  serviceOf: FindsService = alertService,
): Assignment {
  const stored = new Map(known.alerts.map((alert) => [alert.fingerprint, alert]));
  const openByKey = new Map(known.open.map((incident) => [incident.groupKey, incident]));
  const joins: { incidentId: string; alert: Alert }[] = [];
  const fresh: Alert[] = [];
  const ignored: Alert[] = [];
  // One that fires and resolves within the same batch was an incident all the same.
  const firedInBatch = new Set(
    alerts.filter(({ status }) => status === 'firing').map(({ fingerprint }) => fingerprint),
  );
  for (const alert of newestOfEach(alerts)) {
    const before = stored.get(alert.fingerprint);
    // A retry under way may say "firing" seconds after the alert has resolved: the same start, and we know that it ended.
    const isStale = alert.status === 'firing' && before?.status === 'resolved' && before.startsAt === alert.startsAt;
    if (isStale) ignored.push(alert);
    else if (before?.incidentOpen) joins.push({ incidentId: before.incidentId, alert });
    else if (alert.status === 'resolved' && !firedInBatch.has(alert.fingerprint)) ignored.push(alert);
    else fresh.push(alert);
  }
  const { joining, opening } = group(fresh, openByKey, { openedLastMinute, limits, serviceOf });
  const all = [...joins, ...joining];
  return {
    joins: all,
    opens: opening.map(({ key, members, storm }) => ({
      incident: newIncident({ key, members, storm }, now, serviceOf),
      alerts: members,
      storm,
    })),
    rerun: reruns(graver(joining, known.open), repeatedInDoubt(joins, stored, now)),
    settle: unique(joins.filter(({ alert }) => alert.status === 'resolved').map(({ incidentId }) => incidentId)),
    widen: widened(all, known.open),
    ignored,
  };
}

/** The same alert may come several times in one batch: the last word counts, in the place of the first. */
function newestOfEach(alerts: readonly Alert[]): Alert[] {
  const newest = new Map<string, Alert>();
  for (const alert of alerts) newest.set(alert.fingerprint, alert);
  return [...newest.values()];
}

interface Group {
  readonly key: string;
  readonly members: Alert[];
  readonly storm: boolean;
}

interface Admission {
  readonly openedLastMinute: number;
  readonly limits: AdmissionLimits;
  readonly serviceOf: FindsService;
}

function group(
  fresh: readonly Alert[],
  openByKey: ReadonlyMap<string, OpenIncident>,
  { openedLastMinute, limits, serviceOf }: Admission,
): { joining: { incidentId: string; alert: Alert }[]; opening: Group[] } {
  const joining: { incidentId: string; alert: Alert }[] = [];
  const apart = new Map<string, Alert[]>();
  for (const alert of fresh) {
    const key = groupKeyOf(alert, serviceOf);
    const open = openByKey.get(key);
    if (open) joining.push({ incidentId: open.id, alert });
    else apart.set(key, [...(apart.get(key) ?? []), alert]);
  }
  const room = Math.max(0, limits.newIncidentsPerMinute - openedLastMinute);
  if (apart.size <= room)
    return { joining, opening: [...apart].map(([key, members]) => ({ key, members, storm: false })) };
  return stormGroups([...apart.values()].flat(), joining, openByKey, room);
}

function stormGroups(
  alerts: readonly Alert[],
  joining: { incidentId: string; alert: Alert }[],
  openByKey: ReadonlyMap<string, OpenIncident>,
  room: number,
): { joining: { incidentId: string; alert: Alert }[]; opening: Group[] } {
  const rules = new Set(alerts.map((alert) => stormKeyOf(alert, false)));
  const tooManyRules = rules.size > Math.max(1, room);
  const groups = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const key = stormKeyOf(alert, tooManyRules);
    const open = openByKey.get(key);
    const members = groups.get(key);
    if (open) joining.push({ incidentId: open.id, alert });
    else if (members) members.push(alert);
    else groups.set(key, [alert]);
  }
  return { joining, opening: [...groups].map(([key, members]) => ({ key, members, storm: true })) };
}

/** Every group key the batch may need, so that the open incidents can be read in one query. */
export function possibleKeys(alerts: readonly Alert[], serviceOf: FindsService = alertService): string[] {
  return unique(alerts.flatMap((alert) => [groupKeyOf(alert, serviceOf), stormKeyOf(alert, false), 'storm']));
}

function newIncident({ key, members, storm }: Group, now: string, serviceOf: FindsService): NewIncident {
  const [first] = members;
  const services = new Set(members.map(serviceOf));
  const [service] = services.size === 1 ? services : [];
  return {
    groupKey: key,
    service,
    title: storm || !first ? stormTitle(key, members.length) : titleOf(first, serviceOf),
    severity: severityOf(members),
    openedAt: now,
    startedAt: earliestStart(members) ?? now,
  };
}

/** By instant, not by text: offsets and decimals differ between senders. */
function earliestStart(alerts: readonly Alert[]): string | undefined {
  let earliest: string | undefined;
  for (const { startsAt } of alerts) {
    if (earliest === undefined || Date.parse(startsAt) < Date.parse(earliest)) earliest = startsAt;
  }
  return earliest === undefined ? undefined : new Date(Date.parse(earliest)).toISOString();
}

const RANK = { info: 0, warning: 1, critical: 2 } as const satisfies Record<Severity, number>;

function graver(joining: readonly { incidentId: string; alert: Alert }[], open: readonly OpenIncident[]): string[] {
  const severity = new Map(open.map((incident) => [incident.id, incident.severity]));
  const risen = joining.filter(
    ({ incidentId, alert }) => RANK[severityOf([alert])] > RANK[severity.get(incidentId) ?? 'critical'],
  );
  return unique(risen.map(({ incidentId }) => incidentId));
}

/** A sender that repeats within the minute says nothing that was not known when the report was made. */
const REPEAT_SECONDS = 60;

/** Of incidents whose report says "not confirmed": the service may have died since. */
function repeatedInDoubt(
  joins: readonly { incidentId: string; alert: Alert }[],
  stored: ReadonlyMap<string, StoredAlert>,
  now: string,
): string[] {
  return joins.flatMap(({ incidentId, alert }) => {
    const doubtedAt = stored.get(alert.fingerprint)?.doubtedAt;
    if (alert.status !== 'firing' || doubtedAt === undefined) return [];
    return Date.parse(now) - Date.parse(doubtedAt) >= REPEAT_SECONDS * 1_000 ? [incidentId] : [];
  });
}

function reruns(joined: readonly string[], repeated: readonly string[]): Assignment['rerun'] {
  return unique([...joined, ...repeated]).map((incidentId) => ({
    incidentId,
    reason: joined.includes(incidentId) ? 'joined' : 'repeated',
  }));
}

function widened(
  joins: readonly { incidentId: string; alert: Alert }[],
  open: readonly OpenIncident[],
): { incidentId: string; severity: Severity; startedAt: string }[] {
  const result: { incidentId: string; severity: Severity; startedAt: string }[] = [];
  for (const incident of open) {
    const alerts = joins
      .filter(({ incidentId, alert }) => incidentId === incident.id && alert.status === 'firing')
      .map(({ alert }) => alert);
    const severity = alerts.length === 0 ? incident.severity : severityOf(alerts);
    const startedAt = earliestStart(alerts);
    const isEarlier = startedAt !== undefined && Date.parse(startedAt) < Date.parse(incident.startedAt);
    if (RANK[severity] > RANK[incident.severity] || isEarlier) {
      result.push({
        incidentId: incident.id,
        severity: RANK[severity] > RANK[incident.severity] ? severity : incident.severity,
        startedAt: isEarlier ? startedAt : incident.startedAt,
      });
    }
  }
  return result;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
