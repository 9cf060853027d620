/** Series of one metric that are parts of one figure: read one by one they say nothing of a limit. */
import type { Series } from '../../domain/telemetry.ts';

/** Of a server, by what its clients are doing: all of them count against its limit. */
const SUMMED = /^(?:pg_stat_activity_count|pg_stat_database_numbackends|mysql_info_schema_processlist_threads)$/;
/** Only what is out counts, not what lies ready. */
const BY_STATE = /^db_client_connections?_(?:usage|count)$/;
const STATES = ['state', 'db_client_connection_state', 'db_client_connections_state'];
/** What there still is stands beside what is used, under the same name. */
const WITH_REST = /^mongodb_(?:ss_)?connections$/;
const KINDS = ['conn_type', 'state'];

/** The series that are to be looked at in the place of those that came. */
export function togetherOf(metric: string, series: readonly Series[]): readonly Series[] {
  if (SUMMED.test(metric)) return [...Map.groupBy(series, ({ labels }) => labels.instance ?? '')].flatMap(sumOf);
  if (BY_STATE.test(metric)) {
    const used = series.filter(({ labels }) => STATES.some((name) => labels[name] === 'used'));
    return used.length > 0 ? used : series;
  }
  if (WITH_REST.test(metric)) {
    const current = series.filter(({ labels }) => kindOf(labels) === 'current');
    return current.length > 0 ? current : series;
  }
  return series;
}

/** What there is in all, where the metric itself tells what is left: the sum of both. */
export function wholeOf(metric: string, series: readonly Series[]): Series | undefined {
  if (!WITH_REST.test(metric)) return undefined;
  const parts = series.filter(({ labels }) => ['current', 'available'].includes(kindOf(labels)));
  return parts.length > 1 ? sumOf(['', parts])[0] : undefined;
}

function kindOf(labels: Series['labels']): string {
  return KINDS.map((name) => labels[name]).find((value) => value !== undefined) ?? '';
}

/** At the instants that the first of them has. */
function sumOf([instance, parts]: readonly [string, readonly Series[]]): Series[] {
  const [first] = parts;
  if (!first) return [];
  const sums = new Map<string, number>();
  for (const { points } of parts)
    for (const { at, value } of points) if (value !== null) sums.set(at, (sums.get(at) ?? 0) + value);
  const points = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([at, value]) => ({ at, value }));
  return [{ metric: first.metric, labels: instance === '' ? {} : { instance }, points }];
}
