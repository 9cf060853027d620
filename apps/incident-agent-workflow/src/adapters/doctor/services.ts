/** The watched services: do they answer, are they ready, do they write the logs that the registry names? */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { type Diagnosis, failing, fine, warning } from '../../domain/diagnosis.ts';
import { isAgentError, messageOf } from '../../domain/error.ts';
import type { Registry, Service } from '../../domain/service.ts';
import type { DoctorCheck } from '../../host-ports.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { shellCommand } from '../../lib/escape.ts';
import type { HttpClient } from '../../lib/http.ts';
import { redact } from '../../lib/redact.ts';

const NAME = 'service';

export function servicesCheck(registry: Registry, http: HttpClient): DoctorCheck {
  return {
    name: NAME,
    async run(signal) {
      const found = registry.services.map(async (service) => [
        ...(await answers(service, http, signal)),
        ...(await logsOf(service)),
      ]);
      return (await Promise.all(found)).flat();
    },
  };
}

async function answers(service: Service, http: HttpClient, signal: AbortSignal): Promise<Diagnosis[]> {
  const { name, healthUrl, readyUrl } = service;
  if (healthUrl === undefined) {
    const mend = `set health_url of ${name} in the service registry`;
    return [warning(NAME, { what: `${name} has no health_url`, shows: 'alerts about it cannot be checked', mend })];
  }
  const failure = await failureAt(healthUrl, http, signal);
  if (failure !== undefined) {
    const [log] = Object.values(service.logPaths);
    const why = log === undefined ? '' : `${shellCommand(['tail', '-n', '50', log])}   then `;
    const mend = `${why}start it, or correct health_url of ${name} in the service registry`;
    return [
      failing(NAME, {
        what: `${name}: ${failure}`,
        shows: 'its target is DOWN in Prometheus, ServiceDown fires',
        mend,
      }),
    ];
  }
  const notReady = readyUrl === undefined ? undefined : await failureAt(readyUrl, http, signal);
  if (notReady === undefined) return [fine(NAME, `${name} answers at ${healthUrl}`)];
  const needs =
    service.dependsOn.length === 0
      ? ''
      : ` It depends on ${service.dependsOn.join(', ')}: start that, and look at the address in its .env.`;
  return [
    failing(NAME, {
      what: `${name} runs but is not ready: ${notReady}`,
      shows: 'its requests are answered with 503',
      mend: `${shellCommand(['curl', '-s', readyUrl ?? ''])}   says what is missing.${needs}`,
    }),
  ];
}

/** undefined: 2xx. */
async function failureAt(url: string, http: HttpClient, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { status, text } = await http.send({ url }, signal);
    return status >= 200 && status < 300
      ? undefined
      : `${url} answers ${status} ${oneLine(redact(text.slice(0, 1_000)), 200)}`;
  } catch (error) {
    if (!isAgentError(error)) throw error;
    return messageOf(error);
  }
}

async function logsOf({ name, logPaths }: Service): Promise<Diagnosis[]> {
  const check = 'logs';
  if (Object.keys(logPaths).length === 0) {
    const mend = `set log_paths of ${name} in the service registry`;
    return [
      warning(check, { what: `${name} has no log_paths`, shows: 'without Loki, reports about it have no logs', mend }),
    ];
  }
  return Promise.all(
    Object.values(logPaths).map(async (path) => {
      const shows = 'reports without logs, Grafana’s log panels are empty';
      const found = await stat(path).catch(() => undefined);
      if (!found?.isFile()) {
        const mend = `${shellCommand(['ls', '-l', path])}   start ${name}, or correct log_paths (and __path__ in monitoring/promtail.yml)`;
        return failing(check, { what: `${name}: there is no log file ${path}`, shows, mend });
      }
      const isReadable = await access(path, constants.R_OK).then(
        () => true,
        () => false,
      );
      const mend = shellCommand(['chmod', 'a+r', path]);
      if (!isReadable) return failing(check, { what: `${name}: ${path} may not be read by this user`, shows, mend });
      return fine(check, `${name} writes ${path}`);
    }),
  );
}
