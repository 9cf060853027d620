/** Which service, what kind of failure, how bad, who else suffers, what the next agent should look at. */
import { evidenceOfKind } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { FaultClass } from '../domain/fault-class.ts';
import type { Findings, Impact, TriageFinding } from '../domain/finding.ts';
import { ABSTAIN_BELOW } from '../domain/hypothesis.ts';
import { type Severity, severityOf } from '../domain/incident.ts';
import { causeServiceOf, indicators } from './indicators.ts';

const MAX_INDICATORS = 5;

export const agent = { name: 'TriageAgent', conclude, summary } as const;

function conclude(facts: Facts, _findings: Findings): TriageFinding {
  const faultClass = classOf(facts);
  return {
    service: facts.service,
    registered: facts.registered,
    errorType: errorTypeOf(facts, faultClass),
    faultClass,
    impact: impactOf(facts),
    keyIndicators: indicators(facts, MAX_INDICATORS),
    blastRadius: blastRadiusOf(facts),
    lookAt: lookAt(facts),
  };
}

function summary(finding: TriageFinding): string {
  return `type=${finding.errorType} severity=${finding.impact} class=${finding.faultClass ?? 'unknown'}`;
}

/** Of the verdict only: a class that is not established is not handed on. */
function classOf(facts: Facts): FaultClass | null {
  const [first] = facts.hypotheses;
  return first && first.confidence >= ABSTAIN_BELOW ? first.cause.class : null;
}

/** How the service answers wrongly, as opposed to not running properly. */
const API_CLASSES: ReadonlySet<FaultClass> = new Set([
  'rate-limit',
  'external-api-down',
  'auth-secret',
  'schema-migration',
]);
const SERVICE_CLASSES: ReadonlySet<FaultClass> = new Set([
  'process-down',
  'out-of-memory',
  'memory-leak',
  'dependency-refused',
  'dns',
  'tls-certificate',
  'pool-exhaustion',
  'timeout-latency',
  'disk-full',
  'file-descriptor-limit',
  'bad-config',
  'deadlock-stall',
  'cpu-saturation',
  'traffic-spike',
  'queue-backlog',
  'clock-skew',
  'host-network',
]);

function errorTypeOf(facts: Facts, faultClass: FaultClass | null): TriageFinding['errorType'] {
  if (faultClass && API_CLASSES.has(faultClass)) return 'api_error';
  if (faultClass && SERVICE_CLASSES.has(faultClass)) return 'service_error';
  if (isDown(facts)) return 'service_error';
  const said = alertNames(facts).join(' ');
  const answersErrors = facts.evidence.some(
    (item) => item.kind === 'metric' && item.data.family === 'errors' && item.data.direction === 'up',
  );
  const failedRequest = facts.evidence.some((item) => item.kind === 'stack-trace' && item.data.request !== null);
  return answersErrors || failedRequest || /5xx|4xx|http|error|api|auth/i.test(said) ? 'api_error' : 'service_error';
}

function isDown(facts: Facts): boolean {
  return facts.evidence.some((item) => {
    if (item.service !== facts.service) return false;
    if (item.kind === 'probe') return item.data.of === 'health' && item.data.httpStatus === undefined;
    return item.kind === 'metric' && item.data.family === 'availability' && item.data.lastValue === 0;
  });
}

/** The label says how grave the rule's author finds it; what was seen can raise that, and only "not confirmed" lowers it. */
function impactOf(facts: Facts): Impact {
  if (facts.alertConfirmed === 'not-confirmed') return 'low';
  if (isDown(facts)) return 'critical';
  const share = shareOfErrors(facts);
  if (share >= 0.5) return 'critical';
  const severity = severityOfEvidence(facts);
  if (severity === 'critical') return facts.alertConfirmed === 'confirmed' ? 'critical' : 'high';
  if (share >= 0.1 || isNotReady(facts)) return 'high';
  return severity === 'info' ? 'low' : 'medium';
}

function shareOfErrors(facts: Facts): number {
  let share = 0;
  for (const item of facts.evidence)
    if (
      item.kind === 'metric' &&
      item.data.family === 'errors' &&
      item.data.unit === '1' &&
      item.data.direction === 'up'
    )
      share = Math.max(share, item.data.incidentMedian ?? 0);
  return share;
}

function isNotReady(facts: Facts): boolean {
  return facts.evidence.some(
    (item) => item.kind === 'probe' && item.service === facts.service && (item.data.httpStatus ?? 599) >= 500,
  );
}

/** The gravest that the alerts claim. */
function severityOfEvidence(facts: Facts): Severity {
  const said = evidenceOfKind(facts.evidence, 'alert').flatMap((item) => item.data.alerts);
  return severityOf(said.map(({ severity }) => ({ labels: severity ? { severity } : {} })));
}

function alertNames(facts: Facts): string[] {
  return facts.evidence.flatMap((item) => (item.kind === 'alert' ? item.data.alerts.map((alert) => alert.name) : []));
}

/** Those that the registry says depend on it, then neighbours that were seen failing. */
function blastRadiusOf(facts: Facts): string[] {
  const failing = new Set(facts.dependents ?? []);
  for (const item of evidenceOfKind(facts.evidence, 'probe'))
    if (item.service !== facts.service && (item.data.httpStatus ?? 599) >= 500) failing.add(item.service);
  // Where the cause lies is said elsewhere: these are those that it reaches.
  failing.delete(causeServiceOf(facts));
  return [...failing].sort();
}

function lookAt(facts: Facts): string[] {
  const list: string[] = [];
  for (const item of facts.evidence) {
    if (item.kind !== 'stack-trace' || item.data.crashFrame === null) continue;
    const frame = item.data.frames[item.data.crashFrame];
    if (frame?.line != null)
      list.push(`The stack trace ${item.id} at ${frame.repositoryPath ?? frame.file}:${frame.line}`);
  }
  const [first] = facts.hypotheses;
  if (first?.cause.dependency) list.push(`The state of ${first.cause.dependency}`);
  for (const item of facts.evidence) if (item.kind === 'commit') list.push(`The change in ${item.id}`);
  for (const gap of facts.gaps)
    if (gap.coveredBy === undefined) list.push(`What ${gap.id} leaves open: ${gap.unknown}`);
  return [...new Set(list)].slice(0, 6);
}
