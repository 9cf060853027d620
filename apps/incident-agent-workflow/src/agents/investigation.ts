/** What happened, in order: health, logs, the stack trace, the request that failed, what was ruled out. */
import type { Claim } from '../domain/claim.ts';
import { type Evidence, evidenceOfKind } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { Findings, InvestigationFinding } from '../domain/finding.ts';
import { percent } from '../lib/wording.ts';
import { asSentence, causeServiceOf, indicators } from './indicators.ts';

const MAX_LOG_EXCERPTS = 5;
const MAX_TRACE_LINES = 60;
const MAX_FILES = 8;

export const agent = { name: 'InvestigationAgent', conclude, summary } as const;

function conclude(facts: Facts, _findings: Findings): InvestigationFinding {
  const cause = causeServiceOf(facts);
  const of = (service: string) => facts.evidence.filter((item) => item.service === service);
  // The place where the cause lies first; what the alerting service shows came of it.
  const own = cause === facts.service ? of(cause) : [...of(cause), ...of(facts.service)];
  const [first] = facts.hypotheses;
  const trace = shownTrace(facts, own);
  return {
    order: facts.timeline,
    health: healthOf(own),
    stackTrace: trace ? trace.data.text.slice(0, MAX_TRACE_LINES).join('\n') : null,
    request: requestOf(trace),
    logEvidence: excerptsOf(own),
    affected: affectedOf(own),
    hypothesis: first?.statement.text ?? null,
    confidence: first?.confidence ?? 0,
    ruledOut: facts.ruledOut,
    filesToCheck: filesOf(facts, trace),
    claims: claimsOf(facts),
  };
}

function summary(finding: InvestigationFinding): string {
  const trace = finding.stackTrace === null ? 'none' : 'found';
  return `confidence=${percent(finding.confidence)} stack_trace=${trace} log_evidence=${finding.logEvidence.length}`;
}

type Trace = ReturnType<typeof evidenceOfKind<'stack-trace'>>[number];

/** The one the best hypothesis rests on, else the newest kind. */
function shownTrace(facts: Facts, own: readonly Evidence[]): Trace | undefined {
  const traces = evidenceOfKind(own, 'stack-trace');
  const cited = new Set(facts.hypotheses[0]?.supporting.flatMap((claim) => claim.cites));
  return (
    traces.find((trace) => cited.has(trace.id)) ?? traces.find((trace) => trace.data.baselineCount === 0) ?? traces[0]
  );
}

function healthOf(own: readonly Evidence[]): Claim | null {
  const probes = evidenceOfKind(own, 'probe');
  if (probes.length === 0) return null;
  return { text: probes.map((probe) => asSentence(probe.title)).join(' '), cites: probes.map((probe) => probe.id) };
}

function requestOf(trace: Trace | undefined): InvestigationFinding['request'] {
  return trace?.data.request ? { ...trace.data.request, cite: trace.id } : null;
}

function excerptsOf(own: readonly Evidence[]): InvestigationFinding['logEvidence'] {
  return evidenceOfKind(own, 'logs')
    .flatMap((logs) =>
      logs.data.samples
        .slice(0, 1)
        .map(({ stream, line, text }) => ({ stream, line, text, context: logs.data.context, cite: logs.id })),
    )
    .slice(0, MAX_LOG_EXCERPTS);
}

/** Endpoints that failed, then things named as failing. */
function affectedOf(own: readonly Evidence[]): string[] {
  const affected = new Set<string>();
  for (const { data } of evidenceOfKind(own, 'stack-trace'))
    if (data.request) affected.add(`${data.request.method} ${data.request.path}`);
  for (const { title, data } of evidenceOfKind(own, 'metric')) {
    if (data.family !== 'errors' || data.direction !== 'up') continue;
    const handlers = /\((?:mostly )?([^()]+)\)$/.exec(title)?.[1];
    for (const handler of handlers?.split(/, | and /) ?? []) affected.add(handler);
  }
  return [...affected].slice(0, 10);
}

function filesOf(facts: Facts, trace: Trace | undefined): string[] {
  const files = new Set<string>();
  const cause = facts.hypotheses[0]?.cause;
  if (cause?.file) files.add(cause.file);
  for (const frame of trace?.data.frames ?? [])
    if (frame.inApp && frame.repositoryPath) files.add(frame.repositoryPath);
  for (const commit of evidenceOfKind(facts.evidence, 'commit'))
    for (const file of commit.data.files) files.add(file.path);
  return [...files].slice(0, MAX_FILES);
}

/** That it is not the first time tells more than another figure. */
function remembered(facts: Facts): Claim[] {
  return evidenceOfKind(facts.evidence, 'memory').map(({ id, title }) => ({ text: asSentence(title), cites: [id] }));
}

function claimsOf(facts: Facts): Claim[] {
  const [first] = facts.hypotheses;
  const claims = [
    ...(first ? [first.statement, ...first.supporting] : []),
    ...remembered(facts),
    ...indicators(facts, 4),
  ];
  const distinct = new Map(claims.filter((claim) => claim.cites.length > 0).map((claim) => [claim.text, claim]));
  return [...distinct.values()].slice(0, 8);
}
