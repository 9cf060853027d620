/** Where an error text comes from: its constant part stands in the code, also where no stack trace says so. */
import type { Question } from '../domain/question.ts';
import type { Observation } from '../domain/telemetry.ts';
import { blamableTraces } from './blamable.ts';
import { isNotRun } from './commits/inert.ts';
import { withoutFrames } from './crashes.ts';
import { isOutsideRepository } from './fault-classes/texts.ts';
import type { Lead, Place } from './lead.ts';
import { isNew } from './novelty.ts';
import { isRequestLine, tellingOf } from './telling.ts';

const MAX_TEXTS = 3;
const MAX_MATCHES = 10;
/** More places than these say the same: then it is nobody's own. */
const MAX_ORIGINS = 2;
const LEAST_CHARACTERS = 10;
const MOST_CHARACTERS = 120;

/** Of new errors, the gravest first, where no trace shows a line of our own. */
export function originQuestions({ context, telemetry, repository }: Lead): Question[] {
  if (blamableTraces(telemetry, context).length > 0) return [];
  const texts: string[] = [];
  for (const level of ['fatal', 'error', 'warning'])
    for (const item of telemetry) {
      if (item.kind !== 'logs' || item.service !== context.service.name || item.data.level !== level) continue;
      if (!isNew(item.data, context)) continue;
      const sample = item.data.samples[0]?.text ?? '';
      // What the network says of itself is written in no code of ours.
      if (isOutsideRepository(sample) || isRequestLine(tellingOf(sample).speech || sample)) continue;
      const text = constantPart(item.data.template, tellingOf(withoutFrames(sample)).speech || sample);
      if (text !== undefined && !texts.includes(text)) texts.push(text);
    }
  return texts.slice(0, MAX_TEXTS).map((text) => ({
    kind: 'grep',
    service: context.service,
    revision: repository.deployedRevision,
    text,
    paths: [],
    maxMatches: MAX_MATCHES,
  }));
}

/** The longest run of words that does not vary and was really written so. undefined: there is none long enough. */
export function constantPart(template: string, sample: string): string | undefined {
  const runs = template
    .split(/<\*>|["'`“”‘’{}[\]\\]|\.\.\./)
    .flatMap((run) => run.split(/\s\S*\d\S*\s/))
    .map((run) => run.replace(/^[\s:=,.;()-]+|[\s:=,.;(-]+$/g, '').slice(0, MOST_CHARACTERS))
    .filter((run) => run.length >= LEAST_CHARACTERS && /\p{L}{3}/u.test(run) && sample.includes(run));
  return runs.sort((a, b) => b.length - a.length || (a < b ? -1 : 1))[0];
}

/** Where the texts were found, if in one or two places of code that runs. */
export function originPlaces({
  observations,
  context,
}: Pick<Lead, 'observations' | 'context'>): (Place & { text: string })[] {
  return origins(observations, context.service.name);
}

export function origins(observations: readonly Observation[], service: string): (Place & { text: string })[] {
  return observations.flatMap(({ question, answer }) => {
    if (question.kind !== 'grep' || question.service.name !== service || isName(question.text)) return [];
    const found = (answer.telemetry.matches ?? []).filter(({ path }) => !isNotRun(path));
    return found.length > MAX_ORIGINS ? [] : found.map(({ path, line }) => ({ path, line, text: question.text }));
  });
}

/** What is asked for a definition is one name; an error text has several words. */
export function isName(text: string): boolean {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(text);
}
