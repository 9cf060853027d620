/** Settings that got another value, another form of it, another name, or that are gone; and addresses, wherever they stand. */
import { ENV } from './between-words.ts';
import type { Deed, Done } from './deeds.ts';
import { type Edit, type FileReading, isCode, type Spot } from './reading.ts';
import { holders } from './scopes.ts';
import { piecesOf } from './shifts.ts';

const PAIR = /^\s*(?:-\s+)?(?:export\s+|ENV\s+|ARG\s+)?["']?([A-Za-z_][\w.-]*)["']?(\s*[:=]\s*|\s+)(.*?),?\s*$/;
const ELEMENT = /^\s*<([\w.-]+)>([^<]*)<\/\1>\s*$/;

interface Pair {
  readonly key: string;
  readonly value: string;
  readonly sign: string;
}

function pairOf(text: string): Pair | undefined {
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

export function bySettings(file: FileReading): Done[] {
  const isSettings = file.kind === 'config' || /(?:^|\/)(?:\.env|docker-compose|compose|Dockerfile)/.test(file.path);
  if (!isSettings || isCode(file.path)) return [];
  const done = (deed: Deed, value: number, { line }: Spot): Done => ({ deed, value, path: file.path, line });
  const edited = file.edits.flatMap((edit) => settingDeeds(edit).map(([deed, value]) => done(deed, value, edit.after)));
  const replaced = new Set(file.edits.map(({ before }) => before));
  const gone = file.gone
    .filter((spot) => !replaced.has(spot) && pairOf(spot.text) !== undefined)
    .map((spot) => done('setting-gone', 0.9, spot));
  return [...edited, ...gone.slice(0, 1), ...secrets(file), ...byPlace(file)];
}

function settingDeeds({ before, after }: Edit): [Deed, number][] {
  const [olds, nows] = [piecesOf(unwrapped(before.text)), piecesOf(unwrapped(after.text))];
  if (olds.length > 1 && olds.length === nows.length)
    return olds.flatMap((old, index) => (old === nows[index] ? [] : pairDeeds(old, nows[index] ?? '')));
  return pairDeeds(before.text, after.text);
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

const URL = /(\w[\w+.:-]*):\/\/([^\s/:"'`,;?)]*)(?::(\d+))?([^\s"'`,;)]*)/;
const HOST_KEY =
  /(?:host\w*|addr\w*|url|uri|endpoint|broker\w*|bootstrap\w*|servers?|origin|domain|upstream|target|dsn|base\w*)\b/i;
const PORT_KEY = /port\b/i;

const NAME = /^['"`]\$?\{?([A-Za-z][\w.-]*)\}?['"`]$|^([A-Z]{2,}\w*_\w+)$/;

/** Code that reads a setting under another name, or from another section. */
export function byNamesOfSettings(file: FileReading): Done[] {
  return file.edits.flatMap(({ before, after, out, in: came }) => {
    if (!ENV.test(before.text) || !ENV.test(after.text)) return [];
    const names = (tokens: readonly string[]) =>
      tokens.flatMap(
        (token) =>
          NAME.exec(token)
            ?.slice(1, 3)
            .find((name) => name !== undefined) ?? [],
      );
    const gone = names(out).some((name) => !after.text.includes(name));
    const fresh = names(came).some((name) => !before.text.includes(name));
    if (!gone || !fresh) return [];
    return [{ deed: 'setting-gone' as const, value: 1, path: file.path, line: after.line }];
  });
}

/** Of addresses, in settings as in code. A link in a sentence is none. */
export function byAddresses(file: FileReading): Done[] {
  return file.edits.flatMap((edit) =>
    addressDeeds(edit).map(([deed, value]) => ({ deed, value, path: file.path, line: edit.after.line })),
  );
}

function addressDeeds({ before, after, out, in: came }: Edit): [Deed, number][] {
  const [old, now] = [URL.exec(before.text), URL.exec(after.text)];
  if (old && now) return partDeeds(old, now);
  const key = `${before.text} ${after.text}`;
  // An address that is built otherwise.
  if (old || now)
    return HOST_KEY.test(key) && !/\s\w+\s+\w+\s/.test(`${old?.[0] ?? ''}`)
      ? [
          ['host-changed', 0.9],
          ['scheme-changed', 0.8],
        ]
      : [];
  const strings = (tokens: readonly string[]) => tokens.filter((token) => /^['"`]/.test(token));
  const [from, to] = [strings(out), strings(came)];
  if (/0\.0\.0\.0|127\.0\.0\.1|localhost|::1/.test([...from, ...to].join(' ')))
    return [
      ['host-changed', 1],
      ['port-changed', 0.9],
    ];
  const value = (spot: Spot) => pairOf(spot.text);
  const [pairBefore, pairAfter] = [value(before), value(after)];
  const isSame = pairBefore !== undefined && pairBefore.key === pairAfter?.key && pairBefore.value !== pairAfter.value;
  if (
    isSame &&
    HOST_KEY.test(lastOf(pairBefore.key)) &&
    /^["']?[a-z][\w.-]*(?::\d+)?["']?$/i.test(pairAfter?.value ?? '')
  )
    return [['host-changed', 1]];
  if (
    /\bport\b|--port|listen|SocketAddress|\bbind\b|\bserve\b/i.test(named(key)) &&
    came.some((token) => /^\d{2,5}$/.test(token)) &&
    out.some((token) => /^\d{2,5}$/.test(token))
  )
    return [['port-changed', 1]];
  if (isSame && PORT_KEY.test(lastOf(pairBefore.key)) && /^\d/.test(pairBefore.value)) return [['port-changed', 1]];
  const isHost = [...from, ...to].length > 1 && [...from, ...to].every((text) => HOST_LIKE.test(text));
  if (isHost && HOST_KEY.test(named(key).replace(/\bbase\b/gi, ''))) return [['host-changed', 0.9]];
  return pathDeeds(from, to, key);
}

function named(text: string): string {
  return text.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/_/g, ' ');
}

const HOST_LIKE = /^['"`][a-z][a-z\d-]*(?:\.[a-z\d-]+)*['"`]$/;

/** Of `server.ledger.host` what it is itself. */
function lastOf(key: string): string {
  return named(key.split('.').at(-1) ?? key);
}

function partDeeds(old: RegExpExecArray, now: RegExpExecArray): [Deed, number][] {
  const deeds: [Deed, number][] = [];
  if (old[1] !== now[1]) deeds.push(['scheme-changed', 1]);
  if (old[2] !== now[2]) deeds.push(['host-changed', 1]);
  if (old[3] !== now[3]) deeds.push(['port-changed', 1]);
  if (old[4] !== now[4]) deeds.push(['path-changed', 0.95]);
  return deeds;
}

const CALLS =
  /fetch\(|\.(?:get|post|put|patch|delete|request|json|send|exchange|call|Get|Post|Do|NewRequest\w*)\(|url|uri|path|endpoint|params|method|headers/i;

/** What is asked for under an address: its path, its method, its parameters. */
function pathDeeds(from: readonly string[], to: readonly string[], context: string): [Deed, number][] {
  if (from.length === 0 || to.length === 0 || !CALLS.test(context)) return [];
  const isPath = [...from, ...to].some((text) =>
    /^['"`]\/[\w{$]|^['"`](?:GET|POST|PUT|PATCH|DELETE)['"`]|^['"`](?:application|text|multipart)\//.test(text),
  );
  const isParameter = /params|query|search/i.test(context);
  return isPath || isParameter ? [['path-changed', 0.9]] : [];
}
