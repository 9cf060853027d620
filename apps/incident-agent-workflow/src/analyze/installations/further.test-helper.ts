/** More of the same, written after the others were understood and before these were looked at. */
import {
  counter,
  durations,
  every,
  gauge,
  growing,
  type Installation,
  type Labels,
  REFUSED,
  since,
  timeUsed,
} from './world.test-helper.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const KSM: Labels = { job: 'kube-state-metrics', namespace: 'shop', instance: '10.42.0.7:8080' };
const POD = 'billing-7c9f6d8b5-x2x4q';
const OF_POD: Labels = { ...KSM, pod: POD, container: 'billing' };
const COMPOSE: Labels = { job: 'billing', instance: 'billing:8080' };
const DOCKER: Labels = {
  job: 'cadvisor',
  instance: 'cadvisor:8080',
  id: '/docker/3b1c',
  name: 'shop-billing-1',
  image: 'shop/billing:latest',
  container_label_com_docker_compose_service: 'billing',
};
const NODE: Labels = { job: 'node-exporter', instance: 'search-1.internal:9100' };
const STORE: Labels = { job: 'elasticsearch', instance: 'document-store:9114', cluster: 'docs' };
const BOUNCER: Labels = { job: 'pgbouncer', instance: 'ledger-db:9127', database: 'ledger' };
const RABBIT: Labels = { job: 'rabbitmq', instance: 'events-broker:15692' };
const SPRING: Labels = { job: 'actuator', application: 'billing', instance: '10.0.0.21:8081' };

function failing(metric: string, label: string, labels: Labels = COMPOSE) {
  return [counter(metric, { ...labels, [label]: '200' }, 20, 5), counter(metric, { ...labels, [label]: '500' }, 0, 15)];
}

const OTEL: Labels = { job: 'shop/billing', instance: '0d6f4f2e' };
const REDIS: Labels = { job: 'redis', instance: 'session-cache:9121' };

/** The third lot. */
const LATER: readonly Installation[] = [
  {
    says: 'Redis without a limit of its own, on a host that is full',
    alert: { alertname: 'RedisOutOfSystemMemory', ...REDIS },
    series: [
      gauge('redis_memory_used_bytes', REDIS, 3 * GIB, 7.9 * GIB),
      gauge('redis_memory_max_bytes', REDIS, 0, 0),
      gauge('redis_total_system_memory_bytes', REDIS, 8 * GIB, 8 * GIB),
    ],
    service: 'session-cache',
    classes: ['out-of-memory'],
  },
  {
    says: 'a heap that is full, in the older names of OpenTelemetry',
    alert: { alertname: 'JvmMemoryFillingUp', ...OTEL },
    series: [
      gauge(
        'process_runtime_jvm_memory_usage_bytes',
        { ...OTEL, type: 'heap', pool: 'G1 Old Gen' },
        200 * MIB,
        1_000 * MIB,
      ),
      gauge('process_runtime_jvm_memory_limit_bytes', { ...OTEL, type: 'heap', pool: 'G1 Old Gen' }, GIB, GIB),
    ],
    service: 'billing',
    classes: ['out-of-memory'],
  },
  {
    says: 'a heap that is full, in the newer names of OpenTelemetry',
    alert: { alertname: 'JvmMemoryFillingUp', ...OTEL },
    series: [
      gauge(
        'jvm_memory_used_bytes',
        { ...OTEL, jvm_memory_type: 'heap', jvm_memory_pool_name: 'G1 Old Gen' },
        200 * MIB,
        1_000 * MIB,
      ),
      gauge(
        'jvm_memory_limit_bytes',
        { ...OTEL, jvm_memory_type: 'heap', jvm_memory_pool_name: 'G1 Old Gen' },
        GIB,
        GIB,
      ),
    ],
    service: 'billing',
    classes: ['out-of-memory'],
  },
  {
    says: 'threads that are blocked, by OpenTelemetry',
    alert: { alertname: 'JvmThreadsBlocked', ...OTEL },
    series: [
      gauge('jvm_thread_count', { ...OTEL, jvm_thread_state: 'blocked' }, 0, 120),
      gauge('jvm_thread_count', { ...OTEL, jvm_thread_state: 'runnable' }, 20, 20),
    ],
    service: 'billing',
    classes: ['deadlock-stall'],
  },
  {
    says: 'Puma, whose threads are all busy',
    alert: { alertname: 'PumaBacklog', ...COMPOSE },
    series: [
      gauge('puma_backlog', COMPOSE, 0, 60),
      gauge('puma_pool_capacity', COMPOSE, 14, 0),
      gauge('puma_running', COMPOSE, 16, 16),
    ],
    service: 'billing',
    classes: ['queue-backlog', 'pool-exhaustion'],
  },
  {
    says: 'a unit of systemd that has failed',
    alert: { alertname: 'HostSystemdServiceCrashed', ...NODE, name: 'search-api.service', state: 'failed' },
    series: [
      gauge('node_systemd_unit_state', { ...NODE, name: 'search-api.service', state: 'failed' }, 0, 1),
      gauge('node_systemd_unit_state', { ...NODE, name: 'search-api.service', state: 'active' }, 1, 0),
    ],
    health: { 'search-api': REFUSED },
    service: 'search-api',
    classes: ['process-down'],
  },
  {
    says: 'a group of processes that is gone',
    alert: { alertname: 'ProcessDown', job: 'process', instance: 'search-1.internal:9256', groupname: 'search-api' },
    series: [
      gauge(
        'namedprocess_namegroup_num_procs',
        { job: 'process', instance: 'search-1.internal:9256', groupname: 'search-api' },
        4,
        0,
      ),
    ],
    health: { 'search-api': REFUSED },
    service: 'search-api',
    classes: ['process-down'],
  },
  {
    says: 'a container that could not be made',
    alert: { alertname: 'KubernetesPodNotHealthy', namespace: 'shop', pod: POD },
    series: [since('kube_pod_container_status_waiting_reason', { ...OF_POD, reason: 'CreateContainerError' })],
    service: 'billing',
    classes: ['bad-config'],
  },
];

export const FURTHER: readonly Installation[] = [
  ...LATER,
  {
    says: 'a container of compose that is gone',
    alert: { alertname: 'PrometheusTargetMissing', job: 'mailer', instance: 'mailer:8080' },
    series: [gauge('up', { job: 'mailer', instance: 'mailer:8080' }, 1, 0)],
    health: { mailer: REFUSED },
    service: 'mailer',
    classes: ['process-down'],
  },
  {
    says: 'a stateful set that is down',
    alert: { alertname: 'KubernetesStatefulsetDown', namespace: 'shop', statefulset: 'session-cache' },
    series: [
      gauge('kube_statefulset_replicas', { ...KSM, statefulset: 'session-cache' }, 1, 1),
      gauge('kube_statefulset_status_replicas_ready', { ...KSM, statefulset: 'session-cache' }, 1, 0),
    ],
    service: 'session-cache',
    classes: ['process-down'],
  },
  {
    says: 'a container that prepares the pod and fails',
    alert: { alertname: 'KubePodNotReady', namespace: 'shop', pod: POD },
    series: [
      since('kube_pod_init_container_status_waiting_reason', {
        ...OF_POD,
        container: 'migrate',
        reason: 'CrashLoopBackOff',
      }),
      every('kube_pod_init_container_status_restarts_total', { ...OF_POD, container: 'migrate' }, 45),
    ],
    service: 'billing',
    classes: ['process-down'],
  },
  {
    says: 'a command that is not there',
    alert: {
      alertname: 'KubeContainerWaiting',
      namespace: 'shop',
      pod: POD,
      container: 'billing',
      reason: 'RunContainerError',
    },
    series: [since('kube_pod_container_status_waiting_reason', { ...OF_POD, reason: 'RunContainerError' })],
    service: 'billing',
    classes: ['bad-config'],
  },
  {
    says: 'a container of Docker at its limit',
    alert: {
      alertname: 'ContainerHighMemoryUsage',
      name: 'shop-billing-1',
      instance: 'cadvisor:8080',
      job: 'cadvisor',
    },
    series: [
      gauge('container_memory_working_set_bytes', DOCKER, 200 * MIB, 254 * MIB),
      gauge('container_spec_memory_limit_bytes', DOCKER, 256 * MIB, 256 * MIB),
    ],
    service: 'billing',
    classes: ['out-of-memory'],
  },
  {
    says: 'packets that are dropped as they are sent',
    alert: { alertname: 'HostNetworkTransmitErrors', ...NODE, device: 'eth0' },
    series: [
      counter('node_network_transmit_drop_total', { ...NODE, device: 'eth0' }, 0, 90),
      ...durations(
        'http_request_duration_seconds',
        { job: 'apps', app: 'search-api', instance: 'search-1.internal:8000', handler: '/search' },
        20,
        0.03,
        1.1,
      ),
    ],
    service: 'search-api',
    classes: ['host-network'],
  },
  {
    says: 'a clock that nobody keeps',
    alert: { alertname: 'NodeClockNotSynchronising', ...NODE },
    series: [
      gauge('node_timex_sync_status', NODE, 1, 0),
      gauge('node_timex_maxerror_seconds', NODE, 0.02, 16),
      gauge('node_timex_offset_seconds', NODE, 0, 2.1),
    ],
    service: 'search-api',
    classes: ['clock-skew'],
  },
  {
    says: 'PgBouncer, whose clients wait',
    alert: { alertname: 'PgbouncerMaxConnections', ...BOUNCER },
    series: [
      gauge('pgbouncer_pools_client_waiting_connections', BOUNCER, 0, 60),
      gauge('pgbouncer_pools_server_active_connections', BOUNCER, 4, 20),
      gauge('pgbouncer_databases_pool_size', BOUNCER, 20, 20),
    ],
    service: 'ledger-db',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'Postgres has no connection left, by its databases',
    alert: { alertname: 'PostgresqlTooManyConnections', job: 'postgres', instance: 'ledger-db:9187' },
    series: [
      gauge('pg_stat_database_numbackends', { job: 'postgres', instance: 'ledger-db:9187', datname: 'ledger' }, 20, 80),
      gauge('pg_stat_database_numbackends', { job: 'postgres', instance: 'ledger-db:9187', datname: 'reports' }, 3, 19),
      gauge(
        'pg_settings_max_connections',
        { job: 'postgres', instance: 'ledger-db:9187', server: 'ledger-db:5432' },
        100,
        100,
      ),
    ],
    service: 'ledger-db',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'a replica of MySQL that lags',
    alert: { alertname: 'MysqlSlaveReplicationLag', job: 'mysql', instance: 'ledger-db:9104' },
    series: [
      gauge(
        'mysql_slave_status_seconds_behind_master',
        { job: 'mysql', instance: 'ledger-db:9104', master_host: 'db-1' },
        0,
        420,
      ),
    ],
    service: 'ledger-db',
    classes: ['queue-backlog', 'timeout-latency'],
  },
  {
    says: 'Redis turns clients away',
    alert: { alertname: 'RedisRejectedConnections', job: 'redis', instance: 'session-cache:9121' },
    series: [
      counter('redis_rejected_connections_total', { job: 'redis', instance: 'session-cache:9121' }, 0, 6),
      gauge('redis_up', { job: 'redis', instance: 'session-cache:9121' }, 1, 1),
    ],
    service: 'session-cache',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'MongoDB has no connection left, by the older names',
    alert: { alertname: 'MongodbTooManyConnections', job: 'mongodb', instance: 'document-store:9216' },
    series: [
      gauge('mongodb_connections', { job: 'mongodb', instance: 'document-store:9216', state: 'current' }, 60, 500),
      gauge('mongodb_connections', { job: 'mongodb', instance: 'document-store:9216', state: 'available' }, 440, 0),
    ],
    service: 'document-store',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'a queue of RabbitMQ without a consumer, in all',
    alert: { alertname: 'RabbitmqNoConsumer', ...RABBIT, queue: 'mails' },
    series: [
      gauge('rabbitmq_queue_messages', { ...RABBIT, queue: 'mails' }, 2, 1_500),
      gauge('rabbitmq_queue_consumers', { ...RABBIT, queue: 'mails' }, 2, 0),
    ],
    service: 'events-broker',
    classes: ['queue-backlog'],
  },
  {
    says: 'RabbitMQ, which may open no more files',
    alert: { alertname: 'RabbitmqFileDescriptorsUsage', ...RABBIT },
    series: [
      gauge('rabbitmq_process_open_fds', RABBIT, 90, 1_020),
      gauge('rabbitmq_process_max_fds', RABBIT, 1_024, 1_024),
    ],
    service: 'events-broker',
    classes: ['file-descriptor-limit'],
  },
  {
    says: 'consumers that lag, by KMinion',
    alert: { alertname: 'KafkaConsumerGroupLag', job: 'kminion', group_id: 'mailer', topic_name: 'mails' },
    series: [
      gauge(
        'kminion_kafka_consumer_group_topic_lag',
        { job: 'kminion', instance: 'kminion:8080', group_id: 'mailer', topic_name: 'mails' },
        4,
        60_000,
      ),
    ],
    service: 'mailer',
    classes: ['queue-backlog'],
  },
  {
    says: 'Elasticsearch without disk',
    alert: { alertname: 'ElasticsearchDiskOutOfSpace', ...STORE },
    series: [
      gauge('elasticsearch_filesystem_data_available_bytes', { ...STORE, mount: '/data' }, 40 * GIB, 0.5 * GIB),
      gauge('elasticsearch_filesystem_data_size_bytes', { ...STORE, mount: '/data' }, 100 * GIB, 100 * GIB),
    ],
    service: 'document-store',
    classes: ['disk-full'],
  },
  {
    says: 'Elasticsearch without heap',
    alert: { alertname: 'ElasticsearchHeapUsageTooHigh', ...STORE },
    series: [
      gauge('elasticsearch_jvm_memory_used_bytes', { ...STORE, area: 'heap' }, 2 * GIB, 3.95 * GIB),
      gauge('elasticsearch_jvm_memory_max_bytes', { ...STORE, area: 'heap' }, 4 * GIB, 4 * GIB),
    ],
    service: 'document-store',
    classes: ['out-of-memory'],
  },
  {
    says: 'Elasticsearch that has lost nodes',
    alert: { alertname: 'ElasticsearchHealthyNodes', ...STORE },
    series: [
      gauge('elasticsearch_cluster_health_number_of_nodes', STORE, 3, 1),
      gauge('elasticsearch_cluster_health_status', { ...STORE, color: 'red' }, 0, 1),
      gauge('elasticsearch_cluster_health_status', { ...STORE, color: 'green' }, 1, 0),
    ],
    service: 'document-store',
    classes: ['process-down'],
  },
  {
    says: 'threads that are blocked, by Micrometer',
    alert: { alertname: 'JvmThreadsBlocked', ...SPRING },
    series: [
      gauge('jvm_threads_states_threads', { ...SPRING, state: 'blocked' }, 0, 180),
      gauge('jvm_threads_states_threads', { ...SPRING, state: 'runnable' }, 12, 10),
      ...durations(
        'http_server_requests_seconds',
        { ...SPRING, method: 'GET', uri: '/invoices', status: '200' },
        20,
        0.03,
        9,
      ),
    ],
    service: 'billing',
    classes: ['deadlock-stall'],
  },
  {
    says: 'work that nobody takes, by Celery',
    alert: { alertname: 'CeleryQueueLength', job: 'mailer', instance: 'celery-exporter:9808', queue_name: 'mails' },
    series: [
      gauge('celery_queue_length', { job: 'mailer', instance: 'celery-exporter:9808', queue_name: 'mails' }, 3, 4_000),
    ],
    service: 'mailer',
    classes: ['queue-backlog'],
  },
  {
    says: 'work that waits, by Sidekiq',
    alert: { alertname: 'SidekiqSchedulingLatencyTooHigh', job: 'sidekiq', app: 'mailer' },
    series: [gauge('sidekiq_queue_latency_seconds', { job: 'sidekiq', app: 'mailer', name: 'default' }, 0.1, 400)],
    service: 'mailer',
    classes: ['queue-backlog'],
  },
  {
    says: 'an exception of .NET',
    alert: { alertname: 'HighErrorRate', ...COMPOSE },
    series: failing('http_requests_received_total', 'code'),
    logs: {
      billing: [
        'fail: Microsoft.AspNetCore[1] An unhandled exception has occurred\nSystem.NullReferenceException: Object reference not set to an instance of an object.\n   at Billing.Invoices.Render(Invoice invoice) in /src/Billing/Invoices.cs:line 41\n   at Billing.InvoiceController.Show(Int32 id) in /src/Billing/InvoiceController.cs:line 22',
      ],
    },
    service: 'billing',
    classes: ['code-error'],
  },
  {
    says: 'memory of .NET that grows',
    alert: { alertname: 'HighMemoryUsage', ...COMPOSE },
    series: [growing('process_working_set_bytes', COMPOSE, 200 * MIB, 1_100 * MIB)],
    service: 'billing',
    classes: ['memory-leak'],
  },
  {
    says: 'files that are never closed',
    alert: { alertname: 'ProcessFileDescriptors', ...COMPOSE },
    series: [
      gauge('process_open_fds', COMPOSE, 60, 1_015),
      gauge('process_max_fds', COMPOSE, 1_024, 1_024),
      ...failing('http_requests_total', 'code'),
    ],
    service: 'billing',
    classes: ['file-descriptor-limit'],
  },
  {
    says: 'gRPC by OpenTelemetry, with nobody behind',
    alert: { alertname: 'GrpcErrors', job: 'shop/billing' },
    series: [
      counter(
        'rpc_server_duration_milliseconds_count',
        { job: 'shop/billing', rpc_service: 'Invoices', rpc_method: 'Get', rpc_grpc_status_code: '0' },
        20,
        2,
      ),
      counter(
        'rpc_server_duration_milliseconds_count',
        { job: 'shop/billing', rpc_service: 'Invoices', rpc_method: 'Get', rpc_grpc_status_code: '14' },
        0,
        18,
      ),
    ],
    logs: {
      billing: [
        'ERROR io.grpc.StatusRuntimeException: UNAVAILABLE: io exception, Connection refused: ledger/10.42.1.8:9090',
      ],
    },
    service: 'billing',
    classes: ['dependency-refused'],
  },
  {
    says: 'HAProxy, behind which nobody listens',
    alert: {
      alertname: 'HaproxyHighHttp5xxErrorRateBackend',
      job: 'haproxy',
      proxy: 'billing',
      instance: 'haproxy:8404',
    },
    series: [
      counter('haproxy_backend_http_responses_total', { job: 'haproxy', proxy: 'billing', code: '2xx' }, 30, 0),
      counter('haproxy_backend_http_responses_total', { job: 'haproxy', proxy: 'billing', code: '5xx' }, 0, 30),
      gauge('haproxy_backend_active_servers', { job: 'haproxy', proxy: 'billing' }, 2, 0),
    ],
    health: { billing: REFUSED },
    service: 'billing',
    classes: ['process-down'],
  },
  {
    says: 'Traefik, which waits long',
    alert: { alertname: 'TraefikHighLatency', job: 'traefik', service: 'billing@docker' },
    series: durations(
      'traefik_service_request_duration_seconds',
      { job: 'traefik', service: 'billing@docker', code: '200', method: 'GET' },
      20,
      0.04,
      3,
    ),
    service: 'billing',
    classes: ['timeout-latency'],
  },
  {
    says: 'an ingress whose time is over',
    alert: {
      alertname: 'NginxHighHttp5xxErrorRate',
      job: 'ingress-nginx',
      exported_namespace: 'shop',
      ingress: 'billing',
    },
    series: [
      counter('nginx_ingress_controller_requests', { job: 'ingress-nginx', ingress: 'billing', status: '200' }, 30, 10),
      counter('nginx_ingress_controller_requests', { job: 'ingress-nginx', ingress: 'billing', status: '504' }, 0, 20),
      ...durations(
        'nginx_ingress_controller_request_duration_seconds',
        { job: 'ingress-nginx', ingress: 'billing' },
        30,
        0.05,
        40,
      ),
    ],
    service: 'billing',
    classes: ['timeout-latency'],
  },
  {
    says: 'a certificate of cert-manager that has expired',
    alert: {
      alertname: 'CertManagerCertExpired',
      exported_namespace: 'shop',
      name: 'gateway-tls',
      job: 'cert-manager',
    },
    series: [
      gauge(
        'certmanager_certificate_expiration_timestamp_seconds',
        { job: 'cert-manager', exported_namespace: 'shop', name: 'gateway-tls' },
        Date.parse('2026-03-02T09:57:00Z') / 1_000,
        Date.parse('2026-03-02T09:57:00Z') / 1_000,
      ),
    ],
    health: { gateway: { failure: 'tls' } },
    service: 'gateway',
    classes: ['tls-certificate'],
  },
  {
    says: 'as many replicas as may be, all of them busy, for as many requests as before',
    alert: { alertname: 'KubeHpaMaxedOut', ...KSM, horizontalpodautoscaler: 'billing' },
    series: [
      gauge(
        'kube_horizontalpodautoscaler_status_current_replicas',
        { ...KSM, horizontalpodautoscaler: 'billing' },
        2,
        10,
      ),
      gauge('kube_horizontalpodautoscaler_spec_max_replicas', { ...KSM, horizontalpodautoscaler: 'billing' }, 10, 10),
      counter('http_requests_total', { ...COMPOSE, code: '200' }, 30, 30),
      timeUsed('process_cpu_seconds_total', COMPOSE, 0.1, 0.98),
    ],
    service: 'billing',
    classes: ['cpu-saturation'],
  },
  {
    says: 'pods that are driven out for want of disk',
    alert: { alertname: 'KubePodNotReady', ...KSM, pod: POD },
    series: [
      since('kube_pod_status_reason', { ...OF_POD, reason: 'Evicted' }),
      gauge(
        'kubelet_volume_stats_available_bytes',
        { job: 'kubelet', namespace: 'shop', persistentvolumeclaim: 'billing-data' },
        5 * GIB,
        0,
      ),
      gauge(
        'kubelet_volume_stats_capacity_bytes',
        { job: 'kubelet', namespace: 'shop', persistentvolumeclaim: 'billing-data' },
        10 * GIB,
        10 * GIB,
      ),
    ],
    service: 'billing',
    classes: ['disk-full'],
  },
  {
    says: 'killed for its memory last week, while the database is away now',
    alert: { alertname: 'HighErrorRate', namespace: 'shop', pod: POD },
    series: [
      gauge('kube_pod_container_status_last_terminated_reason', { ...OF_POD, reason: 'OOMKilled' }, 1, 1),
      gauge('kube_pod_container_status_restarts_total', OF_POD, 7, 7),
      ...failing('http_requests_total', 'code', { job: 'pods', namespace: 'shop', pod: POD }),
    ],
    logs: { billing: ['ERROR connect ECONNREFUSED ledger-db:5432'] },
    service: 'billing',
    classes: ['dependency-refused'],
  },
  {
    says: 'started anew once, and well since',
    alert: { alertname: 'KubePodCrashLooping', ...OF_POD },
    series: [
      gauge('kube_pod_container_status_restarts_total', OF_POD, 3, 4),
      gauge('up', { ...OF_POD, job: 'pods' }, 1, 1),
      counter('http_requests_total', { job: 'pods', namespace: 'shop', pod: POD, code: '200' }, 20, 20),
    ],
    service: 'billing',
    classes: [],
  },
  {
    says: 'a certificate that is good for a week',
    alert: {
      alertname: 'BlackboxSslCertificateWillExpireSoon',
      job: 'blackbox',
      instance: 'https://gateway.example.com',
    },
    series: [
      gauge(
        'probe_ssl_earliest_cert_expiry',
        { job: 'blackbox', instance: 'https://gateway.example.com' },
        Date.parse('2026-03-09T09:57:00Z') / 1_000,
        Date.parse('2026-03-09T09:57:00Z') / 1_000,
      ),
      gauge('probe_success', { job: 'blackbox', instance: 'https://gateway.example.com' }, 1, 1),
    ],
    service: 'gateway',
    classes: [],
  },
  {
    says: 'a rollout that takes its time, and pods that are being made',
    alert: { alertname: 'KubeDeploymentReplicasMismatch', ...KSM, deployment: 'billing' },
    series: [
      since('kube_pod_container_status_waiting_reason', { ...OF_POD, reason: 'ContainerCreating' }),
      gauge('kube_deployment_status_replicas_available', { ...KSM, deployment: 'billing' }, 3, 3),
      gauge('up', { ...OF_POD, job: 'pods' }, 1, 1),
    ],
    service: 'billing',
    classes: [],
  },
];
