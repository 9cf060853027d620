/** How the report says things. Facts come in as arguments; nothing here decides anything. */
import { alertName } from '../domain/alert.ts';
import type { EvidenceOf } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import type { Verdict } from '../domain/report.ts';
import { shownUnit } from '../domain/shown-metric.ts';
import { WORDS } from '../lib/catalogue/words.ts';
import { clockTime } from '../lib/instants.ts';
import { quantity } from '../lib/quantity.ts';
import { percent } from '../lib/wording.ts';

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
    ? WORDS.keyFacts.noEarlier
    : WORDS.keyFacts.before(quantity(metric.baselineMedian, shownUnit(metric)));
}

export function noCause(service: string, hypotheses: readonly Hypothesis[]): string {
  const [strongest] = hypotheses;
  if (!strongest) return WORDS.verdict.nothingPoints(service);
  return WORDS.verdict.noCause(service, hypotheses.length, percent(strongest.confidence));
}

export function strongestSoFar(hypothesis: Hypothesis): string {
  return WORDS.verdict.strongest(percent(hypothesis.confidence), hypothesis.statement.text);
}

export function alertWords(
  alerts: readonly Parameters<typeof alertName>[0][],
  confirmed: Facts['alertConfirmed'],
): string {
  const [first] = alerts;
  const name = first ? alertName(first) : WORDS.noAlert;
  const all = alerts.length > 1 ? WORDS.keyFacts.andMore(name, alerts.length - 1) : name;
  return `${all} · ${WORDS.keyFacts.checks[confirmed]}`;
}

/** `87 % · likely`; without a cause what stands instead. */
export function confidenceWords(verdict: Pick<Verdict, 'status' | 'confidence' | 'band'>, facts: Facts): string {
  const { status, confidence, band } = verdict;
  if (status === 'not-confirmed') return WORDS.keyFacts.alertNotConfirmed;
  if (confidence !== null) return `${percent(confidence)} · ${WORDS.bands[band]}`;
  const [strongest] = facts.hypotheses;
  const { notEstablished, strongestAt } = WORDS.keyFacts;
  return strongest ? `${notEstablished} · ${strongestAt(percent(strongest.confidence))}` : notEstablished;
}
