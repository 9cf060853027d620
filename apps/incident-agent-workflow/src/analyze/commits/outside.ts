/** Causes that no commit can be: what the telemetry and the world around it say of them. */
import type { Observed } from '../../domain/evidence.ts';
import type { ChangeEvent, Observation } from '../../domain/telemetry.ts';
import { secondsBetween } from '../../lib/time.ts';
import { quoted } from '../../lib/wording.ts';
import type { AnalysisContext } from '../context.ts';
import { isOwnCrash, spokenText, withoutFrames } from '../crashes.ts';
import { neighbourNamedIn } from '../dependencies.ts';
import { eventsOf } from '../deploys.ts';
import { TEXTS } from '../fault-classes/texts.ts';
import { isNew } from '../novelty.ts';
import { tellingOf } from '../telling.ts';
import type { OutsideCause } from './none.ts';
import { poisonIn } from './poison.ts';

type Kind = OutsideCause['kind'];

/** What an error text says of it. Exhaustion (disk, memory, descriptors, a quota) is no cause: something exhausts them. */
const SAYINGS: readonly (readonly [Kind, RegExp])[] = [
  ['name service', TEXTS.dns],
  ['name service', /SERVFAIL|name resolution|resolver/i],
  ['certificate', /certificate (?:has )?expired|CERT_HAS_EXPIRED|x509: certificate has expired|notAfter/i],
  [
    'credentials',
    /password authentication failed|invalid_grant|(?:key|secret|credential|password)s? (?:is |was |has |have )?(?:been )?(?:expired|revoked|rotated)/i,
  ],
  ['clock', TEXTS.clock],
  [
    'host',
    /\bNodeNotReady\b|\bevict(?:ed|ion)\b|\bpreempt\w*|(?:memory|disk|pid) ?pressure|node (?:is )?(?:not ready|unhealthy|drain)|hardware error|noisy neighbou?r|FailedScheduling/i,
  ],
  ['network', TEXTS.refused],
];
/** A name outside of the cluster, and that it failed. */
const FOREIGN_HOST =
  /(?<![\w.@-])(?:https?:\/\/)?((?:[a-z0-9-]+\.)+(?!local\b|internal\b|svc\b|cluster\b|lan\b|test\b|example\b)(?:com|net|org|io|dev|cloud|co|app|ai|eu|de|uk|fr|us|info|[a-z]{2}))(?::\d+)?(?=[/\s"',;:)]|$)/i;
const FAILED = /\b5\d\d\b|unavailable|timed? ?out|timeout|deadline|refused|reset|unreachable|failed|outage|overloaded/i;

/** Before the onset, how near a status report must be to have to do with it; after it, it is told late. */
const STATUS_BEFORE_SECONDS = 1_800;
const STATUS_AFTER_SECONDS = 3_600;
const TROUBLE =
  /degrad|outage|disrupt|elevated|increased|incident|investigat|down|fail|unavailab|maintenance|error|latenc/i;
const WELL = /^(?:operational|resolved|ok|healthy|available|none)$/i;

/** Each kind once, in the order in which they were met. */
export function outsideCauses(
  observed: readonly Observed[],
  observations: readonly Observation[],
  context: AnalysisContext,
  onset: string,
): OutsideCause[] {
  const causes = [
    ...saidCauses(observed, context),
    ...statusCauses(eventsOf(observations), onset),
    ...hostMetrics(observed),
    ...certificateMetrics(observed),
    ...trafficCauses(observed, context),
    ...poisonIn(observed, observations, context),
  ];
  return causes.filter(({ kind }, index) => causes.findIndex((other) => other.kind === kind) === index);
}

/** What the service's own new errors say, if none of them is the program's own fault. */
function saidCauses(observed: readonly Observed[], context: AnalysisContext): OutsideCause[] {
  const texts: string[] = [];
  for (const item of observed) {
    if (item.service !== context.service.name) continue;
    if (item.kind === 'stack-trace') {
      if (isOwnCrash(item.data)) return [];
      texts.push(spokenText(item.data));
    } else if (item.kind === 'logs' && item.data.level !== 'info' && isNew(item.data, context))
      texts.push(...item.data.samples.map((sample) => tellingOf(withoutFrames(sample.text)).all));
  }
  // A process that is killed refuses connections too.
  const isKilled = texts.some((text) => TEXTS.outOfMemory.test(text));
  return texts.flatMap((text) => causesIn(text, context)).filter(({ kind }) => !isKilled || kind !== 'network');
}

function causesIn(text: string, context: AnalysisContext): OutsideCause[] {
  const words = `an error speaks of it: ${quoted(text.split('\n')[0] ?? '', 90)}`;
  const kinds = SAYINGS.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind);
  if (isProvider(text, context)) kinds.push('provider');
  return kinds.map((kind) => ({ kind, words }));
}

/** Somebody else's host failed, not one of the registered services. */
function isProvider(text: string, context: AnalysisContext): boolean {
  if (TEXTS.rateLimit.test(text) || neighbourNamedIn(text, context.service, context.registry)) return false;
  return (FOREIGN_HOST.test(text) && FAILED.test(text)) || /\bUpstreamError\b|open-?meteo/i.test(text);
}

function statusCauses(events: readonly ChangeEvent[], onset: string): OutsideCause[] {
  return events
    .filter(({ kind, at, text }) => {
      const before = secondsBetween(at, onset);
      const isNear = before <= STATUS_BEFORE_SECONDS && before >= -STATUS_AFTER_SECONDS;
      return kind === 'status' && isNear && TROUBLE.test(text) && !WELL.test(text.trim());
    })
    .map(({ name, text }) => ({ kind: 'provider', words: `${name} reports ${quoted(text, 90)}` }));
}

/** A host's own figures move: steal, pressure, readiness. */
function hostMetrics(observed: readonly Observed[]): OutsideCause[] {
  return observed
    .filter(
      (item) =>
        item.kind === 'metric' &&
        item.data.direction !== 'flat' &&
        /^(?:node|host|kube_node|machine)_|_steal|_pressure/.test(item.data.metric),
    )
    .map((item) => ({ kind: 'host', words: item.title }));
}

/** Seconds until expiry that run out. */
function certificateMetrics(observed: readonly Observed[]): OutsideCause[] {
  return observed
    .filter(
      (item) =>
        item.kind === 'metric' &&
        /(?:cert|tls|ssl|x509).*(?:expir|not_after)/.test(item.data.metric) &&
        item.data.lastValue !== null &&
        item.data.lastValue <= 0,
    )
    .map((item) => ({ kind: 'certificate', words: item.title }));
}

/** Half as much traffic again, from before the errors on: then the load came from outside. */
const TRAFFIC_RISE = 1.5;
const TRAFFIC_METRIC = /requests?_(?:per_|rate)|_(?:rps|qps)$|throughput|request_rate/;

function trafficCauses(observed: readonly Observed[], context: AnalysisContext): OutsideCause[] {
  const isEntry = (name: string): boolean =>
    !context.registry.services.some((other) => other.name !== name && other.dependsOn.includes(name));
  const errorsAt = observed
    .flatMap((item) => (item.kind === 'metric' && item.data.family === 'errors' ? [item.data.onset] : []))
    .filter((at) => at !== null)
    .sort()[0];
  return observed.flatMap((item) => {
    if (item.kind !== 'metric' || item.data.direction !== 'up') return [];
    if (item.data.family !== 'traffic' && !TRAFFIC_METRIC.test(item.data.metric)) return [];
    const { baselineMedian, incidentMedian, onset } = item.data;
    if (!isEntry(item.service) || baselineMedian === null || incidentMedian === null || baselineMedian <= 0) return [];
    const isFirst = onset === null || errorsAt === undefined || secondsBetween(errorsAt, onset) <= 60;
    return incidentMedian / baselineMedian >= TRAFFIC_RISE && isFirst
      ? [{ kind: 'traffic' as const, words: item.title }]
      : [];
  });
}
