/** Log lines as they are told: times moved, places renamed, bounded; and what was cut or is missing, as a gap. */

import type { LogLine } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import { cleanText, cutText } from '../../../apps/incident-agent-workflow/src/lib/clean-text.ts';
import { lineTime } from '../../../apps/incident-agent-workflow/src/lib/line-time.ts';
import { redactLines } from '../../../apps/incident-agent-workflow/src/lib/redact.ts';
import type { Retelling } from './places.ts';
import type { RecordedLog } from './play.ts';
import type { Stretch } from './stretch.ts';
import { toldTimes } from './told-times.ts';

const MAX_LINE_CHARACTERS = 65_536;

/** `recordedAt`: an instant of the recording. `stream`: the path under which the file is told. */
export function toldLog(
  log: RecordedLog,
  told: { readonly stream: string; readonly retell: Retelling; readonly stretch: Stretch; readonly recordedAt: number },
): LogLine[] {
  let near = told.recordedAt;
  const texts = log.lines.map((line) => {
    const own = lineTime(line);
    if (own !== undefined) near = Date.parse(own);
    return toldTimes(told.retell(line.replace(/\r$/, '')), near, told.stretch);
  });
  const clean = redactLines(texts.map((text) => cleanText(cutText(text, MAX_LINE_CHARACTERS))));
  return clean.map((text, index) => {
    const at = lineTime(texts[index] ?? '');
    return { ...(at === undefined ? {} : { at }), stream: told.stream, line: index + 1, text };
  });
}

/** When each line was written in milliseconds: its own time, else that of the line above it in its stream. */
export function timesOf(lines: readonly LogLine[]): (number | undefined)[] {
  const last = new Map<string, number>();
  return lines.map(({ at, stream }) => {
    if (at !== undefined) last.set(stream, Date.parse(at));
    return last.get(stream);
  });
}

/** The newest of all streams. Lines without any time count as old. */
export function newestLines(lines: readonly LogLine[], most: number): readonly LogLine[] {
  if (lines.length <= most) return lines;
  const times = timesOf(lines);
  const byAge = lines
    .map((_line, index) => index)
    .toSorted((left, right) => (times[right] ?? 0) - (times[left] ?? 0) || right - left);
  const kept = new Set(byAge.slice(0, most));
  return lines.filter((_line, index) => kept.has(index));
}
