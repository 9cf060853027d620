/** Settings with a number in them, before and after a change: what was cut, what was raised, and how much. */

interface Setting {
  /** The line without its numbers and units: the same setting before and after has the same words. */
  readonly words: readonly string[];
  readonly value: number;
}
export interface Shift {
  readonly words: readonly string[];
  /** Natural logarithm of after by before: below 0 it was cut. */
  readonly logRatio: number;
}

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:ns|nanoseconds?|nanos)$/i, 1e-9],
  [/^(?:us|µs|microseconds?|micros)$/i, 1e-6],
  [/^(?:ms|milliseconds?|millis?)$/i, 1e-3],
  [/^(?:s|secs?|seconds?)$/i, 1],
  [/^(?:m|mins?|minutes?)$/, 60],
  [/^(?:h|hrs?|hours?)$/i, 3_600],
  [/^(?:d|days?)$/i, 86_400],
  [/^(?:k|kb|ki|kib)$/i, 1_024],
  [/^(?:mb|mi|mib|M)$/, 1_048_576],
  [/^(?:g|gb|gi|gib)$/i, 1_073_741_824],
];
const NUMBER = /(?<![\w.])(\d[\d_]*(?:\.\d+)?)([a-zA-Zµ]{0,3})\b/g;
/** `5 * time.Second`, `ofMillis(300)`, `300 * time.Millisecond`, `timeoutMs = 300`. */
const UNIT_WORD =
  /(?:time\.|\bof|timedelta\(|TimeUnit\.)?(nanos(?:econds?)?|micros(?:econds?)?|milli(?:s|seconds?)?|seconds?|minutes?|hours?|days?)\b/i;

/** The settings of a line; several numbers on one line stay apart by their place. */
function settingsOf(text: string): Setting[] {
  const line = spelledOut(text);
  const words = line
    .replace(NUMBER, ' ')
    .split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u)
    .map((word) => word.toLowerCase())
    .filter((word) => word.length > 1 && unitOf(word) === undefined && !/^(?:time|of)$/.test(word));
  const spelled = UNIT_WORD.exec(line)?.[1];
  const wordUnit = spelled === undefined ? undefined : unitOf(spelled.toLowerCase());
  return [...line.matchAll(NUMBER)].map((match, index) => ({
    words: index === 0 ? words : [...words, `#${index}`],
    value: multiplied(line, match) * (unitOf(match[2] ?? '') ?? wordUnit ?? 1),
  }));
}

/** Where no end is meant. */
const ENDLESS = '1000000000000';

/** `-Xmx512m`; `time.Minute` alone is one of them; a thousandth of a processor is no minute. */
function spelledOut(text: string): string {
  return (
    text
      .replace(
        /\b(?:(?:Integer|Long)\.MAX_VALUE|Infinity|math\.MaxInt\d*|sys\.maxsize|Number\.MAX_\w+|unlimited)\b/g,
        ENDLESS,
      )
      // No bound, in many programs.
      .replace(/(?<=[:=]\s*["']?)-1\b/g, ENDLESS)
      .replace(/-Xm([xsn])(?=\d)/g, '-Xm$1 ')
      .replace(/(?<![*\d]\s*)\btime\.(?=(?:Hour|Minute|Second|Millisecond)\b)/g, '1 * time.')
      .replace(/(?<=\bcpus?\b.*\d)m\b/i, ' milli')
  );
}

/** `5 * 60 * 1000` is one quantity; its later factors count as one each when they come to be read themselves. */
function multiplied(line: string, match: RegExpExecArray): number {
  const own = Number((match[1] ?? '').replaceAll('_', ''));
  const rest = line.slice(match.index + match[0].length);
  const factors = /^(?:\s*\*\s*\d[\d_]*)+/.exec(rest)?.[0] ?? '';
  return (factors.match(/\d[\d_]*/g) ?? []).reduce(
    (product, factor) => product * Number(factor.replaceAll('_', '')),
    own,
  );
}

function unitOf(word: string): number | undefined {
  return word === '' ? undefined : UNITS.find(([pattern]) => pattern.test(word))?.[1];
}

/** Two lines speak of the same setting if they share so much of their words. */
const SAME_SETTING = 0.5;

/** Each removed setting against the added one that is most like it. */
export function shiftsOf(removed: readonly string[], added: readonly string[]): Shift[] {
  const after = added.flatMap((line) => settingsOf(line));
  const shifts: Shift[] = [];
  for (const before of removed.flatMap((line) => settingsOf(line))) {
    const [match] = after
      .map((setting) => ({ setting, likeness: likeness(before.words, setting.words) }))
      .filter(({ likeness: value }) => value >= SAME_SETTING)
      .sort((a, b) => b.likeness - a.likeness);
    if (!match || before.value <= 0 || match.setting.value === before.value) continue;
    // To nothing is as far as a hundredth.
    const value = Math.max(match.setting.value, before.value / 100);
    shifts.push({ words: before.words, logRatio: Math.log(value / before.value) });
  }
  return shifts;
}

function likeness(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [new Set(a), new Set(b)];
  const both = [...left].filter((word) => right.has(word)).length;
  return left.size + right.size === 0 ? 1 : (2 * both) / (left.size + right.size);
}
