/** Loki, and whether it knows services by the names that Prometheus and the registry use: else alerts arrive and logs are missing. */
import { z } from 'zod';
import { type Diagnosis, failing, fine, unknown, warning } from '../../domain/diagnosis.ts';
import { isAgentError, messageOf } from '../../domain/error.ts';
import type { Registry } from '../../domain/service.ts';
import type { DoctorCheck } from '../../host-ports.ts';
import { askJson, type Place } from './asking.ts';

const NAME = 'loki';
const BuildInfo = z.object({ version: z.string(), branch: z.string().optional() });
/** Of a label that is not there, Loki leaves `data` out. */
const Values = z.object({ status: z.literal('success'), data: z.array(z.string()).default([]) });
/** Where a shipper may have put the name instead. */
const OTHER_LABELS = ['service_name', 'app', 'job', 'container', 'compose_service'];
const WINDOW_MILLISECONDS = 24 * 3_600_000;

export interface LabelPlaces {
  readonly loki: Place | undefined;
  readonly prometheus: Place | undefined;
}

export function labelsCheck(
  { loki, prometheus }: LabelPlaces,
  registry: Registry,
  nowMilliseconds: () => number,
): DoctorCheck {
  return {
    name: NAME,
    async run(signal) {
      if (loki === undefined) {
        const mend = 'set LOKI_URL (http://localhost:3100); without it log files of the registry are read';
        return [warning(NAME, { what: 'LOKI_URL is not set', shows: 'only log files on this machine are seen', mend })];
      }
      try {
        const { version } = await askJson(loki, 'loki/api/v1/status/buildinfo', BuildInfo, signal);
        const window = `start=${nowMilliseconds() - WINDOW_MILLISECONDS}000000`;
        const inLoki = (await askJson(loki, `loki/api/v1/label/service/values?${window}`, Values, signal)).data;
        const compared = await compare(inLoki, { loki, prometheus }, registry, window, signal);
        return [fine(NAME, `Loki ${version} answers at ${loki.url}`), ...compared];
      } catch (error) {
        if (!isAgentError(error)) throw error;
        const mend =
          'docker compose up -d loki promtail && docker compose logs --tail 50 loki promtail   or correct LOKI_URL (LOKI_TENANT where it wants one)';
        return [
          failing(NAME, { what: messageOf(error), shows: 'Grafana has no logs; reports read log files only', mend }),
        ];
      }
    },
  };
}

async function compare(
  inLoki: readonly string[],
  { loki, prometheus }: LabelPlaces & { readonly loki: Place },
  { services }: Registry,
  window: string,
  signal: AbortSignal,
): Promise<Diagnosis[]> {
  if (inLoki.length === 0) {
    return [
      failing(NAME, {
        what: 'Loki has no value of the label service in the last 24 hours',
        shows: 'Grafana and reports have no logs',
        mend: 'docker compose logs --tail 50 promtail   and look at __path__ and labels in monitoring/promtail.yml: do files lie under apps/*/logs/?',
      }),
    ];
  }
  const known = await knownServices(
    prometheus,
    services.map(({ name, labels }) => labels.service ?? name),
    signal,
  );
  const missing = known.names.filter((name) => !inLoki.includes(name));
  const elsewhere = missing.length === 0 ? new Map<string, string[]>() : await otherValues(loki, window, signal);
  const extra = inLoki.filter((name) => !known.names.includes(name));
  return [
    ...known.notes,
    ...missing.map((name) => mismatch(name, known.from, inLoki, elsewhere)),
    ...extra.map((name) =>
      warning('labels', {
        what: `Loki knows service "${name}", ${known.from} does not`,
        shows: 'its logs are in no report',
        mend: `add ${name} to the targets file and the service registry, or correct its label in monitoring/promtail.yml`,
      }),
    ),
    ...(missing.length + extra.length === 0 ? [fine('labels', `${known.from} and Loki know the same services`)] : []),
  ];
}

function mismatch(
  name: string,
  from: string,
  inLoki: readonly string[],
  elsewhere: ReadonlyMap<string, readonly string[]>,
): Diagnosis {
  const alike = inLoki.find((value) => normal(value) === normal(name) || normal(value).includes(normal(name)));
  const [label] = [...elsewhere].find(([, values]) => values.includes(name)) ?? [];
  const hint =
    alike !== undefined
      ? ` It has "${alike}": one of the two is spelt wrongly.`
      : label !== undefined
        ? ` It has it under the label ${label}.`
        : '';
  return failing('labels', {
    what: `${from} knows service "${name}", Loki has no such label value.${hint}`,
    shows: `alerts about ${name} arrive, and their logs are missing`,
    mend: `set \`service: ${name}\` for its log in monitoring/promtail.yml, then: docker compose restart promtail`,
  });
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

async function knownServices(
  prometheus: Place | undefined,
  registered: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly from: string; readonly names: readonly string[]; readonly notes: Diagnosis[] }> {
  if (prometheus === undefined) return { from: 'The registry', names: registered, notes: [] };
  try {
    const { data } = await askJson(prometheus, 'api/v1/label/service/values?match[]=up', Values, signal);
    return { from: 'Prometheus', names: data, notes: [] };
  } catch (error) {
    if (!isAgentError(error)) throw error;
    const note = unknown('labels', {
      what: 'Whether Prometheus and Loki agree on labels cannot be told, the registry is compared instead',
      shows: messageOf(error),
      mend: 'mend Prometheus first',
    });
    return { from: 'The registry', names: registered, notes: [note] };
  }
}

async function otherValues(loki: Place, window: string, signal: AbortSignal): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const label of OTHER_LABELS) {
    const { data } = await askJson(loki, `loki/api/v1/label/${label}/values?${window}`, Values, signal);
    found.set(label, data);
  }
  return found;
}
