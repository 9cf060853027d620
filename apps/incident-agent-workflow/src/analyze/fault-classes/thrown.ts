/** What rules ask of failures in words that nobody knows: which call threw them, and which answer they carry. */

import type { FaultClass } from '../../domain/fault-class.ts';
import { clockTime } from '../../lib/instants.ts';
import { counted } from '../../lib/wording.ts';
import { spokenText } from '../crashes.ts';
import { dependencyNamedIn } from '../dependencies.ts';
import type { ErrorText, Scene } from '../scene.ts';
import { isRequestLine } from '../telling.ts';
import { type Told, toldByCall, toldByStatus } from './calls.ts';
import type { Predicate } from './rule.ts';
import { namesFault } from './texts.ts';

/** A call says less than words do: a file may be refused for another reason than a full disk. */
const WEIGHT = 1.6;

/** The failure began with the incident, no class has words for it, and its place or its status is of this one. */
export function thrownAs(faultClass: FaultClass): Predicate {
  return (scene) => {
    for (const text of scene.texts) {
      if (!text.isNovel) continue;
      const told = toldOf(text, scene);
      if (told?.class !== faultClass) continue;
      const often = text.count === 1 ? 'once' : counted(text.count, 'time');
      const since = text.firstAt ? `, first at ${clockTime(text.firstAt)}` : '';
      return {
        words: `an error ${told.words}, ${often}${since}`,
        cites: [text.cite],
        group: told.by === 'call' ? 'traces' : 'logs',
        weight: WEIGHT,
        entity: dependencyNamedIn(text.text, scene.context.service, scene.context.registry),
      };
    }
    return scene.logsSeen ? 'absent' : 'unknown';
  };
}

function toldOf(text: ErrorText, scene: Scene): Told | undefined {
  if (namesFault(text.text) || text.isProgramming) return undefined;
  const { service, registry } = scene.context;
  const isOther = (line: string) => dependencyNamedIn(line, service, registry) !== undefined;
  const trace = scene.traces.find(({ id }) => id === text.cite);
  if (trace && text.by === undefined) {
    const spoken = spokenText(trace.data);
    return toldByCall(trace.data, spoken) ?? toldByStatus(spoken, trace.data.request?.path, isOther);
  }
  if (text.by !== undefined) {
    // What its caller heard of it are its own answers: those that it failed to give say nothing of why.
    const heard = toldByStatus(text.text, undefined, () => true);
    return heard?.class === 'external-api-down' ? undefined : heard;
  }
  // So are those in an access log.
  return isRequestLine(text.text) ? undefined : toldByStatus(text.text, undefined, isOther);
}
