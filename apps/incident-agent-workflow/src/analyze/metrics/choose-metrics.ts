/**
 * Of all metrics that a service has, the ones worth asking for: what its requests and its resources do. Bounded, for a
 * service may have a thousand, and in an order that its own names do not decide.
 */
import { compareText } from '../../lib/compare-text.ts';
import { isOfPlatform, worthOfPlatform } from './platform-metrics.ts';

/** Rate, errors, duration: what callers feel. */
const REQUESTS = [
  /^(?:http|grpc|rpc)(?:_server)?_requests?(?:_handled)?(?:_total|_count)$/,
  /(?:requests?|responses?|calls|handled)(?:_received|_processed|_by_\w+)?_total(?:_by_\w+)?$/,
  /(?:http|grpc|rpc|request|response|span|server)\w*(?:duration|latency|handling|requests|response_time)\w*_(?:sum|count|bucket)$/,
  /(?:error|failure|exception|timeout|reject|retr(?:y|ies)|dropped)\w*_total$/,
] as const;
/** What runs out, in the order in which it usually tells. */
const RESOURCES = [
  /pool|connections|waiting|waiters|in_use|acquired_conns|max_conns|checked_?out/,
  /queue|backlog|lag(?:_|$)|depth|pending|in_?flight|active_requests|workers_|threads_(?:busy|config_max)|deadlock|messages_ready|unacked/,
  /cpu_seconds_total$|cpu_usage|throttl|load/,
  /resident_memory_bytes$|memory_used|memory_max|memory_usage|heap_size_used|heap_used|memory_working_set|memory_limit|max_heap/,
  /open_fds$|max_fds$|file_descriptor|filefd|files_(?:open|max)/,
  /disk|filesystem|storage|volume_stats|container_fs_|free_bytes|inodes/,
  /gc_\w*(?:seconds|pause)\w*(?:_sum|_total)?$/,
  /threads|goroutines|handles|workers/,
  /restarts?_total$|oom/,
  /certificate|cert_|not_after|clock|time_drift/,
  /(?:duration|latency)\w*_(?:sum|count)$/,
  /(?:processed|consumed|published|messages|jobs|tasks)\w*_total$/,
] as const;
/** Says what runs or how it is scraped, not how it fares. */
const NEVER = /^(?:ALERTS|scrape_|promhttp_|up$)|_info$|_created$|:/;
/** `build_info`, `shop_api_version_info`, OpenTelemetry's `target_info`: 1 while what their labels say runs. */
const BUILD = /(?:^|_)(?:build|version|release|app|application|service|target|deploy\w*)_?info$/;
/** The version of the language says nothing of the program. */
const RUNTIME =
  /^(?:nodejs|node|python|jvm|java|ruby|php|dotnet|process_runtime|prometheus|otel|grafana|node_exporter)_/;
const MAX_BUILD = 2;

/** Whether it tells which build runs. */
export function isBuildMetric(metric: string): boolean {
  return BUILD.test(metric) && !RUNTIME.test(metric);
}

/** Every bucket is a series of its own: only those of the requests are worth it. */
const BUCKETS = /_bucket$/;

/**
 * Names in the order of their worth, at most `limit`, none of `known`. Recorded series (a colon in the name) are left
 * out: their rates are blurred already. What no rule speaks of comes last, as far as there is room; what tells which
 * build runs comes first, as its change is worth more than that of any other.
 */
export function chooseMetrics(names: readonly string[], known: ReadonlySet<string>, limit: number): string[] {
  const usable = [...new Set(names)].filter((name) => !known.has(name) && /^[a-zA-Z_]\w*$/.test(name));
  const builds = usable.filter(isBuildMetric).sort(compareText).slice(0, MAX_BUILD);
  const ranked = usable
    .filter((name) => !NEVER.test(name) && !isOfPlatform(name))
    .map((name) => ({ name, rank: rankOf(name) }))
    .filter(({ name, rank }) => !BUCKETS.test(name) || rank < REQUESTS.length);
  const chosen = ranked.sort((a, b) => a.rank - b.rank || compareText(a.name, b.name)).map(({ name }) => name);
  return [...builds, ...chosen].slice(0, limit);
}

/** What the platform tells of it, beside what its program does. */
export function choosePlatformMetrics(names: readonly string[], limit: number): string[] {
  const ranked = [...new Set(names)].flatMap((name) => {
    const worth = worthOfPlatform(name);
    return worth === undefined ? [] : [{ name, worth }];
  });
  ranked.sort((a, b) => a.worth - b.worth || compareText(a.name, b.name));
  return ranked.map(({ name }) => name).slice(0, limit);
}

/** Of a neighbour only what its requests do is asked, and what it leans on. */
export function chooseNeighbourMetrics(names: readonly string[], known: ReadonlySet<string>, limit: number): string[] {
  return chooseMetrics(names, known, names.length)
    .filter((name) => rankOf(name) < REQUESTS.length || name === 'dependency_up')
    .filter((name) => !BUCKETS.test(name))
    .slice(0, limit);
}

function rankOf(name: string): number {
  const index = [...REQUESTS, ...RESOURCES].findIndex((pattern) => pattern.test(name));
  return index < 0 ? REQUESTS.length + RESOURCES.length : index;
}
