/**
 * A bundle in the place of all sources. What was asked then is answered as it was answered then, gaps included. What was
 * not: from the repository if the bundle has it, from the rest if it is a recording, else it is not in the bundle.
 */
import type { Bundle } from '../../domain/bundle.ts';
import { Question, questionKey } from '../../domain/question.ts';
import type { Source } from '../../ports.ts';
import { bundledRepository } from './bundled-repository.ts';
import { git } from './git.ts';
import { askedOf, gapAnswer } from './looking.ts';
import { answerFromRecording } from './recorded.ts';

const NAME = 'bundle';
const KINDS = Question.options.flatMap(({ shape }) => [...shape.kind.values]);

export interface BundledOptions {
  readonly bundle: Pick<Bundle, 'manifest' | 'observations'>;
  /** Over the bundle's repository, where it has one. */
  readonly repository?: Source | undefined;
}

export function bundled({ bundle, repository }: BundledOptions): Source {
  const { manifest, observations } = bundle;
  const recorded = new Map(observations.map(({ question, answer }) => [questionKey(question), answer]));
  const ofCode = git();
  return {
    name: NAME,
    kinds: KINDS,
    async ask(question, signal) {
      const asked = askedOf(NAME, question, '');
      if (signal.aborted) return gapAnswer(asked, 'timeout', 'the bundle was not read in time');
      const answer = recorded.get(questionKey(question));
      if (answer) return answer;
      if (repository?.kinds.includes(question.kind)) return repository.ask(question, signal);
      // Of a bundle from before that question was asked: the report of then said nothing of it either.
      if (question.kind === 'logs' && question.keep && manifest.holds !== 'recording')
        return { source: NAME, query: '', telemetry: {}, gaps: [] };
      const derived = manifest.holds === 'recording' ? answerFromRecording(observations, question) : undefined;
      if (derived) return derived;
      // Of a service without a path git itself says so, and looks nowhere.
      if (ofCode.kinds.includes(question.kind) && question.service.repositoryPath === undefined)
        return ofCode.ask(question, signal);
      return gapAnswer(asked, 'not-found', `this bundle does not hold ${asked.unknown}`);
    },
  };
}

/** The bundle with its repository. Nothing is unpacked before a question needs it, and all is gone at the end. */
export function openBundle(bundle: Bundle): { readonly source: Source } & AsyncDisposable {
  const { repositoryBundle: bytes, manifest } = bundle;
  const repository = bytes && bundledRepository({ bytes, shallow: manifest.shallow, root: manifest.repository_root });
  return {
    source: bundled({ bundle, repository: repository?.source }),
    [Symbol.asyncDispose]: async () => repository?.[Symbol.asyncDispose](),
  };
}
