/** The things in a sentence that can be true or false by a figure: times, hashes, places, percents, durations, numbers. */

export type Quantity =
  | { readonly kind: 'instant'; readonly text: string; readonly at: string }
  /** `03:12:05` or `03:12`: a time of day, UTC. */
  | { readonly kind: 'clock'; readonly text: string; readonly seconds: number; readonly isToMinute: boolean }
  | { readonly kind: 'hash'; readonly text: string }
  | { readonly kind: 'place'; readonly text: string; readonly path: string; readonly line: number | undefined }
  | { readonly kind: 'percent'; readonly text: string; readonly value: number; readonly decimals: number }
  | { readonly kind: 'duration'; readonly text: string; readonly seconds: number; readonly unitSeconds: number }
  | { readonly kind: 'bytes'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'fold'; readonly text: string; readonly factor: number }
  | { readonly kind: 'status'; readonly text: string; readonly value: number }
  | { readonly kind: 'line'; readonly text: string; readonly value: number }
  | { readonly kind: 'count'; readonly text: string; readonly value: number; readonly noun: string }
  | { readonly kind: 'number'; readonly text: string; readonly value: number; readonly decimals: number };

interface Recogniser {
  readonly pattern: RegExp;
  readonly read: (match: RegExpMatchArray) => Quantity | undefined;
}

const SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  milliseconds: 0.001,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
  day: 86_400,
  days: 86_400,
};
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1000,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};
const FOLDS: Readonly<Record<string, number>> = { doubled: 2, tripled: 3, quadrupled: 4, halved: 0.5 };

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
    pattern: /(?<![\w:.])([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?(?![\w:])/g,
    read: ([text = '', hours, minutes, seconds]) => ({
      kind: 'clock',
      text,
      seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0),
      isToMinute: seconds === undefined,
    }),
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
    pattern: new RegExp(String.raw`(?<![\w.])(${NUMBER})[\s\u00a0\u202f]*%`, 'g'),
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
    pattern: new RegExp(
      String.raw`(?<![\w.])(${NUMBER})[ -]?(?:fold\b|times (?:as|more|higher|lower|slower|faster)\b)`,
      'g',
    ),
    read: ([text = '', value]) => ({ kind: 'fold', text, factor: numeric(value) }),
  },
  {
    pattern: /\b(?:doubled|tripled|quadrupled|halved)\b/g,
    read: ([text = '']) => ({ kind: 'fold', text, factor: FOLDS[text] ?? 1 }),
  },
  {
    pattern: /(?<=\b(?:answer(?:ed|s)?|HTTP|status|returned|with|->) (?:HTTP )?)([1-5]\d\d)(?![\w%])/g,
    read: ([text = '']) => ({ kind: 'status', text, value: Number(text) }),
  },
  { pattern: /(?<=\blines? )(\d+)(?!\w|\.\d)/g, read: ([text = '']) => ({ kind: 'line', text, value: Number(text) }) },
  {
    pattern: new RegExp(
      String.raw`(?<![\w.:/-])(${NUMBER}) (?:(?:new|error|log|scrape|failing|failed|more|other) )*(lines?|times?|commits?|files?|alerts?|samples?|targets?|requests?|frames?|errors?|traces?|services?|exceptions?|occurrences?)\b`,
      'g',
    ),
    read: ([text = '', value, noun]) => ({ kind: 'count', text, value: numeric(value), noun: noun ?? '' }),
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

function numeric(text: string | undefined): number {
  return Number((text ?? '').replaceAll(',', ''));
}

function decimalsOf(text: string | undefined): number {
  return (text ?? '').split('.')[1]?.length ?? 0;
}
