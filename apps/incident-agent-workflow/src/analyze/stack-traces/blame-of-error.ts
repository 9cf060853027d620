/** What kind and words of an error say about who is to blame: the place where it was thrown, or who asked for too much. */
import type { Frame } from '../../domain/evidence.ts';
import type { ParsedTrace } from './trace.ts';

/** Errors that code throws on purpose: the project's own, and the standard library's words for wrong use. */
const ON_PURPOSE =
  /(?:^|[.\\:])(?:Illegal(?:Argument|State)Exception|UnsupportedOperationException|ArgumentException|ArgumentOutOfRangeException|InvalidOperationException|ValueError|ArgumentError|InvalidArgumentException|LogicException|Error|Exception|RuntimeException)$/;
/** A value was not in the form that it should have: thrown by what reads it, owed to who handed it over. */
const REFUSAL =
  /(?:^|[.\\:])(?:NumberFormat|DateTime(?:Parse)?|(?:Json)?Parse|URISyntax|PatternSyntax|InvalidPath|Malformed\w*|UnknownFormat\w*|JSONDecode|UnicodeDecode|InvalidFormat|Format|CharacterCoding)(?:Exception|Error)$/i;
const PACKAGE_SEGMENTS = 3;

export function isThrownOnPurpose(type: string, inward: readonly Frame[], isOwn: (frame: Frame) => boolean): boolean {
  const name = inward.find(isOwn)?.function ?? '';
  const root = name.split('.').slice(0, PACKAGE_SEGMENTS).join('.');
  return ON_PURPOSE.test(type) || REFUSAL.test(type) || (root.includes('.') && type.startsWith(`${root}.`));
}

/** `validate` is none of them: the rules that it holds may be wrong. */
const GUARD =
  /(?:^|[.:#>\s])_*(?:[Cc]heck|[Ee]nsure|[Rr]equire|[Aa]ssert|[Vv]erify|[Mm]ust|[Ii]nvariant|[Gg]uard|[Pp]recondition|[Tt]hrow|[Rr]aise|[Ff]ail)(?:[A-Z_]\w*)?$/;
/** A function that turns text into a value has done its work when it refuses what is none. */
const CONVERTER =
  /(?:^|[.:#>\s])_*(?:[Pp]arse|[Dd]ecode|[Dd]eserialize|[Cc]onvert|[Cc]reate|[Vv]alueOf|[Ff]rom|[Tt]o|[Aa]s|[Rr]ead|[Uu]nmarshal)(?:[A-Z_]\w*)?$/;

/** A function that does nothing but refuse what it is given: who gave it is nearer to the fault. */
export function isDoingItsDuty({ function: name }: Frame, type: string): boolean {
  return GUARD.test(name ?? '') || (REFUSAL.test(type) && CONVERTER.test(name ?? ''));
}

/** What no caller means to pass, said to have been passed: `for value ∞`, `but got undefined`, `amount: NaN`. */
const NO_VALUE =
  /(?:\b(?:value|values|got|was|received|given|found|be|is)|[:=])\s*[("'`<]?(?:null|nil|None|undefined|NaN|nan|[-+]?(?:∞|Infinity|inf))(?![\w.])/;

/** Of an error that was thrown on purpose: it refuses a value that is none. */
export function refusesNothing(message: string): boolean {
  return NO_VALUE.test(message);
}

/** Errors of the runtime that are about a class and name it, whoever noticed: how it is written, or built, is wrong. */
const ABOUT_A_CLASS =
  /(?:^|\.)(?:NotSerializable|InvalidClass|Instantiation|NoSuchMethod|NoSuchField|AbstractMethod|IncompatibleClassChange|IllegalAccess|ExceptionInInitializer|NoClassDefFound|Verify|ClassFormat)(?:Exception|Error)$/;
/** A class that is not there at all is no suspect: only one that failed to start is named so. */
const MISSING = /NoClassDefFoundError$/;
const INITIALIZED = /^Could not initialize class /;
const CLASS_NAME = /(?:^|[\s'"`(])((?:[a-z_]\w*\.){1,20}[A-Z]\w*)/;

/** The own class, without package and inner classes, that the error says is wrong. */
export function classInError(
  { type, message }: Pick<ParsedTrace, 'type' | 'message'>,
  isOwnName: (qualifiedName: string) => boolean,
): string | undefined {
  if (!ABOUT_A_CLASS.test(type) || (MISSING.test(type) && !INITIALIZED.test(message))) return undefined;
  const name = CLASS_NAME.exec(message)?.[1];
  return name !== undefined && isOwnName(name) ? name.slice(name.lastIndexOf('.') + 1) : undefined;
}

/** Frames of our own code from the crash outwards: those that only refused stand behind the first that did more. */
export function byBlame<F extends Frame>(
  frames: readonly F[],
  { type, message }: Pick<ParsedTrace, 'type' | 'message'>,
): F[] {
  if (!isThrownOnPurpose(type, frames, () => true)) return [...frames];
  const isExcused = (frame: Frame, depth: number) =>
    isDoingItsDuty(frame, type) || (depth === 0 && refusesNothing(message));
  const first = frames.findIndex((frame, depth) => !isExcused(frame, depth));
  const asker = frames[first];
  return first <= 0 || asker === undefined
    ? [...frames]
    : [asker, ...frames.slice(0, first), ...frames.slice(first + 1)];
}
