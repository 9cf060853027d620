/** Deploys that only a cluster tells: by the tags of the images that its pods run. */
import { expect, test } from 'vitest';
import type { Observation } from '../domain/telemetry.ts';
import { revisionOfImage } from './deploy-images.ts';
import { rolloutsOf } from './deploys.ts';
import { contextOf, instantAt, metricAnswer, SERVICE, seriesOf } from './metrics/observations.test-helper.ts';

const { name } = SERVICE;

/** A pod that is there from one sample to another. */
function pod(id: string, tag: string, from: number, to: number, container = name) {
  const labels = { pod: `${name}-${id}`, container, image: `registry.example.com/shop/${container}:${tag}` };
  return seriesOf('kube_pod_container_info', (index) => (index >= from && index < to ? 1 : undefined), labels);
}
function told(...series: Parameters<typeof metricAnswer>[1]): Observation[] {
  return [metricAnswer('kube_pod_container_info', series)];
}

test('a new tag is a deploy, at the time of its first pod', () => {
  const seen = told(pod('7c9f6d8b5-x2x4q', 'sha-1f3c9ab', 0, 282), pod('5d4f8b6c9-7hwzl', 'sha-9bc01de', 280, 321));
  expect(rolloutsOf(seen, contextOf())).toMatchObject([
    { at: instantAt(280), kind: 'deploy', service: name, revision: '9bc01de', previousRevision: '1f3c9ab' },
  ]);
});

test('one more pod of the same, and another program beside it, are none', () => {
  const seen = told(
    pod('7c9f6d8b5-x2x4q', '1.42.0', 0, 321),
    pod('7c9f6d8b5-9kq2m', '1.42.0', 280, 321),
    pod('7c9f6d8b5-9kq2m', '1.30.1', 280, 321, 'istio-proxy'),
  );
  expect(rolloutsOf(seen, contextOf())).toEqual([]);
});

test.each([
  ['shop/x:v1.2.3', 'v1.2.3'],
  ['localhost:5000/x:main-1f3c9ab', '1f3c9ab'],
  ['x:git-1f3c9ab@sha256:00', '1f3c9ab'],
  ['x:latest', undefined],
  ['x@sha256:00', undefined],
  ['shop/y:1', undefined],
])('%s runs %s', (image, revision) => {
  expect(revisionOfImage({ labels: { image, container: 'c' } }, 'x')).toBe(revision);
});
