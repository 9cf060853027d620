/** What the libraries of languages, meshes and proxies show of a service. */
import {
  counter,
  durations,
  gauge,
  growing,
  type Installation,
  type Labels,
  REFUSED,
  timeUsed,
} from './world.test-helper.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const POD = 'billing-7c9f6d8b5-x2x4q';
const SPRING: Labels = { job: 'spring-actuator', application: 'billing', instance: '10.0.0.21:8081' };
const OTEL: Labels = { job: 'shop/billing', instance: '0d6f4f2e-7c6b' };
const COMPOSE: Labels = { job: 'billing', instance: 'billing:8080' };
const NODE_APP: Labels = { job: 'node-apps', app: 'search-api', instance: '10.0.0.31:3000' };

function spring(perSecond: number, failing: number) {
  const labels = { ...SPRING, method: 'GET', uri: '/invoices', exception: 'None' };
  return [
    counter(
      'http_server_requests_seconds_count',
      { ...labels, status: '200', outcome: 'SUCCESS' },
      perSecond,
      perSecond - failing,
    ),
    counter('http_server_requests_seconds_count', { ...labels, status: '500', outcome: 'SERVER_ERROR' }, 0, failing),
  ];
}

const RUNTIMES: readonly Installation[] = [
  {
    says: 'a heap that is full, by Micrometer',
    alert: { alertname: 'JvmMemoryFillingUp', ...SPRING, area: 'heap' },
    series: [
      gauge('jvm_memory_used_bytes', { ...SPRING, area: 'heap', id: 'G1 Old Gen' }, 300 * MIB, 1_020 * MIB),
      gauge('jvm_memory_max_bytes', { ...SPRING, area: 'heap', id: 'G1 Old Gen' }, 1_024 * MIB, 1_024 * MIB),
      gauge('jvm_memory_used_bytes', { ...SPRING, area: 'nonheap', id: 'Metaspace' }, 90 * MIB, 90 * MIB),
      gauge('jvm_memory_max_bytes', { ...SPRING, area: 'nonheap', id: 'Metaspace' }, -1, -1),
      ...spring(20, 4),
    ],
    service: 'billing',
    classes: ['out-of-memory'],
  },
  {
    says: 'a heap that is full, by the JMX exporter',
    alert: { alertname: 'JvmMemoryFillingUp', job: 'jmx', instance: 'billing:9404', area: 'heap' },
    series: [
      gauge('jvm_memory_bytes_used', { job: 'jmx', instance: 'billing:9404', area: 'heap' }, 300 * MIB, 1_015 * MIB),
      gauge('jvm_memory_bytes_max', { job: 'jmx', instance: 'billing:9404', area: 'heap' }, GIB, GIB),
    ],
    service: 'billing',
    classes: ['out-of-memory'],
  },
  {
    says: 'a pool of connections that is full, by Micrometer',
    alert: { alertname: 'HighErrorRate', ...SPRING },
    series: [
      gauge('hikaricp_connections_active', { ...SPRING, pool: 'HikariPool-1' }, 2, 10),
      gauge('hikaricp_connections_max', { ...SPRING, pool: 'HikariPool-1' }, 10, 10),
      gauge('hikaricp_connections_pending', { ...SPRING, pool: 'HikariPool-1' }, 0, 24),
      ...spring(20, 12),
    ],
    service: 'billing',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'threads of Tomcat that are all busy behind a slow database',
    alert: { alertname: 'SpringHttpLatencyHigh', ...SPRING },
    series: [
      ...durations(
        'http_server_requests_seconds',
        { ...SPRING, method: 'GET', uri: '/invoices', status: '200', outcome: 'SUCCESS' },
        20,
        0.03,
        2.4,
      ),
      gauge('tomcat_threads_busy_threads', { ...SPRING, name: 'http-nio-8080' }, 3, 60),
      gauge('tomcat_threads_config_max_threads', { ...SPRING, name: 'http-nio-8080' }, 200, 200),
    ],
    service: 'billing',
    classes: ['timeout-latency'],
  },
  {
    says: 'threads that wait for each other',
    alert: { alertname: 'JvmThreadsDeadlocked', job: 'jmx', instance: 'billing:9404' },
    series: [gauge('jvm_threads_deadlocked', { job: 'jmx', instance: 'billing:9404' }, 0, 2)],
    service: 'billing',
    classes: ['deadlock-stall'],
  },
  {
    says: 'an exception of its own, of code that the repository does not hold',
    alert: { alertname: 'HighErrorRate', ...SPRING },
    series: spring(20, 9),
    logs: {
      billing: [
        'ERROR Servlet.service() threw exception\njava.lang.NullPointerException: Cannot invoke "String.length()" because "name" is null\n\tat com.example.billing.Invoices.render(Invoices.java:41)\n\tat com.example.billing.InvoiceController.show(InvoiceController.java:22)',
      ],
    },
    service: 'billing',
    classes: ['code-error'],
  },
  {
    says: 'a pool that is full, in the older names of OpenTelemetry',
    alert: { alertname: 'HighErrorRate', ...OTEL },
    series: [
      ...otel(9),
      gauge('db_client_connections_usage', { ...OTEL, pool_name: 'ledger', state: 'used' }, 3, 20),
      gauge('db_client_connections_usage', { ...OTEL, pool_name: 'ledger', state: 'idle' }, 17, 0),
      gauge('db_client_connections_max', { ...OTEL, pool_name: 'ledger' }, 20, 20),
      gauge('db_client_connections_pending_requests', { ...OTEL, pool_name: 'ledger' }, 0, 14),
    ],
    service: 'billing',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'a pool that is full, in the newer names of OpenTelemetry',
    alert: { alertname: 'HighErrorRate', ...OTEL },
    series: [
      ...otel(9),
      gauge(
        'db_client_connection_count',
        { ...OTEL, db_client_connection_pool_name: 'ledger', db_client_connection_state: 'used' },
        3,
        20,
      ),
      gauge(
        'db_client_connection_count',
        { ...OTEL, db_client_connection_pool_name: 'ledger', db_client_connection_state: 'idle' },
        17,
        0,
      ),
      gauge('db_client_connection_max', { ...OTEL, db_client_connection_pool_name: 'ledger' }, 20, 20),
      gauge('db_client_connection_pending_requests', { ...OTEL, db_client_connection_pool_name: 'ledger' }, 0, 14),
    ],
    service: 'billing',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'a provider that limits, by OpenTelemetry',
    alert: { alertname: 'HighErrorRate', ...OTEL },
    series: [
      ...otel(9),
      counter(
        'http_client_request_duration_seconds_count',
        { ...OTEL, server_address: 'api.tax.example', http_response_status_code: '200' },
        9,
        1,
      ),
      counter(
        'http_client_request_duration_seconds_count',
        { ...OTEL, server_address: 'api.tax.example', http_response_status_code: '429' },
        0,
        9,
      ),
    ],
    service: 'billing',
    classes: ['rate-limit'],
  },
  {
    says: 'an event loop that is blocked',
    alert: { alertname: 'NodejsEventLoopLagHigh', ...NODE_APP },
    series: [
      gauge('nodejs_eventloop_lag_seconds', NODE_APP, 0.004, 0.9),
      gauge('nodejs_eventloop_lag_p99_seconds', NODE_APP, 0.012, 1.3),
      timeUsed('process_cpu_seconds_total', NODE_APP, 0.2, 1.02),
      ...durations(
        'http_request_duration_seconds',
        { ...NODE_APP, route: '/search', method: 'GET', status_code: '200' },
        20,
        0.03,
        1.4,
      ),
    ],
    service: 'search-api',
    classes: ['cpu-saturation'],
  },
  {
    says: 'a heap of Node.js that grows',
    alert: { alertname: 'NodejsHeapGrows', ...NODE_APP },
    summary: 'Memory of search-api keeps growing',
    series: [
      growing('nodejs_heap_size_used_bytes', NODE_APP, 120 * MIB, 900 * MIB),
      growing('process_resident_memory_bytes', NODE_APP, 200 * MIB, 1_000 * MIB),
    ],
    service: 'search-api',
    classes: ['memory-leak'],
  },
  {
    says: 'goroutines that never end',
    alert: { alertname: 'GoroutineLeak', ...COMPOSE },
    summary: 'Goroutines and memory grow',
    series: [
      growing('go_goroutines', COMPOSE, 60, 48_000),
      growing('go_memstats_heap_inuse_bytes', COMPOSE, 40 * MIB, 700 * MIB),
      growing('process_resident_memory_bytes', COMPOSE, 60 * MIB, 800 * MIB),
    ],
    service: 'billing',
    classes: ['memory-leak'],
  },
  {
    says: 'a pool that is full, in Go',
    alert: { alertname: 'HighErrorRate', ...COMPOSE },
    series: [
      gauge('go_sql_in_use_connections', { ...COMPOSE, db_name: 'ledger' }, 3, 25),
      gauge('go_sql_max_open_connections', { ...COMPOSE, db_name: 'ledger' }, 25, 25),
      counter('go_sql_wait_count_total', { ...COMPOSE, db_name: 'ledger' }, 0, 8),
      counter('http_requests_total', { ...COMPOSE, code: '200', method: 'get' }, 20, 9),
      counter('http_requests_total', { ...COMPOSE, code: '503', method: 'get' }, 0, 11),
    ],
    service: 'billing',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'Flask, whose database refuses',
    alert: { alertname: 'HighErrorRate', ...COMPOSE },
    series: [
      counter('flask_http_request_total', { ...COMPOSE, method: 'GET', status: '200' }, 20, 1),
      counter('flask_http_request_total', { ...COMPOSE, method: 'GET', status: '500' }, 0, 19),
    ],
    logs: {
      billing: [
        'ERROR psycopg2.OperationalError: connection to server at "ledger-db" (10.0.0.9), port 5432 failed: Connection refused',
      ],
    },
    service: 'billing',
    classes: ['dependency-refused'],
  },
  {
    says: 'Django, whose database has no connection left',
    alert: { alertname: 'HighErrorRate', ...COMPOSE },
    series: [
      counter('django_http_responses_total_by_status_total', { ...COMPOSE, status: '200' }, 20, 6),
      counter('django_http_responses_total_by_status_total', { ...COMPOSE, status: '500' }, 0, 14),
    ],
    logs: {
      billing: [
        'ERROR django.db.utils.OperationalError: FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute',
      ],
    },
    service: 'billing',
    classes: ['pool-exhaustion'],
  },
  {
    says: 'ASP.NET, whose certificate is not accepted',
    alert: { alertname: 'HighErrorRate', ...OTEL },
    series: [
      ...otel(12),
      counter(
        'http_client_request_duration_seconds_count',
        { ...OTEL, server_address: 'ledger', http_response_status_code: '200' },
        9,
        0,
      ),
      counter(
        'http_client_request_duration_seconds_count',
        { ...OTEL, server_address: 'ledger', error_type: 'secure_connection_error' },
        0,
        9,
      ),
    ],
    service: 'billing',
    classes: ['tls-certificate'],
  },
  {
    says: 'work that waits for threads, in .NET',
    alert: { alertname: 'DotnetThreadPoolStarvation', ...OTEL },
    series: [
      ...durations(
        'http_server_request_duration_seconds',
        { ...OTEL, http_route: '/invoices', http_response_status_code: '200' },
        20,
        0.03,
        6,
      ),
      gauge('dotnet_thread_pool_queue_length', OTEL, 0, 900),
      growing('dotnet_thread_pool_thread_count', OTEL, 16, 90),
    ],
    service: 'billing',
    classes: ['queue-backlog', 'deadlock-stall', 'timeout-latency'],
  },
  {
    says: 'children of PHP-FPM that are all busy',
    alert: { alertname: 'PhpFpmMaxChildrenReached', job: 'php-fpm', instance: 'billing:9253', pool: 'www' },
    series: [
      gauge('phpfpm_active_processes', { job: 'php-fpm', instance: 'billing:9253', pool: 'www' }, 6, 50),
      gauge('phpfpm_total_processes', { job: 'php-fpm', instance: 'billing:9253', pool: 'www' }, 20, 50),
      gauge('phpfpm_listen_queue', { job: 'php-fpm', instance: 'billing:9253', pool: 'www' }, 0, 120),
      counter('phpfpm_max_children_reached', { job: 'php-fpm', instance: 'billing:9253', pool: 'www' }, 0, 0.1),
    ],
    service: 'billing',
    classes: ['queue-backlog', 'pool-exhaustion'],
  },
  {
    says: 'gRPC calls whose time is over',
    alert: { alertname: 'GrpcHighErrorRate', ...COMPOSE, grpc_service: 'billing.Invoices' },
    series: [
      counter(
        'grpc_server_handled_total',
        { ...COMPOSE, grpc_service: 'billing.Invoices', grpc_method: 'Get', grpc_code: 'OK' },
        20,
        4,
      ),
      counter(
        'grpc_server_handled_total',
        { ...COMPOSE, grpc_service: 'billing.Invoices', grpc_method: 'Get', grpc_code: 'DeadlineExceeded' },
        0,
        16,
      ),
      counter(
        'grpc_client_handled_total',
        { ...COMPOSE, grpc_service: 'ledger.Entries', grpc_method: 'List', grpc_code: 'OK' },
        20,
        4,
      ),
      counter(
        'grpc_client_handled_total',
        { ...COMPOSE, grpc_service: 'ledger.Entries', grpc_method: 'List', grpc_code: 'DeadlineExceeded' },
        0,
        16,
      ),
    ],
    service: 'billing',
    classes: ['timeout-latency'],
  },
  {
    says: 'gRPC calls that find nobody',
    alert: { alertname: 'GrpcHighErrorRate', ...COMPOSE, grpc_service: 'billing.Invoices' },
    series: [
      counter(
        'grpc_server_handled_total',
        { ...COMPOSE, grpc_service: 'billing.Invoices', grpc_method: 'Get', grpc_code: 'OK' },
        20,
        0,
      ),
      counter(
        'grpc_server_handled_total',
        { ...COMPOSE, grpc_service: 'billing.Invoices', grpc_method: 'Get', grpc_code: 'Unavailable' },
        0,
        20,
      ),
    ],
    logs: {
      billing: [
        'ERROR rpc error: code = Unavailable desc = connection error: dial tcp 10.42.2.8:9090: connect: connection refused',
      ],
    },
    service: 'billing',
    classes: ['dependency-refused'],
  },
];

const ISTIO: Labels = {
  job: 'istio-proxies',
  reporter: 'destination',
  source_workload: 'gateway',
  destination_workload: 'billing',
  destination_workload_namespace: 'shop',
  destination_service_name: 'billing',
  destination_service: 'billing.shop.svc.cluster.local',
  request_protocol: 'http',
};
const INGRESS: Labels = {
  job: 'ingress-nginx-controller-metrics',
  service: 'ingress-nginx-controller-metrics',
  namespace: 'ingress-nginx',
  exported_namespace: 'shop',
  exported_service: 'billing',
  ingress: 'billing',
  controller_class: 'k8s.io/ingress-nginx',
};
const TRAEFIK: Labels = {
  job: 'traefik',
  instance: 'traefik:8080',
  service: 'shop-billing-8080@kubernetes',
  protocol: 'http',
  method: 'GET',
};
const ENVOY: Labels = { job: 'envoy-stats', instance: '10.0.0.2:9901', envoy_cluster_name: 'billing' };

const PROXIES: readonly Installation[] = [
  {
    says: 'a mesh that finds nobody',
    alert: {
      alertname: 'IstioHigh5xxErrorRate',
      destination_workload: 'billing',
      destination_service_name: 'billing',
      namespace: 'istio-system',
    },
    series: [
      counter(
        'istio_requests_total',
        { ...ISTIO, reporter: 'source', response_code: '200', response_flags: '-' },
        30,
        0,
      ),
      counter(
        'istio_requests_total',
        { ...ISTIO, reporter: 'source', response_code: '503', response_flags: 'UH' },
        0,
        30,
      ),
      gauge(
        'kube_deployment_status_replicas_available',
        { job: 'kube-state-metrics', namespace: 'shop', deployment: 'billing' },
        2,
        0,
      ),
    ],
    health: { billing: REFUSED },
    service: 'billing',
    classes: ['process-down'],
  },
  {
    says: 'a mesh that waits long',
    alert: {
      alertname: 'IstioLatency99Percentile',
      destination_workload: 'billing',
      destination_service_name: 'billing',
    },
    series: [
      ...durations('istio_request_duration_milliseconds', { ...ISTIO, response_code: '200' }, 30, 25, 2_600),
      counter('istio_requests_total', { ...ISTIO, response_code: '200', response_flags: '-' }, 30, 30),
    ],
    service: 'billing',
    classes: ['timeout-latency'],
  },
  {
    says: 'an ingress of nginx that finds nobody',
    alert: { alertname: 'NginxHighHttp5xxErrorRate', ...INGRESS },
    series: [
      counter('nginx_ingress_controller_requests', { ...INGRESS, status: '200', method: 'GET', path: '/' }, 30, 0),
      counter('nginx_ingress_controller_requests', { ...INGRESS, status: '503', method: 'GET', path: '/' }, 0, 30),
      gauge(
        'kube_deployment_status_replicas_available',
        { job: 'kube-state-metrics', namespace: 'shop', deployment: 'billing' },
        2,
        0,
      ),
    ],
    health: { billing: REFUSED },
    service: 'billing',
    classes: ['process-down'],
  },
  {
    says: 'an ingress of nginx that sees a rush',
    alert: { alertname: 'NginxLatencyHigh', ...INGRESS },
    series: [
      counter('nginx_ingress_controller_requests', { ...INGRESS, status: '200', method: 'GET', path: '/' }, 30, 260),
      ...durations(
        'nginx_ingress_controller_request_duration_seconds',
        { ...INGRESS, status: '200', path: '/' },
        30,
        0.04,
        1.3,
      ),
    ],
    service: 'billing',
    classes: ['traffic-spike'],
  },
  {
    says: 'Traefik, behind which nobody listens',
    alert: { alertname: 'TraefikHighHttp5xxErrorRateService', ...TRAEFIK },
    series: [
      counter('traefik_service_requests_total', { ...TRAEFIK, code: '200' }, 30, 0),
      counter('traefik_service_requests_total', { ...TRAEFIK, code: '502' }, 0, 30),
      gauge('up', COMPOSE, 1, 0),
    ],
    health: { billing: REFUSED },
    service: 'billing',
    classes: ['process-down'],
  },
  {
    says: 'Envoy, whose requests time out',
    alert: { alertname: 'EnvoyClusterUpstreamTimeouts', ...ENVOY },
    series: [
      counter('envoy_cluster_upstream_rq_xx', { ...ENVOY, envoy_response_code_class: '2' }, 30, 6),
      counter('envoy_cluster_upstream_rq_xx', { ...ENVOY, envoy_response_code_class: '5' }, 0, 24),
      counter('envoy_cluster_upstream_rq_timeout', ENVOY, 0, 24),
      ...durations('envoy_cluster_upstream_rq_time', ENVOY, 30, 30, 12_000),
    ],
    service: 'billing',
    classes: ['timeout-latency'],
  },
  {
    says: 'Envoy, whose circuit is open',
    alert: { alertname: 'EnvoyClusterCircuitBreaker', ...ENVOY },
    series: [
      counter('envoy_cluster_upstream_rq_xx', { ...ENVOY, envoy_response_code_class: '2' }, 30, 6),
      counter('envoy_cluster_upstream_rq_xx', { ...ENVOY, envoy_response_code_class: '5' }, 0, 24),
      counter('envoy_cluster_upstream_rq_pending_overflow', ENVOY, 0, 24),
      gauge('envoy_cluster_upstream_cx_active', ENVOY, 8, 100),
    ],
    service: 'billing',
    classes: ['pool-exhaustion', 'queue-backlog'],
  },
  {
    says: 'a certificate that has expired, told by the log of a pod',
    alert: { alertname: 'HighErrorRate', namespace: 'shop', pod: POD },
    series: [
      counter('http_requests_total', { job: 'pods', namespace: 'shop', pod: POD, code: '200' }, 20, 2),
      counter('http_requests_total', { job: 'pods', namespace: 'shop', pod: POD, code: '500' }, 0, 18),
    ],
    logs: {
      billing: [
        'ERROR Post "https://ledger.shop.svc:8443/entries": tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
      ],
    },
    service: 'billing',
    classes: ['tls-certificate'],
  },
  {
    says: 'a name that does not resolve, told by the log of a pod',
    alert: { alertname: 'HighErrorRate', namespace: 'shop', deployment: 'billing' },
    series: [
      counter('http_requests_total', { job: 'pods', namespace: 'shop', pod: POD, code: '200' }, 20, 2),
      counter('http_requests_total', { job: 'pods', namespace: 'shop', pod: POD, code: '500' }, 0, 18),
    ],
    logs: { billing: ['ERROR getaddrinfo EAI_AGAIN ledger.shop.svc.cluster.local'] },
    service: 'billing',
    classes: ['dns'],
  },
];

function otel(failing: number) {
  const labels = { ...OTEL, http_route: '/invoices', http_request_method: 'GET' };
  return [
    counter(
      'http_server_request_duration_seconds_count',
      { ...labels, http_response_status_code: '200' },
      20,
      20 - failing,
    ),
    counter('http_server_request_duration_seconds_count', { ...labels, http_response_status_code: '500' }, 0, failing),
  ];
}

export const PROGRAMS: readonly Installation[] = [...RUNTIMES, ...PROXIES];
