/** Settings that got another value, another form of it, another name or place, or that are gone. */
import { ENV } from './between-words.ts';
import type { Deed, Done } from './deeds.ts';
import { type Edit, type FileReading, isCode, type Spot } from './reading.ts';
import { holders } from './scopes.ts';
import { piecesOf } from './shifts.ts';

const PAIR = /^\s*(?:-\s+)?(?:export\s+|ENV\s+|ARG\s+)?["']?([A-Za-z_][\w.-]*)["']?(\s*[:=]\s*|\s+)(.*?),?\s*$/;
const ELEMENT = /^\s*<([\w.-]+)>([^<]*)<\/\1>\s*$/;

export interface Pair {
  readonly key: string;
  readonly value: string;
  readonly sign: string;
}

export function pairOf(text: string): Pair | undefined {
  const element = ELEMENT.exec(text);
  if (element) return { key: element[1] ?? '', value: element[2] ?? '', sign: '' };
  const match = PAIR.exec(text);
  return match ? { key: match[1] ?? '', sign: match[2] ?? '', value: (match[3] ?? '').trim() } : undefined;
}

const OF_SECRET = /secretKeyRef|secretName|secretRef|valueFrom|credentials|\bauth\b/;
/** Five or six fields of a time table. */
const CRON = /(?<![\w*/])((?:[\d*,/?L#-]+\s+){4,5}[\d*,/?A-Z#-]+)(?![\w*/])/;

/** A time table with more stars in it comes round more often. */
export function byTimeTables(file: FileReading): Done[] {
  return file.edits.flatMap(({ before, after }) => {
    const stars = (text: string) => (CRON.exec(text)?.[1]?.match(/\*(?!\/)/g) ?? []).length;
    if (!CRON.test(before.text) || !CRON.test(after.text) || stars(before.text) === stars(after.text)) return [];
    const deed: Deed = stars(after.text) > stars(before.text) ? 'asks-more-often' : 'waits-longer';
    return [{ deed, value: 1, path: file.path, line: after.line }];
  });
}

/** The keys above a line, which are part of its name. */
function nameAbove(side: readonly Spot[], spot: Spot): string {
  return holders(side, spot)
    .map(({ text }) => text.trim())
    .join(' ');
}

/** In an indented file a key that stands under another one is another key. */
function byPlace(file: FileReading): Done[] {
  if (!/\.ya?ml$/.test(file.path)) return [];
  return file.edits
    .filter(({ before, after }) => before.text.trim() === after.text.trim())
    .filter(({ before, after }) => nameAbove(file.before, before) !== nameAbove(file.after, after))
    .map(({ after }) => ({ deed: 'setting-gone' as const, value: 0.9, path: file.path, line: after.line }));
}

/** JSON ends with what has no comma. */
function byCommas(file: FileReading): Done[] {
  if (!file.path.endsWith('.json')) return [];
  return file.after.flatMap((spot, index) => {
    const next = file.after[index + 1];
    if (spot.sign !== '+' || next === undefined || next.hunk !== spot.hunk) return [];
    const isLast = /^\s*[}\]]/.test(next.text);
    const isWrong = isLast ? spot.text.endsWith(',') : /["\d\]}le]$/.test(spot.text) && /^\s*"/.test(next.text);
    return isWrong ? [{ deed: 'setting-malformed' as const, value: 1, path: file.path, line: spot.line }] : [];
  });
}

export function bySettings(file: FileReading): Done[] {
  const isSettings = file.kind === 'config' || /(?:^|\/)(?:\.env|docker-compose|compose|Dockerfile)/.test(file.path);
  if (!isSettings || isCode(file.path)) return [];
  const done = (deed: Deed, value: number, { line }: Spot): Done => ({ deed, value, path: file.path, line });
  const edited = file.edits
    .filter((edit) => !isRemark(edit, file))
    .flatMap((edit) => settingDeeds(edit).map(([deed, value]) => done(deed, value, edit.after)));
  const replaced = new Set(file.edits.map(({ before }) => before));
  const gone = file.gone
    .filter((spot) => !replaced.has(spot) && pairOf(spot.text) !== undefined)
    .map((spot) => done('setting-gone', 0.9, spot));
  return [...edited, ...gone.slice(0, 1), ...secrets(file), ...byPlace(file), ...byCommas(file)];
}

const REMARKS = /\b(?:annotations|labels|tags|description|metadata)\s*:/;

/** It says something about what it stands in, and steers nothing. */
function isRemark({ after }: Edit, file: FileReading): boolean {
  const [above] = holders(file.after, after);
  return above !== undefined && REMARKS.test(above.text);
}

function settingDeeds({ before, after }: Edit): [Deed, number][] {
  const [olds, nows] = [piecesOf(unwrapped(before.text)), piecesOf(unwrapped(after.text))];
  if (olds.length > 1 && olds.length === nows.length)
    return olds.flatMap((old, index) => (old === nows[index] ? [] : pairDeeds(old, nows[index] ?? '')));
  return pairDeeds(
    ...(olds.length === 1 && /\{.*\}/.test(before.text)
      ? ([olds[0] ?? '', nows[0] ?? ''] as const)
      : ([before.text, after.text] as const)),
  );
}

/** `"queue": { "limit": 5, … }` on one line. */
function unwrapped(text: string): string {
  return text.replace(/^[^{]*\{\s*/, '').replace(/\s*\}[^}]*$/, '');
}

function pairDeeds(before: string, after: string): [Deed, number][] {
  const [old, now] = [pairOf(before), pairOf(after)];
  if (!old || !now) return [];
  if (old.key !== now.key) return [['setting-gone', 0.95]];
  if (/^\s*\w+=/.test(before) && /^\s*\w+\s+=|=\s/.test(after)) return [['setting-malformed', 1]];
  const [from, to] = [formOf(old.value), formOf(now.value)];
  if (from !== to) return [['setting-malformed', 1]];
  if (from.startsWith('number') || old.value === now.value) return [];
  // Prose is shown to somebody; it steers nothing.
  return /\s/.test(bare(now.value)) && !/[/\\=]/.test(now.value) ? [] : [['setting-changed', 0.8]];
}

function bare(value: string): string {
  return value.replace(/^["']|["']$/g, '').trim();
}

function formOf(value: string): string {
  const text = bare(value);
  if (text === '') return 'empty';
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return /^["']/.test(value) ? 'quoted number' : 'number';
  if (/^(?:true|false|yes|no|on|off)$/i.test(text)) return 'switch';
  if (/^-?\d+(?:\.\d+)?\s?[a-zA-Zµ%]{1,3}$/.test(text)) return 'number with unit';
  if (/^-?\d[\d_,' ]*$/.test(text)) return 'number with marks';
  if (/^[[{]/.test(text)) return 'list';
  if (/^\$\{?\w/.test(text)) return 'reference';
  return 'text';
}

const SECRET_KEY =
  /(?:^|[._-])(?:user(?:_?name)?|pass(?:word|wd|phrase)?|secret|token|api[_-]?key|key|credential\w*|client[_-]?id|role|realm|issuer|audience|scope|algorithm)$/i;

function secrets(file: FileReading): Done[] {
  return file.edits.flatMap(({ before, after }) => {
    const [old, now] = [pairOf(before.text), pairOf(after.text)];
    if (!old || !now || old.value === now.value) return [];
    const isSecret = SECRET_KEY.test(old.key.replace(/([a-z])([A-Z])/g, '$1_$2'));
    if (!isSecret && !OF_SECRET.test(nameAbove(file.after, after).split(' ').slice(0, 2).join(' '))) return [];
    return [{ deed: 'authenticates-otherwise' as const, value: 1, path: file.path, line: after.line }];
  });
}

const NAME = /^['"`]\$?\{?([A-Za-z][\w.-]*)\}?['"`]$|^([A-Z]{2,}\w*_\w+)$/;

function namesIn(tokens: readonly string[]): string[] {
  return tokens.flatMap((token) => {
    const match = NAME.exec(token);
    return match?.[1] ?? match?.[2] ?? [];
  });
}

/** Code that reads a setting under another name, or from another section. */
export function byNamesOfSettings(file: FileReading): Done[] {
  return file.edits.flatMap(({ before, after, out, in: came }) => {
    if (!ENV.test(before.text) || !ENV.test(after.text)) return [];
    const isGone = namesIn(out).some((name) => !after.text.includes(name));
    const isFresh = namesIn(came).some((name) => !before.text.includes(name));
    if (!isGone || !isFresh) return [];
    return [{ deed: 'setting-gone' as const, value: 1, path: file.path, line: after.line }];
  });
}
