/** What speaks for and against one commit (METHODS §4). Weights are hand-set starting points until fitted on a corpus. */
import type { BlamedLine, CodeExcerpt, Commit } from '../../domain/telemetry.ts';
import { changedLines, readHunks } from '../../lib/patches.ts';
import { secondsBetween } from '../../lib/time.ts';
import type { Deploys } from '../deploys.ts';
import { carryThrough } from './carry.ts';
import { identifiers, missingNames, overlap, rarity } from './identifiers.ts';
import { isInert, isNotRun } from './inert.ts';
import { protectionRemoved } from './semantics.ts';

/** A frame of our own code, the crash frame at depth 0. */
export interface SuspectFrame {
  readonly path: string;
  readonly line: number;
  readonly function: string | null;
  readonly depth: number;
}
export interface CrimeScene {
  readonly frames: readonly SuspectFrame[];
  /** Error texts of the incident: types and messages. */
  readonly messages: readonly string[];
  readonly code: readonly CodeExcerpt[];
  readonly blame: readonly BlamedLine[];
  readonly onset: string;
  readonly deploys: Deploys;
  readonly servicePath: string;
}
export type FeatureName =
  | 'blame'
  | 'hunk-distance'
  | 'file-in-stack'
  | 'deploy-proximity'
  | 'protection-removed'
  | 'token-overlap'
  | 'relied-on'
  | 'removed-symbol'
  | 'service-match'
  | 'churn'
  | 'inert'
  | 'recency'
  | 'long-deployed'
  | 'already-ran';
export interface Feature {
  readonly name: FeatureName;
  /** 0–1. */
  readonly value: number;
}

export const FEATURE_WEIGHTS: Readonly<Record<FeatureName, number>> = {
  blame: 3,
  'hunk-distance': 1.5,
  'file-in-stack': 1.2,
  'deploy-proximity': 2,
  'protection-removed': 1.5,
  'token-overlap': 1.5,
  'relied-on': 1.5,
  'removed-symbol': 2,
  'service-match': 0.5,
  churn: 1,
  inert: -3,
  recency: 0.6,
  'long-deployed': -1,
  'already-ran': -3,
};

const FEATURE_NAMES = [
  'blame',
  'hunk-distance',
  'file-in-stack',
  'deploy-proximity',
  'protection-removed',
  'token-overlap',
  'relied-on',
  'removed-symbol',
  'service-match',
  'churn',
  'inert',
  'recency',
  'long-deployed',
  'already-ran',
] as const satisfies readonly FeatureName[];

const DEPTH_DECAY = 0.8;
const HUNK_SCALE_LINES = 15;
const PROXIMITY_SCALE_SECONDS = 1800;
const LONG_DEPLOYED_SECONDS = 72 * 3600;
/** The crash line and its neighbours: what the failing statement relies on. */
const RELIANCE_LINES = 1;

/** A first commit holds everything: that it holds the failing line as well says little. */
const BEGINNING_VALUE = 0.3;
/** What is left of a line's blame once a later commit took away what the line relies on. */
const SUPERSEDED_VALUE = 0.3;

/** Features of every candidate. `newestFirst` is one line of history; a later commit shifts the lines of an earlier one. */
export function featuresOf(newestFirst: readonly Commit[], scene: CrimeScene): Map<string, Feature[]> {
  const tokens = new Map(newestFirst.map((commit) => [commit.hash, changedTokens(commit)]));
  const weight = rarity([...tokens.values()]);
  const names = { wanted: identifiers(scene.messages.join('\n')), relied: reliedOn(scene), missing: missingIn(scene) };
  const ran = alreadyRan(newestFirst, scene.deploys);
  const features = new Map<string, Feature[]>();
  let isSuperseded = false;
  for (const [index, commit] of newestFirst.entries()) {
    const held = tokens.get(commit.hash) ?? new Set<string>();
    const later = newestFirst.slice(0, index).reverse();
    const measure = commit.parents.length === 0 ? BEGINNING_VALUE : 1;
    // Whoever wrote the failing line used its names: that is no second witness.
    const own = measure * (isSuperseded ? SUPERSEDED_VALUE : 1);
    const blame = blameValue(commit, scene) * own;
    const values: Record<FeatureName, number> = {
      blame,
      'hunk-distance': blame === 0 ? hunkValue(commit, later, scene.frames) * measure : 0,
      'file-in-stack': Math.max(0, ...framesIn(commit, scene.frames).map((frame) => DEPTH_DECAY ** frame.depth)) * own,
      'deploy-proximity': proximity(commit, scene, index === 0),
      'protection-removed': protectionRemoved(commit),
      'token-overlap': overlap(names.wanted, held, weight) * own,
      'relied-on': overlap(names.relied, held, weight) * own,
      'removed-symbol': removesSymbol(commit, names.missing) ? 1 : 0,
      'service-match': commit.files.some((file) => isWithin(file.path, scene.servicePath)) ? 1 : 0,
      churn: Math.min(0.6, 0.2 * Math.log(1 + codeLines(commit) / 50)) * measure,
      inert: isInert(commit) ? 1 : 0,
      recency: newestFirst.length > 1 ? 1 - index / (newestFirst.length - 1) : 0,
      'long-deployed': secondsBetween(commit.committedAt, scene.onset) > LONG_DEPLOYED_SECONDS ? 1 : 0,
      'already-ran': ran.get(commit.hash) ?? 0,
    };
    features.set(commit.hash, toFeatures(values));
    isSuperseded ||= takesAway(values);
  }
  return features;
}

/** The commit removed the name that the error misses, or a guard right at the crash. */
function takesAway(values: Readonly<Record<FeatureName, number>>): boolean {
  if (values.inert > 0) return false;
  return values['removed-symbol'] === 1 || (values['hunk-distance'] >= 0.5 && values['protection-removed'] >= 0.5);
}

/**
 * Commits that ran before without this failure: surely, if the revision before the deploy is known and in the list; else
 * those that are older than the process before it, if there are newer ones.
 */
function alreadyRan(newestFirst: readonly Commit[], { previousAt, previousRevision }: Deploys): Map<string, number> {
  const before = newestFirst.findIndex((commit) => commit.hash === previousRevision);
  if (before > 0) return new Map(newestFirst.slice(before).map((commit) => [commit.hash, 1]));
  if (previousAt === undefined) return new Map();
  const older = newestFirst.filter((commit) => secondsBetween(commit.committedAt, previousAt) >= 0);
  if (older.length === newestFirst.length) return new Map();
  return new Map(older.map((commit) => [commit.hash, 0.25]));
}

function toFeatures(values: Readonly<Record<FeatureName, number>>): Feature[] {
  const list: Feature[] = [];
  for (const name of FEATURE_NAMES) if (values[name] > 0) list.push({ name, value: values[name] });
  return list;
}
/** The very line counts full, a neighbour within two lines a little over half: decoys stand beside the guilty too. */
function blameValue(commit: Commit, scene: CrimeScene): number {
  let best = 0;
  for (const frame of scene.frames) {
    for (const line of scene.blame) {
      if (line.hash !== commit.hash || line.path !== frame.path) continue;
      const distance = Math.abs(line.line - frame.line);
      if (distance <= 2) best = Math.max(best, DEPTH_DECAY ** frame.depth * (distance === 0 ? 1 : 0.55));
    }
  }
  return best;
}

/** Post-image lines of what a commit added, or where it removed, carried to the deployed revision. */
export function linesNow(commit: Commit, path: string, later: readonly Commit[]): number[] {
  const file = commit.files.find((changed) => changed.path === path);
  if (!file) return [];
  const lines = changedLines(file.patch).map((line) => carryThrough(line.newLine, path, later));
  return [...new Set(lines.filter((line) => line !== undefined))];
}

function hunkValue(commit: Commit, later: readonly Commit[], frames: readonly SuspectFrame[]): number {
  let best = 0;
  for (const frame of frames) {
    const distances = linesNow(commit, frame.path, later).map((line) => Math.abs(line - frame.line));
    if (distances.length > 0) best = Math.max(best, Math.exp(-Math.min(...distances) / HUNK_SCALE_LINES));
  }
  return best;
}

function framesIn(commit: Commit, frames: readonly SuspectFrame[]): SuspectFrame[] {
  return frames.filter((frame) => commit.files.some((file) => file.path === frame.path));
}

function proximity(commit: Commit, { deploys, onset }: CrimeScene, isTip: boolean): number {
  const { deployedAt, previousAt } = deploys;
  if (deployedAt === undefined) return 0;
  const delay = secondsBetween(deployedAt, onset);
  if (!(delay >= -60)) return 0;
  const cameWith = previousAt !== undefined && secondsBetween(previousAt, commit.committedAt) > 0;
  return Math.exp(-Math.max(0, delay) / PROXIMITY_SCALE_SECONDS) * (isTip || cameWith ? 1 : 0.6);
}

function changedTokens(commit: Commit): Set<string> {
  const files = commit.files.filter((file) => !isNotRun(file.path));
  const text = files.flatMap((file) => changedLines(file.patch).map((line) => line.text));
  const sections = files.flatMap((file) => readHunks(file.patch).map((hunk) => hunk.section));
  return new Set(identifiers([...text, ...sections].join('\n')));
}

function reliedOn(scene: CrimeScene): string[] {
  return identifiers(crashLines(scene, RELIANCE_LINES).join('\n'));
}

/** The crash line of every trace, with so many neighbours on each side. */
export function crashLines(scene: Pick<CrimeScene, 'frames' | 'code'>, neighbours: number): string[] {
  return scene.frames
    .filter((frame) => frame.depth === 0)
    .flatMap((frame) =>
      scene.code
        .filter((excerpt) => excerpt.path === frame.path)
        .flatMap((excerpt) => {
          const at = frame.line - excerpt.firstLine;
          return at < 0 ? [] : excerpt.lines.slice(Math.max(0, at - neighbours), at + neighbours + 1);
        }),
    );
}

/** What the errors say is missing; of `reading 'amount'` at `item.price.amount` it is `price` that is not there. */
function missingIn(scene: CrimeScene): string[] {
  const named = scene.messages.flatMap((message) => missingNames(message));
  const read = scene.messages.flatMap((message) =>
    [...message.matchAll(/(?:reading|setting) '([^']+)'/g)].map((match) => match[1] ?? ''),
  );
  const receivers = crashLines(scene, 0).flatMap((line) =>
    [...line.matchAll(/([A-Za-z_$][\w$]*)(?:\[[^\]]*\]|\([^)]*\))?(?=\??\.([A-Za-z_$][\w$]*))/g)]
      .filter((match) => read.includes(match[2] ?? ''))
      .map((match) => match[1] ?? ''),
  );
  return [...new Set([...named, ...receivers])];
}

/** The missing name is in the removed lines and in none of the added ones. */
function removesSymbol(commit: Commit, missing: readonly string[]): boolean {
  if (missing.length === 0) return false;
  const lines = commit.files.filter((file) => !isNotRun(file.path)).flatMap((file) => changedLines(file.patch));
  const names = (sign: '+' | '-') =>
    new Set(lines.filter((line) => line.sign === sign).flatMap((line) => line.text.match(/[A-Za-z_$][\w$]*/g) ?? []));
  const [removed, added] = [names('-'), names('+')];
  return missing.some((name) => removed.has(name) && !added.has(name));
}

function codeLines(commit: Commit): number {
  return commit.files.filter((file) => !isNotRun(file.path)).flatMap((file) => changedLines(file.patch)).length;
}

function isWithin(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
