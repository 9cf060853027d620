/** Rules that know a deed by the words of the lines that came, went, or took each other's place. */
import type { FileKind } from '../file-kinds.ts';
import type { Deed, Done } from './deeds.ts';
import type { Edit, FileReading, Spot } from './reading.ts';
import { isInFunction, isInLoop, isLoopOfOneLine } from './scopes.ts';

export interface WordRule {
  readonly deed: Deed;
  readonly value: number;
  readonly when: 'comes' | 'goes' | 'edited';
  /** The line; of an edit either of its two. */
  readonly is: RegExp;
  readonly unless?: RegExp;
  /** Of an edit: what the tokens that went, and those that came, hold together. */
  readonly out?: RegExp;
  readonly in?: RegExp;
  /** Of an edit: what the line was, and what it is not any more. */
  readonly from?: RegExp;
  readonly to?: RegExp;
  /** `within`: a loop on one line is not in itself. */
  readonly where?: 'function' | 'loop' | 'within';
  /** Something that went from the same file, if a line comes; that came, if it goes. */
  readonly against?: RegExp;
  /** The line must hold a word that none of those that went has. */
  readonly holdsNew?: boolean;
  /** A value that stood there must be gone: what is given elsewhere is no less a guard. */
  readonly losesValue?: boolean;
  readonly paths?: RegExp;
  readonly kinds?: readonly FileKind[];
}

/** How a line waits for another service, in any language. */
const DID: Partial<Record<Deed, RegExp>> = {
  'waits-for-another':
    /\bawait\b|\b(?:requests|httpx|session|https?|axios|restTemplate|webClient|\w*[cC]lient)\.(?:get|post|put|patch|delete|request|send|exchange|Do|Get|Post)\w*\(|\b\w*(?:[cC]lient|[gG]ateway|[pP]rovider|[aA]pi|[uU]pstream|[rR]emote)\.\w+\(|\burlopen\(|\bfetch\(|\.(?:join|get|block|result)\(\)/,
};

/** A line that only logs, or words an error. */
const SAYS =
  /\b(?:log|logger|logging|console|slog|LOG)\b\s*[.(]|\bprint\w*\(|\braise\b|\bthrow\b|Errorf|errors\.New|\bfail\(/;

export function isSayingLine(text: string): boolean {
  return SAYS.test(text);
}

export function byWords(rules: readonly WordRule[], file: FileReading): Done[] {
  return rules.flatMap((rule) => {
    if (rule.paths && !rule.paths.test(file.path)) return [];
    if (rule.kinds && !rule.kinds.includes(file.kind)) return [];
    return spotsOf(rule, file).map(({ line }) => ({ deed: rule.deed, value: rule.value, path: file.path, line }));
  });
}

function spotsOf(rule: WordRule, file: FileReading): Spot[] {
  if (rule.when === 'edited') return file.edits.filter((edit) => isEdited(rule, edit)).map(({ after }) => after);
  const comes = rule.when === 'comes';
  const [changed, others] = comes ? [file.come, file.gone] : [file.gone, file.come];
  const [side, otherSide] = comes ? [file.after, file.before] : [file.before, file.after];
  const matching = changed.filter(
    (spot) => fits(rule, spot.text) && isWhere(rule, file, side, spot) && !(comes && didBefore(rule, file, spot)),
  );
  const before = others.filter((spot) => fits(rule, spot.text) && isWhere(rule, file, otherSide, spot));
  if (rule.holdsNew !== true && matching.length <= before.length) return [];
  if (rule.against && !others.some(({ text }) => rule.against?.test(text))) return [];
  if (rule.holdsNew) return matching.filter(({ text }) => holdsNew(text, others));
  return comes ? matching : matching.filter((spot) => !isRenamed(rule, file, spot));
}

/** What waits for an event, not for an answer, is another thing than what stood there. */
const SURE = 0.95;

/** The line that it took the place of did the same, in words of another kind. */
function didBefore({ deed, value }: WordRule, file: FileReading, spot: Spot): boolean {
  if (value >= SURE) return false;
  const before = file.edits.find(({ after }) => after === spot)?.before.text;
  if (before === undefined) return false;
  return DID[deed]?.test(before) === true;
}

function holdsNew(text: string, others: readonly Spot[]): boolean {
  const known = new Set(others.flatMap((spot) => spot.text.match(/\w+/g) ?? []));
  return (text.match(/\w+/g) ?? []).some((word) => !known.has(word));
}

/** The line in its place calls the same, of something with another name. */
function isRenamed({ is }: WordRule, file: FileReading, spot: Spot): boolean {
  const call = /\.(\w+)\($/.exec(is.exec(spot.text)?.[0] ?? '')?.[1];
  const edit = file.edits.find(({ before }) => before === spot);
  return call !== undefined && edit?.after.text.includes(`.${call}(`) === true;
}

function fits({ is, unless }: WordRule, text: string): boolean {
  return is.test(text) && !unless?.test(text);
}

function isWhere({ where }: WordRule, file: FileReading, side: readonly Spot[], spot: Spot): boolean {
  if (where === undefined) return true;
  if (where === 'function') return isInFunction(file, side, spot);
  return isInLoop(side, spot) || (where === 'loop' && isLoopOfOneLine(spot.text));
}

function isEdited(rule: WordRule, edit: Edit): boolean {
  const { before, after, out, in: came } = edit;
  if (out.length + came.length === 0) return false;
  if (!fits(rule, before.text) && !fits(rule, after.text)) return false;
  if (SAYS.test(after.text) && SAYS.test(before.text) && rule.deed !== 'logs-more') return false;
  if (rule.from && !rule.from.test(before.text)) return false;
  if (rule.to && !rule.to.test(after.text)) return false;
  if (rule.out && !rule.out.test(joined(out))) return false;
  if (rule.losesValue && !losesValue(before.text, after.text)) return false;
  return rule.in?.test(joined(came)) ?? true;
}

/** Signs of more than one character, and names with their points, in one piece. */
function joined(tokens: readonly string[]): string {
  return tokens
    .join(' ')
    .replace(/([?&|=<>!+-]) (?=[?&|=<>.+-])/g, '$1')
    .replace(/ ?\. ?/g, '.');
}

/** Of the values of a line not all are in the other; true as well where it has none. */
function losesValue(before: string, after: string): boolean {
  const [old, now] = [valuesIn(before), valuesIn(after)];
  return old.length === 0 || old.some((value) => !now.includes(value));
}

function valuesIn(text: string): string[] {
  return (text.match(/(["'`]).*?\1|(?<![\w.])\d[\w.]*/g) ?? []).map((each) => each.replace(/["'`]/g, ''));
}
