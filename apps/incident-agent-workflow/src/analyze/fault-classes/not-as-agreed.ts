/** What others answer cannot be used: a page for people in place of data, or data of another form, while nothing of ours changed. */
import { findService } from '../../domain/service.ts';
import { clockTime } from '../../lib/instants.ts';
import { counted, quoted } from '../../lib/wording.ts';
import { crashPath, spokenText } from '../crashes.ts';
import { startedBefore } from '../deep/answers.ts';
import { dependencyNamedIn } from '../dependencies.ts';
import { isNew } from '../novelty.ts';
import type { Scene, Trace } from '../scene.ts';
import { surelyAccused } from '../suspicion.ts';
import { MISFITS, STORAGE_CODE } from './changed-with.ts';
import type { Predicate } from './rule.ts';
import { CLIENT_CODE } from './unreadable-answers.ts';

/** A reader of data met the beginning of a page: nobody's data begin so. By the readers of several languages. */
const PAGE =
  /unexpected (?:token|character):? ?\(?['"`]?<|invalid character '<'|'<' is an invalid start|["'“`]<(?:!doctype|html|\?xml)|<!doctype html|content[- ]type:? ["']?text\/html|(?:got|received|returned|was) text\/html/i;

/** Whether a text says that a page was read where data should have been. */
export function readsPage(text: string): boolean {
  return PAGE.test(text);
}

/** Somebody else's answers are not what they were, and nothing of the service's own was changed or started. */
export const answersNotAsAgreed: Predicate = (scene) => {
  const isOwnChange = surelyAccused(scene.ranking) !== undefined;
  for (const trace of isOwnChange ? [] : scene.traces) {
    const { type, message, count, firstAt, request } = trace.data;
    const isAnswered4xx = request?.status != null && request.status < 500;
    if (isAnswered4xx || !isNew(trace.data, scene.context)) continue;
    if (firstAt === null || startedBefore(scene, firstAt)) continue;
    const isPage = readsPage(spokenText(trace.data));
    const entity = askedIn(trace, scene);
    const isOurs = entity !== undefined && findService(scene.context.registry, entity) !== undefined;
    const asksOthers = entity !== undefined || (isPage && CLIENT_CODE.test(crashPath(trace.data) ?? ''));
    if (isOurs || !asksOthers || !(isPage || MISFITS.test(type))) continue;
    const often = count === 1 ? 'once' : counted(count, 'time');
    const what = isPage ? 'a page was read where data were expected' : 'an answer was not of the form that was agreed';
    return {
      words: `${what}: ${type} ${quoted(message, 100)}, ${often}, first at ${clockTime(firstAt)}`,
      cites: [trace.id],
      group: 'traces',
      weight: isPage ? 2.2 : 1.8,
      entity,
    };
  }
  return scene.logsSeen ? 'absent' : 'unknown';
};

/** Whose answer was read: the text or the file that reads it is named after it. A store's data were written by ourselves. */
function askedIn(trace: Trace, scene: Scene): string | undefined {
  const { service, registry } = scene.context;
  const file = crashPath(trace.data) ?? '';
  if (STORAGE_CODE.test(file)) return undefined;
  const name = file.slice(file.lastIndexOf('/') + 1).replaceAll('_', '-');
  return dependencyNamedIn(name, service, registry) ?? dependencyNamedIn(spokenText(trace.data), service, registry);
}
