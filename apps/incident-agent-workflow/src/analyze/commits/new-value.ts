/** A setting that a change brought in together with the code that goes by it. */
import type { FaultClass } from '../../domain/fault-class.ts';
import type { Commit } from '../../domain/telemetry.ts';
import { type FileReading, isCode, readChange, type Spot } from './changes/reading.ts';
import type { ClassShares } from './class-symptoms.ts';
import { SETTING_PAIR } from './settings.ts';

/** What throws, leaks or hangs does so whatever the figure is: there the code is looked at. */
const OF_CODE: ReadonlySet<FaultClass> = new Set([
  'code-error',
  'memory-leak',
  'file-descriptor-limit',
  'deadlock-stall',
  'schema-migration',
]);

/** It turns something on: what that does the code says. */
const SWITCH = /^["']?(?:true|false|yes|no|on|off|enabled|disabled|null|none)["']?$/i;

/** The line of the value; undefined: none came, no code of the change reads it, or the class is none that a value decides. */
export function newValue(commit: Commit, classes: ClassShares): { path: string; line: number } | undefined {
  const [first] = [...classes].sort(([, a], [, b]) => b - a);
  if (!first || OF_CODE.has(first[0])) return undefined;
  const files = readChange(commit);
  const read = namesRead(files);
  for (const file of files) {
    if (file.kind !== 'config' || isCode(file.path) || file.isNew) continue;
    const edited = new Set(file.edits.map(({ after }) => after));
    const spot = file.come.find((each) => !edited.has(each) && keysOf(each).some((key) => read.has(key)));
    if (spot) return { path: file.path, line: spot.line };
  }
  return undefined;
}

function keysOf({ text }: Spot): string[] {
  const pairs = [...text.matchAll(SETTING_PAIR)].filter(([, , value = '']) => !SWITCH.test(value));
  return pairs.map(([, key = '']) => plain(key.split('.').at(-1) ?? key)).filter((key) => key.length > 2);
}

/** Names in the lines of code that came, and in strings: settings are read by either. */
function namesRead(files: readonly FileReading[]): Set<string> {
  const lines = files.filter(({ path }) => isCode(path)).flatMap(({ come }) => come);
  return new Set(lines.flatMap(({ text }) => (text.match(/[A-Za-z_][\w-]*/g) ?? []).map(plain)));
}

/** However its words are joined. */
function plain(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase();
}
