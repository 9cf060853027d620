/**
 * What kind of failure it is, told by the change that it is put down to, where the error itself says nothing that anybody
 * knows: a pool that was made smaller, a limit of time that was cut.
 */
import type { FaultClass } from '../../domain/fault-class.ts';
import { quoted, shortHash } from '../../lib/wording.ts';
import { DEED_WORDS, type Deed } from '../commits/changes/deeds.ts';
import { whatItDoes } from '../commits/changes/what-it-does.ts';
import type { Suspect } from '../commits/rank.ts';
import { spokenText } from '../crashes.ts';
import { isNew } from '../novelty.ts';
import type { Scene, Trace } from '../scene.ts';
import { citesOfCommit } from '../statements.ts';
import { shortensPatience, surelyAccused } from '../suspicion.ts';
import type { Predicate } from './rule.ts';
import { namesFault, PROGRAMMING_ERRORS } from './texts.ts';

/** Only what brings about one class rather than others. */
const TELLS: Readonly<Partial<Record<Deed, FaultClass>>> = {
  'gives-up-sooner': 'timeout-latency',
  'waits-longer': 'timeout-latency',
  'query-slower': 'timeout-latency',
  'pool-smaller': 'pool-exhaustion',
  'memory-less': 'out-of-memory',
  'descriptors-less': 'file-descriptor-limit',
  'allowance-less': 'rate-limit',
  'limits-added': 'rate-limit',
  'trusts-otherwise': 'tls-certificate',
  'authenticates-otherwise': 'auth-secret',
  'port-changed': 'dependency-refused',
  'takes-lock': 'deadlock-stall',
  'lock-kept': 'deadlock-stall',
  'lock-otherwise': 'deadlock-stall',
  'schema-stricter': 'schema-migration',
  'columns-changed': 'schema-migration',
};
const SURE = 0.7;

const TIME = /\d\s?(?:m?s|ms|secs?|seconds?|milliseconds?|millis|minutes?)\b/i;

/**
 * The class that the surest deeds of the change speak of with one voice, for what was thrown; undefined: of none, or of
 * several, or no change is surely to blame.
 */
export function classOfChange(scene: Scene, { data: { message } }: Trace): FaultClass | undefined {
  const suspect = surelyAccused(scene.ranking);
  if (!suspect) return undefined;
  if (shortensPatience(suspect) && TIME.test(message)) return 'timeout-latency';
  return classOfDeeds(suspect);
}

/** Whatever was thrown. */
export function classOfDeeds(suspect: Suspect): FaultClass | undefined {
  const told = new Set(toldOf(suspect).map(({ deed }) => TELLS[deed]));
  return told.size === 1 ? [...told][0] : undefined;
}

function toldOf({ commit }: Suspect) {
  return whatItDoes(commit).filter(({ deed, value }) => TELLS[deed] !== undefined && value >= SURE);
}

/** Something new is thrown that no type and no word explains, and the change that is to blame does what brings this about. */
export function changeBringsAbout(faultClass: FaultClass): Predicate {
  return (scene) => {
    const thrown = scene.traces.find((trace) => isOfNoKind(trace, scene));
    if (!thrown) return scene.logsSeen ? 'absent' : 'unknown';
    const suspect = surelyAccused(scene.ranking);
    if (!suspect || classOfChange(scene, thrown) !== faultClass) return 'absent';
    const cites = citesOfCommit(scene, suspect.commit.hash);
    if (cites.length === 0) return 'absent';
    const [deed] = toldOf(suspect);
    const does = deed ? DEED_WORDS[deed.deed] : DEED_WORDS['gives-up-sooner'];
    const { type, message } = thrown.data;
    return {
      words: `${type} ${quoted(message, 100)} is thrown, and commit ${shortHash(suspect.commit.hash)} ${does}`,
      cites: [thrown.id, ...cites],
      group: 'change',
      weight: 2,
    };
  };
}

function isOfNoKind({ data }: Trace, scene: Scene): boolean {
  const isKnown = PROGRAMMING_ERRORS.test(data.type) || namesFault(spokenText(data));
  return data.crashFrame !== null && !isKnown && isNew(data, scene.context);
}
