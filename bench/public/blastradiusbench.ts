/** BlastRadiusBench: a cascade over several services and what they share; a handful of samples a series. */
import { z } from 'zod';
import { gaugeKind } from '../../apps/incident-agent-workflow/src/analyze/metrics/families.ts';
import type { TopologyNode } from '../../apps/incident-agent-workflow/src/analyze/topology/graph.ts';
import { type OriginInput, rankOrigins } from '../../apps/incident-agent-workflow/src/analyze/topology/rank-origins.ts';
import { numberIn, rowReader } from './csv.ts';
import { caseIds, readJson, readTable } from './files.ts';
import type { Predictions, PublicSet } from './public-set.ts';

const Alert = z.object({ service: z.string(), metric: z.string(), fired_at: z.string() });
const Service = z.union([
  z.string().transform((name) => ({ name })),
  z.looseObject({
    name: z.string(),
    node: z.string().nullish(),
    datastores: z.array(z.string()).nullish(),
    egress_via: z.string().nullish(),
    external_deps: z.array(z.string()).nullish(),
    kafka_cluster: z.string().nullish(),
  }),
]);
type Service = z.infer<typeof Service>;
const ServiceMap = z.object({
  services: z.array(Service),
  edges: z.array(z.object({ from: z.string(), to: z.string() })),
});

/** What a service shares with others: each attribute that names a thing is a node it depends on. */
function sharedBy(service: Service): TopologyNode[] {
  if (!('node' in service || 'datastores' in service || 'egress_via' in service || 'kafka_cluster' in service))
    return [];
  const shared = [service.node, service.egress_via, service.kafka_cluster, ...(service.datastores ?? [])];
  return [
    ...shared.flatMap((name) => (name ? [{ name, kind: 'shared' as const }] : [])),
    ...(service.external_deps ?? []).map((name) => ({ name, kind: 'external' as const })),
  ];
}

/** `redis:session-cache-01` in one file is `session-cache-01` in another: the product stands before the colon. */
function withoutProduct(name: string): string {
  return name.replace(/^[a-z]+:/, '');
}

interface Cascade {
  readonly input: OriginInput;
  /** The name as the measurements write it. */
  readonly nameOf: (node: string) => string;
}

function readCase(folder: string, caseId: string): Cascade {
  const at = [folder, 'cases', caseId];
  const alert = readJson(Alert, ...at, 'alert.json');
  const map = readJson(ServiceMap, ...at, 'service_map.json');
  const table = readTable(...at, 'metrics.csv');
  const cell = rowReader(table);
  const names = new Map<string, string>();
  const series = new Map<
    string,
    { node: string; metric: string; samples: { atMilliseconds: number; value: number }[] }
  >();
  for (const row of table.rows) {
    const written = cell(row, 'service') ?? '';
    const metric = cell(row, 'metric') ?? '';
    const value = numberIn(cell(row, 'value'));
    const node = withoutProduct(written);
    names.set(node, written);
    const one = series.get(`${node}|${metric}`) ?? { node, metric, samples: [] };
    series.set(`${node}|${metric}`, one);
    if (value !== undefined) one.samples.push({ atMilliseconds: Date.parse(cell(row, 'timestamp') ?? ''), value });
  }
  const uses = map.services.flatMap((service) => sharedBy(service).map((node) => ({ service, node })));
  const input: OriginInput = {
    graph: {
      nodes: [
        ...map.services.map(({ name }) => ({ name, kind: 'service' as const })),
        ...uses.map(({ node }) => ({ ...node, name: withoutProduct(node.name) })),
      ],
      dependencies: [
        ...map.edges.map(({ from, to }) => ({ caller: from, callee: to })),
        ...uses.map(({ service, node }) => ({ caller: service.name, callee: withoutProduct(node.name) })),
      ],
    },
    symptom: { node: alert.service, families: familiesOf(alert.metric) },
    onsetMilliseconds: Date.parse(alert.fired_at),
    series: [...series.values()].map((one) => ({ ...one, kind: gaugeKind(one.metric) })),
  };
  return { input, nameOf: (node) => names.get(node) ?? node };
}

/** `p99_latency_ms / http_5xx_rate` speaks of two. A metric whose name says nothing leaves all open. */
function familiesOf(metric: string) {
  const families = metric.split(' / ').map((name) => gaugeKind(name.trim()).family);
  return families.filter((family) => family !== 'other');
}

function predictionOf({ input, nameOf }: Cascade) {
  const { propagation } = rankOrigins(input);
  if (!propagation) return { origin_service: '', propagation_path: [], root_cause: '', blast_radius: [] };
  return {
    origin_service: nameOf(propagation.origin),
    propagation_path: propagation.hops.map(({ from, to }) => ({ from: nameOf(from), to: nameOf(to) })),
    root_cause: '',
    blast_radius: propagation.victims.map(nameOf),
  };
}

async function predict(folder: string): Promise<Predictions> {
  return Object.fromEntries(caseIds(folder).map((id) => [id, predictionOf(readCase(folder, id))]));
}

const Score = z.object({
  passed: z.number(),
  cases: z.number(),
  mean_graded: z.number(),
  origin_accuracy: z.number(),
  blamed_a_victim: z.number(),
  cases_with_reversed_edges: z.number(),
  edge_recall: z.number(),
  blast_jaccard: z.number(),
});

export const blastradiusbench: PublicSet = {
  name: 'blastradiusbench',
  measures: 'what failed first and how it spread (topology, short series)',
  predict,
  baseline: ['deep-walk'],
  published: [
    { who: 'deepest dependency, 17 scenarios', figure: '3/17 pass' },
    { who: 'language models, 17 scenarios', figure: '4–61 % pass, graded .05–.68' },
  ],
  figures(score) {
    const read = Score.parse(score);
    return [
      { name: 'passed', value: read.passed, unit: `of ${read.cases}`, atLeast: 8 },
      { name: 'victims_named', value: read.blamed_a_victim, unit: 'cases', atMost: 0 },
      { name: 'reversed_edges', value: read.cases_with_reversed_edges, unit: 'cases', atMost: 0 },
      { name: 'graded', value: read.mean_graded, unit: 'share' },
      { name: 'origin', value: read.origin_accuracy, unit: 'share' },
      { name: 'edge_recall', value: read.edge_recall, unit: 'share' },
      { name: 'blast_jaccard', value: read.blast_jaccard, unit: 'share' },
    ];
  },
};
