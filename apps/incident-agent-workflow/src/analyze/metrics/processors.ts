/** A host's processors by what they do: busy, waiting for a disk, or lent to other guests. Each as a share of all their time. */
import type { MetricKind } from './families.ts';
import { changeInWords, type Frame, type MetricFinding, type MetricReading, valuesOf } from './finding.ts';
import { measure } from './measure.ts';
import { type CountedSeries, increasesOf, readingTimes, summed } from './rates.ts';
import { inLabelOrder, type Sample, stepOf } from './samples.ts';

const SHARE_OF_TIME: MetricKind = { family: 'saturation', unit: '1', isShare: true, badDirection: 'up', floor: 0.02 };

/** Modes that are none of the service's or its neighbours' own work. */
const APART = ['steal', 'iowait'] as const;
const AT_REST = new Set(['idle', ...APART]);

export function isTimeOfProcessors(metric: string): boolean {
  return metric === 'node_cpu_seconds_total' || metric === 'windows_cpu_time_total';
}

/** `{mode="busy"}`, `{mode="steal"}`, `{mode="iowait"}`; those that nobody counts are left out. */
export function processorFindings({ question, series }: MetricReading, frame: Frame): MetricFinding[] {
  const counted = increasesOf(inLabelOrder(series));
  const readings = readingTimes(counted);
  const all = perSecond(counted, readings);
  const busy = counted.filter(({ labels }) => !AT_REST.has(labels.mode ?? 'idle'));
  const parts = [
    { mode: 'busy', of: busy },
    ...APART.map((mode) => ({ mode, of: counted.filter(({ labels }) => labels.mode === mode) })),
  ];
  return parts.flatMap(({ mode, of }) => {
    const spent = perSecond(of, readings);
    const samples = [...spent].flatMap(([atMilliseconds, value]): Sample[] => {
      const whole = all.get(atMilliseconds) ?? 0;
      return whole > 0 ? [{ atMilliseconds, value: value / whole }] : [];
    });
    if (samples.length === 0) return [];
    const measured = measure(samples, SHARE_OF_TIME, frame.provisionalMilliseconds, stepOf([samples]) ?? 0);
    const values = valuesOf(`${question.metric}{mode="${mode}"}`, SHARE_OF_TIME, samples, measured);
    const what = `time of the processors under ${frame.service} (${mode})`;
    return [{ title: `${what} ${changeInWords(values, SHARE_OF_TIME)}`, values, isTelling: measured.isAnomalous }];
  });
}

function perSecond(of: readonly CountedSeries[], readings: readonly number[]): Map<number, number> {
  return new Map(summed(of, readings).map(({ atMilliseconds, perSecond: rate }) => [atMilliseconds, rate]));
}
