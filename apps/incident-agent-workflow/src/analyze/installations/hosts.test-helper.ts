/** What node_exporter and blackbox_exporter show, and the exporters of databases and brokers. */
import {
  counter,
  durations,
  every,
  gauge,
  type Installation,
  type Labels,
  REFUSED,
  timeUsed,
} from './world.test-helper.ts';

const GIB = 1024 ** 3;
const NODE: Labels = { job: 'node', instance: 'search-1.internal:9100' };
const APP: Labels = { job: 'apps', app: 'search-api', instance: 'search-1.internal:8000' };
const SLOW = durations('http_request_duration_seconds', { ...APP, handler: '/search', method: 'GET' }, 20, 0.03, 0.8);
const ROOT: Labels = { ...NODE, device: '/dev/sda1', fstype: 'ext4', mountpoint: '/' };

/** Four processors, in shares of their time. */
function processors(before: Labels, after: Labels) {
  return ['0', '1', '2', '3'].flatMap((cpu) =>
    Object.keys(before).map((mode) => {
      const rate = (of: Labels) => Number(of[mode] ?? 0);
      return timeUsed('node_cpu_seconds_total', { ...NODE, cpu, mode }, rate(before), rate(after));
    }),
  );
}

const HOSTS: readonly Installation[] = [
  {
    says: 'a file system that is nearly full',
    alert: { alertname: 'NodeFilesystemAlmostOutOfSpace', ...ROOT },
    series: [
      gauge('node_filesystem_avail_bytes', ROOT, 9 * GIB, 0.3 * GIB),
      gauge('node_filesystem_size_bytes', ROOT, 40 * GIB, 40 * GIB),
    ],
    service: 'search-api',
    classes: ['disk-full'],
  },
  {
    says: 'a file system without inodes',
    alert: { alertname: 'HostOutOfInodes', ...ROOT },
    series: [
      gauge('node_filesystem_files_free', ROOT, 800_000, 12),
      gauge('node_filesystem_files', ROOT, 2_621_440, 2_621_440),
    ],
    service: 'search-api',
    classes: ['disk-full'],
  },
  {
    says: 'a host without memory',
    alert: { alertname: 'HostOutOfMemory', ...NODE },
    series: [
      gauge('node_memory_MemAvailable_bytes', NODE, 6 * GIB, 0.1 * GIB),
      gauge('node_memory_MemTotal_bytes', NODE, 16 * GIB, 16 * GIB),
      counter('node_vmstat_pgmajfault', NODE, 1, 800),
    ],
    service: 'search-api',
    classes: ['out-of-memory'],
  },
  {
    says: 'a host that kills for memory',
    alert: { alertname: 'HostOomKillDetected', ...NODE },
    series: [every('node_vmstat_oom_kill', NODE, 100)],
    service: 'search-api',
    classes: ['out-of-memory'],
  },
  {
    says: 'processors that are busy',
    alert: { alertname: 'HostHighCpuLoad', ...NODE },
    series: [
      ...processors({ idle: '0.85', user: '0.12', system: '0.03' }, { idle: '0.02', user: '0.93', system: '0.05' }),
      ...SLOW,
    ],
    service: 'search-api',
    classes: ['cpu-saturation'],
  },
  {
    says: 'processors that are busy, told by their pressure',
    alert: { alertname: 'NodeSystemSaturation', ...NODE },
    series: [
      gauge('node_load1', NODE, 0.8, 19),
      timeUsed('node_pressure_cpu_waiting_seconds_total', NODE, 0.01, 0.92),
      ...SLOW,
    ],
    service: 'search-api',
    classes: ['cpu-saturation'],
  },
  {
    says: 'time that other guests take',
    alert: { alertname: 'HostCpuStealNoisyNeighbor', ...NODE },
    series: [
      ...processors({ idle: '0.80', user: '0.18', steal: '0.005' }, { idle: '0.10', user: '0.18', steal: '0.7' }),
      ...SLOW,
    ],
    service: 'search-api',
    classes: ['host-network'],
  },
  {
    says: 'a disk that is waited for',
    alert: { alertname: 'HostCpuHighIowait', ...NODE },
    series: [
      ...processors({ idle: '0.80', user: '0.18', iowait: '0.01' }, { idle: '0.10', user: '0.18', iowait: '0.7' }),
      timeUsed('node_pressure_io_stalled_seconds_total', NODE, 0.001, 0.8),
      ...SLOW,
    ],
    service: 'search-api',
    classes: ['host-network'],
  },
  {
    says: 'a clock that is off',
    alert: { alertname: 'NodeClockSkewDetected', ...NODE },
    series: [gauge('node_timex_offset_seconds', NODE, 0.0002, 4.8), gauge('node_timex_sync_status', NODE, 1, 0)],
    service: 'search-api',
    classes: ['clock-skew'],
  },
  {
    says: 'packets that are lost',
    alert: { alertname: 'NodeNetworkReceiveErrs', ...NODE, device: 'eth0' },
    series: [
      counter('node_network_receive_errs_total', { ...NODE, device: 'eth0' }, 0, 60),
      counter('node_network_receive_packets_total', { ...NODE, device: 'eth0' }, 2_000, 1_900),
      ...SLOW,
    ],
    service: 'search-api',
    classes: ['host-network'],
  },
  {
    says: 'a table of connections that is full',
    alert: { alertname: 'NodeHighNumberConntrackEntriesUsed', ...NODE },
    series: [
      gauge('node_nf_conntrack_entries', NODE, 40_000, 262_144),
      gauge('node_nf_conntrack_entries_limit', NODE, 262_144, 262_144),
      ...SLOW,
    ],
    service: 'search-api',
    classes: ['host-network'],
  },
  {
    says: 'files that are open on the whole host',
    alert: { alertname: 'NodeFileDescriptorLimit', ...NODE },
    series: [gauge('node_filefd_allocated', NODE, 9_000, 99_800), gauge('node_filefd_maximum', NODE, 100_000, 100_000)],
    service: 'search-api',
    classes: ['file-descriptor-limit'],
  },
];

const PROBED: Labels = { job: 'blackbox', instance: 'http://billing.shop.svc:8080/health' };
const PROBED_TLS: Labels = { job: 'blackbox-https', instance: 'https://gateway.example.com' };

const PROBES: readonly Installation[] = [
  {
    says: 'a probe from outside that fails',
    alert: { alertname: 'BlackboxProbeFailed', ...PROBED },
    series: [gauge('probe_success', PROBED, 1, 0), gauge('probe_http_status_code', PROBED, 200, 0)],
    health: { billing: REFUSED },
    service: 'billing',
    classes: ['process-down'],
  },
  {
    says: 'a probe that is answered with an error, because the database refuses',
    alert: { alertname: 'BlackboxProbeHttpFailure', ...PROBED },
    series: [gauge('probe_success', PROBED, 1, 0), gauge('probe_http_status_code', PROBED, 200, 503)],
    logs: { billing: ['ERROR Connection refused: ledger-db/10.42.3.4:5432'] },
    health: { billing: { httpStatus: 503 } },
    service: 'billing',
    classes: ['dependency-refused'],
  },
  {
    says: 'a certificate that has expired',
    alert: { alertname: 'BlackboxSslCertificateExpired', ...PROBED_TLS },
    series: [
      gauge(
        'probe_ssl_earliest_cert_expiry',
        PROBED_TLS,
        Date.parse('2026-03-02T09:57:00Z') / 1_000,
        Date.parse('2026-03-02T09:57:00Z') / 1_000,
      ),
      gauge('probe_success', PROBED_TLS, 1, 0),
    ],
    health: { gateway: { failure: 'tls' } },
    service: 'gateway',
    classes: ['tls-certificate'],
  },
  {
    says: 'a probe that takes long',
    alert: { alertname: 'BlackboxSlowProbe', ...PROBED },
    series: [gauge('probe_duration_seconds', PROBED, 0.04, 4.2), gauge('probe_success', PROBED, 1, 1)],
    service: 'billing',
    classes: ['timeout-latency'],
  },
];

const PG: Labels = { job: 'postgres', instance: 'ledger-db:9187' };
const MYSQL: Labels = { job: 'mysql', instance: 'ledger-db:9104' };
const REDIS: Labels = { job: 'redis_exporter', instance: 'session-cache:9121' };
const MONGO: Labels = { job: 'mongodb', instance: 'document-store:9216' };
const RABBIT: Labels = { job: 'rabbitmq', instance: 'events-broker:15692' };
const KAFKA: Labels = { job: 'kafka', instance: 'events-broker:9308' };

const STORES: readonly Installation[] = [
  {
    says: 'Postgres has no connection left',
    alert: { alertname: 'PostgresqlTooManyConnections', ...PG },
    series: [
      gauge('pg_stat_activity_count', { ...PG, datname: 'ledger', state: 'active' }, 4, 12),
      gauge('pg_stat_activity_count', { ...PG, datname: 'ledger', state: 'idle' }, 20, 48),
      gauge('pg_stat_activity_count', { ...PG, datname: 'ledger', state: 'idle in transaction' }, 1, 39),
      gauge('pg_settings_max_connections', PG, 100, 100),
      gauge('pg_up', PG, 1, 1),
    ],
    service: 'ledger-db',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'Postgres is away',
    alert: { alertname: 'PostgresqlDown', ...PG },
    series: [gauge('pg_up', PG, 1, 0), gauge('up', PG, 1, 1)],
    service: 'ledger-db',
    classes: ['process-down'],
  },
  {
    says: 'Postgres finds deadlocks',
    alert: { alertname: 'PostgresqlDeadLocks', ...PG, datname: 'ledger' },
    series: [counter('pg_stat_database_deadlocks', { ...PG, datname: 'ledger' }, 0, 0.3), gauge('pg_up', PG, 1, 1)],
    service: 'ledger-db',
    classes: ['deadlock-stall'],
  },
  {
    says: 'Postgres waits for locks',
    alert: { alertname: 'PostgresqlTooManyLocksAcquired', ...PG },
    series: [
      gauge('pg_locks_count', { ...PG, datname: 'ledger', mode: 'accessexclusivelock' }, 0, 2),
      gauge('pg_locks_count', { ...PG, datname: 'ledger', mode: 'rowexclusivelock' }, 3, 260),
      gauge('pg_stat_activity_max_tx_duration', { ...PG, datname: 'ledger', state: 'active' }, 0.2, 190),
    ],
    service: 'ledger-db',
    classes: ['deadlock-stall'],
  },
  {
    says: 'a replica of Postgres that lags',
    alert: { alertname: 'PostgresqlReplicationLag', ...PG },
    series: [gauge('pg_replication_lag_seconds', PG, 0.2, 180), gauge('pg_replication_is_replica', PG, 1, 1)],
    service: 'ledger-db',
    classes: ['queue-backlog', 'timeout-latency'],
  },
  {
    says: 'MySQL is away',
    alert: { alertname: 'MysqlDown', ...MYSQL },
    series: [gauge('mysql_up', MYSQL, 1, 0), gauge('up', MYSQL, 1, 1)],
    service: 'ledger-db',
    classes: ['process-down'],
  },
  {
    says: 'MySQL has no connection left',
    alert: { alertname: 'MysqlTooManyConnections', ...MYSQL },
    series: [
      gauge('mysql_global_status_threads_connected', MYSQL, 30, 151),
      gauge('mysql_global_variables_max_connections', MYSQL, 151, 151),
      counter('mysql_global_status_connection_errors_total', { ...MYSQL, error: 'max_connections' }, 0, 3),
      gauge('mysql_up', MYSQL, 1, 1),
    ],
    service: 'ledger-db',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'MySQL has slow queries',
    alert: { alertname: 'MysqlSlowQueries', ...MYSQL },
    series: [
      counter('mysql_global_status_slow_queries', MYSQL, 0, 4),
      counter('mysql_global_status_queries', MYSQL, 300, 290),
      gauge('mysql_up', MYSQL, 1, 1),
    ],
    service: 'ledger-db',
    classes: ['timeout-latency'],
  },
  {
    says: 'MySQL waits for rows',
    alert: { alertname: 'MysqlHighRowLockWaits', ...MYSQL },
    series: [
      counter('mysql_global_status_innodb_row_lock_waits', MYSQL, 0.01, 12),
      gauge('mysql_global_status_innodb_row_lock_current_waits', MYSQL, 0, 38),
      gauge('mysql_up', MYSQL, 1, 1),
    ],
    service: 'ledger-db',
    classes: ['deadlock-stall'],
  },
  {
    says: 'Redis has no memory left',
    alert: { alertname: 'RedisOutOfConfiguredMaxmemory', ...REDIS },
    series: [
      gauge('redis_memory_used_bytes', REDIS, 1.2 * GIB, 2 * GIB),
      gauge('redis_memory_max_bytes', REDIS, 2 * GIB, 2 * GIB),
      counter('redis_evicted_keys_total', REDIS, 0, 300),
      gauge('redis_up', REDIS, 1, 1),
    ],
    service: 'session-cache',
    classes: ['out-of-memory'],
  },
  {
    says: 'Redis refuses clients',
    alert: { alertname: 'RedisTooManyConnections', ...REDIS },
    series: [
      gauge('redis_connected_clients', REDIS, 80, 1_000),
      gauge('redis_config_maxclients', REDIS, 1_000, 1_000),
      counter('redis_rejected_connections_total', REDIS, 0, 9),
      gauge('redis_up', REDIS, 1, 1),
    ],
    service: 'session-cache',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'Redis is away',
    alert: { alertname: 'RedisDown', ...REDIS },
    series: [gauge('redis_up', REDIS, 1, 0)],
    service: 'session-cache',
    classes: ['process-down'],
  },
  {
    says: 'MongoDB has no connection left',
    alert: { alertname: 'MongodbTooManyConnections', ...MONGO },
    series: [
      gauge('mongodb_ss_connections', { ...MONGO, conn_type: 'current' }, 60, 819),
      gauge('mongodb_ss_connections', { ...MONGO, conn_type: 'available' }, 759, 0),
      gauge('mongodb_up', MONGO, 1, 1),
    ],
    service: 'document-store',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'MongoDB is away',
    alert: { alertname: 'MongodbDown', ...MONGO },
    series: [gauge('mongodb_up', MONGO, 1, 0)],
    service: 'document-store',
    classes: ['process-down'],
  },
  {
    says: 'a queue of RabbitMQ without a consumer',
    alert: { alertname: 'RabbitmqTooManyMessagesInQueue', ...RABBIT, queue: 'mails', vhost: '/' },
    series: [
      gauge('rabbitmq_queue_messages_ready', { ...RABBIT, queue: 'mails', vhost: '/' }, 20, 9_000),
      gauge('rabbitmq_queue_consumers', { ...RABBIT, queue: 'mails', vhost: '/' }, 4, 0),
      gauge('rabbitmq_queue_messages_unacked', { ...RABBIT, queue: 'mails', vhost: '/' }, 8, 0),
    ],
    service: 'events-broker',
    classes: ['queue-backlog'],
  },
  {
    says: 'RabbitMQ at its watermark',
    alert: { alertname: 'RabbitmqMemoryHigh', ...RABBIT },
    series: [
      gauge('rabbitmq_process_resident_memory_bytes', RABBIT, 1 * GIB, 3.2 * GIB),
      gauge('rabbitmq_resident_memory_limit_bytes', RABBIT, 3.2 * GIB, 3.2 * GIB),
      gauge('rabbitmq_alarms_memory_used_watermark', RABBIT, 0, 1),
    ],
    service: 'events-broker',
    classes: ['out-of-memory'],
  },
  {
    says: 'a group of consumers of Kafka that lags',
    alert: { alertname: 'KafkaConsumersGroup', ...KAFKA, consumergroup: 'mailer', topic: 'mails' },
    series: [
      gauge(
        'kafka_consumergroup_lag',
        { ...KAFKA, consumergroup: 'mailer', topic: 'mails', partition: '0' },
        10,
        40_000,
      ),
      gauge(
        'kafka_consumergroup_lag',
        { ...KAFKA, consumergroup: 'mailer', topic: 'mails', partition: '1' },
        12,
        41_000,
      ),
    ],
    service: 'mailer',
    classes: ['queue-backlog'],
  },
  {
    says: 'a broker of Kafka that is away',
    alert: { alertname: 'KafkaTopicsReplicas', ...KAFKA, topic: 'mails' },
    series: [
      gauge('kafka_brokers', KAFKA, 3, 2),
      gauge('kafka_topic_partition_under_replicated_partition', { ...KAFKA, topic: 'mails', partition: '0' }, 0, 1),
      gauge('kafka_topic_partition_in_sync_replica', { ...KAFKA, topic: 'mails', partition: '0' }, 3, 2),
    ],
    service: 'events-broker',
    classes: ['process-down'],
  },
];

export const OTHERS: readonly Installation[] = [...HOSTS, ...PROBES, ...STORES];
