/** How much of its time a runtime collects garbage: near nothing while there is room, nearly all once there is none. */
import type { MetricKind } from './families.ts';
import { changeInWords, type Frame, type MetricFinding, type MetricReading, valuesOf } from './finding.ts';
import { measure } from './measure.ts';
import { increasesOf, readingTimes, summed } from './rates.ts';
import { inLabelOrder, stepOf } from './samples.ts';

const COLLECTING: MetricKind = { family: 'saturation', unit: '1', isShare: true, badDirection: 'up', floor: 0.02 };

/** Whether the metric sums up the seconds of collections. */
export function isCollecting(metric: string): boolean {
  return (
    /(?:^|_)(?:gc|garbage)(?:_|$)/.test(metric) &&
    /_(?:seconds|duration)_(?:sum|total)$|pause_seconds_total$/.test(metric)
  );
}

/** undefined: there is no interval to tell of. Several collectors may add up to more than all the time. */
export function collectingFinding({ question, series }: MetricReading, frame: Frame): MetricFinding | undefined {
  const counted = increasesOf(inLabelOrder(series));
  const samples = summed(counted, readingTimes(counted)).map(({ atMilliseconds, perSecond }) => ({
    atMilliseconds,
    value: perSecond,
  }));
  if (samples.length === 0) return undefined;
  const measured = measure(samples, COLLECTING, frame.provisionalMilliseconds, stepOf([samples]) ?? 0);
  const values = valuesOf(question.metric, COLLECTING, samples, measured);
  return {
    title: `time in garbage collection of ${frame.service} ${changeInWords(values, COLLECTING)}`,
    values,
    isTelling: measured.isAnomalous,
  };
}
