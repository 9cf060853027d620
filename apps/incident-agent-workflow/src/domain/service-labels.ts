/** By which labels what others expose about a service is known: clusters, proxies and exporters name it in their own ways. */
import type { Service } from './service.ts';

/** One label and what it must be: the very text, or a pattern that fits the whole of it (RE2, as Prometheus reads them). */
export interface LabelMatch {
  readonly label: string;
  readonly value: string;
  readonly isPattern: boolean;
}

/** Kubernetes writes hashes without vowels, so that they spell nothing: `billing-7c9f6d8b5-x2x4q`. */
const HASH_LETTER = '[0-9b-df-hj-np-tv-xz]';
/** What is added to the name of a deployment, a daemon set, a job or a stateful set. */
const POD_ENDING = `(-${HASH_LETTER}{6,10})?-${HASH_LETTER}{5}|-[0-9]+`;
const VOLUME_ENDING = '(-(data|pvc|pv|storage|claim|volume|vol))?(-[0-9]+)?';

/** Labels that hold nothing but the name of what is meant. */
const NAMING = [
  'exported_service',
  'service_name',
  'exported_service_name',
  'app',
  'application',
  'app_kubernetes_io_name',
  'container',
] as const;

/** By the beginning of a metric's name: the labels by which its exporter tells whose it is. */
const OF_EXPORTERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /^kube_/,
    [
      'container',
      'pod',
      'deployment',
      'statefulset',
      'daemonset',
      'horizontalpodautoscaler',
      'persistentvolumeclaim',
      'job_name',
    ],
  ],
  [/^container_/, ['container', 'pod', 'name', 'container_label_com_docker_compose_service']],
  [/^kubelet_/, ['persistentvolumeclaim', 'pod']],
  [/^node_systemd_unit_/, ['unit']],
  [/^namedprocess_/, ['groupname']],
  [/^(?:node|windows)_/, ['host']],
  [/^probe_/, ['instance', 'target']],
  [/^istio_/, ['destination_workload', 'destination_service_name', 'destination_canonical_service']],
  [/^envoy_/, ['envoy_cluster_name']],
  [/^traefik_/, ['service']],
  [/^nginx_ingress_/, ['exported_service', 'ingress']],
  [/^haproxy_/, ['proxy', 'backend']],
  [/^certmanager_/, ['name']],
  [/consumer_?group/, ['consumergroup', 'consumer_group', 'group_id', 'group']],
];
const OF_PROGRAMS: readonly string[] = [...NAMING, 'job', 'pod', 'instance'];
const ALL: readonly string[] = [...new Set([...OF_EXPORTERS.flatMap(([, labels]) => labels), ...OF_PROGRAMS])];

/** Any of these tells that a series is of the service; without a metric: that anything is. Where only its name is given, by that. */
export function waysToKnow(service: Service, metric?: string): LabelMatch[] {
  const own = OF_EXPORTERS.find(([pattern]) => metric !== undefined && pattern.test(metric))?.[1];
  const labels = metric === undefined ? ALL : (own ?? OF_PROGRAMS);
  return labels.flatMap((label) => matchesOf(label, service));
}

/** Whether a label's value is that. */
export function fitting({ value, isPattern }: Pick<LabelMatch, 'value' | 'isPattern'>): (own: string) => boolean {
  if (!isPattern) return (own) => own === value;
  const pattern = new RegExp(`^(?:${value})$`);
  return (own) => pattern.test(own);
}

/** Of the registry's labels those that tell no name, such as a namespace or an environment: others show them too. */
export function narrowingLabels({ labels }: Service): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => !isNaming(label)));
}

function isNaming(label: string): boolean {
  return label === 'job' || ALL.includes(label);
}

/** Names under which the registry says that others know it, beside its own: of labels that name programs. */
function namesOf({ name, labels }: Service): string[] {
  const others = Object.entries(labels).filter(([label]) => isNaming(label));
  return [...new Set([name, ...others.map(([, value]) => value)])];
}

function matchesOf(label: string, service: Service): LabelMatch[] {
  const pattern = namesOf(service).map(escapePattern).join('|');
  const names = pattern.includes('|') ? `(${pattern})` : pattern;
  const like = (value: string): LabelMatch[] => [{ label, value, isPattern: true }];
  switch (label) {
    case 'job':
      return like(`(.+/)?${names}`);
    case 'pod':
      return like(`${names}(${POD_ENDING})`);
    case 'job_name':
      return like(`${names}(-[a-z0-9]+)?`);
    case 'persistentvolumeclaim':
      return like(`(.+-)?${names}${VOLUME_ENDING}`);
    case 'name':
      return like(`(.+[-_])?${names}([-_]([0-9]+|tls|cert|certificate))?`);
    case 'service':
      // Traefik's, which names where it found the service behind the sign.
      return like(`(.+-)?${names}(-[a-z0-9]+)?@.+`);
    case 'envoy_cluster_name':
      return like(`(.+[|])?${names}([._|].+)?`);
    case 'instance':
    case 'target':
      return like([`(https?://)?${names}([.][^:/]+)?(:[0-9]+)?(/.*)?`, ...addressPatterns(service)].join('|'));
    case 'unit':
      return [{ label: 'name', value: `${names}(@.*)?[.]service`, isPattern: true }];
    case 'host': {
      const hosts = addressesOf(service).map(({ hostname }) => escapePattern(hostname));
      return [{ label: 'instance', value: `(${[names, ...hosts].join('|')})(:[0-9]+)?`, isPattern: true }];
    }
    default:
      return pattern.includes('|') ? like(pattern) : [{ label, value: service.name, isPattern: false }];
  }
}

/** Of the registry, without what every machine calls itself. */
function addressesOf({ healthUrl, readyUrl, metricsUrl }: Service): URL[] {
  const urls = [healthUrl, readyUrl, metricsUrl].flatMap((url) =>
    url !== undefined && URL.canParse(url) ? [new URL(url)] : [],
  );
  return urls.filter(({ hostname }) => !/^(?:localhost|127\.|0\.0\.0\.0|\[::1?\])/.test(hostname));
}

/** `host:port`, with or without its scheme, whatever the path. */
function addressPatterns(service: Service): string[] {
  const patterns = addressesOf(service).map(({ host, protocol, port }) => {
    const usual = port === '' ? (protocol === 'https:' ? '(:443)?' : '(:80)?') : '';
    return `(https?://)?${escapePattern(host)}${usual}(/.*)?`;
  });
  return [...new Set(patterns)];
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
