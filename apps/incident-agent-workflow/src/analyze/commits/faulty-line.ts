/** Where in the guilty commit's change the fault is, and by which rule that was decided (METHODS §4, faulty lines). */
import type { ChangedFile, Commit } from '../../domain/telemetry.ts';
import { escapeRegexp } from '../../lib/escape.ts';
import { type ChangedLine, changedLines, readHunks } from '../../lib/patches.ts';
import { carryThrough } from './carry.ts';
import type { Deed } from './changes/deeds.ts';
import { type Explanation, explanations, whatItDoes } from './changes/what-it-does.ts';
import { type ClassShares, isShownAtOthers } from './class-symptoms.ts';
import type { CrimeScene } from './features.ts';
import { askedForNames, identifiers, missingNames } from './identifiers.ts';
import { isImport, isNotRun } from './inert.ts';
import { newValue } from './new-value.ts';
import { crashLines, linesNow } from './places.ts';
import { effectsOf, protectionRemoved } from './semantics.ts';
import { withoutComments } from './token-stream.ts';

export type LineRule =
  | 'crash-line-in-change'
  | 'change-near-crash'
  | 'most-telling-change'
  /** A figure, a name or an address among the settings that the code of the same change goes by. */
  | 'value-of-setting'
  /** It does what brings this kind of failure about. */
  | 'brings-it-about'
  | 'file-only'
  /** Nothing ties it to the failure but its time: where to begin to read. */
  | 'latest-change';
export interface FaultyLine {
  readonly path: string;
  /** At the deployed revision; null: only the file is known. */
  readonly line: number | null;
  readonly rule: LineRule;
  /** What the line does, where that is the rule. */
  readonly deed?: Deed;
}

const NEAR_LINES = 30;
/** So close that the crash line itself is the better place to look at. */
const ADJACENT_LINES = 5;

/** undefined: the commit changed nothing that runs. `later`: the commits after it, oldest first. */
export function faultyLine(commit: Commit, later: readonly Commit[], scene: CrimeScene): FaultyLine | undefined {
  const classes = scene.classes ?? new Map();
  const isUnread = scene.without?.has('changes') === true;
  const does = classes.size === 0 || isUnread ? [] : explanations(whatItDoes(commit), asIfCertain(classes));
  // Where it fails says little of what uses it up.
  const doing = byDeed(commit, later, scene, does);
  const value = isUnread ? undefined : byValue(commit, later, classes);
  if (isShownAtOthers(classes) && (value ?? doing)) return value ?? doing;
  const where = inChange(commit, later, scene) ?? nearChange(commit, later, scene);
  return where ?? demanding(commit, later, scene) ?? value ?? doing ?? telling(commit, later, scene);
}

/** The one line that came with the very name that is asked for in vain, the fuller name before its last part. */
function demanding(commit: Commit, later: readonly Commit[], scene: CrimeScene): FaultyLine | undefined {
  const files = commit.files.filter(({ path }) => !isNotRun(path));
  const lines = files.flatMap(({ path, patch }) => changedLines(patch).map((changed) => ({ ...changed, path })));
  for (const name of scene.messages.flatMap((message) => askedForNames(message))) {
    const whole = new RegExp(`(?<![\\w.])${escapeRegexp(name)}(?![\\w])`);
    const holding = lines.filter((each) => whole.test(each.text) && !isAside(each, each.path));
    const [only, another] = holding.filter(({ sign }) => sign === '+');
    if (!only || another || holding.length > 1) continue;
    const line = carryThrough(only.newLine, only.path, later);
    if (line !== undefined) return { path: only.path, line, rule: 'most-telling-change' };
  }
  return undefined;
}

/** What the code of the change does with a value that came with it is as it should be: the value is looked at first. */
function byValue(commit: Commit, later: readonly Commit[], classes: ClassShares): FaultyLine | undefined {
  const value = newValue(commit, classes);
  const line = value && carryThrough(value.line, value.path, later);
  return value && line !== undefined ? { path: value.path, line, rule: 'value-of-setting' } : undefined;
}

/** Of lines that do nearly as much, the one that says most of what was said. */
function byDeed(
  commit: Commit,
  later: readonly Commit[],
  scene: CrimeScene,
  does: readonly Explanation[],
): FaultyLine | undefined {
  const most = does[0]?.match ?? 0;
  if (most < SURELY_DOES) return undefined;
  const words = wantedWords(scene);
  const [best] = does
    .filter(({ match }) => match >= NEARLY * most)
    .map((each) => ({ ...each, score: each.match + pointsAt(commit, each, words) }))
    .sort((a, b) => b.score - a.score);
  const line = best && carryThrough(best.line, best.path, later);
  return best && line !== undefined ? { path: best.path, line, rule: 'brings-it-about', deed: best.deed } : undefined;
}

function pointsAt(commit: Commit, { path, line }: Explanation, words: WantedWords): number {
  const file = commit.files.find((each) => each.path === path);
  const changed = changedLines(file?.patch ?? '').filter(({ newLine }) => newLine === line);
  const isAdded = changed.some(({ sign }) => sign === '+');
  return WORD_SHARE * Math.max(isAdded ? 1 : 0, ...changed.map((each) => wordPoints(each, words)));
}

/** So little that it decides between equals only. */
const WORD_SHARE = 0.01;

const NEARLY = 0.97;

const SURELY_DOES = 0.45;

/** The commit is taken for guilty here: how sure its class is decides nothing between its lines. */
function asIfCertain(classes: ClassShares): ClassShares {
  const most = Math.max(...classes.values());
  return most > 0 ? new Map([...classes].map(([faultClass, share]) => [faultClass, share / most])) : classes;
}

function inChange(commit: Commit, later: readonly Commit[], scene: CrimeScene): FaultyLine | undefined {
  for (const frame of scene.frames) {
    const blamed = scene.blame.some(
      (line) => line.hash === commit.hash && line.path === frame.path && line.line === frame.line,
    );
    if (blamed || linesNow(commit, frame.path, later).includes(frame.line))
      return { path: frame.path, line: frame.line, rule: 'crash-line-in-change' };
  }
  return undefined;
}

function nearChange(commit: Commit, later: readonly Commit[], scene: CrimeScene): FaultyLine | undefined {
  for (const frame of scene.frames) {
    const near = linesNow(commit, frame.path, later)
      .map((line) => ({ line, distance: Math.abs(line - frame.line) }))
      .filter(({ distance }) => distance <= NEAR_LINES)
      .sort((a, b) => a.distance - b.distance || a.line - b.line)[0];
    if (!near) continue;
    const line = near.distance <= ADJACENT_LINES ? frame.line : near.line;
    return { path: frame.path, line, rule: 'change-near-crash' };
  }
  return undefined;
}

/** What decides between the lines of one change, by how much it counts. */
const POINTS = { saidName: 2, usedName: 1, missedDefinition: 3, effectOfHunk: 2, effectOfLine: 1 } as const;

function telling(commit: Commit, later: readonly Commit[], scene: CrimeScene): FaultyLine | undefined {
  const words = wantedWords(scene);
  let best: (FaultyLine & { score: number }) | undefined;
  for (const file of commit.files) {
    if (isNotRun(file.path)) continue;
    for (const hunk of readHunks(file.patch)) {
      const ofHunk = POINTS.effectOfHunk * harmOf(commit, file, hunk.lines);
      for (const changed of hunk.lines.filter((each) => each.sign !== ' ' && !isAside(each, file.path))) {
        const ofLine = POINTS.effectOfLine * harmOf(commit, file, [changed]);
        const score = wordPoints(changed, words) + ofHunk + ofLine;
        const line = carryThrough(changed.newLine, file.path, later) ?? null;
        if (!best || score > best.score)
          best = { path: file.path, line, rule: line === null ? 'file-only' : 'most-telling-change', score };
      }
    }
    best ??= { path: file.path, line: null, rule: 'file-only', score: 0 };
  }
  return best && { path: best.path, line: best.line, rule: best.rule };
}

interface WantedWords {
  readonly said: ReadonlySet<string>;
  readonly missed: ReadonlySet<string>;
  readonly used: ReadonlySet<string>;
}

function wantedWords(scene: CrimeScene): WantedWords {
  const missed = scene.messages.flatMap((text) => missingNames(text));
  return {
    said: new Set([...missed, ...scene.messages.flatMap((text) => identifiers(text))]),
    missed: new Set(missed),
    used: new Set(crashLines(scene, 0).flatMap((text) => identifiers(text))),
  };
}

const DEFINED =
  /^\s*(?:(?:export|public|private|protected|static|final|readonly|const|let|var|val|def|function|func|fn)\s+)*["']?([A-Za-z_$][\w$]*)["']?\s*[:=(?]/;

function wordPoints({ sign, text }: ChangedLine, { said, missed, used }: WantedWords): number {
  const names = text.match(/[A-Za-z_$][\w$]*/g) ?? [];
  const defined = DEFINED.exec(text)?.[1];
  const isMissed = sign === '-' && defined !== undefined && missed.has(defined);
  return (
    POINTS.saidName * names.filter((name) => said.has(name)).length +
    POINTS.usedName * names.filter((name) => used.has(name)).length +
    (isMissed ? POINTS.missedDefinition * POINTS.saidName : 0)
  );
}

/** What runs through an import or a comment goes wrong elsewhere. */
function isAside({ text }: ChangedLine, path: string): boolean {
  return isImport(text) || !/[\p{L}\p{N}]/u.test(withoutComments(text, path));
}

/** How much protection these lines alone take away, 0–1. */
function harmOf(commit: Commit, file: ChangedFile, lines: readonly ChangedLine[]): number {
  const patch = ['@@ -1,1 +1,1 @@', ...lines.map(({ sign, text }) => `${sign}${text}`)].join('\n');
  return protectionRemoved(effectsOf({ ...commit, files: [{ ...file, patch }] }));
}
