/** One record that fails again and again: the data is at fault, not what was changed. */
import type { Observed } from '../../domain/evidence.ts';
import type { AnalysisContext } from '../context.ts';
import { isNew } from '../novelty.ts';
import type { OutsideCause } from './none.ts';

/** METHODS §4: in at least 80 % of the errors. */
const POISON_SHARE = 0.8;
const LEAST_ERRORS = 3;
/** Names of what tells one record from the others; not of hosts, traces, requests or versions. The value holds a digit. */
const RECORD =
  /["']?\b((?:\w+[_.-])?(?:record|message|msg|event|order|item|row|doc(?:ument)?|entity|object|payload|entry)[_.-]?(?:id|key|no|number)|offset|sku)\b["']?\s*[:=]\s*["']?((?=[\w.:-]*\d)[\w.:-]{1,80})/gi;

export function poisonIn(observed: readonly Observed[], context: AnalysisContext): OutsideCause[] {
  const lines = observed.flatMap((item) =>
    item.kind === 'logs' && (item.data.level === 'error' || item.data.level === 'fatal') && isNew(item.data, context)
      ? item.data.samples.map((sample) => sample.text)
      : [],
  );
  if (lines.length < LEAST_ERRORS) return [];
  const holders = new Map<string, number>();
  const names = new Set<string>();
  for (const line of lines) {
    const pairs = [...line.matchAll(RECORD)].map((match) => `${(match[1] ?? '').toLowerCase()} ${match[2] ?? ''}`);
    for (const pair of new Set(pairs)) {
      holders.set(pair, (holders.get(pair) ?? 0) + 1);
      names.add(pair);
    }
  }
  const [most] = [...names].sort((a, b) => (holders.get(b) ?? 0) - (holders.get(a) ?? 0) || (a < b ? -1 : 1));
  if (most === undefined || (holders.get(most) ?? 0) < POISON_SHARE * lines.length) return [];
  return [{ kind: 'poison data', words: `nearly all errors are about ${most}` }];
}
