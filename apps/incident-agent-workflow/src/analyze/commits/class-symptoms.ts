/** What a class of fault, where one is recognised, adds to what is known of the failure when commits are weighed. */
import type { FaultClass } from '../../domain/fault-class.ts';
import { SYMPTOMS, type Symptom } from './symptoms.ts';

/** How sure each class is, 0–1; from rules that look at no commit. */
export type ClassShares = ReadonlyMap<FaultClass, number>;

const SHOWN_BY: Readonly<Partial<Record<FaultClass, readonly string[]>>> = {
  'out-of-memory': ['memory'],
  'memory-leak': ['memory'],
  'cpu-saturation': ['processor'],
  'pool-exhaustion': ['connections'],
  'file-descriptor-limit': ['descriptors'],
  'disk-full': ['disk'],
  'timeout-latency': ['deadline', 'slowness'],
  'rate-limit': ['rate limit'],
  'queue-backlog': ['backlog'],
  'deadlock-stall': ['locking'],
  'schema-migration': ['schema'],
  'bad-config': ['setting'],
  'auth-secret': ['access'],
  'tls-certificate': ['certificate'],
  dns: ['unreachable'],
};
/** What is used up or waited for shows in whoever asks for it next: its stack says little of who uses it up. */
const SHOWN_AT_OTHERS: ReadonlySet<FaultClass> = new Set([
  'out-of-memory',
  'memory-leak',
  'cpu-saturation',
  'pool-exhaustion',
  'file-descriptor-limit',
  'disk-full',
  'timeout-latency',
  'rate-limit',
  'queue-backlog',
  'deadlock-stall',
]);
/** As much as the place of such a failure loses when its class is certain. */
const PLACE_LOSS = 0.6;

/** The symptoms that were met, together with those that the classes stand for; each with its greatest weight. */
export function withClasses(shown: ReadonlyMap<Symptom, number>, classes: ClassShares): Map<Symptom, number> {
  const all = new Map(shown);
  for (const [faultClass, share] of classes)
    for (const symptom of SYMPTOMS.filter(({ name }) => SHOWN_BY[faultClass]?.includes(name)))
      all.set(symptom, Math.max(share, all.get(symptom) ?? 0));
  return all;
}

/** True where, most likely, whoever asks next fails, and not whoever uses it up. */
export function isShownAtOthers(classes: ClassShares): boolean {
  return placeShare(classes) < 1 - PLACE_LOSS / 2;
}

/** What is left, 0–1, of the weight of the place where it failed. */
export function placeShare(classes: ClassShares): number {
  const elsewhere = [...classes].filter(([faultClass]) => SHOWN_AT_OTHERS.has(faultClass));
  return (
    1 -
    PLACE_LOSS *
      Math.min(
        1,
        elsewhere.reduce((sum, [, share]) => sum + share, 0),
      )
  );
}
