/**
 * The keys that Loki and Promtail 3.4 know in the sections that we use. Both refuse to start on a key that they do not
 * know, and neither is at hand here. A section of theirs that is not listed is refused too: add it before using it.
 */
import { z } from 'zod';

/** `5s`, `24h`, `1h30m`; Loki also takes `1w`. */
const Duration = z.string().regex(/^(\d+(ms|s|m|h|d|w|y))+$/, 'is no duration; write it like 5s or 24h');
const Port = z.number().int().min(0).max(65_535);
const Level = z.enum(['debug', 'info', 'warn', 'error']);
/** Anything of that name: the value is not looked at. */
const known = <const Name extends string>(...names: Name[]): Record<Name, z.ZodOptional<z.ZodUnknown>> =>
  Object.fromEntries(names.map((name) => [name, z.unknown().optional()])) as Record<Name, z.ZodOptional<z.ZodUnknown>>;

const Server = z.strictObject({
  ...known('http_listen_address', 'grpc_listen_address', 'http_path_prefix', 'http_server_read_timeout'),
  ...known('http_server_write_timeout', 'grpc_server_max_recv_msg_size', 'grpc_server_max_send_msg_size'),
  ...known('graceful_shutdown_timeout', 'register_instrumentation', 'log_format'),
  http_listen_port: Port,
  grpc_listen_port: Port,
  log_level: Level.optional(),
});

export const LokiConfig = z.strictObject({
  ...known(
    'querier',
    'query_range',
    'query_scheduler',
    'frontend',
    'frontend_worker',
    'ruler',
    'ingester',
    'ingester_client',
  ),
  ...known('distributor', 'index_gateway', 'storage_config', 'chunk_store_config', 'memberlist', 'runtime_config'),
  ...known(
    'tracing',
    'pattern_ingester',
    'bloom_build',
    'bloom_gateway',
    'target',
    'ballast_bytes',
    'operational_config',
  ),
  auth_enabled: z.boolean(),
  server: Server,
  common: z.strictObject({
    ...known('instance_interface_names', 'instance_enable_ipv6', 'instance_port', 'persist_tokens', 'heartbeat_period'),
    ...known('compactor_address', 'compactor_grpc_address', 'heartbeat_timeout'),
    instance_addr: z.string().optional(),
    path_prefix: z.string(),
    replication_factor: z.number().int().positive(),
    ring: z.strictObject({
      ...known('heartbeat_period', 'heartbeat_timeout', 'instance_addr', 'instance_id', 'instance_interface_names'),
      kvstore: z.strictObject({
        store: z.enum(['inmemory', 'memberlist', 'consul', 'etcd']),
        ...known('prefix', 'consul', 'etcd', 'multi'),
      }),
    }),
    storage: z.strictObject({
      ...known('s3', 'gcs', 'azure', 'swift', 'bos', 'alibabacloud', 'cos', 'hedging', 'congestion_control'),
      filesystem: z.strictObject({ chunks_directory: z.string(), rules_directory: z.string() }),
    }),
  }),
  schema_config: z.strictObject({
    configs: z
      .array(
        z.strictObject({
          // YAML would make a date of it, and so does Loki.
          from: z.union([z.string().regex(/^\d{4}-\d{2}-\d{2}$/), z.date()]),
          store: z.literal('tsdb'),
          object_store: z.literal('filesystem'),
          schema: z.literal('v13'),
          index: z.strictObject({ prefix: z.string(), period: z.literal('24h') }), // tsdb takes nothing else
          ...known('chunks', 'row_shards'),
        }),
      )
      .min(1),
  }),
  limits_config: z.strictObject({
    ...known('ingestion_rate_strategy', 'ingestion_rate_mb', 'ingestion_burst_size_mb', 'max_label_name_length'),
    ...known('max_label_value_length', 'max_label_names_per_series', 'creation_grace_period', 'max_line_size'),
    ...known('max_line_size_truncate', 'increment_duplicate_timestamp', 'discover_service_name', 'discover_log_levels'),
    ...known('max_streams_per_user', 'max_global_streams_per_user', 'unordered_writes', 'per_stream_rate_limit'),
    ...known('per_stream_rate_limit_burst', 'max_chunks_per_query', 'max_query_series', 'max_query_lookback'),
    ...known('max_query_length', 'max_query_range', 'max_query_parallelism', 'cardinality_limit', 'query_timeout'),
    ...known('max_streams_matchers_per_query', 'max_entries_limit_per_query', 'split_queries_by_interval'),
    ...known('retention_stream', 'deletion_mode', 'volume_enabled', 'volume_max_series', 'allow_structured_metadata'),
    ...known(
      'max_structured_metadata_size',
      'max_structured_metadata_entries_count',
      'otlp_config',
      'log_level_fields',
    ),
    retention_period: Duration,
    reject_old_samples: z.boolean(),
    reject_old_samples_max_age: Duration,
  }),
  compactor: z.strictObject({
    ...known('compaction_interval', 'apply_retention_interval', 'retention_delete_delay', 'retention_table_timeout'),
    ...known(
      'retention_delete_worker_count',
      'delete_batch_size',
      'delete_request_cancel_period',
      'upload_parallelism',
    ),
    ...known('delete_max_interval', 'delete_request_store_key_prefix', 'compactor_ring', 'max_compaction_parallelism'),
    working_directory: z.string(),
    retention_enabled: z.boolean(),
    delete_request_store: z.literal('filesystem'), // needed as soon as retention is enabled
  }),
  analytics: z.strictObject({ reporting_enabled: z.boolean(), ...known('usage_stats_url', 'proxy_url') }),
});

const Stage = z.union([
  z.strictObject({
    json: z.strictObject({
      expressions: z.record(z.string(), z.string()),
      source: z.string().optional(),
      drop_malformed: z.boolean().optional(),
    }),
  }),
  z.strictObject({
    timestamp: z.strictObject({
      source: z.string(),
      format: z.string(),
      fallback_formats: z.array(z.string()).optional(),
      location: z.string().optional(),
      action_on_failure: z.enum(['skip', 'fudge']).optional(),
    }),
  }),
]);

export const PromtailConfig = z.strictObject({
  ...known('global', 'limits_config', 'target_config', 'options', 'tracing', 'wal'),
  server: Server.extend(known('profiling_enabled', 'reload', 'disable', 'external_url', 'health_check_target')),
  positions: z.strictObject({
    filename: z.string(),
    sync_period: Duration.optional(),
    ignore_invalid_yaml: z.boolean().optional(),
  }),
  clients: z
    .array(
      z.strictObject({
        url: z.url(),
        ...known(
          'name',
          'tenant_id',
          'batchwait',
          'batchsize',
          'timeout',
          'backoff_config',
          'external_labels',
          'headers',
        ),
        ...known('basic_auth', 'bearer_token', 'bearer_token_file', 'oauth2', 'proxy_url', 'tls_config'),
        ...known('drop_rate_limited_batches', 'stream_lag_labels', 'follow_redirects', 'enable_http2'),
      }),
    )
    .min(1),
  scrape_configs: z
    .array(
      z.strictObject({
        ...known('relabel_configs', 'encoding', 'decompression', 'limit_config'),
        job_name: z.string().min(1),
        static_configs: z.array(
          z.strictObject({ targets: z.array(z.string()), labels: z.record(z.string(), z.string()) }),
        ),
        pipeline_stages: z.array(Stage).optional(),
      }),
    )
    .min(1),
});
