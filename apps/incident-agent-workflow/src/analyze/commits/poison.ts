/** One record that fails again and again: the data is at fault, not what was changed. */
import type { Observed } from '../../domain/evidence.ts';
import type { Observation } from '../../domain/telemetry.ts';
import type { AnalysisContext } from '../context.ts';
import { isNew } from '../novelty.ts';
import type { OutsideCause } from './none.ts';

/** METHODS §4: in at least 80 % of the errors. */
const POISON_SHARE = 0.8;
const LEAST_ERRORS = 5;
/** Names of what tells one record from the others; not of hosts, traces, requests or versions. The value holds a digit. */
const RECORD =
  /["']?\b((?:\w+[_.-])?(?:record|message|msg|event|order|item|row|doc(?:ument)?|entity|object|payload|entry)[_.-]?(?:id|key|no|number)|offset|sku)\b["']?\s*[:=]\s*["']?((?=[\w.:-]*\d)[\w.:-]{1,80})/gi;

/** Of the service that fails. A crash in a loop of tries shows the same: the record comes back until it is dropped. */
export function poisonIn(
  observed: readonly Observed[],
  observations: readonly Observation[],
  context: AnalysisContext,
): OutsideCause[] {
  for (const item of observed) {
    if (item.kind !== 'logs' || item.service !== context.service.name) continue;
    if ((item.data.level !== 'error' && item.data.level !== 'fatal') || !isNew(item.data, context)) continue;
    const count = item.data.incidentCount + item.data.baselineCount;
    const [first, ...others] = item.data.samples.map((sample) => recordsIn(sample.text));
    if (count < LEAST_ERRORS || !first || others.length === 0) continue;
    const shared = [...first].find((record) => others.every((set) => set.has(record)));
    if (shared === undefined) continue;
    const value = shared.split(' ')[1] ?? '';
    if (linesWith(value, observations, context) >= POISON_SHARE * count)
      return [{ kind: 'poison data', words: `nearly all errors are about ${shared}` }];
  }
  return [];
}

function recordsIn(text: string): Set<string> {
  return new Set([...text.matchAll(RECORD)].map((match) => `${(match[1] ?? '').toLowerCase()} ${match[2] ?? ''}`));
}

function linesWith(value: string, observations: readonly Observation[], context: AnalysisContext): number {
  return observations
    .filter(({ question }) => question.kind === 'logs' && question.service.name === context.service.name)
    .flatMap(({ answer }) => answer.telemetry.logLines ?? [])
    .filter((line) => line.text.includes(value)).length;
}
