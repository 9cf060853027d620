/** Which service is meant, by the labels that rules of exporters, clusters, meshes and probes leave on their alerts. */
import { describe, expect, test } from 'vitest';
import { serviceFinder } from './alert-service.ts';
import { type Service, unregisteredService } from './service.ts';

function service(name: string, more: Partial<Service> = {}): Service {
  return { ...unregisteredService(name), ...more };
}
const SERVICES = [
  service('billing', { healthUrl: 'http://billing.shop.svc:8080/health' }),
  service('billing-api'),
  service('front', { healthUrl: 'https://www.example.com/health', labels: { job: 'web-frontend' } }),
  service('ledger-db'),
  service('search', { healthUrl: 'http://search-1.internal:8000/health' }),
];
const meant = (labels: Record<string, string>) => serviceFinder({ services: SERVICES })({ labels });
const KSM = { job: 'kube-state-metrics', service: 'prometheus-kube-state-metrics', namespace: 'shop' };

describe('a registered service', () => {
  test.each<readonly [string, Record<string, string>]>([
    ['billing', { service: 'billing', pod: 'ledger-db-0' }],
    ['billing', { exported_service: 'billing', service: 'ingress-nginx-controller-metrics', job: 'ingress-nginx' }],
    ['billing', { ...KSM, pod: 'billing-7c9f6d8b5-x2x4q', container: 'app' }],
    ['billing', { ...KSM, pod: 'billing-x2x4q' }],
    ['billing-api', { ...KSM, pod: 'billing-api-7c9f6d8b5-x2x4q' }],
    ['ledger-db', { ...KSM, pod: 'ledger-db-0' }],
    ['ledger-db', { ...KSM, statefulset: 'ledger-db' }],
    ['ledger-db', { persistentvolumeclaim: 'data-ledger-db-0', job: 'kubelet' }],
    ['billing', { ...KSM, deployment: 'billing' }],
    ['billing', { ...KSM, container: 'billing', pod: 'release-7-billing-7c9f6d8b5-x2x4q' }],
    ['billing', { ...KSM, horizontalpodautoscaler: 'billing' }],
    ['billing', { job: 'shop/billing', instance: '0d6f4f2e' }],
    ['billing', { job: 'billing', service: 'billing-http' }],
    ['billing', { application: 'billing', job: 'spring' }],
    ['billing', { destination_workload: 'billing', destination_service_name: 'billing' }],
    ['billing', { service: 'shop-billing-8080@kubernetes', job: 'traefik' }],
    ['billing', { envoy_cluster_name: 'outbound|8080||billing.shop.svc.cluster.local' }],
    ['ledger-db', { job: 'postgres', instance: 'ledger-db:9187' }],
    ['ledger-db', { job: 'postgres', instance: 'ledger-db.shop.svc.cluster.local:9187' }],
    ['search', { job: 'node', instance: 'search-1.internal:9100' }],
    ['search', { job: 'blackbox', instance: 'http://search-1.internal:8000/health' }],
    ['front', { job: 'blackbox', instance: 'https://www.example.com' }],
    ['front', { job: 'web-frontend', instance: '10.0.0.4:3000' }],
  ])('%s of %o', (expected, labels) => {
    expect(meant(labels)).toBe(expected);
  });
});

describe('none of the registered', () => {
  test.each<readonly [string | undefined, Record<string, string>]>([
    // Another program on the same machine, in the same job.
    ['checkout', { service: 'checkout', instance: 'search-1.internal:8000' }],
    ['billing-worker', { ...KSM, pod: 'billing-worker-7c9f6d8b5-x2x4q' }],
    ['billing-migrate', { ...KSM, pod: 'billing-migrate-x2x4q' }],
    ['node-exporter', { job: 'node-exporter', instance: '10.0.0.7:9100' }],
    ['blackbox', { job: 'blackbox', instance: 'https://www.example.org' }],
    [undefined, { alertname: 'Watchdog' }],
  ])('%s of %o', (expected, labels) => {
    expect(meant(labels)).toBe(expected);
  });
});

test('labels that the registry gives two services tell neither', () => {
  const twins = [service('a', { labels: { team: 'x' } }), service('b', { labels: { team: 'x' } })];
  expect(serviceFinder({ services: twins })({ labels: { team: 'x', pod: 'b-7c9f6d8b5-x2x4q' } })).toBe('b');
});

test('a name with signs of patterns is a name', () => {
  const odd = serviceFinder({ services: [service('c++(1)')] });
  expect(odd({ labels: { pod: 'c++(1)-7c9f6d8b5-x2x4q' } })).toBe('c++(1)');
  expect(odd({ labels: { pod: 'ccc1-7c9f6d8b5-x2x4q' } })).toBe('ccc1');
});
