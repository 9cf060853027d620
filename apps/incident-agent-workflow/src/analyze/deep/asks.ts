/** Whether the alerting service fails on what another one asks of it: then its class of fault is the other's doing. */
import type { FaultClass } from '../../domain/fault-class.ts';
import { secondsBetween } from '../../lib/time.ts';
import { displayName } from '../../lib/wording.ts';
import { calleesOf } from '../candidates.ts';
import type { Reading, Signal } from '../fault-classes/rule.ts';
import type { Scene } from '../scene.ts';
import { putDownTo, surelyAccused } from '../suspicion.ts';
import { comesOf, lastStart, RAN_WELL_SECONDS } from './answers.ts';
import { changedAt } from './askers.ts';
import { textsNaming } from './heard.ts';

/** What can be brought about by asking: wrongly, too much, too often. */
const ASKED_FOR: ReadonlySet<FaultClass> = new Set([
  'code-error',
  'auth-secret',
  'rate-limit',
  'timeout-latency',
  'pool-exhaustion',
  'cpu-saturation',
  'memory-leak',
  'out-of-memory',
  'file-descriptor-limit',
  'queue-backlog',
  'deadlock-stall',
]);

/** `scene` is of the service that asks. undefined: nothing says that it asks otherwise, or the other has a reason of its own. */
export function asksAnew(scene: Scene): Signal | undefined {
  const { callee, context } = scene;
  const started = lastStart(scene);
  if (!callee || !started) return undefined;
  const own = lastStart(callee);
  if (own && secondsBetween(own.at, started.at) < RAN_WELL_SECONDS) return undefined;
  const { name } = context.service;
  const sure = surelyAccused(callee.ranking);
  if (sure && sure.service !== name) return undefined;
  // Without a change of its own that the failure may be put down to, a start is a start.
  if (scene.ranking && !putDownTo(scene.ranking)) return undefined;
  const asked = callee.context.service;
  const naming = textsNaming(scene.texts, asked).toSorted((a, b) => b.count - a.count)[0];
  if (!naming && !calleesOf(context.service, context.registry).includes(asked.name)) return undefined;
  if (!changedAt(callee.evidence, callee.context).some((at) => comesOf(at, started.at))) return undefined;
  return {
    words: `${displayName(asked.name)} fails on what ${displayName(name)} asks since that was started anew`,
    cites: [...(naming ? [naming.cite] : []), started.metric.id],
    group: 'topology',
    weight: naming ? 2 : 1.5,
  };
}

/** What is seen at the service that is asked, as the doing of the one that asks. */
export function broughtBy(readings: readonly Reading[], tie: Signal): Reading[] {
  return readings
    .filter(({ status, rule }) => status === 'fits' && ASKED_FOR.has(rule.class))
    .map((reading) => ({ ...reading, signals: [tie, ...reading.signals] }));
}
