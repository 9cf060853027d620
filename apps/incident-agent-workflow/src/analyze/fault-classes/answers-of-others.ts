/** What rules ask of figures about answers: those that others gave to the service's calls, and those that it gives itself. */
import { dependencyNamedIn } from '../dependencies.ts';
import { failureIn } from '../metrics/outward.ts';
import type { Metric, Scene } from '../scene.ts';
import { isRaised } from './predicates.ts';
import type { Predicate } from './rule.ts';

/** Statuses, and what clients put into the label of an error: a type, a code of the system, a word of a convention. */
export const FAILURES = {
  auth: /^40[137]$|^(?:Unauthenticated|PermissionDenied)$/i,
  rateLimit: /^429$|^ResourceExhausted$/i,
  external: /^5\d\d$/,
  dns: /UnknownHost|ENOTFOUND|EAI_AGAIN|name_?(?:not_?)?resol|gaierror|\bdns/i,
  tls: /SSL|TLS|certificate|CERT_|secure_connection/i,
  refused:
    /Connect(?:ion)?(?:Refused|Exception|Error)|ECONN(?:REFUSED|RESET)|^Unavailable$|(?<!secure_)connection_(?:refused|reset|error)|HostConnect/i,
  timeout: /time_?d?_?out|ETIMEDOUT|deadline/i,
} as const;

/** Calls fail so, more often than before. */
export function callsFailWith(failure: RegExp): Predicate {
  return (scene) => {
    const counted = scene.metrics.filter(({ data }) => failureIn(data.metric) !== undefined);
    const found = counted.find((metric) => failure.test(failureIn(metric.data.metric) ?? '') && isRaised(metric));
    if (found) return told(found, scene);
    // Only what rises is shown. Whoever read the log would have seen it there.
    return counted.length > 0 || scene.logsSeen ? 'absent' : 'unknown';
  };
}

function told(metric: Metric, scene: Scene) {
  const { service, registry } = scene.context;
  return {
    words: metric.title,
    cites: [metric.id],
    group: 'metrics' as const,
    weight: 2,
    entity: dependencyNamedIn(metric.title, service, registry),
  };
}

/** It refuses more of what it is asked than before, nearly all of it with one status. */
export function refusesWith(status: RegExp): Predicate {
  return (scene) => {
    const refused = scene.metrics.filter(({ title }) => title.startsWith('4xx share'));
    const found = refused.find((metric) => isRaised(metric) && status.test(statusIn(metric.title) ?? ''));
    if (!found) return refused.length > 0 || scene.logsSeen ? 'absent' : 'unknown';
    const words = `${scene.context.service.name} answers ${statusIn(found.title)} more often than before`;
    return { words, cites: [found.id], group: 'metrics', weight: 1.5 };
  };
}

function statusIn(title: string): string | undefined {
  return /\((4\d\d)[,)]/.exec(title)?.[1];
}
