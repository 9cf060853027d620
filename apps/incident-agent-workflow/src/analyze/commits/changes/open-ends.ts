/** Bounds of which the number says now that there is none. */
import type { Deed } from './deeds.ts';
import { type Detector, done, isCode } from './reading.ts';
import { pairOf } from './settings-forms.ts';

const BOUND = /^["']?\d*[1-9][\d_.]*\s?[a-zA-Z]{0,3}["']?$/;
const NO_END =
  /^["']?(?:0|-1|none|null|nil|unlimited|infinity|infinite|inf|false|off|never|0[smhd]|Number\.POSITIVE_INFINITY|math\.inf|Integer\.MAX_VALUE|Long\.MAX_VALUE|PHP_INT_MAX)["']?$/i;

/** The first that fits decides. */
const WITHOUT_END: readonly (readonly [RegExp, readonly Deed[]])[] = [
  [/timeout|deadline|patience/, ['waits-longer']],
  [/expire|retention|\bkeep|\bttl\b|max_?age|history|rotat|slot|wal/, ['keeps-longer', 'grows-for-good']],
  [/interval|delay|pause|sleep|back_?off/, ['asks-more-often']],
  [/request|tasks|jobs|entries|items|cache|sessions?/, ['grows-for-good', 'keeps-longer']],
  [/memory|size|body|length|bytes|limit|max/, ['size-raised', 'grows-for-good', 'keeps-longer']],
];

const noEnd: Detector = (file) => {
  const edited = file.edits.flatMap(({ before, after }) => {
    const [old, now] = [pairOf(before.text), pairOf(after.text)];
    if (!old || !now || old.key !== now.key || !isNumber(old.value) || !isNoEnd(now.value)) return [];
    return [{ key: now.key, line: after.line }];
  });
  if (isCode(file.path)) return goneBounds(file).map(({ line }) => done('argument-gone', 0.9, file, line));
  const gone = goneBounds(file);
  return [...edited, ...gone].flatMap(({ key, line }) => {
    const name = key.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
    const deeds = WITHOUT_END.find(([names]) => names.test(name))?.[1] ?? [];
    return deeds.map((deed) => done(deed, 1, file, line));
  });
};

const HAS_BOUND = /max|limit|expire|retention|keep|rotat/;

/** The setting that held the bound is gone altogether. */
function goneBounds(file: Parameters<Detector>[0]): { key: string; line: number }[] {
  const replaced = new Set(file.edits.map(({ before }) => before));
  return file.gone.flatMap((spot) => {
    const pair = pairOf(spot.text);
    if (
      replaced.has(spot) ||
      !pair ||
      !isNumber(pair.value.replace(/\s*\*.*$/, '')) ||
      !HAS_BOUND.test(pair.key.toLowerCase())
    )
      return [];
    const isStill = file.after.some(({ text }) => pairOf(text)?.key === pair.key);
    return isStill ? [] : [{ key: pair.key, line: spot.line }];
  });
}

function isNumber(value: string): boolean {
  return BOUND.test(value.replace(/[;,]$/, ''));
}

function isNoEnd(value: string): boolean {
  return NO_END.test(value.replace(/[;,]$/, ''));
}

export const OPEN_END_DETECTORS: readonly Detector[] = [noEnd];
