/** Nezha's Train-Ticket: three minutes of traces and log lines, and a quiet minute of the same day. */
import { z } from 'zod';
import {
  type OriginInput,
  type OriginRanking,
  rankOrigins,
} from '../../apps/incident-agent-workflow/src/analyze/topology/rank-origins.ts';
import type { Span } from '../../apps/incident-agent-workflow/src/analyze/topology/spans.ts';
import type { TraceText } from '../../apps/incident-agent-workflow/src/analyze/topology/trace-events.ts';
import { rowReader } from './csv.ts';
import { caseIds, readJson, readTable } from './files.ts';
import type { Predictions, PublicSet } from './public-set.ts';

const Alert = z.object({ normal: z.string(), window_start: z.string(), candidate_services: z.array(z.string()) });

/** A pod is its service's name and two hashes. */
function serviceOf(pod: string): string {
  return pod.split('-').slice(0, -2).join('-');
}

function readSpans(...path: readonly string[]): Span[] {
  const table = readTable(...path, 'traces.csv');
  const cell = rowReader(table);
  return table.rows.map((row) => {
    const parentId = cell(row, 'parent_id') ?? '';
    return {
      traceId: cell(row, 'trace_id') ?? '',
      spanId: cell(row, 'span_id') ?? '',
      parentId: parentId === 'root' ? undefined : parentId,
      node: serviceOf(cell(row, 'pod') ?? ''),
      operation: cell(row, 'operation') ?? '',
      startMilliseconds: Number(BigInt(cell(row, 'start_unix_nano') ?? '0') / 1_000n) / 1_000,
      durationMilliseconds: Number(cell(row, 'duration_us')) / 1_000,
    };
  });
}

function readTexts(...path: readonly string[]): (TraceText & { readonly at: number })[] {
  const table = readTable(...path, 'logs.csv');
  const cell = rowReader(table);
  return table.rows.map((row) => {
    const pod = cell(row, 'pod') ?? '';
    const at = cell(row, 'time') ?? '';
    return {
      traceId: cell(row, 'trace_id') ?? '',
      spanId: cell(row, 'span_id'),
      node: serviceOf(pod),
      line: { at, stream: pod, text: cell(row, 'message') ?? '' },
      at: Date.parse(at),
    };
  });
}

const GUARD = 60_000;

/** What lies before the window is "before" as well, whatever else went wrong then: it did not begin now. */
function inputOf(folder: string, caseId: string): OriginInput {
  const alert = readJson(Alert, folder, 'cases', caseId, 'alert.json');
  const start = Date.parse(alert.window_start);
  const spans = readSpans(folder, 'cases', caseId);
  const texts = readTexts(folder, 'cases', caseId);
  const began = new Map<string, number>();
  for (const { traceId, startMilliseconds } of spans)
    began.set(traceId, Math.min(began.get(traceId) ?? startMilliseconds, startMilliseconds));
  const isNow = ({ traceId }: { readonly traceId: string }) => (began.get(traceId) ?? 0) >= start;
  const isBefore = ({ traceId }: { readonly traceId: string }) => (began.get(traceId) ?? start) < start - GUARD;
  const quiet = [folder, alert.normal];
  return {
    graph: { nodes: alert.candidate_services.map((name) => ({ name, kind: 'service' })), dependencies: [] },
    symptom: { node: undefined, families: [] },
    onsetMilliseconds: start,
    traces: {
      before: {
        spans: [...readSpans(...quiet), ...spans.filter(isBefore)],
        texts: [...readTexts(...quiet), ...texts.filter(isBefore)],
      },
      after: { spans: spans.filter(isNow), texts: texts.filter(isNow) },
    },
  };
}

function originsOf(folder: string, caseId: string): OriginRanking {
  return rankOrigins(inputOf(folder, caseId));
}

async function predict(folder: string): Promise<Predictions> {
  return Object.fromEntries(caseIds(folder).map((id) => [id, originsOf(folder, id).ranked.map(({ node }) => node)]));
}

const Score = z.object({
  all: z.object({ cases: z.number(), 'AS@1': z.number(), 'AS@3': z.number(), 'AS@5': z.number(), mrr: z.number() }),
});

export const nezhaTrainticket: PublicSet = {
  name: 'nezha-trainticket',
  measures: 'which of 46 services carries the fault (traces and their log lines)',
  predict,
  baseline: ['own-time-ratio'],
  published: [{ who: 'Nezha, all 45 faults, every trace', figure: 'AS@1 .867, AS@3 .978' }],
  figures(score) {
    const { all } = Score.parse(score);
    return [
      { name: 'as1', value: all['AS@1'], unit: 'share', atLeast: 6 / 8 },
      { name: 'as3', value: all['AS@3'], unit: 'share', atLeast: 1 },
      { name: 'as5', value: all['AS@5'], unit: 'share' },
      { name: 'mrr', value: all.mrr, unit: 'share' },
    ];
  },
};
