/** Alertmanager: is it there, and does it send to this agent what the rules label for it? */
import { parse } from 'yaml';
import { z } from 'zod';
import { type Diagnosis, failing, fine, unknown, warning } from '../../domain/diagnosis.ts';
import { isAgentError, messageOf } from '../../domain/error.ts';
import type { DoctorCheck } from '../../host-ports.ts';
import { askJson, type Place } from './asking.ts';

const NAME = 'alertmanager';
const Status = z.object({ versionInfo: z.object({ version: z.string() }), config: z.object({ original: z.string() }) });
interface Route {
  readonly receiver?: string | undefined;
  readonly routes?: readonly Route[] | undefined;
}
const Route: z.ZodType<Route> = z.lazy(() =>
  z.object({ receiver: z.string().optional(), routes: z.array(Route).optional() }),
);
const Configuration = z.object({
  route: Route.optional(),
  receivers: z
    .array(
      z.object({
        name: z.string(),
        webhook_configs: z
          .array(
            z.object({
              url: z.string().optional(),
              send_resolved: z.boolean().optional(),
              max_alerts: z.number().optional(),
            }),
          )
          .optional(),
      }),
    )
    .default([]),
});
const HIDDEN = '<secret>';

/** `agentPort`: where this agent listens. */
export function alertmanagerCheck(place: Place | undefined, agentPort: number): DoctorCheck {
  return {
    name: NAME,
    async run(signal) {
      if (place === undefined) {
        const mend = 'set ALERTMANAGER_URL (http://localhost:9093), and doctor looks whether it sends to the agent';
        return [
          unknown(NAME, {
            what: 'ALERTMANAGER_URL is not set',
            shows: 'whether alerts reach the agent is not checked',
            mend,
          }),
        ];
      }
      try {
        const { versionInfo, config } = await askJson(place, 'api/v2/status', Status, signal);
        return [
          fine(NAME, `Alertmanager ${versionInfo.version} answers at ${place.url}`),
          ...routing(config.original, agentPort),
        ];
      } catch (error) {
        if (!isAgentError(error)) throw error;
        const mend =
          'docker compose up -d alertmanager && docker compose logs --tail 50 alertmanager   or correct ALERTMANAGER_URL';
        return [
          failing(NAME, { what: messageOf(error), shows: 'alerts fire in Prometheus and no incident opens', mend }),
        ];
      }
    },
  };
}

function routing(text: string, agentPort: number): Diagnosis[] {
  const configuration = Configuration.safeParse(yamlOf(text));
  if (!configuration.success) {
    const trouble = {
      what: 'Alertmanager’s configuration cannot be read',
      shows: 'whether it sends to the agent is not known',
    };
    return [unknown(NAME, { ...trouble, mend: 'amtool config show' })];
  }
  const { route, receivers } = configuration.data;
  const routed = new Set(receiversOf(route));
  const webhooks = receivers.flatMap(({ name, webhook_configs = [] }) =>
    webhook_configs.map((one) => ({ name, ...one })),
  );
  const ours = webhooks.filter(({ url }) => url !== undefined && leadsTo(url, agentPort));
  const mend =
    'take the receiver incident-agent and its route from monitoring/alertmanager.yml, then restart Alertmanager';
  if (ours.length === 0 && webhooks.some(({ url }) => url === undefined || url === HIDDEN)) {
    const trouble = {
      what: 'Alertmanager hides where its webhooks lead',
      shows: 'whether it sends to the agent cannot be told from outside',
    };
    return [unknown(NAME, { ...trouble, mend: 'look into its configuration: a webhook must lead to <agent>/alerts' })];
  }
  if (ours.length === 0) {
    return [
      failing(NAME, {
        what: `No receiver of Alertmanager leads to this agent (port ${agentPort}, path /alerts)`,
        shows: 'alerts fire and no incident opens',
        mend,
      }),
    ];
  }
  const used = ours.filter(({ name }) => routed.has(name));
  if (used.length === 0) {
    return [
      failing(NAME, {
        what: `The receiver ${ours[0]?.name} leads to the agent, but no route uses it`,
        shows: 'alerts fire and no incident opens',
        mend,
      }),
    ];
  }
  return used.flatMap(({ name, send_resolved, max_alerts }) => [
    fine(NAME, `the receiver ${name} sends to this agent`),
    ...(send_resolved === false
      ? [
          warning(NAME, {
            what: `The receiver ${name} does not send resolved alerts`,
            shows: 'incidents stay open until their sender is silent',
            mend: 'set send_resolved: true',
          }),
        ]
      : []),
    ...(max_alerts !== undefined && max_alerts > 0
      ? [
          warning(NAME, {
            what: `The receiver ${name} sends at most ${max_alerts} alerts at once`,
            shows: 'alerts are cut off without a word',
            mend: 'set max_alerts: 0',
          }),
        ]
      : []),
  ]);
}

function yamlOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined; // told as a configuration that cannot be read
  }
}

function receiversOf(route: Route | undefined): string[] {
  if (route === undefined) return [];
  return [...(route.receiver === undefined ? [] : [route.receiver]), ...(route.routes ?? []).flatMap(receiversOf)];
}

/** By port and path: the name of the machine is another one from inside a container. */
function leadsTo(url: string, agentPort: number): boolean {
  const parsed = URL.parse(url);
  if (!parsed) return false;
  const port = parsed.port === '' ? (parsed.protocol === 'https:' ? 443 : 80) : Number(parsed.port);
  return port === agentPort && /^\/alerts(?:\/|$)/.test(parsed.pathname);
}
