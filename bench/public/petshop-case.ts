/** A case of PetShop: a call graph, 25 minutes of metrics in steps of five, two quiet days from another month. */
import { z } from 'zod';
import type { MetricKind } from '../../apps/incident-agent-workflow/src/analyze/metrics/families.ts';
import { MEAN_LATENCY } from '../../apps/incident-agent-workflow/src/analyze/metrics/families.ts';
import { type OriginInput, rankOrigins } from '../../apps/incident-agent-workflow/src/analyze/topology/rank-origins.ts';
import { numberIn } from './csv.ts';
import { caseIds, readJson, readTable } from './files.ts';

const STEP_SECONDS = 300;
const TIME_COLUMN = 'unix_timestamp';

const Alert = z.object({
  system: z.string(),
  target: z.object({ node: z.string(), metric: z.enum(['latency', 'availability']), timestamp: z.number() }),
});
const Graph = z.object({ nodes: z.array(z.string()), edges: z.array(z.tuple([z.string(), z.string()])) });

/** node → `latency|p95` → value at each instant; undefined: missing. */
type Columns = ReadonlyMap<string, ReadonlyMap<string, readonly (number | undefined)[]>>;

export interface ShopCase {
  readonly alert: z.infer<typeof Alert>;
  readonly graph: z.infer<typeof Graph>;
  readonly seconds: readonly number[];
  readonly now: Columns;
  /** Of the quiet days; their instants do not matter. */
  readonly usual: Columns;
}

/** All cases in the order of their names; the quiet days of a system are read once. */
export function readShopCases(folder: string): ReadonlyMap<string, ShopCase> {
  const systems = new Map<string, Pick<ShopCase, 'graph' | 'usual'>>();
  return new Map(
    caseIds(folder).map((caseId) => {
      const alert = readJson(Alert, folder, 'cases', caseId, 'alert.json');
      const system = systems.get(alert.system) ?? readSystem(folder, alert.system);
      systems.set(alert.system, system);
      const { seconds, columns: now } = readColumns(folder, 'cases', caseId, 'metrics.csv');
      return [caseId, { alert, seconds, now, ...system }];
    }),
  );
}

function readSystem(folder: string, name: string): Pick<ShopCase, 'graph' | 'usual'> {
  const system = [folder, 'systems', name];
  return {
    graph: readJson(Graph, ...system, 'graph.json'),
    usual: readColumns(...system, 'normal_metrics.csv').columns,
  };
}

function readColumns(...path: readonly string[]): { readonly seconds: number[]; readonly columns: Columns } {
  const table = readTable(...path);
  const columns = new Map<string, Map<string, (number | undefined)[]>>();
  for (const [place, name] of table.columns.entries()) {
    const [node, metric, statistic] = name.split('|');
    if (node === undefined || metric === undefined || statistic === undefined) continue;
    const ofNode = columns.get(node) ?? new Map<string, (number | undefined)[]>();
    columns.set(node, ofNode);
    ofNode.set(
      `${metric}|${statistic}`,
      table.rows.map((row) => numberIn(row[place])),
    );
  }
  const time = table.columns.indexOf(TIME_COLUMN);
  return { seconds: table.rows.map((row) => numberIn(row[time]) ?? Number.NaN), columns };
}

const FAMILY_OF = { latency: 'latency', availability: 'errors' } as const;

/** A sample is stamped with the beginning of its five minutes, so the one that holds the alert begins up to five before it. */
function originInput({ alert, graph, seconds, now, usual }: ShopCase): OriginInput {
  const { node, metric, timestamp } = alert.target;
  return {
    graph: {
      nodes: graph.nodes.map((name) => ({ name, kind: 'service' })),
      dependencies: graph.edges.map(([caller, callee]) => ({ caller, callee })),
    },
    symptom: { node, families: [FAMILY_OF[metric]] },
    onsetMilliseconds: (timestamp - STEP_SECONDS) * 1_000 + 1,
    series: [...now].flatMap(([name, columns]) =>
      [...columns].flatMap(([column, values]) => {
        const kind = kindOf(column);
        if (!kind) return [];
        const quiet = (usual.get(name)?.get(column) ?? []).flatMap((value) => value ?? []);
        const samples = seconds.flatMap((at, index) => {
          const value = values[index];
          return value === undefined ? [] : [{ atMilliseconds: at * 1_000, value }];
        });
        return samples.length === 0 ? [] : [{ node: name, metric: column, kind, samples, usual: quiet }];
      }),
    ),
    requests: [...now].map(([name, columns]) => ({
      node: name,
      stretches: stretchesOf(columns, seconds),
      usualFailedShares: (usual.get(name)?.get('availability|Average') ?? []).flatMap((value) =>
        value === undefined ? [] : 1 - value / 100,
      ),
    })),
  };
}

const AVAILABILITY: MetricKind = { family: 'errors', unit: '%', isShare: false, badDirection: 'down', floor: 0.2 };

/** Traffic is counted below, not scored. */
function kindOf(column: string): MetricKind | undefined {
  if (column.startsWith('latency|')) return MEAN_LATENCY;
  return column.startsWith('availability|') ? AVAILABILITY : undefined;
}

function stretchesOf(columns: ReadonlyMap<string, readonly (number | undefined)[]>, seconds: readonly number[]) {
  return seconds.flatMap((at, index) => {
    const requests = columns.get('requests|Sum')?.[index];
    if (requests === undefined) return [];
    const mean = columns.get('latency|Average')?.[index];
    const availability = columns.get('availability|Average')?.[index];
    return [
      {
        atMilliseconds: at * 1_000,
        requests,
        ...(mean === undefined ? {} : { seconds: mean * requests }),
        ...(availability === undefined ? {} : { failed: (1 - availability / 100) * requests }),
      },
    ];
  });
}

export function rankingOf(shop: ShopCase): string[] {
  return rankOrigins(originInput(shop)).ranked.map(({ node }) => node);
}
