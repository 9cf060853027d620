/**
 * Streams whose own clock disagrees with that of the log store. A line's own time is better than the time of ingestion by
 * seconds; off by minutes it is a wrong clock or a wrong zone, and would put the failure before or after everything else.
 */
import type { LogLine } from '../../domain/telemetry.ts';
import { millisecondsOf } from '../../lib/time.ts';
import { readLogLine } from './read-log-line.ts';

export interface ClockOffset {
  readonly stream: string;
  /** Median of own time less the source's, in milliseconds: positive where the own clock runs ahead. */
  readonly milliseconds: number;
}

const SAMPLES = 31;
const MIN_SAMPLES = 3;
/** Shippers fall minutes behind under load; a clock or zone that is off is off by more. */
const MIN_OFFSET_MILLISECONDS = 5 * 60_000;
/** A backlog that is caught up shrinks from line to line; a clock stays as wrong as it is. */
const MAX_SPREAD_MILLISECONDS = 60_000;

/** Of each stream some lines all over it are read. Streams of sources that name no time of ingestion cannot be judged. */
export function clockOffsets(lines: readonly LogLine[]): ClockOffset[] {
  const streams = new Map<string, LogLine[]>();
  for (const line of lines) {
    if (line.at === undefined) continue;
    const known = streams.get(line.stream);
    if (known) known.push(line);
    else streams.set(line.stream, [line]);
  }
  return [...streams].flatMap(([stream, own]) => {
    const milliseconds = offsetOf(own);
    return milliseconds === undefined ? [] : [{ stream, milliseconds }];
  });
}

function offsetOf(lines: readonly LogLine[]): number | undefined {
  const step = Math.max(1, Math.floor(lines.length / SAMPLES));
  const offsets: number[] = [];
  for (let index = 0; index < lines.length && offsets.length < SAMPLES; index += step) {
    const line = lines[index];
    const own = line && millisecondsOf(readLogLine({ ...line, at: undefined }).at ?? '');
    const told = line && millisecondsOf(line.at ?? '');
    if (own !== undefined && told !== undefined) offsets.push(own - told);
  }
  if (offsets.length < MIN_SAMPLES) return undefined;
  offsets.sort((a, b) => a - b);
  const at = (share: number) => offsets[Math.floor(share * (offsets.length - 1))] ?? 0;
  const isSteady = at(0.75) - at(0.25) <= MAX_SPREAD_MILLISECONDS;
  return isSteady && Math.abs(at(0.5)) >= MIN_OFFSET_MILLISECONDS ? at(0.5) : undefined;
}
