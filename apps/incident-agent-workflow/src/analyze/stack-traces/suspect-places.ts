/**
 * Which places a failure speaks against, by its trace and its names alone: for failures that end in a test or in a
 * library, and where no repository is at hand. Frames of our own code count by how near the crash they are; test code is
 * never the culprit, but its name says what it is about.
 */
import type { Frame } from '../../domain/evidence.ts';
import { classInError, isDoingItsDuty, isThrownOnPurpose, refusesNothing } from './blame-of-error.ts';
import { isOwnClass } from './in-app.ts';
import { doersOf, isAssertion, isAssertionFrame, isTestFrame, type Subject, subjectsOf } from './test-code.ts';
import { frameAt, type ParsedTrace } from './trace.ts';

export interface Failure {
  readonly trace: Pick<ParsedTrace, 'language' | 'type' | 'message' | 'frames'>;
  /** The test that failed, if one did: its class or file without folder, and the name of the case. */
  readonly test?: { readonly unit: string; readonly name: string } | undefined;
}

export interface SuspectPlace {
  /** As the trace writes it; of a name without a frame the file that such a name has in this language. */
  readonly file: string;
  /** null: only the file is suspected. */
  readonly line: number | null;
  /** 0–1, comparable within one list. */
  readonly score: number;
}

/*
 * Chosen by reasoning, none fitted: the order of the weights is what matters. An error that the runtime threw lies where
 * it was thrown; one that the code threw on purpose may be owed to a caller, most of all to the class under test.
 */
const RUNTIME_DECAY = 0.5;
const DELIBERATE_DECAY = 0.75;
/** A value that nobody means to pass: who handed it on last is no nearer to the fault than who did first. */
const HANDED_DOWN_DECAY = 1;
const GUARD_WEIGHT = 0.5;
const SUBJECT_BONUS_DELIBERATE = 1;
const SUBJECT_BONUS_RUNTIME = 0.2;
/** A subject that no frame shows, beside frames that exist. */
const UNSEEN_SUBJECT = 0.25;
/**
 * A failing test whose assertion stands in another test's class: the class that ran it, and the one that shares it. What
 * fails for one of those that share it only is not wrong with all of them.
 */
const OWN_TEST = { alone: 0.8, together: 0.6 };
const SHARED_TEST = { alone: 0.2, together: 0.4 };
const DOER = 0.3;
/** The class that the error itself says is wrong comes before whoever noticed. */
const NAMED_IN_ERROR = 1.5;
const MAX_PLACES = 20;

interface Tally {
  readonly place: SuspectPlace;
  /** In the failure that speaks most against it: how many failures pass a line says how often it is run, no more. */
  readonly nearest: number;
  readonly score: number;
}

/** The likeliest first. `isOwn`: a frame of the code in question, tests included. */
export function suspectPlaces(
  failures: readonly Failure[],
  isOwn: (frame: Frame) => boolean = ({ inApp }) => inApp,
): SuspectPlace[] {
  const places = new Map<string, Tally>();
  const files = new Map<string, number>();
  const sharing = unitsByTest(failures, isOwn);
  for (const failure of failures) {
    const pointers = placesOf(failure, isOwn, sharing);
    for (const { place } of pointers) {
      const key = JSON.stringify([baseName(place.file), place.line]);
      const known = places.get(key) ?? { place, nearest: 0, score: 0 };
      const score = known.score + place.score / failures.length;
      places.set(key, { ...known, nearest: Math.max(known.nearest, place.score), score });
    }
    for (const [file, score] of bestByFile(pointers)) files.set(file, (files.get(file) ?? 0) + score / failures.length);
  }
  const ofFile = ({ place }: Tally) => files.get(baseName(place.file)) ?? 0;
  // Equal ones stay in the order of the failures, and in a trace from the crash outwards.
  return [...places.values()]
    .sort((a, b) => ofFile(b) - ofFile(a) || hasLine(b) - hasLine(a) || b.nearest - a.nearest || b.score - a.score)
    .slice(0, MAX_PLACES)
    .map(({ place: { file, line }, score }) => ({ file, line, score }));
}

/** Frames of one file in one trace are one piece of evidence: calls within it do not add up. */
function bestByFile(pointers: readonly Pointer[]): Map<string, number> {
  const best = new Map<string, number>();
  for (const { place, fileScore } of pointers) {
    const file = baseName(place.file);
    best.set(file, Math.max(best.get(file) ?? 0, fileScore));
  }
  return best;
}

function hasLine({ place }: Tally): number {
  return Number(place.line !== null);
}

/** What a trace says for a file, the names included, and for a line of it, where names say nothing. */
interface Pointer {
  readonly place: SuspectPlace;
  readonly fileScore: number;
}

type IsOwn = (frame: Frame) => boolean;

function placesOf({ trace, test }: Failure, isOwn: IsOwn, sharing: UnitsByTest): Pointer[] {
  const inward = trace.language === 'python' ? trace.frames.toReversed() : trace.frames;
  const { code, tests } = parted(inward, isOwn);
  const extension = /\.\w+$/.exec(tests[0]?.file ?? code[0]?.file ?? '')?.[0] ?? extensionOf(trace.language);
  const subjects = subjectsUnder(test, tests, sharing);
  const isDeliberate = isAssertion(trace.type) || isThrownOnPurpose(trace.type, inward, isOwn);
  const isHandedDown = isDeliberate && refusesNothing(trace.message);
  const decay = isHandedDown ? HANDED_DOWN_DECAY : isDeliberate ? DELIBERATE_DECAY : RUNTIME_DECAY;
  const bonus = isDeliberate ? SUBJECT_BONUS_DELIBERATE : SUBJECT_BONUS_RUNTIME;
  const framed = code.map((frame, depth): Pointer => {
    const isExcused =
      isDeliberate && depth < code.length - 1 && (isDoingItsDuty(frame, trace.type) || (isHandedDown && depth === 0));
    const score = decay ** depth * (isExcused ? GUARD_WEIGHT : 1);
    const subject = subjects.find(({ name }) => name === stem(frame.file))?.weight ?? 0;
    return { place: { file: frame.file, line: frame.line, score }, fileScore: score * (1 + bonus * subject) };
  });
  const shown = new Set(code.map(({ file }) => stem(file)));
  const unseen = subjects.filter(({ name }) => !shown.has(name));
  const named = unseen.map(({ name, weight }) =>
    pointerTo(`${name}${extension}`, weight * (code.length === 0 ? 1 : UNSEEN_SUBJECT)),
  );
  const accused = classInError(trace, (name) => isOwn(frameAt('', undefined, undefined, name, isOwnClass(name))));
  return [...framed, ...named, ...(accused === undefined ? [] : [pointerTo(`${accused}${extension}`, NAMED_IN_ERROR)])];
}

function pointerTo(file: string, score: number): Pointer {
  return { place: { file, line: null, score: Math.min(1, score) }, fileScore: score };
}

/** Frames of the code inside the failing test, from the crash outwards, one for each function; and those of tests. */
function parted(
  inward: readonly Frame[],
  isOwn: (frame: Frame) => boolean,
): { readonly code: readonly Frame[]; readonly tests: readonly Frame[] } {
  const own = inward.filter(isOwn);
  // Code never calls an assertion library: who does is test code, whatever its name.
  const asserted = inward.findIndex(isAssertionFrame);
  const asserting = asserted < 0 ? undefined : inward.slice(asserted).find((frame) => !isAssertionFrame(frame));
  const isTest = (frame: Frame) => frame === asserting || isTestFrame(frame);
  // A helper that asserts says nothing by its name.
  const tests = own.filter(isTestFrame);
  // Beyond the outermost frame of a test there is only what runs tests.
  const end = own.findLastIndex(isTest);
  const inside = end < 0 ? own : own.slice(0, end);
  const code = inside.filter((frame) => !isTest(frame) && frame.line !== null && !isOfError(frame));
  return { code: code.filter((frame, index) => !isOverload(frame, code[index - 1])), tests };
}

/** Constructors and factories of errors: how it was thrown, not why. */
function isOfError({ file }: Frame): boolean {
  return /(?:Exception|Error)s?$/.test(stem(file));
}

/** The same function again, further out: it only handed its arguments on. */
function isOverload(frame: Frame, inner: Frame | undefined): boolean {
  return inner !== undefined && inner.file === frame.file && inner.function === frame.function;
}

/** Which test classes failed in a case that they share: by the class whose case it is, and its name. */
type UnitsByTest = ReadonlyMap<string, ReadonlySet<string>>;

function unitsByTest(failures: readonly Failure[], isOwn: IsOwn): UnitsByTest {
  const units = new Map<string, Set<string>>();
  for (const { trace, test } of failures) {
    if (!test) continue;
    const key = caseKey(sharedUnit(trace.frames.filter(isOwn).filter(isTestFrame)), test);
    units.set(key, (units.get(key) ?? new Set()).add(test.unit));
  }
  return units;
}

function caseKey(shared: string | undefined, { name }: NonNullable<Failure['test']>): string {
  return JSON.stringify([shared, name]);
}

/** The class in which the assertion stands. */
function sharedUnit(tests: readonly Frame[]): string | undefined {
  return tests[0] && unitOf(tests[0]);
}

function subjectsUnder(test: Failure['test'], tests: readonly Frame[], sharing: UnitsByTest): Subject[] {
  const shared = sharedUnit(tests);
  const outermost = tests.at(-1);
  const unit = test?.unit ?? (outermost && unitOf(outermost));
  const own = unit === undefined ? [] : subjectsOf(unit);
  const others = shared === undefined || shared === unit ? [] : subjectsOf(shared);
  if (own.length === 0 && others.length === 0) return test ? scaled(doersOf(test.name), DOER) : [];
  if (others.length === 0) return own;
  const spread = test && (sharing.get(caseKey(shared, test))?.size ?? 0) > 1 ? 'together' : 'alone';
  return merged([...scaled(own, OWN_TEST[spread]), ...scaled(others, own.length === 0 ? 1 : SHARED_TEST[spread])]);
}

function scaled(subjects: readonly Subject[], factor: number): Subject[] {
  return subjects.map(({ name, weight }) => ({ name, weight: weight * factor }));
}

function merged(subjects: readonly Subject[]): Subject[] {
  const weights = new Map<string, number>();
  for (const { name, weight } of subjects) weights.set(name, (weights.get(name) ?? 0) + weight);
  return [...weights].map(([name, weight]) => ({ name, weight }));
}

/** `FooTest` of `a.b.FooTest.testIt`, else the file's name. */
function unitOf({ file }: Frame): string {
  return stem(file);
}

function stem(file: string): string {
  return baseName(file).replace(/\.\w+$/, '');
}

function baseName(file: string): string {
  return file.replace(/^.*[/\\]/, '');
}

function extensionOf(language: ParsedTrace['language']): string {
  return {
    javascript: '.js',
    python: '.py',
    java: '.java',
    go: '.go',
    ruby: '.rb',
    php: '.php',
    csharp: '.cs',
    rust: '.rs',
    cpp: '.cpp',
    dart: '.dart',
  }[language];
}
