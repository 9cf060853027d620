/** What an answer holds that cannot be used: series without numbers, lines that are too long or no text. Each loss is a gap. */
import type { Gap } from '../domain/gap.ts';
import type { Observation, Series } from '../domain/telemetry.ts';
import { oneLine } from '../lib/clean-text.ts';
import { counted, listed, thousands } from '../lib/wording.ts';
import type { AnalysisContext } from './context.ts';
import { logReadings } from './logs/log-reading.ts';

const MAX_NAMES = 4;
const MAX_NAME_CHARACTERS = 120;
/** What stands in for a character that is none. */
const REPLACEMENT = '\ufffd';

type Want = 'no sample' | 'no number' | 'one sample';

const SAID: Readonly<Record<Want, { readonly reason: Gap['reason']; readonly says: string }>> = {
  'no sample': { reason: 'not-found', says: 'no sample in the window' },
  'no number': { reason: 'malformed', says: 'no number in the window, only NaN or infinity' },
  'one sample': { reason: 'not-found', says: 'one sample in the window, which shows no movement' },
};

/** Of metrics that exist. A metric that is not there at all is no loss: the service does not have it. */
export function metricLosses(observations: readonly Observation[]): Gap[] {
  const groups = new Map<
    string,
    { readonly want: Want; readonly observation: Observation; readonly names: Set<string> }
  >();
  for (const observation of observations) {
    const { question, answer } = observation;
    const want = question.kind === 'metric' ? wantOf(answer.telemetry.series ?? []) : undefined;
    if (question.kind !== 'metric' || want === undefined) continue;
    const key = JSON.stringify([answer.source, question.service.name, want]);
    const group = groups.get(key) ?? { want, observation, names: new Set() };
    group.names.add(question.metric);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ want, observation: { question, answer }, names }) => {
    const { reason, says } = SAID[want];
    const of = oneLine(question.service.name, MAX_NAME_CHARACTERS);
    const metrics = shortList([...names]);
    const query = names.size === 1 ? answer.query : '';
    return {
      source: answer.source,
      query,
      reason,
      detail: `${metrics} of ${of}: ${says}`,
      unknown: `what ${metrics} of ${of} did`,
    };
  });
}

/** undefined: there is something to work with. */
function wantOf(series: readonly Series[]): Want | undefined {
  if (series.length === 0) return undefined;
  const numbers = series.map(({ points }) => points.filter(({ value }) => value !== null).length);
  const most = Math.max(...numbers);
  if (most > 1) return undefined;
  if (most === 1) return 'one sample';
  return series.some(({ points }) => points.length > 0) ? 'no number' : 'no sample';
}

function shortList(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return listed([...names.slice(0, MAX_NAMES), ...(more > 0 ? [`${more} more`] : [])]);
}

export function logLosses(observations: readonly Observation[], context: AnalysisContext): Gap[] {
  return logReadings(observations, context).flatMap(({ lines, question, source, query, longest }) => {
    const of = oneLine(question.service.name, MAX_NAME_CHARACTERS);
    const gaps: Gap[] = [];
    if (longest.whole > longest.read) {
      const detail = `a log line of ${of} has ${thousands(longest.whole)} characters: only the first ${thousands(longest.read)} were read`;
      gaps.push({ source, query, reason: 'too-large', detail, unknown: `the end of the longest log lines of ${of}` });
    }
    let damaged = 0;
    for (const { text } of lines) if (text.includes(REPLACEMENT)) damaged += 1;
    if (damaged > 0) {
      const detail = `${counted(damaged, 'log line')} of ${of} ${damaged === 1 ? 'holds' : 'hold'} bytes that are no text, shown as ${REPLACEMENT}`;
      gaps.push({ source, query, reason: 'malformed', detail, unknown: `what those lines of ${of} say` });
    }
    return gaps;
  });
}
