/** Stands where a source would be if its setting were there, so that the report names the setting. */
import type { QuestionKind } from '../../domain/question.ts';
import type { Source } from '../../ports.ts';
import { askedOf, gapAnswer } from './looking.ts';

export function notConfigured(name: string, kinds: readonly QuestionKind[], setting: string): Source {
  return {
    name,
    kinds,
    async ask(question) {
      return gapAnswer(askedOf(name, question, ''), 'not-configured', `${setting} is not set`);
    },
  };
}
