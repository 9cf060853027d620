/** What is switched off, or taken out of the settings, by what it was there for. */
import type { Deed, Done } from './deeds.ts';
import { type Detector, type FileReading, isCode } from './reading.ts';
import { pairOf } from './settings-forms.ts';
import { isSayingLine } from './word-rules.ts';

/** Names are lower case, their words apart. */
const SERVED: readonly (readonly [RegExp, readonly Deed[]])[] = [
  [/\bcach\w*|\bmemo/, ['no-cache']],
  [/keep ?alive|\bpersistent|\breuse|\bpooling|\bpool\b/, ['opens-per-call']],
  [/\bcommit|\back\b|acknowledge/, ['consumes-less']],
  [/\bbatch|\bbulk|\bprefetch|\basync\b|\bparallel|\bbackground|\bpipelin/, ['one-by-one', 'consumes-less']],
  [/\bindex\b|\bindexed\b/, ['query-slower']],
  [/\bverify|\btls\b|\bssl\b|\bsecure\b/, ['trusts-otherwise']],
  [/\bauth\w*|\bcredentials/, ['authenticates-otherwise']],
  [
    /\brotat\w*|\bclean ?up|\bprune|\bvacuum|\bpurge|\bretention|\bcompact|max (?:file|size|age)/,
    ['keeps-longer', 'writes-files'],
  ],
  [/\bcompress\w*|\bgzip/, ['bulk']],
  [/\bthrottl\w*|\bback ?off|\bjitter|\brate limit|\bdebounce/, ['asks-more-often']],
  [/\bretr(?:y|ies)/, ['gives-up-sooner']],
  [/\btimeout|\bdeadline/, ['waits-longer', 'holds-while-waiting']],
  [/\bbuffer\w*|\bstream\w*|\bpaginat\w*|\blazy\b/, ['loads-all']],
];
const OFF = /(?:^|[^\w-])(?:false|off|no|none|null|nil|disabled?|dummy|no-?op|no-?store|never|0)\b|dummy|noop/i;

export const bySwitches: Detector = (file) => [
  ...file.edits.flatMap(({ before, after, in: came }) =>
    isSayingLine(after.text) || !OFF.test(came.join(' ')) || OFF.test(before.text)
      ? []
      : doneFor(after.text, after.line, file),
  ),
  ...takenOut(file),
];

/** Of code only what is given as an option by name. */
function takenOut(file: FileReading): Done[] {
  if (isCode(file.path) || file.kind === 'not-run') return [];
  const replaced = new Set(file.edits.map(({ before }) => before));
  return file.gone
    .filter((spot) => !replaced.has(spot) && pairOf(spot.text) !== undefined && !OFF.test(spot.text))
    .flatMap(({ text, line }) => doneFor(text, line, file));
}

function doneFor(text: string, line: number, file: FileReading): Done[] {
  const key = named(text);
  const deeds = SERVED.find(([names]) => names.test(key))?.[1] ?? [];
  return deeds.map((deed) => ({ deed, value: 0.9, path: file.path, line }));
}

function named(text: string): string {
  return text
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .toLowerCase();
}
