/** What a change does, as far as its own lines show it, and how well that explains a class of fault. */
import type { FaultClass } from '../../../domain/fault-class.ts';
import type { Commit } from '../../../domain/telemetry.ts';
import { byAddresses, byTargets } from './addresses.ts';
import { ASKING_DETECTORS } from './asking.ts';
import { BETWEEN_WORDS } from './between-words.ts';
import { CALL_DETECTORS } from './calls.ts';
import { CODE_WORDS } from './code-words.ts';
import { byContracts } from './contracts.ts';
import { DECLARATION_DETECTORS } from './declarations.ts';
import { BRINGS_ABOUT, type Done } from './deeds.ts';
import { FIELD_DETECTORS } from './fields.ts';
import { GIVING_BACK_DETECTORS } from './giving-back.ts';
import { byGrowth } from './growth.ts';
import { GUARD_DETECTORS } from './guards.ts';
import { HELD_DETECTORS } from './held.ts';
import { HOLDING_DETECTORS } from './holding.ts';
import { KNOWN_SETTINGS_DETECTORS } from './known-settings.ts';
import { LANGUAGE_WORDS } from './language-words.ts';
import { LEFT_OUT_DETECTORS } from './left-out.ts';
import { byManifests } from './manifests.ts';
import { isMended } from './mends.ts';
import { ONCE_DETECTORS } from './once.ts';
import { OPEN_END_DETECTORS } from './open-ends.ts';
import { type Detector, isCode, readChange } from './reading.ts';
import { RESOURCE_WORDS } from './resource-words.ts';
import { byNamesOfSettings, bySettings, byTimeTables } from './settings-forms.ts';
import { bySharing } from './sharing.ts';
import { byNumbers } from './shifts.ts';
import { STEP_DETECTORS } from './steps.ts';
import { SURROUNDINGS_WORDS } from './surroundings-words.ts';
import { bySwitches } from './switches.ts';
import { byWords } from './word-rules.ts';

const DETECTORS: readonly Detector[] = [
  (file) => byWords(RESOURCE_WORDS, file),
  (file) => byWords(BETWEEN_WORDS, file),
  (file) => (isCode(file.path) ? byWords(LANGUAGE_WORDS, file) : []),
  (file) => byWords(SURROUNDINGS_WORDS, file),
  (file) => (isCode(file.path) || file.kind === 'migration' ? byWords(CODE_WORDS, file) : []),
  byNumbers,
  bySettings,
  byAddresses,
  byTargets,
  byNamesOfSettings,
  byTimeTables,
  ...HOLDING_DETECTORS,
  byGrowth,
  bySharing,
  ...HELD_DETECTORS,
  ...GUARD_DETECTORS,
  byManifests,
  ...GIVING_BACK_DETECTORS,
  ...ASKING_DETECTORS,
  ...FIELD_DETECTORS,
  ...CALL_DETECTORS,
  ...STEP_DETECTORS,
  ...ONCE_DETECTORS,
  ...OPEN_END_DETECTORS,
  ...LEFT_OUT_DETECTORS,
  ...DECLARATION_DETECTORS,
  ...KNOWN_SETTINGS_DETECTORS,
  byContracts,
  bySwitches,
];

const read = new WeakMap<Commit, readonly Done[]>();

/** Everything that a change is seen to do; empty where it only rearranges, or could not be read. */
export function whatItDoes(commit: Commit): readonly Done[] {
  const known = read.get(commit);
  if (known) return known;
  const done = doneIn(commit);
  // Commits are ranked several times in a run, and are the same each time.
  read.set(commit, done);
  return done;
}

function doneIn(commit: Commit): Done[] {
  return readChange(commit).flatMap((file) => {
    const declared = new Set(file.after.filter(({ text }) => isDeclared(text, file.path)).map(({ line }) => line));
    return DETECTORS.flatMap((detect) => detect(file))
      .filter(({ deed, line }) => !isMended(deed, line, file))
      .map((done) => (declared.has(done.line) ? { ...done, value: DECLARED * done.value } : done));
  });
}

/** A type only says what is so; what does it stands elsewhere. */
const DECLARED = 0.8;

function isDeclared(text: string, path: string): boolean {
  return /\.[cm]?tsx?$/.test(path) && /^\s*(?:readonly\s+)?[\w$]+\??:\s*[^(=]+;$/.test(text);
}

export interface Explanation extends Done {
  /** 0–1: how well the deed explains the classes that fit. */
  readonly match: number;
}

/** The deeds that explain one of the classes, the best first. `classes`: how sure each is, 0–1. */
export function explanations(done: readonly Done[], classes: ReadonlyMap<FaultClass, number>): Explanation[] {
  return done
    .map((each) => ({ ...each, match: each.value * matchOf(each, classes) }))
    .filter(({ match }) => match > 0)
    .sort((a, b) => b.match - a.match);
}

function matchOf({ deed }: Done, classes: ReadonlyMap<FaultClass, number>): number {
  let best = 0;
  for (const [faultClass, share] of classes) best = Math.max(best, share * (BRINGS_ABOUT[faultClass]?.[deed] ?? 0));
  return best;
}
