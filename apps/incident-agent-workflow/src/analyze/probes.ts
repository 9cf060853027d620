/** What the service's own addresses answered, and what the scraper says of it, as evidence. */
import type { Observed } from '../domain/evidence.ts';
import type { Observation, Probe, ScrapeTarget } from '../domain/telemetry.ts';
import { clockTime } from '../lib/instants.ts';
import { counted, quoted, upperFirst } from '../lib/wording.ts';
import type { AnalysisContext } from './context.ts';

/** One evidence per probe that was made; a probe that could not be made is a gap of its source. */
export function observeProbes(observations: readonly Observation[], context: AnalysisContext): Observed[] {
  const observed: Observed[] = [];
  for (const { question, answer } of observations) {
    const probe = answer.telemetry.probe;
    if (question.kind !== 'probe' || !probe) continue;
    observed.push({
      kind: 'probe',
      title: titleOf(probe, question.service.name),
      source: answer.source,
      query: answer.query,
      window: { from: probe.at, to: probe.at },
      digest: context.digest(JSON.stringify(probe)),
      service: question.service.name,
      data: probe,
    });
  }
  return observed;
}

const FAILURE_WORDS: Readonly<Record<NonNullable<Probe['failure']>, string>> = {
  refused: 'refused the connection',
  timeout: 'did not answer in time',
  dns: 'could not be reached: its name does not resolve',
  tls: 'could not be reached: the TLS handshake failed',
  reset: 'broke the connection off',
  other: 'could not be reached',
};

/** `the health address of X answered 200`, without the time. */
export function probeWords(probe: Probe, service: string): string {
  const what = `${probe.of === 'health' ? 'health' : 'readiness'} address of ${service}`;
  if (probe.httpStatus !== undefined) return `the ${what} answered ${probe.httpStatus}`;
  return `the ${what} ${FAILURE_WORDS[probe.failure ?? 'other']}`;
}

function titleOf(probe: Probe, service: string): string {
  const words = probeWords(probe, service);
  return `${upperFirst(words)} at ${clockTime(probe.at)}`;
}

/** One evidence per answer of the scraper; "no target" is a finding, being unable to ask is not. */
export function observeTargets(observations: readonly Observation[], context: AnalysisContext): Observed[] {
  const observed: Observed[] = [];
  for (const { question, answer } of observations) {
    const targets = answer.telemetry.targets;
    if (question.kind !== 'targets' || !targets) continue;
    const data = { targets: targets.slice(0, 50) };
    observed.push({
      kind: 'targets',
      title: targetsTitle(targets, question.service.name),
      source: answer.source,
      query: answer.query,
      window: context.window,
      digest: context.digest(JSON.stringify(data)),
      service: question.service.name,
      data,
    });
  }
  return observed;
}

function targetsTitle(targets: readonly ScrapeTarget[], service: string): string {
  if (targets.length === 0) return `No scrape target is known for ${service}`;
  const down = targets.filter((target) => target.health === 'down');
  if (down.length === 0) return `${counted(targets.length, 'scrape target')} of ${service}, none down`;
  const error = down.find((target) => target.lastError !== '')?.lastError;
  return `${down.length} of ${counted(targets.length, 'scrape target')} of ${service} down${error ? `: ${quoted(error)}` : ''}`;
}
