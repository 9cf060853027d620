/** The evidence indexed by what rules ask of it. Nothing is concluded here. */
import type { Evidence, EvidenceOf } from '../domain/evidence.ts';
import { evidenceOfKind } from '../domain/evidence.ts';
import type { NumberedGap } from '../domain/gap.ts';
import type { Observation } from '../domain/telemetry.ts';
import { secondsBetween } from '../lib/time.ts';
import type { SuspectRanking } from './commits/rank.ts';
import type { AnalysisContext } from './context.ts';
import { spokenText, withoutFrames } from './crashes.ts';
import { heardTexts } from './deep/heard.ts';
import type { DependencyState } from './dependencies.ts';
import { dependencyStates } from './dependencies.ts';
import { isProgrammingError } from './fault-classes/texts.ts';
import { isServed } from './metrics/latency.ts';
import { isNew } from './novelty.ts';
import { type TopologyVerdict, topologyVerdict } from './topology/verdict.ts';

export type Metric = EvidenceOf<'metric'>;
export type Trace = EvidenceOf<'stack-trace'>;
export type ProbeSeen = EvidenceOf<'probe'>;

/** An error text that began or grew with the incident. */
export interface ErrorText {
  readonly cite: string;
  readonly group: 'logs' | 'traces';
  /** Everything that was written: message, sample lines, trace. */
  readonly text: string;
  readonly count: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** As logged; a trace counts as an error. */
  readonly level: EvidenceOf<'logs'>['data']['level'];
  readonly isNovel: boolean;
  /** Thrown by the program's own logic: no word in it speaks of network, disk or time. */
  readonly isProgramming: boolean;
  /** The caller that logged it, where it is an answer that this service gave. */
  readonly by?: string | undefined;
}

export interface Scene {
  readonly context: AnalysisContext;
  /** Of the service that this one was looked into for; undefined: it is the alerting one itself. */
  readonly caller: Scene | undefined;
  /** The alerting one, where this is looked into because it asks that one otherwise than before. */
  readonly callee?: Scene | undefined;
  readonly evidence: readonly Evidence[];
  readonly gaps: readonly NumberedGap[];
  /** When the failure began, as well as it could be dated. */
  readonly onset: string;
  readonly texts: readonly ErrorText[];
  readonly traces: readonly Trace[];
  readonly metrics: readonly Metric[];
  readonly health: ProbeSeen | undefined;
  readonly ready: ProbeSeen | undefined;
  readonly dependencies: readonly DependencyState[];
  /** Whether it fails by itself or because of what it depends on, as far as that is measured. */
  readonly topology: TopologyVerdict | undefined;
  readonly ranking: SuspectRanking | undefined;
  /** Whether error lines were looked for at all: without logs, silence proves nothing. */
  readonly logsSeen: boolean;
}

export interface SceneInput {
  readonly observations: readonly Observation[];
  readonly context: AnalysisContext;
  readonly evidence: readonly Evidence[];
  readonly gaps: readonly NumberedGap[];
  readonly onset: string;
  readonly ranking: SuspectRanking | undefined;
  readonly caller?: Scene | undefined;
  readonly callee?: Scene | undefined;
}

export function buildScene(input: SceneInput): Scene {
  const { observations, context, evidence, onset } = input;
  const own = evidence.filter((item) => item.service === context.service.name);
  const probes = evidenceOfKind(own, 'probe');
  const dependencies = dependencyStates(observations, evidence, context);
  const { caller } = input;
  const heard = caller ? heardTexts(caller.texts, caller.context.service.name, context.service) : [];
  return {
    context,
    caller,
    callee: input.callee,
    evidence,
    gaps: input.gaps,
    onset,
    texts: [...errorTexts(own, context, onset), ...heard],
    traces: evidenceOfKind(own, 'stack-trace').filter(
      ({ data }) => data.count > data.baselineCount || isNew(data, context),
    ),
    metrics: evidenceOfKind(own, 'metric'),
    health: probes.find((probe) => probe.data.of === 'health'),
    ready: probes.find((probe) => probe.data.of === 'ready'),
    dependencies,
    topology: topologyVerdict({ context, evidence, dependencies }),
    ranking: input.ranking,
    logsSeen: observations.some(
      ({ question, answer }) =>
        question.service.name === context.service.name && answer.telemetry.logLines !== undefined,
    ),
  };
}

/** The strongest metric of a family, one whose values moved before one that stayed. */
export function metricOf(scene: Scene, family: Metric['data']['family']): Metric | undefined {
  return strongest(scene.metrics.filter((metric) => metric.data.family === family));
}

/** Answers that are the server's fault: 4xx are the callers'. */
export function serverErrors(scene: Scene): Metric | undefined {
  return strongest(
    scene.metrics.filter((metric) => metric.data.family === 'errors' && !/^(?:rate of )?4xx/.test(metric.title)),
  );
}

/** Time per request, as callers wait for it: neither an event loop's lag nor what the service waits for itself. */
export function requestLatency(scene: Scene): Metric | undefined {
  return strongest(scene.metrics.filter(({ data }) => data.family === 'latency' && isServed(data.metric)));
}

function strongest(of: readonly Metric[]): Metric | undefined {
  const strength = (metric: Metric) => (metric.data.direction === 'flat' ? -1 : Math.abs(metric.data.score ?? 0));
  return of.toSorted((a, b) => strength(b) - strength(a))[0];
}

function errorTexts(own: readonly Evidence[], context: AnalysisContext, onset: string): ErrorText[] {
  const texts: ErrorText[] = [];
  for (const trace of evidenceOfKind(own, 'stack-trace')) {
    const { count, baselineCount, firstAt, lastAt } = trace.data;
    const isNovel = isNew(trace.data, context);
    if (!isNovel && !hasRisen(count - baselineCount, baselineCount, context, onset)) continue;
    const text = spokenText(trace.data);
    const isProgramming = isProgrammingError(trace.data.type, text);
    texts.push({
      cite: trace.id,
      group: 'traces',
      text,
      count,
      firstAt,
      lastAt,
      level: 'error',
      isNovel,
      isProgramming,
    });
  }
  for (const logs of evidenceOfKind(own, 'logs')) {
    const { template, level, samples, incidentCount, baselineCount, firstAt, lastAt } = logs.data;
    const count = incidentCount + baselineCount;
    const isNovel = count > 0 && isNew(logs.data, context);
    if (level === 'info' || (!isNovel && !hasRisen(incidentCount, baselineCount, context, onset))) continue;
    const text = [...samples.map((sample) => withoutFrames(sample.text)), template].join('\n');
    texts.push({
      cite: logs.id,
      group: 'logs',
      text,
      count: isNovel ? count : incidentCount,
      firstAt,
      lastAt,
      level,
      isNovel,
      isProgramming: false,
    });
  }
  return texts;
}

/** At least twice as frequent as before; METHODS §2, effect ratio. */
function hasRisen(after: number, before: number, context: AnalysisContext, onset: string): boolean {
  if (after <= 0) return false;
  const secondsBefore = Math.max(1, secondsBetween(context.window.from, onset));
  const secondsAfter = Math.max(1, secondsBetween(onset, context.window.to));
  return (after + 0.5) / secondsAfter >= (2 * (before + 0.5)) / secondsBefore;
}
