/**
 * Whether what the alerting service shows comes from a service that it depends on. Then that one's causes are the causes,
 * and what the alerting service's own evidence would blame is told after them, as a consequence.
 */
import { clockTime } from '../../lib/instants.ts';
import { secondsBetween } from '../../lib/time.ts';
import { displayName } from '../../lib/wording.ts';
import {
  dependencySaidDown,
  errorsRose,
  healthDoesNotAnswer,
  latencyRose,
  readinessFails,
  upIsZero,
} from '../fault-classes/predicates.ts';
import type { Reading, Signal } from '../fault-classes/rule.ts';
import { routeStandsStill, threadsAreDeadlocked, workStandsStill } from '../fault-classes/standing-still.ts';
import type { Scene } from '../scene.ts';
import { metricOf, requestLatency, serverErrors } from '../scene.ts';
import { answersOtherwise, isAskedOtherwise, tellsWrongTime } from './answers.ts';
import { answersBroken, healthMoved, refusesSinceStart } from './answers-seen.ts';
import { textsNaming } from './heard.ts';

/** A caller that is in trouble so much earlier has it from elsewhere: two scrapes of a minute. */
const EARLIER_SECONDS = 120;
/** More than so many times the requests are another load. */
const PRESSED = 2;
/** METHODS §5, the gate of the walk: less than half explains nothing. */
const EXPLAINED = 0.5;

/** That its caller suffers from it; undefined: it does not, or the service itself is well. */
export function tieOf(scene: Scene): Signal | undefined {
  const { caller } = scene;
  if (!caller || isPressed(scene, caller) || isAskedOtherwise(scene) || !isInTrouble(scene)) return undefined;
  return suffering(scene, caller);
}

/** The scene of the service that the alert speaks of. */
export function alertingOf(scene: Scene): Scene {
  return scene.callee ?? (scene.caller ? alertingOf(scene.caller) : scene);
}

/** Its caller's errors name it, its caller's check finds it down, or its caller waits as it does. */
function suffering(scene: Scene, caller: Scene): Signal | undefined {
  const { service } = scene.context;
  const name = displayName(service.name);
  const from = caller.context.service.name;
  const naming = textsNaming(caller.texts, service).toSorted((a, b) => b.count - a.count)[0];
  if (naming) return signal(`the errors of ${from} name ${name}`, [naming.cite]);
  const down = caller.metrics.find(
    ({ data, title }) => data.family === 'dependency' && data.direction === 'down' && title.includes(service.name),
  );
  if (down) {
    const at = down.data.onset === null ? '' : ` at ${clockTime(down.data.onset)}`;
    return signal(`the check of ${from} found ${name} down${at}`, [down.id]);
  }
  const [slow, waiting] = [requestLatency(scene), requestLatency(caller)];
  if (slow && waiting && explainsTime(scene, caller) && typeof latencyRose(caller) !== 'string')
    return signal(`requests of ${from} wait as long as ${name} takes`, [waiting.id, slow.id]);
  return undefined;
}

function signal(words: string, cites: readonly string[]): Signal {
  return { words, cites, group: 'topology', weight: 1.5 };
}

/** What is wrong with it by itself, as opposed to with the way to it. */
function isInTrouble(scene: Scene): boolean {
  const looks = [
    healthDoesNotAnswer(scene),
    upIsZero(scene),
    errorsRose(scene),
    dependencySaidDown(scene),
    readinessFails(scene),
    ownErrors(scene),
    answersOtherwise(scene),
    answersBroken(scene),
    healthMoved(scene),
    refusesSinceStart(scene),
    tellsWrongTime(scene),
    slowness(scene),
    workStandsStill(scene),
    routeStandsStill(scene),
    threadsAreDeadlocked(scene),
  ];
  return looks.some((look) => typeof look !== 'string');
}

function ownErrors(scene: Scene): ReturnType<typeof errorsRose> {
  const text = scene.texts.find(({ by, isNovel, group }) => by === undefined && isNovel && group === 'traces');
  return text ? signal('errors that were never seen before were logged', [text.cite]) : 'absent';
}

function slowness(scene: Scene): ReturnType<typeof errorsRose> {
  return scene.caller && explainsTime(scene, scene.caller) ? latencyRose(scene) : 'absent';
}

/** What its requests take longer is at least half of what those of its caller do, however often it is called for one. */
function explainsTime(scene: Scene, caller: Scene): boolean {
  const [own, callers] = [excessSeconds(scene), excessSeconds(caller)];
  return own > 0 && callers > 0 && own * callsFor(scene, caller) >= EXPLAINED * callers;
}

/** By the middle of all times since, not by one slow minute. */
function excessSeconds(scene: Scene): number {
  const latency = requestLatency(scene)?.data;
  return latency?.direction === 'up' ? (latency.incidentMedian ?? 0) - (latency.baselineMedian ?? 0) : 0;
}

/** Of it for one request of its caller; 1 where that is not measured. */
function callsFor(scene: Scene, caller: Scene): number {
  const [own, callers] = [rateOf(scene), rateOf(caller)];
  return own && callers ? Math.max(1, own / callers) : 1;
}

function rateOf(scene: Scene): number | null {
  const traffic = metricOf(scene, 'traffic')?.data;
  return traffic?.incidentMedian ?? traffic?.baselineMedian ?? null;
}

/** Load travels the other way: more than twice the requests, and it fails after they came. */
function isPressed(scene: Scene, caller: Scene): boolean {
  const traffic = scene.metrics.find(({ data }) => data.family === 'traffic' && data.direction === 'up');
  const { baselineMedian, incidentMedian, onset } = traffic?.data ?? {};
  if (typeof baselineMedian !== 'number' || typeof incidentMedian !== 'number' || baselineMedian <= 0) return false;
  if (incidentMedian < PRESSED * baselineMedian) return false;
  const failing = serverErrors(scene)?.data.onset ?? scene.onset;
  if (typeof onset === 'string' && secondsBetween(failing, onset) > 0) return false;
  return secondsBetween(caller.onset, scene.onset) > -EARLIER_SECONDS;
}

/** With the tie among what speaks for it: a cause that explains its caller's failure too has one more witness. */
export function withTie(readings: readonly Reading[], tie: Signal): Reading[] {
  return readings.map((reading) =>
    reading.status === 'fits' ? { ...reading, signals: [...reading.signals, tie] } : reading,
  );
}
