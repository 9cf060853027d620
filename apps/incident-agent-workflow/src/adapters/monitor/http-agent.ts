/** An agent over its HTTP API: alerts go in, incidents and reports come out. */
import { z } from 'zod';
import { AgentError, isAgentError } from '../../domain/error.ts';
import { isUnderWay, Run } from '../../domain/incident.ts';
import type { Report } from '../../domain/report.ts';
import type { RemoteAgent } from '../../host-ports.ts';
import { failureOfStatus, type HttpClient, type HttpReply, parseJsonReply } from '../../lib/http.ts';

const Health = z.object({ status: z.literal('ok'), service: z.string() });
const Taken = z.object({ incidents: z.array(z.object({ id: z.string() })) });
/** Of the report only that it is one: it was written by an agent of the same version. */
const ReportShape = z.custom<Report>(
  (value) => typeof value === 'object' && value !== null && 'schema' in value && value.schema === 'incident-report/1',
);
const Detail = z.object({
  runs: z.array(Run.pick({ status: true })),
  report: ReportShape.nullable(),
});

const NAME = 'The agent';
const HEALTH_MILLISECONDS = 3_000;
const REPLY_MILLISECONDS = 30_000;

/** Each client with its token: an alert may go in by one that opens nothing else. */
export function httpAgent(
  url: string,
  clients: { readonly alerts: HttpClient; readonly api: HttpClient },
): RemoteAgent {
  const address = (path: string) => new URL(path, url).href;
  return {
    url,
    async answers(signal) {
      try {
        const reply = await clients.api.getJson(address('/health'), soon(signal, HEALTH_MILLISECONDS));
        return Health.safeParse(reply).success;
      } catch (error) {
        if (isAgentError(error)) return false;
        throw error;
      }
    },
    async post(alerts, signal) {
      const request = {
        url: address('/alerts'),
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ alerts }),
      } as const;
      const reply = await clients.alerts.send(request, soon(signal));
      if (reply.status !== 202) throw refusalOf(reply, request.url);
      return Taken.parse(parseJsonReply(NAME, request.url, reply.text)).incidents.map(({ id }) => id);
    },
    async incident(id, signal) {
      const path = `/api/incidents/${encodeURIComponent(id)}`;
      const { runs, report } = Detail.parse(await clients.api.getJson(address(path), soon(signal)));
      return {
        isUnderWay: runs.some(isUnderWay),
        report: report ?? undefined,
      };
    },
    async report(id, format, signal) {
      return clients.api.getBytes(address(`/api/incidents/${encodeURIComponent(id)}/report.${format}`), soon(signal));
    },
  };
}

function soon(signal: AbortSignal, milliseconds = REPLY_MILLISECONDS): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
}

/** A 400 is about what was sent: sending it again changes nothing. */
function refusalOf(reply: HttpReply, url: string): AgentError {
  const failure = failureOfStatus(NAME, url, reply);
  return reply.status === 400 ? new AgentError('invalid-input', failure.message, { retryable: false }) : failure;
}
