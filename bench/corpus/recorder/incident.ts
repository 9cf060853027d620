/** Which of the alerts that fired is answered, and when: the incident of a case. */
import { createHash } from 'node:crypto';
import type { BundleContent } from '../../../apps/incident-agent-workflow/src/adapters/bundles/bundle-file.ts';
import type { Alert } from '../../../apps/incident-agent-workflow/src/domain/alert.ts';
import { severityOf } from '../../../apps/incident-agent-workflow/src/domain/incident.ts';
import type { Firing } from './firing.ts';
import type { CasePlan } from './plan.ts';
import { between, pick, type Random, seeded, wholeBetween } from './random.ts';
import { isoAt } from './stretch.ts';

export interface CaseIncident {
  readonly alerts: readonly Alert[];
  /** Told, in milliseconds: the moment at which everything was asked. */
  readonly now: number;
  readonly manifest: Omit<BundleContent['manifest'], 'forms' | 'holds' | 'time_scale' | 'shallow'>;
  readonly traits: readonly string[];
}

/** Rules are evaluated every 15 s, whenever the last scrape was. */
const EVALUATION_MILLISECONDS = 15_000;
/** From the alert to the look at it. Where nothing is wrong it has mostly passed by then. */
const LOOK_AFTER_SECONDS = [30, 180] as const;
const CALM_LOOK_AFTER_SECONDS = [150, 420] as const;
/** Some are looked at again when it is over. */
const LATE_SHARE = 0.12;
const MISTAKEN = [
  { name: 'ServiceDown', severity: 'critical', summary: 'is not responding' },
  { name: 'ServiceDown', severity: 'critical', summary: 'is not responding' },
  { name: 'Service5xxErrors', severity: 'warning', summary: 'answers with 5xx errors' },
  { name: 'HighLatency', severity: 'warning', summary: 'answers slowly' },
] as const;
const BASELINE_MILLISECONDS = 60 * 60_000;

/** undefined: no alert fired, so there is nothing to answer. */
export function incidentOf({
  plan,
  fired,
  toldAt,
  end,
  onset,
}: {
  readonly plan: CasePlan;
  readonly fired: readonly Firing[];
  /** Told times in milliseconds: of each scrape, of the last moment recorded, of the onset. */
  readonly toldAt: readonly number[];
  readonly end: number;
  readonly onset: number;
}): CaseIncident | undefined {
  const random = seeded('incident', plan.seed);
  const { template } = plan;
  const own = fired.filter(({ service }) => service === template.alerting);
  const first = own[0];
  if (first === undefined && template.kind !== 'none') return undefined;
  const delay = between(random, 0, EVALUATION_MILLISECONDS);
  const firedAt = first ? (toldAt[first.index] ?? onset) + delay : onset + between(random, 60_000, 240_000);
  const isLate = random() < LATE_SHARE;
  const [soonest, latest] = template.kind === 'none' ? CALM_LOOK_AFTER_SECONDS : LOOK_AFTER_SECONDS;
  const last = end - between(random, 1_000, 14_000);
  const received = Math.min(last, firedAt + between(random, soonest, latest) * 1_000);
  if (received <= firedAt) return undefined;
  const now = isLate ? last : received;
  const known = own.filter(({ index }) => (toldAt[index] ?? 0) + delay <= received);
  const alerts = first
    ? distinct(known).map((firing) => alertOf(firing, (toldAt[firing.index] ?? 0) + delay, received))
    : [mistakenAlert(random, template.alerting, firedAt, received)];
  const traits = [
    ...(alerts.length > 1 ? ['two-alerts'] : []),
    ...(first ? [] : ['wrong-alert']),
    ...(isLate ? ['late-look'] : []),
  ];
  return { alerts, now, manifest: manifestOf(random, template.alerting, alerts, { received, now }), traits };
}

/** A rule that fires again is the same alert. */
function distinct(fired: readonly Firing[]): Firing[] {
  return [
    ...new Map(
      fired.toReversed().map((firing) => [JSON.stringify([firing.rule.name, firing.labels]), firing]),
    ).values(),
  ].reverse();
}

function alertOf({ rule, service, labels, says }: Firing, startsAt: number, received: number): Alert {
  return alert(
    { alertname: rule.name, service, severity: rule.severity, job: 'shop', ...labels },
    { summary: rule.summary(service), description: says },
    startsAt,
    received,
  );
}

/** As somebody posts it whose own connection was the trouble, or from a rule that looks at another place. */
function mistakenAlert(random: Random, service: string, startsAt: number, received: number): Alert {
  const { name, severity, summary } = pick(random, MISTAKEN);
  return alert(
    { alertname: name, service, severity, job: 'shop' },
    { summary: `${service} ${summary}`, description: `Reported for ${service}.` },
    startsAt,
    received,
  );
}

function alert(
  labels: Record<string, string>,
  annotations: Record<string, string>,
  startsAt: number,
  received: number,
): Alert {
  const sorted = Object.entries(labels).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const fingerprint = createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
  const at = isoAt(received);
  return {
    status: 'firing',
    labels: Object.fromEntries(sorted),
    annotations,
    startsAt: isoAt(startsAt),
    fingerprint,
    format: 'alertmanager',
    receivedAt: at,
  };
}

function manifestOf(
  random: Random,
  service: string,
  alerts: readonly Alert[],
  { received, now }: { readonly received: number; readonly now: number },
): CaseIncident['manifest'] {
  const id = `INC-${wholeBetween(random, 12, 2_400)}`;
  const [first] = alerts;
  const startedAt = first?.startsAt ?? isoAt(now);
  const hex = createHash('sha256').update(`${id} ${startedAt}`).digest('hex');
  const at = isoAt(now);
  return {
    schema: 'incident-bundle/1',
    incident: {
      id,
      status: 'investigating',
      severity: severityOf(alerts),
      service,
      title: first?.annotations.summary ?? service,
      groupKey: `service:${service}`,
      openedAt: isoAt(received),
      startedAt,
    },
    run: {
      id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
      pipelineId: hex.slice(32, 40).toUpperCase(),
      incidentId: id,
      status: 'done',
      reason: now > received ? 'manual' : 'alert',
      attempt: 1,
      createdAt: at,
    },
    window: { from: isoAt(Date.parse(startedAt) - BASELINE_MILLISECONDS), to: at },
    versions: { agent: '0.1.0', rules: '1' },
  };
}
