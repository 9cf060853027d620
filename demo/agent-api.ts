/** What the demo reads of the agent's HTTP API. */
import { z } from 'zod';

const Incident = z.object({
  id: z.string(),
  status: z.string(),
  severity: z.string(),
  service: z.string().optional(),
  openedAt: z.string(),
});
export type Incident = z.infer<typeof Incident>;

const Cause = z.object({
  class: z.string().nullable(),
  service: z.string(),
  dependency: z.string().nullable(),
  commit: z.string().nullable(),
  file: z.string().nullable(),
  line: z.number().nullable(),
});

const Report = z.object({
  version: z.number(),
  generatedAt: z.string(),
  verdict: z.object({
    confidence: z.number().nullable(),
    cause: Cause.nullable(),
    statement: z.object({ text: z.string() }),
  }),
  remediation: z
    .object({
      reason: z.string(),
      proposal: z.object({ proof: z.object({ state: z.string(), reason: z.string() }) }).nullable(),
      draft: z.object({ branch: z.string() }).nullable(),
    })
    .optional(),
});
export type Report = z.infer<typeof Report>;

const Detail = z.object({
  incident: Incident,
  alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), startsAt: z.string(), receivedAt: z.string() })),
  runs: z.array(z.object({ pipelineId: z.string(), status: z.string() })),
  stages: z.array(
    z.object({ stage: z.string(), startedAt: z.string(), finishedAt: z.string(), note: z.string().nullable() }),
  ),
  report: Report.nullable(),
  deliveries: z.array(
    z.object({
      destination: z.string(),
      kind: z.string(),
      state: z.string(),
      lastError: z.string().nullable(),
      receipt: z.unknown(),
    }),
  ),
});
export type Detail = z.infer<typeof Detail>;

const LIMIT_MILLISECONDS = 10_000;

export async function listIncidents(agentUrl: string): Promise<Incident[]> {
  return z.object({ items: z.array(Incident) }).parse(await getJson(`${agentUrl}/api/incidents?limit=200`)).items;
}

export async function getIncident(agentUrl: string, id: string): Promise<Detail> {
  return Detail.parse(await getJson(`${agentUrl}/api/incidents/${id}`));
}

export type ReportFormat = 'pdf' | 'docx' | 'json';

export async function getReport(agentUrl: string, id: string, format: ReportFormat): Promise<Uint8Array> {
  const response = await get(`${agentUrl}/api/incidents/${id}/report.${format}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function getJson(url: string): Promise<unknown> {
  return (await get(url)).json();
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MILLISECONDS) });
  if (!response.ok) throw new Error(`GET ${url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return response;
}
