/** Everything that was said about the failure, and how much each voice counts. */
import type { Observed } from '../domain/evidence.ts';
import { calleesOf, neighboursOf } from './candidates.ts';
import type { Said } from './commits/features.ts';
import type { AnalysisContext } from './context.ts';
import type { ObservedTrace } from './crashes.ts';
import { spokenText, withoutFrames } from './crashes.ts';
import { isNew } from './novelty.ts';
import { tellingOf } from './telling.ts';

const OWN = 1;
const ALERT = 0.7;
const METRIC = 0.6;
const NEIGHBOUR = 0.5;
const MAX_LIBRARY_FRAMES = 40;

/** The service's own errors full, the alert's words and the metrics that moved less, its neighbours' errors half. */
export function saidOf(messages: readonly string[], observed: readonly Observed[], context: AnalysisContext): Said[] {
  const near = new Set(neighboursOf(context.service, context.registry));
  const said: Said[] = messages.map((text) => ({ text, weight: OWN }));
  for (const { labels, annotations } of context.alerts)
    said.push({
      text: [labels.alertname, labels.metric, annotations.summary, annotations.description].filter(Boolean).join('\n'),
      weight: ALERT,
    });
  for (const item of observed) {
    const isOwn = item.service === context.service.name;
    if (!isOwn && !near.has(item.service)) continue;
    if (item.kind === 'metric' && item.data.direction !== 'flat' && item.data.onset !== null)
      said.push({ text: spaced(item.data.metric), weight: isOwn ? METRIC : METRIC * NEIGHBOUR });
    else if (item.kind === 'stack-trace' && isNew(item.data, context))
      said.push({ text: spokenText(item.data), weight: isOwn ? OWN : NEIGHBOUR });
    else if (item.kind === 'logs' && isNew(item.data, context) && item.data.level !== 'info')
      for (const { text } of item.data.samples.slice(0, 2))
        said.push({ text: tellingOf(withoutFrames(text)).all, weight: isOwn ? OWN : NEIGHBOUR });
  }
  return said.map(({ text, weight }) => ({ text: `${text}\n${spaced(text)}`, weight }));
}

/** `db_pool_in_use` as words: `_` counts as a letter in patterns. */
function spaced(text: string): string {
  return text.replace(/[_./-]+/g, ' ');
}

/** Files of frames that are not our own: a changed dependency is named there. */
export function librariesOf(traces: readonly ObservedTrace[]): string[] {
  const files = traces.flatMap(({ data }) => data.frames.filter((frame) => !frame.inApp).map((frame) => frame.file));
  return [...new Set(files)].slice(0, MAX_LIBRARY_FRAMES);
}

/** Services between which there is no path say the same new thing: then something that they share is at fault. */
export function isCommonFailure(observed: readonly Observed[], context: AnalysisContext): boolean {
  const templates = new Map<string, Set<string>>();
  for (const item of observed) {
    if (item.kind !== 'logs' || (item.data.level !== 'error' && item.data.level !== 'fatal')) continue;
    if (!isNew(item.data, context)) continue;
    const services = templates.get(item.data.template) ?? new Set();
    templates.set(item.data.template, services.add(item.service));
  }
  const reaches = (from: string, to: string): boolean => {
    const service = context.registry.services.find(({ name }) => name === from);
    return service !== undefined && calleesOf(service, context.registry).includes(to);
  };
  return [...templates.values()].some((services) =>
    [...services].some((one) =>
      [...services].some((other) => one !== other && !reaches(one, other) && !reaches(other, one)),
    ),
  );
}
