/** Prometheus: is it there, does it scrape the services, has it the rules, does it send alerts on, do the clocks agree? */
import { z } from 'zod';
import { type Diagnosis, failing, fine, warning } from '../../domain/diagnosis.ts';
import { isAgentError, messageOf } from '../../domain/error.ts';
import type { Registry } from '../../domain/service.ts';
import type { DoctorCheck } from '../../host-ports.ts';
import { shellCommand } from '../../lib/escape.ts';
import { addressIn, askJson, clockDistance, type Place } from './asking.ts';

const NAME = 'prometheus';
const data = <S extends z.ZodType>(shape: S) => z.object({ status: z.literal('success'), data: shape });
const BuildInfo = data(z.object({ version: z.string() }));
const Targets = data(
  z.object({
    activeTargets: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        scrapeUrl: z.string(),
        health: z.string(),
        lastError: z.string(),
      }),
    ),
  }),
);
const Rules = data(
  z.object({
    groups: z.array(
      z.object({ rules: z.array(z.object({ name: z.string(), labels: z.record(z.string(), z.string()).optional() })) }),
    ),
  }),
);
const Alertmanagers = data(z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) }));

const SKEW_SECONDS = 5;
const BAD_SKEW_SECONDS = 60;

/** `place` undefined: PROMETHEUS_URL is not set. */
export function prometheusCheck(
  place: Place | undefined,
  registry: Registry,
  nowMilliseconds: () => number,
): DoctorCheck {
  return {
    name: NAME,
    async run(signal) {
      if (place === undefined) {
        const mend = 'set PROMETHEUS_URL (http://localhost:9090), or run: npx incident-agent monitor';
        return [
          warning(NAME, {
            what: 'PROMETHEUS_URL is not set',
            shows: 'a gap in every report: no metrics but the monitor’s own',
            mend,
          }),
        ];
      }
      try {
        const { data: build } = await askJson(place, 'api/v1/status/buildinfo', BuildInfo, signal);
        return [
          fine(NAME, `Prometheus ${build.version} answers at ${place.url}`),
          ...(await targets(place, registry, signal)),
          ...(await alerting(place, signal)),
          ...(await clock(place, nowMilliseconds, signal)),
        ];
      } catch (error) {
        if (!isAgentError(error)) throw error;
        const mend = `docker compose up -d prometheus && docker compose logs --tail 50 prometheus   or correct PROMETHEUS_URL`;
        return [failing(NAME, { what: messageOf(error), shows: 'reports have no metrics; no alert is raised', mend })];
      }
    },
  };
}

async function targets(place: Place, { services }: Registry, signal: AbortSignal): Promise<Diagnosis[]> {
  const { activeTargets } = (await askJson(place, 'api/v1/targets?state=active', Targets, signal)).data;
  if (activeTargets.length === 0) {
    const mend = 'look into monitoring/prometheus.yml and the targets file it names; after a start wait 10 s';
    return [failing(NAME, { what: 'Prometheus scrapes nothing', shows: 'no metrics, and no alert ever fires', mend })];
  }
  const down = activeTargets.filter(({ health }) => health === 'down');
  const scraped = new Set(activeTargets.map(({ labels }) => labels.service));
  const unlabelled = activeTargets.filter(
    ({ labels }) => labels.service === undefined && labels.job === 'local-services',
  );
  const missing = services.filter(({ name, labels }) => !scraped.has(labels.service ?? name));
  return [
    ...down.map(({ labels, scrapeUrl, lastError }) =>
      failing(NAME, {
        what: `The target ${labels.service ?? labels.job ?? scrapeUrl} is DOWN: ${lastError}`,
        shows: 'ServiceDown fires for it',
        mend: `${shellCommand(['curl', '-sS', scrapeUrl])}   from where Prometheus runs; correct the address in its targets file if it is another`,
      }),
    ),
    ...unlabelled.map(({ scrapeUrl }) =>
      failing(NAME, {
        what: `The target ${scrapeUrl} has no label service`,
        shows: 'its alerts name no service, so logs and code are not found',
        mend: 'add `labels: { service: <name> }` to it in the targets file (monitoring/targets.docker.yml)',
      }),
    ),
    ...missing.map(({ name }) =>
      warning(NAME, {
        what: `The registry has ${name}, Prometheus scrapes no target with service="${name}"`,
        shows: `reports about ${name} have no metrics`,
        mend: `add it to the targets file: - targets: ['<host>:<port>'] with labels: { service: ${name} }; or correct its name in the service registry`,
      }),
    ),
    ...(down.length + unlabelled.length + missing.length === 0
      ? [fine(NAME, `${activeTargets.length} targets are up`)]
      : []),
  ];
}

async function alerting(place: Place, signal: AbortSignal): Promise<Diagnosis[]> {
  const { groups } = (await askJson(place, 'api/v1/rules?type=alert', Rules, signal)).data;
  const ours = groups.flatMap(({ rules }) => rules).filter(({ labels }) => labels?.workflow === 'incident-agent');
  const { activeAlertmanagers } = (await askJson(place, 'api/v1/alertmanagers', Alertmanagers, signal)).data;
  return [
    ours.length > 0
      ? fine(NAME, `${ours.length} alert rules call the agent: ${ours.map(({ name }) => name).join(', ')}`)
      : failing(NAME, {
          what: 'No alert rule has the label workflow: incident-agent',
          shows: 'Alertmanager sends nothing to the agent',
          mend: 'name monitoring/alert-rules.yml under rule_files in prometheus.yml, then: curl -X POST <prometheus>/-/reload (or restart it)',
        }),
    activeAlertmanagers.length > 0
      ? fine(NAME, `alerts go to ${activeAlertmanagers.map(({ url }) => url).join(', ')}`)
      : failing(NAME, {
          what: 'Prometheus knows no Alertmanager',
          shows: 'alerts fire on its page and nobody is told',
          mend: 'set alerting.alertmanagers in prometheus.yml to alertmanager:9093, then restart Prometheus',
        }),
  ];
}

async function clock(place: Place, nowMilliseconds: () => number, signal: AbortSignal): Promise<Diagnosis[]> {
  const reply = await place.http.send({ url: addressIn(place, '-/ready') }, signal);
  const distance = clockDistance(reply, nowMilliseconds());
  if (distance === undefined) return [];
  const seconds = Math.round(Math.abs(distance));
  const trouble = {
    what: `The clock of Prometheus’ machine is ${seconds} s ${distance > 0 ? 'ahead of' : 'behind'} this one`,
    shows: 'onset and log lines do not meet; windows are empty',
    mend: 'timedatectl set-ntp true   on both machines; a container takes its host’s clock',
  };
  if (seconds > BAD_SKEW_SECONDS) return [failing('clock', trouble)];
  return seconds > SKEW_SECONDS
    ? [warning('clock', trouble)]
    : [fine('clock', 'this clock and that of Prometheus agree')];
}
