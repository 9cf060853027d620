/** The things in a sentence that can be true or false by a figure: times, hashes, places, percents, durations, numbers. */

export type Quantity =
  | { readonly kind: 'instant'; readonly text: string; readonly at: string }
  /** `2026-03-02`, `2 March`, `Mar 2, 2026`: a day, UTC. */
  | {
      readonly kind: 'day';
      readonly text: string;
      readonly year?: number;
      readonly month: number;
      readonly day: number;
    }
  /** `03:12:05`, `03:12`, `3:12 pm`: a time of day, UTC. */
  | { readonly kind: 'clock'; readonly text: string; readonly seconds: number; readonly isToMinute: boolean }
  | { readonly kind: 'hash'; readonly text: string }
  | { readonly kind: 'place'; readonly text: string; readonly path: string; readonly line: number | undefined }
  | { readonly kind: 'percent'; readonly text: string; readonly value: number; readonly decimals: number }
  | { readonly kind: 'duration'; readonly text: string; readonly seconds: number; readonly unitSeconds: number }
  | { readonly kind: 'bytes'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'fold'; readonly text: string; readonly factor: number }
  /** `5.0.3`, `10.0.0.7:5432`: a version or an address, which is right or wrong to the letter. */
  | { readonly kind: 'verbatim'; readonly text: string }
  | { readonly kind: 'status'; readonly text: string; readonly value: number }
  | { readonly kind: 'line'; readonly text: string; readonly value: number }
  | { readonly kind: 'count'; readonly text: string; readonly value: number; readonly noun: string }
  | { readonly kind: 'number'; readonly text: string; readonly value: number; readonly decimals: number };

interface Recogniser {
  readonly pattern: RegExp;
  readonly read: (match: RegExpMatchArray) => Quantity | undefined;
}

const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  microseconds: 1e-6,
  ms: 0.001,
  milliseconds: 0.001,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  min: 60,
  minute: 60,
  mins: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hrs: 3600,
  hour: 3600,
  hours: 3600,
  day: 86_400,
  days: 86_400,
  week: 604_800,
  weeks: 604_800,
};
/** Written close to their number only: `5 m` may be metres. */
const CLOSE_SECONDS: Readonly<Record<string, number>> = { ...SECONDS, m: 60, d: 86_400 };
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1000,
  KB: 1000,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};
const FOLDS: Readonly<Record<string, number>> = { doubled: 2, tripled: 3, quadrupled: 4, halved: 0.5 };

const WORDS: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fourteen: 14,
  fifteen: 15,
  twenty: 20,
  fifty: 50,
  hundred: 100,
};
const PARTS: Readonly<Record<string, number>> = {
  half: 50,
  'a third': 33.3,
  'two thirds': 66.7,
  'a quarter': 25,
  'three quarters': 75,
};
const SCALES: Readonly<Record<string, number>> = { k: 3, K: 3, M: 6, bn: 9 };
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)';
const COUNTED =
  '(?:(?:new|error|log|scrape|failing|failed|more|other) )*(lines?|times?|commits?|files?|alerts?|samples?|targets?|requests?|frames?|errors?|traces?|services?|exceptions?|occurrences?)';

const NUMBER = String.raw`\d[\d,]*(?:\.\d+)?`;
const EXTENSIONS =
  'ts|tsx|js|jsx|mjs|cjs|mts|cts|py|java|kt|go|rb|rs|php|cs|c|cc|cpp|h|json|ya?ml|toml|env|sql|sh|html|css|md|txt|conf|ini|xml|gradle|properties|vue|svelte';

/** First the longest and most particular: what one of them takes, the next one does not see. */
const RECOGNISERS: readonly Recogniser[] = [
  {
    pattern: /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?/g,
    read: ([text = '']) => ({
      kind: 'instant',
      text,
      at: /Z|[+-]\d{2}:?\d{2}$/.test(text) ? text : `${text.replace(' ', 'T')}Z`,
    }),
  },
  {
    pattern: new RegExp(
      String.raw`(?<![\w/.-])((?:\.{0,2}/)?(?:[\w@.+\[\]-]+/)*[\w@.+\[\]-]+\.(?:${EXTENSIONS}))(?::(\d+)(?::\d+)?)?(?![\w/])`,
      'g',
    ),
    read: ([text = '', path, line]) => ({
      kind: 'place',
      text,
      path: path ?? '',
      line: line === undefined ? undefined : Number(line),
    }),
  },
  {
    pattern: /(?<![\w.-])(\d{4})-(\d{2})-(\d{2})(?![\w:-])/g,
    read: ([text = '', year, month, day]) => dayOf(text, day, month, year),
  },
  {
    pattern: new RegExp(String.raw`(?<![\w.])(\d{1,2})(?:st|nd|rd|th)? ${MONTH}\b(?:,? (\d{4})\b)?`, 'g'),
    read: ([text = '', day, month, year]) => dayOf(text, day, monthOf(month), year),
  },
  {
    pattern: new RegExp(String.raw`\b${MONTH} (\d{1,2})(?:st|nd|rd|th)?\b(?!:)(?:,? (\d{4})\b)?`, 'g'),
    read: ([text = '', month, day, year]) => dayOf(text, day, monthOf(month), year),
  },
  {
    pattern: /(?<![\w:.])(?:1?\d|0\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[ap]\.?m\b)?(?![\w:])/gi,
    read: ([text = '']) => clockOf(text),
  },
  { pattern: /(?<![\w:.])(?:1[0-2]|[1-9]) ?[ap]\.?m\b/gi, read: ([text = '']) => clockOf(text) },
  {
    pattern: /(?<![\w.:/-])(?:v?\d+\.\d+\.\d+(?:[-+][\w.]*\w)?|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?)(?!\w|[.:-]\w)/g,
    read: ([text = '']) => ({ kind: 'verbatim', text }),
  },
  {
    pattern: /(?<![\w-])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,64}(?![\w-])/g,
    read: ([text = '']) => ({ kind: 'hash', text }),
  },
  {
    pattern: /(?<=\b(?:commits?|revision|hash) )[0-9a-f]{7,64}(?![\w-])/gi,
    read: ([text = '']) => ({ kind: 'hash', text: text.toLowerCase() }),
  },
  {
    pattern: new RegExp(String.raw`(?<![\w.])(${NUMBER})[\s\u00a0\u202f]*(?:%|per ?cent(?:age points?)?\b)`, 'g'),
    read: ([text = '', value]) => ({ kind: 'percent', text, value: numeric(value), decimals: decimalsOf(value) }),
  },
  {
    pattern: new RegExp(String.raw`(?<![\w.])(${NUMBER})[\s\u00a0\u202f]*(${Object.keys(BYTES).join('|')})\b`, 'g'),
    read: ([text = '', value, unit]) => ({ kind: 'bytes', text, bytes: numeric(value) * (BYTES[unit ?? ''] ?? 1) }),
  },
  {
    pattern: new RegExp(
      String.raw`(?<![\w.])(${NUMBER})[\s\u00a0\u202f]*(${Object.keys(SECONDS).join('|')})\b(?!/)`,
      'g',
    ),
    read: ([text = '', value, unit]) => {
      const unitSeconds = SECONDS[unit ?? ''] ?? 1;
      return {
        kind: 'duration',
        text,
        seconds: numeric(value) * unitSeconds,
        unitSeconds: unitSeconds / 10 ** decimalsOf(value),
      };
    },
  },
  {
    pattern: /(?<![\w.:/-])(?:\d+(?:\.\d+)?(?:ms|[dhms]))+(?![\w/-])/g,
    read: ([text = '']) => {
      const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)];
      const seconds = parts.reduce(
        (sum, [, value, unit]) => sum + numeric(value) * (CLOSE_SECONDS[unit ?? ''] ?? 1),
        0,
      );
      const [, value, unit] = parts.at(-1) ?? [];
      return {
        kind: 'duration',
        text,
        seconds,
        unitSeconds: (CLOSE_SECONDS[unit ?? ''] ?? 1) / 10 ** decimalsOf(value),
      };
    },
  },
  {
    pattern: new RegExp(String.raw`\b(${Object.keys(PARTS).join('|')}) of\b`, 'gi'),
    // As rough as the word: five points.
    read: ([text = '', part]) => ({
      kind: 'percent',
      text,
      value: PARTS[part?.toLowerCase() ?? ''] ?? 0,
      decimals: -1,
    }),
  },
  {
    pattern: new RegExp(String.raw`\b(${Object.keys(WORDS).join('|')})-?fold\b`, 'gi'),
    read: ([text = '', word]) => ({ kind: 'fold', text, factor: WORDS[word?.toLowerCase() ?? ''] ?? 1 }),
  },
  { pattern: /\btwice(?= (?:as|what|the|its|their)\b)/gi, read: ([text = '']) => ({ kind: 'fold', text, factor: 2 }) },
  { pattern: /\btwice\b/gi, read: ([text = '']) => ({ kind: 'count', text, value: 2, noun: 'times' }) },
  {
    pattern: new RegExp(
      String.raw`(?<![\w.])(${NUMBER})[ -]?(?:fold\b|times (?:as|more|higher|lower|slower|faster)\b)`,
      'g',
    ),
    read: ([text = '', value]) => ({ kind: 'fold', text, factor: numeric(value) }),
  },
  {
    pattern: /\b(?:doubled|tripled|quadrupled|halved)\b/gi,
    read: ([text = '']) => ({ kind: 'fold', text, factor: FOLDS[text.toLowerCase()] ?? 1 }),
  },
  {
    pattern: /(?<=\b(?:answer(?:ed|s)?|HTTP|status|returned|with|->) (?:HTTP )?)([1-5]\d\d)(?![\w%])/g,
    read: ([text = '']) => ({ kind: 'status', text, value: Number(text) }),
  },
  { pattern: /(?<=\blines? )(\d+)(?!\w|\.\d)/g, read: ([text = '']) => ({ kind: 'line', text, value: Number(text) }) },
  {
    pattern: new RegExp(String.raw`(?<![\w-])(${Object.keys(WORDS).join('|')}) ${COUNTED}\b`, 'gi'),
    read: ([text = '', word, noun]) => ({
      kind: 'count',
      text,
      value: WORDS[word?.toLowerCase() ?? ''] ?? 0,
      noun: noun ?? '',
    }),
  },
  {
    pattern: new RegExp(String.raw`(?<![\w.:/-])(${NUMBER}) ${COUNTED}\b`, 'g'),
    read: ([text = '', value, noun]) => ({ kind: 'count', text, value: numeric(value), noun: noun ?? '' }),
  },
  {
    pattern: new RegExp(String.raw`(?<![\w.:/@-])(${NUMBER})(${Object.keys(SCALES).join('|')})(?![\w/-])`, 'g'),
    read: ([text = '', value, scale]) => {
      const exponent = SCALES[scale ?? ''] ?? 0;
      return { kind: 'number', text, value: numeric(value) * 10 ** exponent, decimals: decimalsOf(value) - exponent };
    },
  },
  // Not inside a word, a version, an address: those are names. `5xx` is one too.
  {
    pattern: new RegExp(String.raw`(?<![\w.:/@-])-?(${NUMBER})(?![\w:/-]|\.\d)`, 'g'),
    read: ([text = '']) => ({
      kind: 'number',
      text,
      value: Number(text.replaceAll(',', '')),
      decimals: decimalsOf(text),
    }),
  },
];

/** In the order of their kinds. Own numbers of the report (`E4`, `G2`, `H1`) and names with digits are no quantities. */
export function quantitiesIn(text: string): Quantity[] {
  let rest = text;
  const found: Quantity[] = [];
  for (const { pattern, read } of RECOGNISERS) {
    for (const match of rest.matchAll(pattern)) {
      const quantity = read(match);
      if (quantity) found.push(quantity);
    }
    rest = rest.replaceAll(pattern, (taken) => ' '.repeat(taken.length));
  }
  return found;
}

function dayOf(text: string, day: string | undefined, month: string | number | undefined, year?: string): Quantity {
  const known = year === undefined ? {} : { year: Number(year) };
  return { kind: 'day', text, ...known, month: Number(month), day: Number(day) };
}

function monthOf(name = ''): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

/** `03:12:05`, `3:12 pm`, `9 pm`. */
function clockOf(text: string): Quantity {
  const [hours = 0, minutes = 0, seconds] = (/^[\d:.]+/.exec(text)?.[0] ?? '').split(':').map(Number);
  const half = /([ap])\.?m/i.exec(text)?.[1]?.toLowerCase();
  const hour = half === undefined ? hours : (hours % 12) + (half === 'p' ? 12 : 0);
  const isToMinute = seconds === undefined;
  return { kind: 'clock', text, seconds: hour * 3600 + minutes * 60 + Math.floor(seconds ?? 0), isToMinute };
}

function numeric(text: string | undefined): number {
  return Number((text ?? '').replaceAll(',', ''));
}

function decimalsOf(text: string | undefined): number {
  return (text ?? '').split('.')[1]?.length ?? 0;
}
