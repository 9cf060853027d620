/**
 * What others answer cannot be used: a page for people in place of data, or data of another form, while nothing of ours
 * changed. The error is thrown by the program; what is wrong is what it was told.
 */
import { findService } from '../../domain/service.ts';
import { clockTime } from '../../lib/instants.ts';
import { counted, quoted } from '../../lib/wording.ts';
import { crashPath, spokenText } from '../crashes.ts';
import { startedBefore } from '../deep/answers.ts';
import { dependencyNamedIn } from '../dependencies.ts';
import { isNew } from '../novelty.ts';
import type { Scene, Trace } from '../scene.ts';
import { standingOut, surelyAccused } from '../suspicion.ts';
import { MISFITS, STORAGE_CODE } from './misfits.ts';
import { restarted } from './predicates.ts';
import type { Predicate } from './rule.ts';

/** Code that asks others, by how it is called. */
const CLIENT_CODE =
  /(?:^|[/_.-])(?:clients?|fetch(?:ers?|ing)?|gateways?|upstreams?|providers?|adapters?|integrations?|remotes?)(?:[/_.-]|$)/i;

/** A reader of data met the beginning of a page: nobody's data begin so. By the readers of several languages. */
const PAGE =
  /unexpected (?:token|character):? ?\(?['"`]?<|invalid character '<'|'<' is an invalid start|["'“`]<(?:!doctype|html|\?xml)|<!doctype html|content[- ]type:? ["']?text\/html|(?:got|received|returned|was) text\/html/i;

/** Whether a text says that a page was read where data should have been. */
export function readsPage(text: string): boolean {
  return PAGE.test(text);
}

interface Misread {
  readonly trace: Trace;
  readonly of: string | undefined;
  readonly isPage: boolean;
  /** No start in the window, and no change of which it could be. */
  readonly isUnchanged: boolean;
}

/** Somebody else's answers are not what they were, and nothing of the service's own was changed or started. */
export const answersNotAsAgreed: Predicate = (scene) => {
  const found = misread(scene);
  if (!found) return scene.logsSeen ? 'absent' : 'unknown';
  const { trace, of, isPage, isUnchanged } = found;
  const { type, message, count, firstAt } = trace.data;
  const often = count === 1 ? 'once' : counted(count, 'time');
  const since = firstAt === null ? '' : `, first at ${clockTime(firstAt)}`;
  const what = isPage ? 'a page was read where data were expected' : 'an answer was not of the form that was agreed';
  return {
    words: `${what}: ${type} ${quoted(message, 100)}, ${often}${since}`,
    cites: [trace.id],
    group: 'traces',
    weight: isUnchanged ? 2.5 : isPage ? 2.2 : 1.8,
    entity: of,
  };
};

/** Whether a crash is surely such a one: then it is no error of the program. */
export function isMisreadAnswer(trace: Trace, scene: Scene): boolean {
  const found = misread(scene);
  return found?.trace.id === trace.id && found.isUnchanged;
}

function misread(scene: Scene): Misread | undefined {
  const { ranking, context } = scene;
  if (surelyAccused(ranking) !== undefined) return undefined;
  const isUnchanged = typeof restarted(scene) === 'string' && !(ranking && standingOut(ranking));
  for (const trace of scene.traces) {
    const { type, firstAt, request } = trace.data;
    const isAnswered4xx = request?.status != null && request.status < 500;
    if (isAnswered4xx || !isNew(trace.data, context)) continue;
    if (firstAt !== null && startedBefore(scene, firstAt)) continue;
    const isPage = readsPage(spokenText(trace.data));
    const of = askedIn(trace, scene);
    const isOurs = of !== undefined && findService(context.registry, of) !== undefined;
    const mayBeOthers = (isPage || isUnchanged) && CLIENT_CODE.test(crashPath(trace.data) ?? '');
    if (isOurs || !(of !== undefined || mayBeOthers) || !(isPage || MISFITS.test(type))) continue;
    return { trace, of, isPage, isUnchanged };
  }
  return undefined;
}

/** Whose answer was read: the text or the file that reads it is named after it. A store's data were written by ourselves. */
function askedIn(trace: Trace, scene: Scene): string | undefined {
  const { service, registry } = scene.context;
  const file = crashPath(trace.data) ?? '';
  if (STORAGE_CODE.test(file)) return undefined;
  const name = file.slice(file.lastIndexOf('/') + 1).replaceAll('_', '-');
  return dependencyNamedIn(name, service, registry) ?? dependencyNamedIn(spokenText(trace.data), service, registry);
}
