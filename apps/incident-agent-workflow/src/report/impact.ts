/** What people notice of the incident, in figures: before, since, and at the last look. Pure. */
import { evidenceOfKind, hasEnded, type MetricFamily } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { ImpactFigure } from '../domain/report.ts';

/** The gravest first. Restarts are events, and what is `other` is nobody's impact. */
const FAMILIES: readonly MetricFamily[] = ['errors', 'availability', 'dependency', 'latency', 'traffic', 'saturation'];
const MAX_FIGURES = 8;

/** States of which nobody knows what they were since their samples ended. */
const STATES: readonly MetricFamily[] = ['availability', 'dependency'];

export function impactOf({ evidence, service }: Pick<Facts, 'evidence' | 'service'>): ImpactFigure[] {
  const weight = (item: { readonly service: string; readonly data: { readonly family: MetricFamily } }): number =>
    FAMILIES.indexOf(item.data.family) + (item.service === service ? 0 : FAMILIES.length);
  return evidenceOfKind(evidence, 'metric')
    .filter(({ data }) => data.direction !== 'flat' && FAMILIES.includes(data.family))
    .filter(({ data }) => !(STATES.includes(data.family) && hasEnded(data)))
    .map((item, index) => ({ item, index }))
    .toSorted((a, b) => weight(a.item) - weight(b.item) || a.index - b.index)
    .slice(0, MAX_FIGURES)
    .map(({ item: { data, ...item } }) => ({
      service: item.service,
      metric: data.metric,
      family: data.family,
      unit: data.unit,
      before: data.baselineMedian,
      since: data.incidentMedian,
      worst: data.incidentExtreme,
      last: data.lastValue,
      onset: data.onset,
      cite: item.id,
    }));
}
