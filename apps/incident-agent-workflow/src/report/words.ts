/** How the report says things. Facts come in as arguments; nothing here decides anything. */
import { alertName } from '../domain/alert.ts';
import type { EvidenceOf } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import { bandWord, type Hypothesis } from '../domain/hypothesis.ts';
import type { Verdict } from '../domain/report.ts';
import { shownUnit } from '../domain/shown-metric.ts';
import { clockTime } from '../lib/instants.ts';
import { quantity } from '../lib/quantity.ts';
import { counted, percent } from '../lib/wording.ts';

type Metric = EvidenceOf<'metric'>['data'];

/** `10:42:10 UTC`, with the day where it is another one than that of the report. Text that is no instant stays as it is. */
export function since(at: string, generatedAt: string): string {
  const milliseconds = Date.parse(at);
  if (Number.isNaN(milliseconds)) return at;
  const day = new Date(milliseconds).toISOString().slice(0, 10);
  const time = `${clockTime(at)} UTC`;
  return generatedAt.startsWith(day) ? time : `${day} ${time}`;
}

/** States are 0 or 1 and have words; everything else is a figure. */
export function isState(metric: Pick<Metric, 'family' | 'metric'>): boolean {
  return metric.family === 'availability' || metric.family === 'dependency';
}

export function before(metric: Metric): string {
  return metric.baselineMedian === null
    ? 'no earlier figure'
    : `before: ${quantity(metric.baselineMedian, shownUnit(metric))}`;
}

export function noCause(service: string, hypotheses: readonly Hypothesis[]): string {
  const [strongest] = hypotheses;
  if (!strongest) return `No cause found for ${service}: nothing that was seen points at one.`;
  const weighed = counted(hypotheses.length, 'hypothesis', 'hypotheses');
  return `No cause found for ${service}: ${weighed} weighed, the strongest at ${percent(strongest.confidence)}, below the 40 % that it takes.`;
}

export function strongestSoFar(hypothesis: Hypothesis): string {
  return `Strongest so far, at ${percent(hypothesis.confidence)}: ${hypothesis.statement.text}`;
}

const CHECK_WORDS = {
  confirmed: 'confirmed',
  'not-confirmed': 'not confirmed',
  unknown: 'could not be checked',
} as const satisfies Record<Facts['alertConfirmed'], string>;

export function alertWords(
  alerts: readonly Parameters<typeof alertName>[0][],
  confirmed: Facts['alertConfirmed'],
): string {
  const [first] = alerts;
  const more = alerts.length > 1 ? ` and ${counted(alerts.length - 1, 'more', 'more')}` : '';
  return `${first ? alertName(first) : 'no alert'}${more} · ${CHECK_WORDS[confirmed]}`;
}

/** `87 % · likely`; without a cause what stands instead. */
export function confidenceWords(verdict: Pick<Verdict, 'status' | 'confidence' | 'band'>, facts: Facts): string {
  const { status, confidence, band } = verdict;
  if (status === 'not-confirmed') return 'alert not confirmed';
  if (confidence !== null) return `${percent(confidence)} · ${bandWord(band)}`;
  const [strongest] = facts.hypotheses;
  return strongest ? `not established · strongest at ${percent(strongest.confidence)}` : 'not established';
}
