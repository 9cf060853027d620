/** What a suspect's change has to do with the failure, as signals that can be cited. */
import { clockTime } from '../lib/instants.ts';
import { secondsBetween } from '../lib/time.ts';
import { duration, shortHash } from '../lib/wording.ts';
import { DEED_WORDS } from './commits/changes/deeds.ts';
import type { LineRule } from './commits/faulty-line.ts';
import { type FeatureName, featureValue } from './commits/feature-names.ts';
import type { Suspect } from './commits/rank.ts';
import type { Signal } from './fault-classes/rule.ts';
import type { Scene } from './scene.ts';

const RULE_WORDS: Readonly<Record<LineRule, string>> = {
  'crash-line-in-change': 'wrote the line that fails',
  'change-near-crash': 'changed the lines around the one that fails',
  'most-telling-change': 'changed what the failing line relies on',
  'brings-it-about': 'did something that brings this kind of failure about',
  'value-of-setting': 'brought in a setting together with the code that goes by it',
  'latest-change': 'changed what runs',
  'file-only': 'changed a file that the failure runs through',
};
const FEATURE_WORDS: readonly (readonly [FeatureName, string])[] = [
  ['removed-symbol', 'removed a name that the error misses'],
  ['definition-changed', 'changed the definition of what the failing line uses'],
  ['on-path', 'changed code that the requests in trouble run through'],
  ['demanded-symbol', 'brought in what the error asks for'],
  ['brought-in', 'alone brought in a name or a number that the error says'],
  ['setting-named', 'changed a setting that the error names'],
  ['package-named', 'moved a package that the error names to another version'],
  ['class-match', 'did something that brings this kind of failure about'],
  ['token-overlap', 'changed names that the error speaks of'],
  ['protection-removed', 'took out a guard, a limit or a clean-up'],
  ['relied-on', 'changed names that the failing line uses'],
];

/** The most telling ties first. Together they count as one group, in the measure of the share. */
export function commitSignals(suspect: Suspect, share: number, scene: Scene): Signal[] {
  const { commit, at, features } = suspect;
  const shown = scene.evidence.find((item) => item.kind === 'commit' && item.data.hash === commit.hash);
  const cites = shown ? [shown.id] : [];
  if (cites.length === 0) return [];
  const name = `commit ${shortHash(commit.hash)}`;
  const weight = 2 * share;
  const signals: Signal[] = [];
  if (at) {
    const place = at.line === null ? at.path : `${at.path}:${at.line}`;
    const code = scene.evidence.find((item) => item.kind === 'code' && item.data.path === at.path);
    const crash = scene.traces.find((trace) => trace.data.frames.some((frame) => frame.repositoryPath === at.path));
    const where = [...cites, ...(code ? [code.id] : []), ...(crash ? [crash.id] : [])];
    signals.push({
      words: `${name} ${at.deed ? DEED_WORDS[at.deed] : RULE_WORDS[at.rule]} (${place})`,
      cites: where,
      group: 'change',
      weight,
    });
  }
  for (const [feature, words] of FEATURE_WORDS) {
    if (featureValue(features, feature) >= 0.4)
      signals.push({ words: `${name} ${words}`, cites, group: 'change', weight: 0.3 * share });
  }
  const proximity = featureValue(features, 'deploy-proximity');
  const restart = scene.metrics.find((metric) => metric.data.family === 'restart');
  const dated = scene.evidence.find(
    (item) =>
      (item.kind === 'metric' && item.data.onset === scene.onset) ||
      ((item.kind === 'logs' || item.kind === 'stack-trace') && item.data.firstAt === scene.onset),
  );
  if (proximity >= 0.3 && restart && dated)
    signals.push({
      words: `the failure began at ${clockTime(scene.onset)}, soon after the process was started`,
      cites: [dated.id, restart.id],
      group: 'change',
      weight: 0.3 * share,
    });
  return signals;
}

/** `12 min before the failure began`; undefined when it was made after. */
export function ageWords(committedAt: string, onset: string): string | undefined {
  const seconds = secondsBetween(committedAt, onset);
  return seconds >= 0 ? `${duration(seconds)} before the failure began` : undefined;
}
