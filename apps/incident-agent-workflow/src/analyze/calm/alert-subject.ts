/** What an alert claims, by its words, and what the metrics of just that say. */
import { clockTime } from '../../lib/instants.ts';
import { millisecondsOf } from '../../lib/time.ts';
import { isRaised } from '../fault-classes/predicates.ts';
import type { Look } from '../fault-classes/rule.ts';
import { type Topic, topicOf, topicsIn } from '../metrics/topics.ts';
import type { Metric, Scene } from '../scene.ts';
import { requestLatency } from '../scene.ts';
import { isHighStill } from './levels.ts';

const LATENCY = /latenc|slow|duration|response.?time|\bp9\d\b/i;

/** A resource, or the time that requests take: what a metric of its own can bear out or contradict. */
export type Subject = 'latency' | Topic;

/** undefined: it speaks of something else, or its words name nothing that is measured alone. */
export function measuredSubject(name: string, saying: string): Subject | undefined {
  if (LATENCY.test(name)) return 'latency';
  const [topic] = topicsIn(name.toLowerCase());
  if (topic) return topic;
  if (LATENCY.test(saying)) return 'latency';
  return topicsIn(saying.toLowerCase())[0];
}

/** It rose; `absent`: it was looked at and did not; `unknown`: there is no such metric. */
export function subjectRose(subject: Subject, scene: Scene): Look {
  const metrics = metricsOf(subject, scene);
  if (metrics.length === 0) return 'unknown';
  const raised = metrics.find(isRaised);
  if (!raised) return 'absent';
  const at = raised.data.onset ? ` at ${clockTime(raised.data.onset)}` : '';
  const what = subject === 'latency' ? 'the time per request' : raised.data.metric;
  return { words: `${what} rose${at}`, cites: [raised.id], group: 'metrics', weight: 1.5 };
}

/** It was looked at and stayed where it was all the time. */
export function subjectStayed(subject: Subject, scene: Scene): Look {
  const metrics = metricsOf(subject, scene);
  const [first] = metrics;
  if (!first || first.data.points.length === 0) return 'unknown';
  if (metrics.some(({ data }) => data.direction !== 'flat')) return 'absent';
  // Too little to stand out, and yet so much more than before that the alert may well mean it.
  const since = millisecondsOf(scene.context.provisionalOnset) ?? 0;
  if (metrics.some((metric) => isHighStill(metric, since))) return 'unknown';
  const what = subject === 'latency' ? 'the time per request' : first.data.metric;
  return { words: `${what} stayed where it was`, cites: [first.id], group: 'metrics', weight: 1.2 };
}

export function metricsOf(subject: Subject, scene: Scene): Metric[] {
  if (subject === 'latency') {
    const latency = requestLatency(scene);
    return latency ? [latency] : [];
  }
  return scene.metrics.filter(({ data }) => data.family === 'saturation' && topicOf(data.metric) === subject);
}
