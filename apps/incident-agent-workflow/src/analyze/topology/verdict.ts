/** Whether the service fails by itself, because of something it depends on, or together with others: from the evidence of a run. */
import type { Evidence, EvidenceOf, MetricFamily } from '../../domain/evidence.ts';
import { evidenceOfKind } from '../../domain/evidence.ts';
import { millisecondsOf } from '../../lib/time.ts';
import { displayName } from '../../lib/wording.ts';
import type { AnalysisContext } from '../context.ts';
import type { DependencyState } from '../dependencies.ts';
import { blameOf, type DependencyBlame } from './dependency-matrix.ts';
import { buildGraph, waysUpFrom } from './graph.ts';
import type { DirectSign, MeasuredSeries } from './node-state.ts';
import { type RankedNode, rankOrigins } from './rank-origins.ts';
import { strengthOfScore } from './strength.ts';

export interface TopologyVerdict {
  /** `own`: nothing it depends on explains it. `common-cause`: what is named is watched by nobody, its users point at it. */
  readonly kind: 'own' | 'dependency' | 'common-cause';
  readonly node: string;
  /** What of it is off; undefined: it is down, or nobody watches it. */
  readonly family: MetricFamily | undefined;
  /** From the service to it. */
  readonly way: readonly string[];
  readonly words: string;
  readonly cites: readonly string[];
}

type Metric = EvidenceOf<'metric'>;

export interface SeenOfNodes {
  readonly context: AnalysisContext;
  readonly evidence: readonly Evidence[];
  readonly dependencies: readonly DependencyState[];
}

/** undefined: nothing that is measured is off, or none of it stands for more than what the service shows itself. */
export function topologyVerdict({ context, evidence, dependencies }: SeenOfNodes): TopologyVerdict | undefined {
  const { service, registry, provisionalOnset } = context;
  const metrics = evidenceOfKind(evidence, 'metric');
  const { ranked, propagation } = rankOrigins({
    graph: {
      nodes: [...registry.services, service].map(({ name }) => ({ name, kind: 'service' })),
      dependencies: [
        ...[...registry.services, service].flatMap(({ name, dependsOn }) =>
          dependsOn.map((callee) => ({ caller: name, callee })),
        ),
        ...dependencies.map(({ name }) => ({ caller: service.name, callee: name })),
      ],
    },
    symptom: { node: service.name, families: alertFamilies(context) },
    onsetMilliseconds: millisecondsOf(provisionalOnset) ?? 0,
    measured: metrics.flatMap((metric) => measuredOf(metric)),
    signs: [...silentProbes(evidence), ...saidDown(dependencies)],
  });
  const origin = ranked.find(({ node }) => node === propagation?.origin);
  if (!origin?.isReachable) return undefined;
  return verdictOf(origin, { context, metrics, evidence, dependencies });
}

function verdictOf(
  origin: RankedNode,
  { context, metrics, evidence, dependencies }: SeenOfNodes & { readonly metrics: readonly Metric[] },
): TopologyVerdict | undefined {
  const { node, way, state, isVirtual, unobservedCallee } = origin;
  const loudest = metrics.find((metric) => metric.service === node && metric.data.metric === state.loudest?.metric);
  const probe = evidenceOfKind(evidence, 'probe').find((item) => item.service === node && isSilent(item));
  const said = dependencies.find(({ name }) => name === node);
  const [sign] = state.signs;
  const cites = sign ? (probe ? [probe.id] : (said?.cites ?? []).slice(0, 1)) : loudest ? [loudest.id] : [];
  const isOwn = node === context.service.name;
  // Who depends on it is said of the service itself, which what is cited must speak of.
  const own = isOwn ? undefined : metrics.find(({ service }) => service === context.service.name);
  if (cites.length === 0 && !isVirtual) return undefined;
  const deepest =
    unobservedCallee === undefined
      ? ''
      : `, the deepest that is watched on the way to ${displayName(unobservedCallee)}`;
  const what = sign ? sign.words : loudest ? loudest.title : 'all that use it fail at the same time';
  return {
    kind: isOwn ? 'own' : isVirtual ? 'common-cause' : 'dependency',
    node,
    family: sign ? undefined : state.loudest?.family,
    way,
    words: isOwn ? what : `${what}, which ${context.service.name} depends on${deepest}`,
    cites: own ? [...cites, own.id] : cites,
  };
}

function measuredOf({ service, data }: Metric): MeasuredSeries[] {
  // What a service says of a dependency is no series of its own.
  if (data.family === 'dependency' || data.score === null) return [];
  const score = data.direction === 'flat' ? 0 : data.score;
  return [
    {
      node: service,
      metric: data.metric,
      family: data.family,
      score,
      strength: strengthOfScore(score),
      isAnomalous: data.direction !== 'flat',
      onsetMilliseconds: data.onset === null ? undefined : millisecondsOf(data.onset),
      from: data.baselineMedian ?? 0,
      to: data.incidentExtreme ?? data.lastValue ?? 0,
      unit: data.unit,
      isThin: false,
    },
  ];
}

function isSilent({ data }: EvidenceOf<'probe'>): boolean {
  return data.of === 'health' && (data.httpStatus === undefined || data.httpStatus >= 500);
}

function silentProbes(evidence: readonly Evidence[]): DirectSign[] {
  return evidenceOfKind(evidence, 'probe')
    .filter(isSilent)
    .map((probe) => ({
      node: probe.service,
      atMilliseconds: undefined,
      words: `the health address of ${probe.service} does not answer as it should`,
    }));
}

/** The service's word counts where the dependency does not speak for itself. */
function saidDown(dependencies: readonly DependencyState[]): DirectSign[] {
  return dependencies
    .filter((state) => state.isUp === false && state.cites.length > 0 && ITS_OWN.has(blameOfState(state)))
    .map(({ name }) => ({
      node: name,
      atMilliseconds: undefined,
      words: `${displayName(name)} is reported as down`,
    }));
}

const ITS_OWN: ReadonlySet<DependencyBlame> = new Set(['dependency', 'open']);

export function blameOfState({ isUp, answers }: DependencyState): DependencyBlame {
  return blameOf({ callerReachesIt: isUp, answersItself: answers, othersReachIt: undefined });
}

const SPOKEN_OF: readonly (readonly [MetricFamily, RegExp])[] = [
  ['errors', /5xx|error|fail/i],
  ['latency', /latenc|slow|duration|response time|timeout/i],
  ['availability', /\bdown\b|unavailable|unreachable/i],
];

/** What the alerts speak of; empty: their words name nothing of the kind. */
function alertFamilies({ alerts }: AnalysisContext): MetricFamily[] {
  const said = alerts
    .slice(0, 20)
    .flatMap(({ labels, annotations }) => [
      labels.alertname ?? '',
      annotations.summary ?? '',
      annotations.description ?? '',
    ])
    .join('\n');
  return SPOKEN_OF.flatMap(([family, pattern]) => (pattern.test(said) ? [family] : []));
}

/** Everything registered that depends on the service, directly or not; in the order of their names. */
export function dependentsOf({ registry, service }: AnalysisContext): string[] {
  const graph = buildGraph({
    nodes: [],
    dependencies: registry.services.flatMap(({ name, dependsOn }) =>
      dependsOn.map((callee) => ({ caller: name, callee })),
    ),
  });
  const { names } = waysUpFrom(graph, service.name, () => true);
  return names.filter((name) => name !== service.name).sort();
}
