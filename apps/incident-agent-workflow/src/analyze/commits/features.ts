/** What speaks for and against one commit (METHODS §4). Weights are hand-set starting points until fitted on a corpus. */
import type { BlamedLine, CodeExcerpt, Commit } from '../../domain/telemetry.ts';
import { secondsBetween } from '../../lib/time.ts';
import { identifiers, missingNames, overlap, rarity } from './identifiers.ts';
import { isInert, isNotRun } from './inert.ts';
import { carryThrough, changedLines, readHunks } from './patches.ts';
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
  /** When the process that fails was started, where known. */
  readonly deployedAt: string | undefined;
  /** Its predecessor's start, where known: commits between the two came with this deploy. */
  readonly previousDeployAt: string | undefined;
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
  | 'long-deployed';
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
  'long-deployed': -1,
};

const DEPTH_DECAY = 0.8;
const HUNK_SCALE_LINES = 15;
const PROXIMITY_SCALE_SECONDS = 1800;
const LONG_DEPLOYED_SECONDS = 72 * 3600;
/** The crash line and its neighbours: what the failing statement relies on. */
const RELIANCE_LINES = 1;

/** Features of every candidate. `newestFirst` is one line of history; a later commit shifts the lines of an earlier one. */
export function featuresOf(newestFirst: readonly Commit[], scene: CrimeScene): Map<string, Feature[]> {
  const tokens = new Map(newestFirst.map((commit) => [commit.hash, changedTokens(commit)]));
  const weight = rarity([...tokens.values()]);
  const wanted = identifiers(scene.messages.join('\n'));
  const relied = reliedOn(scene);
  const features = new Map<string, Feature[]>();
  for (const [index, commit] of newestFirst.entries()) {
    const held = tokens.get(commit.hash) ?? new Set<string>();
    const later = newestFirst.slice(0, index).reverse();
    const blame = blameValue(commit, scene);
    const size = codeLines(commit);
    const values: Record<FeatureName, number> = {
      blame,
      'hunk-distance': blame === 0 ? hunkValue(commit, later, scene.frames) : 0,
      'file-in-stack': Math.max(0, ...framesIn(commit, scene.frames).map((frame) => DEPTH_DECAY ** frame.depth)),
      'deploy-proximity': proximity(commit, scene, index === 0),
      'protection-removed': protectionRemoved(commit),
      'token-overlap': overlap(wanted, held, weight),
      'relied-on': overlap(relied, held, weight),
      'removed-symbol': removesSymbol(commit, scene.messages) ? 1 : 0,
      'service-match': commit.files.some((file) => isWithin(file.path, scene.servicePath)) ? 1 : 0,
      churn: Math.min(0.6, 0.2 * Math.log(1 + size / 50)),
      inert: isInert(commit) ? 1 : 0,
      'long-deployed': secondsBetween(commit.committedAt, scene.onset) > LONG_DEPLOYED_SECONDS ? 1 : 0,
    };
    features.set(commit.hash, toFeatures(values));
  }
  return features;
}

function toFeatures(values: Readonly<Record<FeatureName, number>>): Feature[] {
  const list: Feature[] = [];
  for (const name of FEATURE_NAMES) if (values[name] > 0) list.push({ name, value: values[name] });
  return list;
}
const FEATURE_NAMES: readonly FeatureName[] = [
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
  'long-deployed',
];

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
  const lines = changedLines(file).map((line) => carryThrough(line.newLine, path, later));
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

function proximity(commit: Commit, scene: CrimeScene, isTip: boolean): number {
  if (!scene.deployedAt) return 0;
  const delay = secondsBetween(scene.deployedAt, scene.onset);
  if (!(delay >= -60)) return 0;
  const camewith =
    scene.previousDeployAt !== undefined && secondsBetween(scene.previousDeployAt, commit.committedAt) > 0;
  return Math.exp(-Math.max(0, delay) / PROXIMITY_SCALE_SECONDS) * (isTip || camewith ? 1 : 0.6);
}

function changedTokens(commit: Commit): Set<string> {
  const files = commit.files.filter((file) => !isNotRun(file.path));
  const text = files.flatMap((file) => changedLines(file).map((line) => line.text));
  const sections = files.flatMap((file) => readHunks(file.patch).map((hunk) => hunk.section));
  return new Set(identifiers([...text, ...sections].join('\n')));
}

function reliedOn(scene: CrimeScene): string[] {
  const crash = scene.frames.filter((frame) => frame.depth === 0);
  const lines = crash.flatMap((frame) =>
    scene.code
      .filter((excerpt) => excerpt.path === frame.path)
      .flatMap((excerpt) => {
        const at = frame.line - excerpt.firstLine;
        return at < 0 ? [] : excerpt.lines.slice(Math.max(0, at - RELIANCE_LINES), at + RELIANCE_LINES + 1);
      }),
  );
  return identifiers(lines.join('\n'));
}

/** The name that the error misses is in the removed lines and in none of the added ones. */
function removesSymbol(commit: Commit, messages: readonly string[]): boolean {
  const missing = messages.flatMap((message) => missingNames(message));
  if (missing.length === 0) return false;
  const lines = commit.files.filter((file) => !isNotRun(file.path)).flatMap((file) => changedLines(file));
  const names = (sign: '+' | '-') =>
    new Set(lines.filter((line) => line.sign === sign).flatMap((line) => line.text.match(/[A-Za-z_$][\w$]*/g) ?? []));
  const [removed, added] = [names('-'), names('+')];
  return missing.some((name) => removed.has(name) && !added.has(name));
}

function codeLines(commit: Commit): number {
  return commit.files.filter((file) => !isNotRun(file.path)).flatMap((file) => changedLines(file)).length;
}

function isWithin(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
