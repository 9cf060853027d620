/** What is declared otherwise: marks on classes and functions, who may see them, what must be given, names that hide others. */
import { type Detector, done, type FileReading, isCode, type Spot } from './reading.ts';
import { holders } from './scopes.ts';

const MARK = /^\s*(?:@[A-Za-z][\w.]*|#\[[\w\\(]+|\[[A-Z]\w*)/;
/** They say something to readers, tools and tests only. */
const REMARK =
  /@(?:Override|Deprecated|Nullable|Nonnull|NonNull|SuppressWarnings|Test\w*|Generated|Api\w*|Operation|Schema|Tag|ToString|EqualsAndHashCode|Slf4j|Log\w*|FunctionalInterface|SafeVarargs|VisibleForTesting|param|returns?|see|throws|typing|override)\b|\[(?:Obsolete|Fact|Theory|Description|Produces\w*)/;

function marksOf(spots: readonly Spot[]): Spot[] {
  return spots.filter(({ text }) => MARK.test(text) && !REMARK.test(text));
}

function nameOf(text: string): string {
  return /[A-Za-z][\w.]*/.exec(text)?.[0] ?? '';
}

/** A mark that gave what it stands on a behaviour is gone, or another one stands there. */
const otherMarks: Detector = (file) => {
  if (!/\.(?:java|kt|cs|py|php|[cm]?ts|scala)$/.test(file.path)) return [];
  const now = new Set(marksOf(file.after).map(({ text }) => nameOf(text)));
  const lost = marksOf(file.gone).filter(({ text }) => !now.has(nameOf(text)));
  const stays = lost.filter((spot) => isFollowedByWhatStays(spot, file));
  return stays.slice(0, 1).map(({ line }) => done('declared-otherwise', 0.95, file, line));
};

/** What it stood on is there still. */
function isFollowedByWhatStays(spot: Spot, file: FileReading): boolean {
  const next = file.before.slice(file.before.indexOf(spot) + 1).find(({ text }) => !MARK.test(text));
  if (next === undefined || next.hunk !== spot.hunk) return false;
  const name = /(?:class|record|interface|def|fun|function)\s+(\w+)|(\w+)\s*[(;=]/.exec(next.text);
  const known = name?.[1] ?? name?.[2];
  return known !== undefined && file.after.some(({ text }) => new RegExp(`\\b${known}\\b`).test(text));
}

/** Called without brackets from now on. */
const asProperty: Detector = (file) =>
  file.path.endsWith('.py')
    ? file.come
        .filter(({ text }) => /^\s*@(?:\w+\.)?(?:cached_)?property\b/.test(text))
        .filter((spot) => {
          const head = file.after[file.after.indexOf(spot) + 1]?.text ?? '';
          const name = /def\s+(\w+)/.exec(head)?.[1];
          return name !== undefined && file.before.some(({ text }) => text.includes(`def ${name}(`));
        })
        .map((spot) => done('declared-otherwise', 0.95, file, (file.after[file.after.indexOf(spot) + 1] ?? spot).line))
    : [];

const MODIFIER =
  /\b(?:private|protected|public|internal|static|final|readonly|sealed|abstract|const|default|open|mutable|volatile)\b/g;
const NARROWS = /\b(?:private|protected|internal|readonly|final|sealed|abstract|const)\b/;

function modifiersOf(text: string): readonly string[] {
  return text.match(MODIFIER) ?? [];
}

/** Fewer may use it, or change it; or it is found under its name only. */
const otherModifiers: Detector = (file) =>
  file.edits.flatMap(({ before, after }) => {
    if (
      !isCode(file.path) ||
      !/\b(?:class|function|def|fun|record|interface|export|public|private|protected|internal)\b/.test(before.text)
    )
      return [];
    if (/^\s*(?:const|let|final)\s+\w+\s*=/.test(before.text)) return [];
    const [old, now] = [modifiersOf(before.text), modifiersOf(after.text)];
    const came = now.filter((word) => !old.includes(word));
    const went = old.filter((word) => !now.includes(word));
    const isNarrowed =
      came.some((word) => NARROWS.test(word)) &&
      before.text.replace(MODIFIER, '').replace(/\s+/g, '') === after.text.replace(MODIFIER, '').replace(/\s+/g, '');
    const isOtherExport = went.includes('default') && /\bexport\b/.test(before.text);
    const isOfNobody = went.includes('static') && !came.includes('static');
    return isNarrowed || isOtherExport || isOfNobody ? [done('declared-otherwise', 0.9, file, after.line)] : [];
  });

/** In Ruby what stands below the word is for the class itself. */
const privateFromHere: Detector = (file) =>
  file.path.endsWith('.rb')
    ? file.come
        .filter(({ text }) => /^\s*(?:private|protected)$/.test(text))
        .filter((spot) => {
          const below = file.after.slice(file.after.indexOf(spot) + 1);
          const head = below.find(({ text, indent }) => indent === spot.indent && /^\s*def\s/.test(text));
          return head?.sign === ' ';
        })
        .map(({ line }) => done('declared-otherwise', 1, file, line))
    : [];

/** `country: String? = null` and `country: String`. */
const mustBeGiven: Detector = (file) => {
  if (!isCode(file.path)) return [];
  return file.come
    .filter((spot) => file.gone.some((old) => old.hunk === spot.hunk && isDemanding(old.text, spot.text)))
    .map(({ line }) => done('declared-otherwise', 1, file, line));
};

const DECLARES =
  /^\s*(?:va[lr]\s+|(?:public|private|readonly|required)\s+)*["']?(\w+)\??:\s*([\w.<>[\]]+)(\?| \| (?:null|None|undefined))?(\s*=\s*[^=].*)?[,;)]?$/;
const PARAMETERS = /def\s+(\w+)\s*\(?([^)]*)/;

function isDemanding(before: string, after: string): boolean {
  const [old, now] = [DECLARES.exec(before), DECLARES.exec(after)];
  if (old && now && old[1] === now[1] && old[2] === now[2]) {
    const wasFree = old[3] !== undefined || old[4] !== undefined;
    return wasFree && now[3] === undefined && now[4] === undefined;
  }
  // Positions become names.
  const [was, is] = [PARAMETERS.exec(before), PARAMETERS.exec(after)];
  if (!was || !is || was[1] !== is[1]) return false;
  const [positions = '', names = ''] = [was[2], is[2]];
  return !/\w:|\*,/.test(positions) && /\w:(?:,|\s|$)|\*,/.test(names) && !/->|: \w+/.test(names);
}

const NEW_NAME = /^\s*(?:(?:let|const|var)\s+(\w+)\s*=|(\w+)(?:, \w+)?\s*:=)/;

/** A new variable has the name of one around it, which keeps its old value. */
const hidesName: Detector = (file) =>
  file.come.flatMap((spot) => {
    const match = NEW_NAME.exec(spot.text);
    const name = match?.[1] ?? match?.[2];
    if (name === undefined || name === '_' || name === 'err' || !/\.(?:go|[cm]?[jt]sx?)$/.test(file.path)) return [];
    const head = holders(file.after, spot)[0];
    if (!head || !/\b(?:if|else|for|switch|try|catch)\b/.test(head.text)) return [];
    const outer = file.after.slice(0, file.after.indexOf(spot)).findLast((each) => {
      const other = NEW_NAME.exec(each.text);
      const isVar = new RegExp(`^\\s*(?:var|let)\\s+${name}\\b`).test(each.text);
      return each.hunk === spot.hunk && each.indent < spot.indent && (isVar || (other?.[1] ?? other?.[2]) === name);
    });
    const rest = file.after.slice(file.after.indexOf(spot) + 1);
    const isUsed = rest.some(({ text, indent }) => indent < spot.indent && new RegExp(`\\b${name}\\b`).test(text));
    return outer && isUsed ? [done('hides-name', 1, file, spot.line)] : [];
  });

const BESIDE =
  /\bgo func\b|\bTask\.Run\(|setImmediate\(|setTimeout\(|\bThread\(|\.submit\(|runAsync\(|executor|create_task\(|\bgo \w|Thread\.new|perform_async/;
const OF_REQUEST =
  /\b(?:r|req|request|c|ctx)\.Context\(\)|\bHttpContext\b|\bRequest\.(?:Body|Form)|\brequest\.(?:body|user|session)|\bctx\b/;

/** What ends with the answer is used by what goes on beside it. */
const outlivesRequest: Detector = (file) =>
  file.after.flatMap((spot) => {
    if (spot.sign !== '+' || !isCode(file.path) || !OF_REQUEST.test(spot.text)) return [];
    const around = holders(file.after, spot).find((head) => head.sign === '+' && BESIDE.test(head.text));
    return around ? [done('used-up', 1, file, spot.line)] : [];
  });

export const DECLARATION_DETECTORS: readonly Detector[] = [
  otherMarks,
  asProperty,
  otherModifiers,
  privateFromHere,
  mustBeGiven,
  hidesName,
  outlivesRequest,
];
