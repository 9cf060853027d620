/** Source maps, version 3: from a place in built JavaScript to the place it was written at. Any text is read or refused as malformed. */
import { z } from 'zod';
import { AgentError } from '../domain/error.ts';

const SourceMap = z.object({
  version: z.literal(3),
  sourceRoot: z.string().optional(),
  sources: z.array(z.string().nullable()),
  mappings: z.string(),
});

/** Lines from 1, columns from 1, as stack traces count. */
export interface BuiltPosition {
  readonly line: number;
  readonly column: number;
}

export interface OriginalPosition {
  /** As the map names it, its root in front. */
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUE_OF = new Map(Array.from(DIGITS, (digit, value) => [digit.charCodeAt(0), value]));
const SEMICOLON = 0x3b;
const COMMA = 0x2c;
const CONTINUED = 0x20;
const VALUE_BITS = 5;
const VALUE_MASK = 0x1f;
const MAX_SHIFT = 30;

/** For each position what the map says; undefined: nothing was mapped there. Throws AgentError `malformed`. */
export function originalPositions(
  mapText: string,
  positions: readonly BuiltPosition[],
): (OriginalPosition | undefined)[] {
  const map = readMap(mapText);
  const best = positions.map((): Segment | undefined => undefined);
  const wanted = new Map<number, number[]>();
  for (const [index, { line }] of positions.entries()) wanted.set(line, [...(wanted.get(line) ?? []), index]);
  const lastLine = Math.max(0, ...wanted.keys());
  for (const segment of segmentsOf(map.mappings, lastLine)) {
    for (const index of wanted.get(segment.builtLine) ?? []) {
      // The last segment that begins at or before the position; those of a line come in ascending order.
      if (segment.builtColumn <= (positions[index]?.column ?? 0)) best[index] = segment;
    }
  }
  return best.map((segment) => {
    const source = segment?.source === undefined ? undefined : map.sources[segment.source];
    if (segment === undefined || source === undefined || source === null) return undefined;
    const root = map.sourceRoot === undefined || map.sourceRoot === '' ? '' : `${map.sourceRoot.replace(/\/$/, '')}/`;
    return { source: `${root}${source}`, line: segment.line, column: segment.column };
  });
}

function readMap(text: string): z.infer<typeof SourceMap> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\)\]\}'[^\n]*\n/, ''));
  } catch (cause) {
    throw new AgentError('malformed', 'the source map is not JSON', { retryable: false, cause });
  }
  const map = SourceMap.safeParse(value);
  if (map.success) return map.data;
  throw new AgentError('malformed', `no source map of version 3: ${z.prettifyError(map.error)}`, { retryable: false });
}

interface Segment {
  readonly builtLine: number;
  readonly builtColumn: number;
  /** undefined: this stretch comes from no source. */
  readonly source: number | undefined;
  readonly line: number;
  readonly column: number;
}

/** Up to and with `lastLine`: fields are differences from the segment before, so all that stands above has to be read. */
function* segmentsOf(mappings: string, lastLine: number): Generator<Segment> {
  let builtLine = 1;
  let builtColumn = 0;
  let [source, line, column] = [0, 0, 0];
  let fields: number[] = [];
  let value = 0;
  let shift = 0;
  for (let index = 0; index <= mappings.length; index += 1) {
    const code = index < mappings.length ? mappings.charCodeAt(index) : SEMICOLON;
    if (code !== COMMA && code !== SEMICOLON) {
      const digit = VALUE_OF.get(code);
      if (digit === undefined || shift > MAX_SHIFT)
        throw new AgentError('malformed', `no base 64 number at ${index} of the mappings`, { retryable: false });
      value += (digit & VALUE_MASK) * 2 ** shift;
      shift += VALUE_BITS;
      if ((digit & CONTINUED) !== 0) continue;
      fields.push(value % 2 === 1 ? -Math.floor(value / 2) : value / 2);
      value = 0;
      shift = 0;
      continue;
    }
    if (fields.length > 0) {
      builtColumn += fields[0] ?? 0;
      source += fields[1] ?? 0;
      line += fields[2] ?? 0;
      column += fields[3] ?? 0;
      const isMapped = fields.length >= 4;
      yield {
        builtLine,
        builtColumn: builtColumn + 1,
        source: isMapped ? source : undefined,
        line: line + 1,
        column: column + 1,
      };
      fields = [];
    }
    if (code === SEMICOLON) {
      builtLine += 1;
      builtColumn = 0;
      if (builtLine > lastLine) return;
    }
  }
}
