/** What the caller of a service heard of it: the answers that its errors quote, and that it fails on them. */

import type { Service } from '../../domain/service.ts';
import { isNamedIn } from '../dependencies.ts';
import { TEXTS } from '../fault-classes/texts.ts';
import type { ErrorText } from '../scene.ts';

/** `answered 422 to GET /items: …`, to the end of the line or of the field that it stands in. */
const ANSWER =
  /\b(?:answered|status(?:[ _]?code)?|returned|responded(?: with)?|replied(?: with)?|HTTP(?:\/\d(?:\.\d)?)?|got|->)[ :=]{1,3}"?[45]\d\d\b[^\n]*/i;
const FIELD_END = /"(?=\s+[\w.]+=)/;

/** The answer of a service that a text quotes; undefined: it quotes none. */
export function answerIn(text: string, service: Service): string | undefined {
  const line = text.split('\n').find((each) => isNamedIn(each, service) && ANSWER.test(each));
  return line === undefined ? undefined : ANSWER.exec(line)?.[0].split(FIELD_END)[0];
}

/** As texts of the service itself, without the caller's own words around them: of those only what it was answered counts. */
export function heardTexts(caller: readonly ErrorText[], by: string, service: Service): ErrorText[] {
  return caller.flatMap((text) => {
    const answer = answerIn(text.text, service);
    return answer === undefined ? [] : [{ ...text, text: answer, by, isProgramming: false }];
  });
}

/** The caller's error texts that name the service, whatever they say of it. */
export function textsNaming(caller: readonly ErrorText[], service: Service): ErrorText[] {
  return caller.filter(({ text }) => text.split('\n').some((line) => isNamedIn(line, service)));
}

/** Nobody answered: that says nothing of what the answers are. */
export function isUnreached({ text }: ErrorText): boolean {
  return (
    TEXTS.refused.test(text) || TEXTS.dns.test(text) || /could not be reached|cannot be reached|unreachable/i.test(text)
  );
}
