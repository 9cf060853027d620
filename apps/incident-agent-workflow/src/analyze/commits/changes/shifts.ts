/** Numbers that a change cut or raised, by what they are a number of. */
import { shiftsOf } from '../quantities.ts';
import type { Deed, Done } from './deeds.ts';
import type { Edit, FileReading } from './reading.ts';

interface Quantity {
  readonly names: RegExp;
  /** What the lines above must say as well. */
  readonly within?: RegExp;
  readonly cut?: readonly Deed[];
  readonly raised?: readonly Deed[];
  /** A factor that counts full, where it is not eight. */
  readonly full?: number;
}

/** The first that fits decides. Names are lower case, their words apart. */
const QUANTITIES: readonly Quantity[] = [
  {
    names: /probe|liveness|readiness|health ?check|initial delay|failure threshold|start period/,
    cut: ['starts-otherwise'],
    raised: ['waits-longer'],
  },
  {
    names: /visibility timeout|ack (?:wait|deadline|timeout)|max poll interval/,
    cut: ['consumes-less'],
    raised: ['waits-longer'],
  },
  { names: /\bstorage\b|\bdisk (?:size|gb)\b|allocated/, cut: ['disk-less'], raised: ['size-raised'], full: 3 },
  {
    names: /\bsize\b|capacity/,
    within: /persisten\w+|volumes?|\bdisks?\b|\bpvc\b|storage/,
    cut: ['disk-less'],
    raised: ['size-raised'],
    full: 3,
  },
  { names: /nofile|ulimit|open files|max files|file handles|descriptors?/, cut: ['descriptors-less'] },
  { names: /\brounds?\b|\bcost\b|log rounds|work factor|iterations?|difficulty/, raised: ['works-more'], full: 1.4 },
  { names: /comp(?:ress\w*)? level|quality/, raised: ['works-more'], full: 2 },
  { names: /\bcpus?\b|cpu shares|cpu quota|millicores/, cut: ['processor-less'], full: 3 },
  { names: /xm[xs]|old space|ram percentage/, cut: ['memory-less'], raised: ['size-raised'], full: 3 },
  { names: /\bmemory\b|\bmem\b|\bheap\b|max ram/, cut: ['memory-less'], full: 3 },
  { names: /retr(?:y|ies)|attempts?|tries/, raised: ['retries-more'], cut: ['gives-up-sooner'], full: 4 },
  {
    names:
      /back ?off|countdown|\beta\b|defer\w*|postpone\w*|visibility|pause|sleep|\brests?\b|delay|cool ?down|debounce|throttle|\bevery\b|\bidle (?:seconds?|millis\w*|ms|time|sleep|wait|pause)\b(?! ?out)|interval|period|poll|ticker|\btick\b|fixed (?:rate|delay)|schedule|heartbeat|linger/,
    cut: ['asks-more-often'],
    raised: ['waits-longer'],
  },
  {
    names: /refresh|renew|rotate|clean ?up|purge|sweep|flush|evict\w*|\bgc\b/,
    raised: ['keeps-longer'],
    cut: ['asks-more-often'],
  },
  { names: /batch|prefetch|chunk|piece|\bpage\b/, cut: ['consumes-less'], raised: ['size-raised'] },
  {
    names: /rate\b|rates? limit|per (?:second|minute|hour)|\b[rq]ps\b|quota|burst|allow\w*|\bcalls\b|limiter/,
    cut: ['allowance-less'],
    raised: ['asks-more-often'],
  },
  {
    names:
      /max idle|pool|connections?|\bconns?\b|workers?|threads?|concurren\w+|parallel\w*|replicas?|permits?|slots?|consumers?|sockets?|in ?flight|executors?|max open/,
    cut: ['pool-smaller', 'consumes-less'],
    raised: ['size-raised'],
    full: 4,
  },
  {
    names: /history|retention|\bkeep\b|backups?|rotat\w*|max age days|max files|archive/,
    raised: ['keeps-longer'],
    cut: ['setting-changed'],
  },
  {
    names: /\bttl\b|expir\w*|lifetime|max age|\bfresh\w*|stale|cache\w*|lease|session\w*|\bidle\b/,
    cut: ['no-cache', 'lives-shorter'],
    raised: ['keeps-longer'],
  },
  { names: /timeout|deadline|patience|budget|grace|wait/, cut: ['gives-up-sooner'], raised: ['waits-longer'] },
  {
    names: /\bchan\b|channel|fetch|buffer|\bsize\b|\blimit\b|\bmax\w*|bytes|capacity|length|window|depth|alloc|body/,
    raised: ['size-raised'],
    cut: ['bound-moved'],
  },
];
const FULL = 8;
/** Less than nearly a factor of two is tuning. */
const LEAST = Math.log(1.9);
const LEAST_VALUE = 0.15;

export function byNumbers(file: FileReading): Done[] {
  return file.edits.flatMap((edit) => shifted(edit, file));
}

function shifted(edit: Edit, file: FileReading): Done[] {
  const [before, after] = [piecesOf(edit.before.text), piecesOf(edit.after.text)];
  const changed = before.filter((piece) => !after.includes(piece));
  return shiftsOf(
    changed,
    after.filter((piece) => !before.includes(piece)),
  ).flatMap(({ logRatio, words }) => {
    const own = named(changed.length === 1 ? (changed[0] ?? '') : words.join(' '));
    const surroundings = named(`${edit.before.text} ${contextOf(edit, file)}`);
    const quantity =
      QUANTITIES.find(({ names, within }) => names.test(own) && within?.test(surroundings) !== false) ??
      QUANTITIES.find(({ names, within }) => names.test(surroundings) && within?.test(surroundings) !== false);
    if (!quantity) return unnamed(edit, file, logRatio);
    if (Math.abs(logRatio) < Math.min(LEAST, Math.log(quantity.full ?? FULL) * 0.8)) return [];
    const share = Math.abs(logRatio) / Math.log(quantity.full ?? FULL);
    const value = Math.min(1, LEAST_VALUE + (1 - LEAST_VALUE) * share);
    const deeds = (logRatio < 0 ? quantity.cut : quantity.raised) ?? [];
    return deeds.map((deed) => ({ deed, value, path: file.path, line: edit.after.line }));
  });
}

/** A number that is called after what it is for, as settings of one kind are, moved far. */
const UNNAMED_VALUE = 0.7;

function unnamed(edit: Edit, file: FileReading, logRatio: number): Done[] {
  if (file.kind !== 'config' || Math.abs(logRatio) < Math.log(FULL)) return [];
  const deed = logRatio < 0 ? 'number-cut' : 'number-raised';
  return [{ deed, value: UNNAMED_VALUE, path: file.path, line: edit.after.line }];
}

/** Of several settings on one line each by itself. */
export function piecesOf(text: string): string[] {
  return text.split(/,(?=\s*["'\w])/).map((piece) => piece.trim());
}

function named(text: string): string {
  return text
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .toLowerCase();
}

/** The key under which a setting stands, where it is on a line above. */
function contextOf(edit: Edit, file: FileReading): string {
  const at = file.after.indexOf(edit.after);
  const above = file.after.slice(Math.max(0, at - 3), at).filter(({ indent }) => indent < edit.after.indent);
  return above.map(({ text }) => text).join(' ');
}
