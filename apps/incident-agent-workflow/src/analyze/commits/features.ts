/** What speaks for and against one commit (METHODS §4). Weights are hand-set starting points until fitted on a corpus. */
import type { LeftOut } from '../../domain/commit-evidence.ts';
import type { BlamedLine, CodeExcerpt, Commit } from '../../domain/telemetry.ts';
import { changedLines, readHunks } from '../../lib/patches.ts';
import type { Spectrum } from '../reach/spectrum.ts';
import { broughtAlone, broughtBy } from './brought-in.ts';
import { explanations, whatItDoes } from './changes/what-it-does.ts';
import { type ClassShares, placeShare, withClasses } from './class-symptoms.ts';
import { exposuresOf, isUntelling } from './exposure.ts';
import { FEATURE_NAMES, type Feature, type FeatureName, leftOut } from './feature-names.ts';
import { fileKind } from './file-kinds.ts';
import { historyValue } from './fixes.ts';
import { askedForBounds, askedForNames, identifiers, missingNames, overlap, rarity } from './identifiers.ts';
import { isImport, isInert, isNotRun } from './inert.ts';
import { packageChanges, packagesNamed } from './packages.ts';
import { pathValues } from './paths.ts';
import {
  blameValue,
  crashLines,
  definitionValue,
  hunkValue,
  originValue,
  type SuspectFrame,
  stackValue,
} from './places.ts';
import { isRestructured, isWording } from './restructured.ts';
import { type Deploys, isNotRolledOut, proximity, type Rollout } from './rollout.ts';
import { type Effects, effectsOf, protectionRemoved } from './semantics.ts';
import { settingNamed } from './settings.ts';
import { SLOW_SYMPTOMS, type Symptom, symptomsIn } from './symptoms.ts';
import { topicOverlap, wordsOf } from './words.ts';

/** Something that was said about the failure: an error text, the alert's own words, the name of a metric that moved. */
export interface Said {
  readonly text: string;
  /** 0–1: the service's own errors count full, its neighbours' less. */
  readonly weight: number;
}
export interface CrimeScene extends LeftOut {
  readonly frames: readonly SuspectFrame[];
  /** Definitions of what the crash uses, one or two hops away. */
  readonly definitions: readonly SuspectFrame[];
  /** Where the error texts are written, if no trace says where they come from. */
  readonly origins: readonly { readonly path: string; readonly line: number }[];
  /** Whose code suffering requests run through and healthy ones do not; absent: not known. */
  readonly spectrum?: Spectrum | undefined;
  /** Error texts of the incident: types and messages. */
  readonly messages: readonly string[];
  /** Everything that was said, the messages included. */
  readonly said: readonly Said[];
  /** File names of library frames, for what a changed dependency is called. */
  readonly libraries: readonly string[];
  readonly code: readonly CodeExcerpt[];
  readonly blame: readonly BlamedLine[];
  readonly onset: string;
  readonly alertedAt?: string | undefined;
  readonly deploys: Deploys;
  readonly rollouts: readonly Rollout[];
  /** The service that fails, and the one that each commit changes, by hash; absent: all change the one that fails. */
  readonly failing?: string | undefined;
  readonly serviceOf?: ReadonlyMap<string, string> | undefined;
  /** How near the commit's service is to the one that fails: 1 itself, less for what it calls or shares; by hash. */
  readonly nearness: ReadonlyMap<string, number>;
  /** Which classes of fault fit, as far as that is known; absent: nobody looked yet. */
  readonly classes?: ClassShares | undefined;
  /** Unrelated services fail the same way: then what touches one of them only is hardly the cause. */
  readonly isCommon: boolean;
}

/** The crash line and its neighbours: what the failing statement relies on. */
const RELIANCE_LINES = 1;
/** What is left of a line's blame once a later commit took away what the line relies on. */
const SUPERSEDED_VALUE = 0.3;

/** Features of every candidate. `newestFirst` is one line of history; a later commit shifts the lines of an earlier one. */
export function featuresOf(newestFirst: readonly Commit[], scene: CrimeScene): Map<string, Feature[]> {
  const wanted = wantedOf(scene);
  const documents = new Map(newestFirst.map((commit) => [commit.hash, documentOf(commit)]));
  const exposures = exposuresOf(newestFirst, { ...scene, isSlow: false });
  // What holds everything makes no name rarer or more frequent.
  const whole = newestFirst.map((commit) => ({ hash: commit.hash, ...documentOf(commit, true) }));
  const used = whole.filter(({ hash }) => !isUntelling(exposures.get(hash)));
  const telling = rarity(used.map(({ names }) => names));
  const rareWord = rarity(used.map(({ words }) => words));
  // The failing line is our own: how frequent its names are, all of our code says.
  const frequent = rarity(whole.map(({ names }) => names));
  const brought = new Map(newestFirst.map((commit) => [commit.hash, broughtBy(commit)]));
  // A name that one change alone holds is as much as can be asked for.
  const oneOfAKind = Math.log(1 + newestFirst.length);
  const rolloutScene = { ...scene, isSlow: [...wanted.symptoms.keys()].some(({ name }) => SLOW_SYMPTOMS.has(name)) };
  const features = new Map<string, Feature[]>();
  const place = placeShare(scene.classes ?? new Map());
  const unread = leftOut(scene.without);
  let isSuperseded = false;
  for (const [index, commit] of newestFirst.entries()) {
    const { names = new Set<string>(), words = new Set<string>() } = documents.get(commit.hash) ?? {};
    const later = newestFirst.slice(0, index).reverse();
    const effects: Effects = scene.without?.has('changes') ? new Map() : effectsOf(commit);
    const exposure = exposures.get(commit.hash);
    const measure = isUntelling(exposure) ? exposure.share : 1;
    // Whoever wrote the failing line used its names: that is no second witness.
    const own = (exposure?.share ?? 1) * (isSuperseded ? SUPERSEDED_VALUE : 1);
    const blame = blameValue(commit, scene) * own * place;
    const beside = blame === 0 ? hunkValue(commit, later, scene.frames) * own * place : 0;
    const matches = classMatch(commit, effects, wanted) * measure;
    const protection = protectionRemoved(effects) * measure;
    const bringsAbout = broughtAbout(commit, scene) * measure;
    const values: Record<FeatureName, number> = {
      blame,
      'hunk-distance': beside,
      'file-in-stack':
        Math.max(stackValue(commit, later, scene.frames), originValue(commit, scene.origins)) * own * place,
      // What lies at the crash itself was counted there.
      'definition-changed': blame + beside === 0 ? definitionValue(commit, later, scene.definitions) * own : 0,
      ...pathValues(commit, later, scene.spectrum, place),
      'deploy-proximity': proximity(commit, newestFirst, rolloutScene),
      'protection-removed': protection,
      'class-match': Math.max(matches, bringsAbout),
      // It took away the very thing that keeps this kind of failure off.
      explains: Math.min(matches, protection),
      'brings-about': bringsAbout,
      'token-overlap': Math.max(0, ...wanted.names.map((each) => overlap(each, names, telling, oneOfAKind))) * own,
      'topic-overlap': topicOverlap(wanted.words, words, rareWord) * own,
      'relied-on': reliance(commit, names, (held) => overlap(wanted.relied, held, frequent, oneOfAKind)) * own * place,
      'removed-symbol': removesSymbol(commit, wanted.missing) ? measure : 0,
      'demanded-symbol': demandsSymbol(commit, wanted) ? measure : 0,
      'brought-in': Math.min(1, broughtAlone(commit, brought, wanted.ownWords)) * measure,
      'setting-named': settingNamed(commit, wanted.ownWords) * measure,
      'package-named': namesPackage(commit, wanted.packageTexts) ? measure : 0,
      'package-unnamed': movesPackagesOnly(commit) && !namesPackage(commit, wanted.packageTexts) ? 1 : 0,
      'service-match': scene.nearness.get(commit.hash) ?? 0,
      churn: Math.min(0.6, 0.2 * Math.log(1 + codeLines(commit) / 50)) * measure,
      inert: inertValue(commit, effects),
      history: historyValue(commit, newestFirst.slice(index + 1)),
      // Where deploys are known, they say it better.
      recency: newestFirst.length > 1 && scene.rollouts.length === 0 ? 1 - index / (newestFirst.length - 1) : 0,
      'long-deployed': exposure?.isRecent ? 0 : 1,
      'not-rolled-out': isNotRolledOut(commit, newestFirst, rolloutScene) && !isConfiguration(commit) ? 1 : 0,
      'already-ran': exposure?.alreadyRan ?? 0,
      'common-cause': scene.isCommon ? 1 : 0,
    };
    // What takes away a name, or asks for a new one, is no mere rewording.
    const isMore = values['removed-symbol'] + values['demanded-symbol'] + values['brought-in'] > 0;
    if ((isMore || bringsAbout >= SURELY_DOES) && !isInert(commit)) values.inert = 0;
    features.set(commit.hash, toFeatures(values, unread));
    isSuperseded ||= takesAway(values);
  }
  return features;
}

interface Wanted {
  /** Of each message. */
  readonly names: readonly (readonly string[])[];
  readonly words: ReadonlyMap<string, number>;
  readonly relied: readonly string[];
  /** What the failing service itself says. */
  readonly ownWords: readonly string[];
  readonly missing: readonly string[];
  /** Settings, columns, modules that something asks for in vain. */
  readonly demanded: readonly string[];
  /** Numbers that a refusal quotes as its bound. */
  readonly bounds: readonly string[];
  readonly packageTexts: readonly string[];
  readonly symptoms: ReadonlyMap<Symptom, number>;
}

function wantedOf(scene: CrimeScene): Wanted {
  const words = new Map<string, number>();
  for (const { text, weight } of scene.said)
    for (const word of wordsOf(text)) words.set(word, Math.max(weight, words.get(word) ?? 0));
  return {
    names: scene.messages.map((message) => identifiers(message)),
    words,
    relied: identifiers(crashLines(scene, RELIANCE_LINES).join('\n')),
    ownWords: [...scene.messages, ...scene.said.filter(({ weight }) => weight === 1).map(({ text }) => text)],
    missing: missingIn(scene),
    demanded: scene.messages.flatMap((message) => askedForNames(message)),
    bounds: scene.messages.flatMap((message) => askedForBounds(message)),
    packageTexts: [...scene.messages, ...scene.libraries],
    symptoms: withClasses(symptomsIn(scene.said), scene.classes ?? new Map()),
  };
}

/**
 * What the change says: names and words of its lines and its functions, and the words of its paths. What is imported above it
 * is used there: no witness, but no rare name either.
 */
function documentOf(commit: Commit, isWithImports = false): { names: Set<string>; words: Set<string> } {
  const files = commit.files.filter((file) => !isNotRun(file.path));
  const text = files.flatMap((file) => changedLines(file.patch).map((line) => line.text));
  // At the head of a file git shows an import for want of a function: whoever raises anything has it.
  const sections = files
    .flatMap((file) => readHunks(file.patch).map((hunk) => hunk.section))
    .filter((section) => isWithImports || !isImport(section));
  const told = [...text, ...sections].join('\n');
  const paths = files.map((file) => file.path).join('\n');
  return { names: new Set(identifiers(told)), words: new Set(wordsOf(`${told}\n${paths}`)) };
}

/** A key among the data or the settings of many others. */
const KEY_OF_DATA = 0.5;

/** Names of the failing line in code count full, those in settings and data less: each entry there has the same ones. */
function reliance(commit: Commit, names: ReadonlySet<string>, share: (held: ReadonlySet<string>) => number): number {
  const code = commit.files.filter((file) => fileKind(file.path, isNotRun) !== 'config');
  return Math.max(KEY_OF_DATA * share(names), share(documentOf({ ...commit, files: code }).names));
}

const UNNAMED_PACKAGE = 0.4;

function namesPackage(commit: Commit, texts: readonly string[]): boolean {
  return packagesNamed(packageChanges(commit), texts).length > 0;
}

/** Of all that is deployed the seldomest to blame: whoever breaks by a package mostly says so. */
function movesPackagesOnly({ files }: Commit): boolean {
  const kinds = files.map(({ path }) => fileKind(path, isNotRun)).filter((kind) => kind !== 'not-run');
  return kinds.length > 0 && kinds.every((kind) => kind === 'dependencies');
}

/** The best explanation that an effect, or the kind of a file, gives for any of the symptoms. */
function classMatch(commit: Commit, effects: Effects, { symptoms, packageTexts }: Wanted): number {
  const isNamed = namesPackage(commit, packageTexts);
  let best = 0;
  for (const [symptom, weight] of symptoms) {
    for (const [effect, value] of effects) best = Math.max(best, weight * value * (symptom.effects[effect] ?? 0));
    for (const file of commit.files) {
      const kind = fileKind(file.path, isNotRun);
      // A package that the error does not name is seldom the one.
      const share = kind === 'dependencies' && !isNamed ? UNNAMED_PACKAGE : 1;
      best = Math.max(best, share * weight * (symptom.files[kind] ?? 0));
    }
  }
  return best;
}

/** So well does what a change does explain the failure that it is more than a rearrangement. */
const SURELY_DOES = 0.8;
/** Where a stack trace shows the place of an error, a slip elsewhere says little. */
const ELSEWHERE = 0.3;

function broughtAbout(commit: Commit, scene: CrimeScene): number {
  if (scene.without?.has('changes')) return 0;
  const classes = new Map(scene.classes ?? []);
  if (scene.frames.length > 0) classes.set('code-error', ELSEWHERE * (classes.get('code-error') ?? 0));
  return classes.size === 0 ? 0 : (explanations(whatItDoes(commit), classes)[0]?.match ?? 0);
}

/** Half of what only rearranges or rewords: it may still hide a slip. */
const HARDLY_CHANGED = 0.5;

function inertValue(commit: Commit, effects: Effects): number {
  if (isInert(commit)) return 1;
  if (isWording(commit)) return HARDLY_CHANGED;
  return protectionRemoved(effects) === 0 && isRestructured(commit) ? HARDLY_CHANGED : 0;
}

function isConfiguration(commit: Commit): boolean {
  return commit.files.some((file) => ['config', 'migration'].includes(fileKind(file.path, isNotRun)));
}

/** The commit removed the name that the error misses, or a guard right at the crash. */
function takesAway(values: Readonly<Record<FeatureName, number>>): boolean {
  if (values.inert > 0) return false;
  return values['removed-symbol'] === 1 || (values['hunk-distance'] >= 0.5 && values['protection-removed'] >= 0.5);
}

function toFeatures(values: Readonly<Record<FeatureName, number>>, unread: ReadonlySet<FeatureName>): Feature[] {
  const list: Feature[] = [];
  for (const name of FEATURE_NAMES) if (values[name] > 0 && !unread.has(name)) list.push({ name, value: values[name] });
  return list;
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

/** The missing name is in the removed lines and in none of the added ones; or it is the file that was removed. */
function removesSymbol(commit: Commit, missing: readonly string[]): boolean {
  if (missing.length === 0) return false;
  const { removed, added } = namesOf(commit);
  const gone = commit.files.filter((file) => file.status === 'deleted').map((file) => file.path);
  return missing.some(
    (name) =>
      (removed.has(name) && !added.has(name)) ||
      gone.some(
        (path) => path === name || path.replace(/\.\w+$/, '').endsWith(`/${name}`) || path.endsWith(`/${name}`),
      ),
  );
}

/** The name that is asked for in vain, or the bound that is exceeded, came in with the commit. */
function demandsSymbol(commit: Commit, { demanded, bounds }: Pick<Wanted, 'demanded' | 'bounds'>): boolean {
  const cameIn = (wanted: readonly string[], pattern: RegExp) => {
    if (wanted.length === 0) return false;
    const { removed, added } = partsOf(commit, pattern);
    return wanted.some((name) => added.has(name) && !removed.has(name));
  };
  return cameIn(demanded, NAME) || cameIn(bounds, NUMBER);
}

const NAME = /[A-Za-z_$][\w$]*/g;
const NUMBER = /(?<![\w.])\d+\b/g;

function namesOf(commit: Commit): { removed: Set<string>; added: Set<string> } {
  return partsOf(commit, NAME);
}

function partsOf(commit: Commit, pattern: RegExp): { removed: Set<string>; added: Set<string> } {
  const lines = commit.files.filter((file) => !isNotRun(file.path)).flatMap((file) => changedLines(file.patch));
  const parts = (sign: '+' | '-') =>
    new Set(lines.filter((line) => line.sign === sign).flatMap((line) => line.text.match(pattern) ?? []));
  return { removed: parts('-'), added: parts('+') };
}

function codeLines(commit: Commit): number {
  return commit.files.filter((file) => !isNotRun(file.path)).flatMap((file) => changedLines(file.patch)).length;
}
