/** What kube-state-metrics, the kubelet and cAdvisor show of pods, with the alerts of the rules that are commonly installed. */
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
const POD = 'billing-7c9f6d8b5-x2x4q';

/** Scraped with the labels of the object kept; `service` is that of the exporter. */
function state(more: Labels = {}): Labels {
  return {
    job: 'kube-state-metrics',
    service: 'prometheus-kube-state-metrics',
    instance: '10.42.0.7:8080',
    endpoint: 'http',
    namespace: 'shop',
    ...more,
  };
}
const OF_POD = state({ pod: POD, container: 'billing', uid: '5f0c' });
const OF_DEPLOYMENT = state({ deployment: 'billing' });
const CADVISOR: Labels = {
  job: 'kubelet',
  service: 'prometheus-kubelet',
  instance: '10.0.0.13:10250',
  metrics_path: '/metrics/cadvisor',
  node: 'node-3',
  namespace: 'shop',
  pod: POD,
  container: 'billing',
  image: 'registry.example.com/shop/billing:1.42.0',
};
/** By a ServiceMonitor of its own. */
const APP: Labels = {
  job: 'billing',
  namespace: 'shop',
  pod: POD,
  container: 'billing',
  endpoint: 'http',
  instance: '10.42.1.9:8080',
};
const ALERT = { namespace: 'shop', job: 'kube-state-metrics', service: 'prometheus-kube-state-metrics' };
const OF_ALERT = { ...ALERT, pod: POD, container: 'billing', uid: '5f0c' };

const CRASHING = [
  every('kube_pod_container_status_restarts_total', OF_POD, 40),
  since('kube_pod_container_status_waiting_reason', { ...OF_POD, reason: 'CrashLoopBackOff' }),
  since('kube_pod_container_status_last_terminated_reason', { ...OF_POD, reason: 'Error' }),
];
const KILLED = [
  every('kube_pod_container_status_restarts_total', OF_POD, 70),
  since('kube_pod_container_status_last_terminated_reason', { ...OF_POD, reason: 'OOMKilled' }),
];
const UNAVAILABLE = [
  gauge('kube_deployment_spec_replicas', OF_DEPLOYMENT, 2, 2),
  gauge('kube_deployment_status_replicas_available', OF_DEPLOYMENT, 2, 0),
  gauge('kube_deployment_status_replicas_unavailable', OF_DEPLOYMENT, 0, 2),
];
const WAITING = (reason: string) => [
  since('kube_pod_container_status_waiting_reason', { ...OF_POD, reason }),
  since('kube_pod_container_status_waiting', OF_POD),
];

export const KUBERNETES: readonly Installation[] = [
  {
    says: 'a container that ends again and again',
    alert: { alertname: 'KubePodCrashLooping', ...OF_ALERT, reason: 'CrashLoopBackOff' },
    series: CRASHING,
    health: { billing: REFUSED },
    service: 'billing',
    classes: ['process-down'],
  },
  {
    says: 'the same, behind other pods that answer',
    alert: { alertname: 'KubePodCrashLooping', ...OF_ALERT, reason: 'CrashLoopBackOff' },
    series: CRASHING,
    service: 'billing',
    classes: ['process-down'],
  },
  {
    says: 'a container that is killed for its memory, told as a crash loop',
    alert: { alertname: 'KubePodCrashLooping', ...OF_ALERT, reason: 'CrashLoopBackOff' },
    series: [...KILLED, since('kube_pod_container_status_waiting_reason', { ...OF_POD, reason: 'CrashLoopBackOff' })],
    service: 'billing',
    classes: ['out-of-memory'],
  },
  {
    says: 'a container that is killed for its memory',
    alert: { alertname: 'KubernetesContainerOomKiller', namespace: 'shop', pod: POD, container: 'billing' },
    series: KILLED,
    service: 'billing',
    classes: ['out-of-memory'],
  },
  {
    says: 'killed at its limit, by cAdvisor',
    alert: { alertname: 'ContainerHighMemoryUsage', namespace: 'shop', pod: POD, name: 'k8s_billing' },
    series: [
      gauge('container_memory_working_set_bytes', CADVISOR, 300 * MIB, 509 * MIB),
      gauge('container_spec_memory_limit_bytes', CADVISOR, 512 * MIB, 512 * MIB),
      every('container_oom_events_total', CADVISOR, 90),
      every('kube_pod_container_status_restarts_total', OF_POD, 90),
    ],
    service: 'billing',
    classes: ['out-of-memory'],
  },
  {
    says: 'at its limit, which kube-state-metrics tells',
    alert: { alertname: 'KubeContainerMemoryNearLimit', namespace: 'shop', pod: POD, container: 'billing' },
    series: [
      gauge('container_memory_working_set_bytes', CADVISOR, 300 * MIB, 505 * MIB),
      gauge(
        'kube_pod_container_resource_limits',
        { ...OF_POD, resource: 'memory', unit: 'byte' },
        512 * MIB,
        512 * MIB,
      ),
      gauge('kube_pod_container_resource_limits', { ...OF_POD, resource: 'cpu', unit: 'core' }, 1, 1),
    ],
    service: 'billing',
    classes: ['out-of-memory'],
  },
  {
    says: 'memory that grows for an hour',
    alert: { alertname: 'ContainerHighMemoryUsage', namespace: 'shop', pod: POD },
    series: [
      growing('container_memory_working_set_bytes', CADVISOR, 300 * MIB, 820 * MIB),
      gauge('container_spec_memory_limit_bytes', CADVISOR, GIB, GIB),
    ],
    service: 'billing',
    classes: ['memory-leak'],
  },
  {
    says: 'a secret or a map of settings that is not there',
    alert: { alertname: 'KubeContainerWaiting', ...OF_ALERT, reason: 'CreateContainerConfigError' },
    series: WAITING('CreateContainerConfigError'),
    service: 'billing',
    classes: ['bad-config'],
  },
  {
    says: 'an image that is not there',
    alert: { alertname: 'KubeContainerWaiting', ...OF_ALERT, reason: 'ImagePullBackOff' },
    series: WAITING('ImagePullBackOff'),
    service: 'billing',
    classes: ['bad-config'],
  },
  {
    says: 'an image that is not there, told of the deployment',
    alert: { alertname: 'KubeDeploymentRolloutStuck', ...ALERT, deployment: 'billing' },
    series: [
      ...WAITING('ErrImagePull'),
      gauge('kube_deployment_status_replicas_unavailable', OF_DEPLOYMENT, 0, 1),
      gauge('kube_deployment_status_condition', { ...OF_DEPLOYMENT, condition: 'Progressing', status: 'false' }, 0, 1),
    ],
    service: 'billing',
    classes: ['bad-config'],
  },
  {
    says: 'no replica of a deployment is available',
    alert: { alertname: 'KubeDeploymentReplicasMismatch', ...ALERT, deployment: 'billing' },
    series: [...UNAVAILABLE, ...CRASHING],
    health: { billing: REFUSED },
    service: 'billing',
    classes: ['process-down'],
  },
  {
    says: 'no replica of a deployment is available, and nothing says why',
    alert: { alertname: 'KubernetesDeploymentReplicasMismatch', namespace: 'shop', deployment: 'billing' },
    series: UNAVAILABLE,
    health: { billing: REFUSED },
    service: 'billing',
    classes: ['process-down'],
  },
  {
    says: 'a pod that is not ready',
    alert: { alertname: 'KubePodNotReady', ...ALERT, pod: POD },
    series: [
      gauge('kube_pod_status_ready', { ...state({ pod: POD }), condition: 'true' }, 1, 0),
      gauge('kube_pod_status_ready', { ...state({ pod: POD }), condition: 'false' }, 0, 1),
      ...UNAVAILABLE,
    ],
    service: 'billing',
    classes: ['process-down'],
  },
  {
    says: 'a stateful set without its pods',
    alert: { alertname: 'KubeStatefulSetReplicasMismatch', ...ALERT, statefulset: 'ledger-db' },
    series: [
      gauge('kube_statefulset_replicas', state({ statefulset: 'ledger-db' }), 1, 1),
      gauge('kube_statefulset_status_replicas_ready', state({ statefulset: 'ledger-db' }), 1, 0),
      since('kube_pod_container_status_waiting_reason', {
        ...state({ pod: 'ledger-db-0', container: 'postgres' }),
        reason: 'CrashLoopBackOff',
      }),
      every('kube_pod_container_status_restarts_total', state({ pod: 'ledger-db-0', container: 'postgres' }), 60),
    ],
    service: 'ledger-db',
    classes: ['process-down'],
  },
  {
    says: 'a volume that is full',
    alert: {
      alertname: 'KubePersistentVolumeFillingUp',
      job: 'kubelet',
      service: 'prometheus-kubelet',
      namespace: 'shop',
      node: 'node-3',
      persistentvolumeclaim: 'data-ledger-db-0',
    },
    series: [
      gauge('kubelet_volume_stats_available_bytes', volume(), 4 * GIB, 0.1 * GIB),
      gauge('kubelet_volume_stats_capacity_bytes', volume(), 20 * GIB, 20 * GIB),
    ],
    service: 'ledger-db',
    classes: ['disk-full'],
  },
  {
    says: 'a volume without inodes',
    alert: {
      alertname: 'KubePersistentVolumeInodesFillingUp',
      namespace: 'shop',
      persistentvolumeclaim: 'data-ledger-db-0',
    },
    series: [
      gauge('kubelet_volume_stats_inodes_free', volume(), 900_000, 0),
      gauge('kubelet_volume_stats_inodes', volume(), 1_310_720, 1_310_720),
    ],
    service: 'ledger-db',
    classes: ['disk-full'],
  },
  {
    says: 'the disk of a container',
    alert: { alertname: 'ContainerVolumeUsage', namespace: 'shop', pod: POD },
    series: [
      gauge('container_fs_usage_bytes', { ...CADVISOR, device: '/dev/sda1' }, 4 * GIB, 9.95 * GIB),
      gauge('container_fs_limit_bytes', { ...CADVISOR, device: '/dev/sda1' }, 10 * GIB, 10 * GIB),
    ],
    service: 'billing',
    classes: ['disk-full'],
  },
  {
    says: 'throttled all the time',
    alert: { alertname: 'CPUThrottlingHigh', namespace: 'shop', pod: POD, container: 'billing' },
    series: [
      counter('container_cpu_cfs_periods_total', CADVISOR, 10, 10),
      counter('container_cpu_cfs_throttled_periods_total', CADVISOR, 0.1, 9.5),
      timeUsed('container_cpu_cfs_throttled_seconds_total', CADVISOR, 0.005, 1.4),
      timeUsed('container_cpu_usage_seconds_total', CADVISOR, 0.12, 0.5),
      gauge('container_spec_cpu_quota', CADVISOR, 50_000, 50_000),
      gauge('container_spec_cpu_period', CADVISOR, 100_000, 100_000),
      ...durations('http_request_duration_seconds', { ...APP, handler: '/invoices', method: 'GET' }, 20, 0.02, 0.6),
    ],
    service: 'billing',
    classes: ['cpu-saturation'],
  },
  {
    says: 'as many replicas as may be, and more requests than before',
    alert: { alertname: 'KubeHpaMaxedOut', ...ALERT, horizontalpodautoscaler: 'billing' },
    series: [
      gauge(
        'kube_horizontalpodautoscaler_status_current_replicas',
        state({ horizontalpodautoscaler: 'billing' }),
        3,
        10,
      ),
      gauge('kube_horizontalpodautoscaler_spec_max_replicas', state({ horizontalpodautoscaler: 'billing' }), 10, 10),
      counter('http_requests_total', { ...APP, handler: '/invoices', method: 'GET', code: '200' }, 40, 190),
      ...durations('http_request_duration_seconds', { ...APP, handler: '/invoices', method: 'GET' }, 40, 0.05, 0.9),
    ],
    service: 'billing',
    classes: ['traffic-spike'],
  },
  {
    says: 'one target that is gone',
    alert: { alertname: 'TargetDown', job: 'billing', namespace: 'shop', service: 'billing-http' },
    series: [gauge('up', { ...APP, service: 'billing-http' }, 1, 0)],
    health: { billing: REFUSED },
    service: 'billing',
    classes: ['process-down'],
  },
  {
    says: 'several targets that are gone with their node',
    alert: { alertname: 'TargetDown', job: 'billing', namespace: 'shop', service: 'billing-http' },
    series: [
      gauge('up', APP, 1, 0),
      gauge('up', { ...APP, job: 'ledger', pod: 'ledger-6b8d5c7f4d-9kq2m', container: 'ledger' }, 1, 0),
      gauge('up', { ...APP, job: 'mailer', pod: 'mailer-5d4f8b6c9-7hwzl', container: 'mailer' }, 1, 0),
    ],
    health: { billing: { failure: 'timeout' }, ledger: { failure: 'timeout' }, mailer: { failure: 'timeout' } },
    service: 'billing',
    classes: ['host-network'],
  },
  {
    says: 'a crash loop whose log names a setting',
    alert: { alertname: 'KubePodCrashLooping', ...OF_ALERT, reason: 'CrashLoopBackOff' },
    series: CRASHING,
    logs: { billing: ['FATAL config: required environment variable LEDGER_URL is not set'] },
    health: { billing: REFUSED },
    service: 'billing',
    classes: ['bad-config'],
  },
  {
    says: 'a crash loop because the database is away',
    alert: { alertname: 'KubernetesPodCrashLooping', namespace: 'shop', pod: POD, container: 'billing' },
    series: CRASHING,
    logs: { billing: ['ERROR could not connect to ledger-db:5432: connection refused'] },
    health: { billing: REFUSED },
    service: 'billing',
    classes: ['dependency-refused'],
  },
];

function volume(): Labels {
  return {
    job: 'kubelet',
    service: 'prometheus-kubelet',
    metrics_path: '/metrics',
    node: 'node-3',
    namespace: 'shop',
    persistentvolumeclaim: 'data-ledger-db-0',
  };
}
