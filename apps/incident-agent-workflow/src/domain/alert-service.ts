/** Which service of the registry an alert speaks of: rules of exporters name a pod, a container or an address, not a service. */
import { type Alert, alertService } from './alert.ts';
import type { Registry, Service } from './service.ts';
import { fitting, waysToKnow } from './service-labels.ts';

type Labels = Alert['labels'];

/** What a rule groups by says more than who scraped it: a pod before a job. */
const BY_WORTH: readonly string[] = [
  'service',
  'exported_service',
  'service_name',
  'exported_service_name',
  'container',
  'deployment',
  'statefulset',
  'daemonset',
  'horizontalpodautoscaler',
  'app',
  'application',
  'app_kubernetes_io_name',
  'destination_workload',
  'destination_service_name',
  'destination_canonical_service',
  'pod',
  'exported_pod',
  'persistentvolumeclaim',
  'consumergroup',
  'consumer_group',
  'group_id',
  'proxy',
  'groupname',
  'backend',
  'ingress',
  'envoy_cluster_name',
  'job_name',
  'instance',
  'target',
  'job',
  'container_label_com_docker_compose_service',
  'name',
];
/** What scrapes others: its own name in a label says nothing of what the alert is about. */
const EXPORTERS =
  /kube-?state-?metrics|node-?exporter|^node$|cadvisor|kubelet|black-?box|exporter|pushgateway|istio-?prox|ingress|traefik|envoy|otel-?collector|^pods?$|^kubernetes-|^apps?$|^prometheus$/i;

/** The registered service if its labels, its pods, its volumes or its address are named; else the name in the alert. */
export type FindsService = (alert: Pick<Alert, 'labels'>) => string | undefined;

/** Patterns are made when the first alert needs them, for a storm brings thousands. */
export function serviceFinder({ services }: Registry): FindsService {
  const names = new Set(services.map(({ name }) => name));
  let known: readonly Known[] | undefined;
  return ({ labels }) => {
    const told = labels.service || labels.exported_service;
    if (told && names.has(told)) return told;
    known ??= services.map(knownBy);
    return registeredIn(labels, known) ?? namedIn(labels);
  };
}

interface Known {
  readonly service: Service;
  readonly ways: ReadonlyMap<string, readonly ((value: string) => boolean)[]>;
}

function knownBy(service: Service): Known {
  // An alert about a host is about what runs there.
  const all = [...waysToKnow(service), ...waysToKnow(service, 'node_load1')];
  const byLabel = Map.groupBy(all, ({ label }) => label);
  return { service, ways: new Map([...byLabel].map(([label, ways]) => [label, ways.map(fitting)])) };
}

function registeredIn(labels: Labels, known: readonly Known[]): string | undefined {
  const told = known.filter(({ service }) => isSelected(labels, service));
  if (told.length === 1) return told[0]?.service.name;
  for (const label of BY_WORTH) {
    // A service that is named as such, and not registered, is not the one whose job or address is named beside it.
    if (label === 'instance' && isProgram(labels.service)) return undefined;
    const value = labels[label];
    if (value === undefined || value === '') continue;
    const found = known.filter((one) => isNamedBy(label, value, one));
    // `billing` and `billing-api` may both fit a longer name: the longer one is meant.
    const [longest] = found.toSorted((a, b) => b.service.name.length - a.service.name.length);
    if (longest) return longest.service.name;
  }
  return undefined;
}

/** All the labels that the registry gives it are the alert's. */
function isSelected(labels: Labels, service: Service): boolean {
  const own = Object.entries(service.labels);
  return own.length > 0 && own.every(([name, value]) => labels[name] === value);
}

function isNamedBy(label: string, value: string, { service, ways }: Known): boolean {
  const plain = value.replace(/^.*\//, '').replace(/\.svc(?:\..*)?$/, '');
  if (value === service.name || plain === service.name) return true;
  const seen = label === 'exported_pod' ? 'pod' : label;
  if (ways.get(seen)?.some((matches) => matches(value))) return true;
  return NAMES_PARTS.has(label) && isPartOf(plain, service.name);
}

/** The parts of a release: `billing-http`, `billing-metrics`. */
const NAMES_PARTS = new Set(['service', 'exported_service', 'job', 'deployment', 'statefulset', 'container']);
const PARTS = /^(?:http|https|web|grpc|metrics|headless|svc|service|server|app|deployment|primary|stable|canary|v\d+)$/;

function isPartOf(value: string, name: string): boolean {
  return value.startsWith(`${name}-`) && PARTS.test(value.slice(name.length + 1));
}

function isProgram(name: string | undefined): boolean {
  return name !== undefined && name !== '' && !EXPORTERS.test(name);
}

/** As before, unless that is the exporter's: then the workload that the pod is of. */
function namedIn(labels: Labels): string | undefined {
  const plain = alertService({ labels });
  if (isProgram(plain)) return plain;
  const workload = [labels.deployment, labels.statefulset, labels.daemonset, labels.container, workloadOf(labels.pod)];
  return workload.find((name) => name !== undefined && name !== '') ?? plain;
}

/** `billing` of `billing-7c9f6d8b5-x2x4q` and of `billing-0`. */
function workloadOf(pod: string | undefined): string | undefined {
  return pod?.replace(/(?:(?:-[0-9b-df-hj-np-tv-xz]{6,10})?-[0-9b-df-hj-np-tv-xz]{5}|-\d+)$/, '');
}
