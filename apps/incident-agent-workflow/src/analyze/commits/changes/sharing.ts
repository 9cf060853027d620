/** What was made once for all calls, and is made anew with each. */
import type { Done } from './deeds.ts';
import type { FileReading } from './reading.ts';
import { COMPILES, SHARED } from './resource-words.ts';
import { isInFunction } from './scopes.ts';

const LIKELY = 0.75;

export function bySharing(file: FileReading): Done[] {
  const shared = madePerCall(SHARED, file);
  const compiled = madePerCall(COMPILES, file);
  const value = shared.wasShared ? 1 : LIKELY;
  return [
    ...shared.lines.map((line) => ({ deed: 'opens-per-call' as const, value, path: file.path, line })),
    ...madePerCall(KEEPS, file).lines.map((line) => ({
      deed: 'no-cache' as const,
      value: 0.95,
      path: file.path,
      line,
    })),
    ...hoistingUndone(file),
    ...madeOnce(file),
    ...sharedByMistake(file).map((line) => ({ deed: 'grows-for-good' as const, value: 0.9, path: file.path, line })),
    ...(compiled.wasShared ? compiled.lines : []).map((line) => ({
      deed: 'works-more' as const,
      value: 0.9,
      path: file.path,
      line,
    })),
  ];
}

const MADE_BY =
  /^(?:export\s+)?(?:(?:const|let|var|val|private|static|final)\s+)*(?:[\w<>]+\s+)?\w+\s*:?=\s*(?:new\s+|await\s+)?([\w.]+\(.*\))/;

/** What stood before all functions, made once, is made in one of them by the same call. */
function hoistingUndone(file: FileReading): Done[] {
  const once = file.gone.flatMap((spot) => {
    const call = spot.indent === 0 ? MADE_BY.exec(spot.text)?.[1] : undefined;
    return call === undefined ? [] : [call];
  });
  return file.come
    .filter((spot) => once.some((call) => spot.text.includes(call)) && isInFunction(file, file.after, spot))
    .flatMap(({ line }) =>
      (['works-more', 'opens-per-call', 'no-cache'] as const).map((deed) => ({
        deed,
        value: 0.9,
        path: file.path,
        line,
      })),
    );
}

/** What was made with each call is made once: it is no longer of the moment. */
function madeOnce(file: FileReading): Done[] {
  const each = new Set(
    file.gone.filter((spot) => isInFunction(file, file.before, spot)).flatMap(({ text }) => callsOf(text)),
  );
  return file.come
    .filter((spot) => !isInFunction(file, file.after, spot))
    .filter((spot) => callsOf(spot.text).some((name) => each.has(name) && OF_THE_MOMENT.test(name)))
    .map(({ line }) => ({ deed: 'made-once' as const, value: 1, path: file.path, line }));
}
function callsOf(text: string): string[] {
  return [...text.matchAll(/(?<![\w.])([a-z]\w+)\(/g)].map((match) => match[1] ?? '');
}

const OF_THE_MOMENT =
  /token|sign|bearer|credential|auth|now|time|date|nonce|random|uuid|header|session|load|read|fetch|get/i;

/** What keeps answers; made anew it keeps none. */
const KEEPS =
  /\b\w*(?:cache|memo|kept|known|seen|answers)\w*\b[^=]*=\s*(?:new (?:\w*Map|\w*Cache)|\{\}|dict\(|make\(map|Caffeine|CacheBuilder|lru)/i;
/** What gathers while one request is served. */
const OF_ONE_REQUEST =
  /new DataLoader\(|\bnew \w*(?:EntityManager|UnitOfWork|RequestContext|IdentityMap)\(|createEntityManager\(|(?<![\w.])Session\(\)/;

function sharedByMistake(file: FileReading): number[] {
  const wasOwn = file.before.some(({ sign, text }) => sign === '-' && OF_ONE_REQUEST.test(text));
  return file.after
    .filter((spot) => spot.sign === '+' && OF_ONE_REQUEST.test(spot.text) && !isInFunction(file, file.after, spot))
    .flatMap(({ line }) => (wasOwn ? [line] : []));
}

/** What is only moved into a function has the same words as before: the sides are compared as they are. */
function madePerCall(what: RegExp, file: FileReading): { lines: number[]; wasShared: boolean } {
  const removed = file.before.filter(({ sign, text }) => sign === '-' && what.test(text));
  const within = removed.filter((spot) => isInFunction(file, file.before, spot));
  const made = file.after.filter(
    (spot) => spot.sign === '+' && what.test(spot.text) && isInFunction(file, file.after, spot),
  );
  const lines = made.length > within.length ? made.map(({ line }) => line) : [];
  return { lines, wasShared: removed.length > within.length };
}
