/** What bears out alerts of rules that many install: their names say what to look at, where nothing else of theirs does. */
import {
  cannotBeStarted,
  containerRestartsAgain,
  endsAgainAndAgain,
  hostIsOff,
  isAtItsMost,
  isDrivenOut,
  killedForMemory,
  locksAreCounted,
  locksPileUp,
  membersAreAway,
  nodeDiskIsFull,
  nodeIsOff,
  overflows,
  probeFails,
  probeIsSlow,
  queriesAreSlow,
  serverTakesNoMore,
  threadsAreBlocked,
} from '../fault-classes/platform.ts';
import { latencyRose, trafficRose, upEnded, upIsZero } from '../fault-classes/predicates.ts';
import {
  certificateIsOver,
  clockIsOff,
  diskIsFull,
  filesAreFull,
  loopIsBlocked,
  memoryGrows,
  memoryIsFull,
  memoryKilled,
  poolIsFull,
  poolIsWaitedFor,
  processorIsBusy,
  queueGrows,
} from '../fault-classes/resources.ts';
import type { Predicate, Signal } from '../fault-classes/rule.ts';
import { threadsAreDeadlocked } from '../fault-classes/standing-still.ts';
import type { Scene } from '../scene.ts';

/** By words of the alert's name; what fits first in each row is told. */
const KNOWN: readonly (readonly [RegExp, readonly Predicate[]])[] = [
  [
    /crash.?loop|restart|container.?(?:killed|waiting|absent)|pod.?not.?|rollout|generation/i,
    [endsAgainAndAgain, killedForMemory, cannotBeStarted, membersAreAway, containerRestartsAgain, isDrivenOut],
  ],
  [/replica|stateful.?set|daemon.?set|healthy.?nodes|brokers?/i, [cannotBeStarted, membersAreAway, endsAgainAndAgain]],
  [/systemd|process|service.?crash/i, [endsAgainAndAgain, membersAreAway]],
  [/oom/i, [killedForMemory, memoryKilled]],
  [/memory|heap/i, [memoryIsFull, memoryGrows, killedForMemory]],
  [/cpu|saturation|high.?load|event.?loop|throttl/i, [processorIsBusy, loopIsBlocked, hostIsOff]],
  [/clock|ntp/i, [clockIsOff]],
  [/network|conn.?track|steal|io.?wait|noisy/i, [hostIsOff]],
  [/node.?(?:not.?ready|unreachable)/i, [nodeIsOff, hostIsOff]],
  [/hpa|autoscal/i, [isAtItsMost, trafficRose, processorIsBusy]],
  [/cert|ssl|tls/i, [certificateIsOver]],
  [/probe/i, [probeFails, probeIsSlow]],
  [/lag|queue|consumer|scheduling|starvation|backlog/i, [queueGrows, latencyRose]],
  [/lock|blocked/i, [locksAreCounted, locksPileUp, threadsAreDeadlocked, threadsAreBlocked]],
  [/slow/i, [queriesAreSlow, latencyRose]],
  [/connection|max.?children|pool|circuit/i, [serverTakesNoMore, poolIsFull, overflows, poolIsWaitedFor]],
  [/inodes|disk|file.?system|volume|space/i, [diskIsFull, nodeDiskIsFull]],
  [/file.?desc|open.?files/i, [filesAreFull]],
  [/down$|missing|absent|unreachable/i, [upIsZero, upEnded, membersAreAway]],
];

/** What was seen of just that; empty: nothing, or nobody knows the alert. */
export function seenOfKnown(name: string, scene: Scene): Signal[] {
  const looks = KNOWN.filter(([words]) => words.test(name)).flatMap(([, predicates]) => predicates);
  return [...new Set(looks)].map((look) => look(scene)).filter((look) => typeof look !== 'string');
}
