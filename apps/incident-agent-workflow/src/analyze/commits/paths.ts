/** Whether what a commit changed lies on the way of the requests that suffer. */
import type { Commit } from '../../domain/telemetry.ts';
import type { Spectrum } from '../reach/spectrum.ts';
import type { FeatureName } from './feature-names.ts';
import { isNotRun } from './inert.ts';
import { linesNow } from './places.ts';
import { changedSettings } from './settings.ts';

/** `share`: what is left of it where, most likely, whoever asks next suffers, and not whoever uses it up. */
export function pathValues(
  commit: Commit,
  later: readonly Commit[],
  spectrum: Spectrum | undefined,
  share: number,
): Record<Extract<FeatureName, 'on-path' | 'off-path'>, number> {
  const values = spectrum ? valuesOf(commit, later, spectrum) : [];
  const known = values.filter((value) => value !== undefined);
  const most = Math.max(0, ...known);
  const isOff = known.length > 0 && known.length === values.length && most === 0;
  return { 'on-path': most * share, 'off-path': isOff ? share : 0 };
}

/** Of each changed line of code and each changed setting; undefined: nothing is known of it. */
function valuesOf(commit: Commit, later: readonly Commit[], spectrum: Spectrum): (number | undefined)[] {
  const ofLines = commit.files
    .filter(({ path }) => !isNotRun(path))
    .flatMap(({ path }) => linesNow(commit, path, later).map((line) => spectrum.at(path, line)));
  return [...ofLines, ...[...changedSettings(commit)].map((name) => spectrum.naming(name))];
}
