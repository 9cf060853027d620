/** Where Grafana shows the service of an incident at the time of the incident. Pure. */
import type { Incident, Run } from '../domain/incident.ts';
import { compareInstants, millisecondsOf, plusSeconds } from '../lib/time.ts';

/** `uid` of monitoring/grafana/dashboards/services.json; a test compares the two. */
export const SERVICES_DASHBOARD_UID = 'incident-agent-services';

const MARGIN_SECONDS = 15 * 60;
/** An alert may claim to have begun years ago; a dashboard over years shows nothing. */
const LONGEST_SECONDS = 24 * 3_600;

/**
 * `grafanaUrl` is Grafana's address, also below a path, or that of a dashboard of one's own (`…/d/uid`), which is then
 * taken as it is. Either way the service and the time go with it: from a quarter of an hour before the first alert to
 * as long after the look.
 */
export function dashboardUrl(
  grafanaUrl: string,
  { service, startedAt }: Pick<Incident, 'service' | 'startedAt'>,
  { createdAt }: Pick<Run, 'createdAt'>,
): string {
  const url = new URL(grafanaUrl);
  if (!/\/d\/[^/]+/.test(url.pathname))
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/d/${SERVICES_DASHBOARD_UID}/services`;
  const earliest = plusSeconds(createdAt, -LONGEST_SECONDS);
  const from = compareInstants(startedAt, earliest) < 0 ? earliest : startedAt;
  if (service !== undefined) url.searchParams.set('var-service', service);
  url.searchParams.set('from', epoch(plusSeconds(from, -MARGIN_SECONDS)));
  url.searchParams.set('to', epoch(plusSeconds(createdAt, MARGIN_SECONDS)));
  return url.href;
}

/** Milliseconds since 1970, as Grafana wants them. */
function epoch(instant: string): string {
  return String(millisecondsOf(instant) ?? 'now');
}
