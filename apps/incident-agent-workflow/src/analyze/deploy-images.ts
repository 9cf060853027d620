/** Which image a cluster runs a service by: a new tag beside or after the old one is a deploy, one more pod of the same is none. */
import type { Series } from '../domain/telemetry.ts';

export function tellsImage(metric: string): boolean {
  return metric === 'kube_pod_container_info';
}

/** `1f3c9ab` of `registry.example.com/shop/billing:sha-1f3c9ab`; undefined: the image is another's (a proxy beside it), or has no tag. */
export function revisionOfImage({ labels }: Pick<Series, 'labels'>, service: string): string | undefined {
  const image = labels.image_spec ?? labels.image ?? '';
  const [, name = '', tag] = /^(?:.*\/)?([^/:@]+)(?::([\w.-]+))?(?:@.*)?$/.exec(image) ?? [];
  if (labels.container !== service && name !== service) return undefined;
  // Says no more than that something newer may be behind it.
  if (tag === undefined || tag === 'latest') return undefined;
  return tag.replace(/^(?:sha|git|commit|rev)-/i, '').replace(/^(?:main|master|release)-(?=[0-9a-f]{7,40}$)/, '');
}
