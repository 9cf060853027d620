/** One GET of the service's own health or readiness address. It comes from the registry, never from an alert. */
import { isAgentError } from '../../domain/error.ts';
import type { ProbeQuestion } from '../../domain/question.ts';
import type { Probe } from '../../domain/telemetry.ts';
import { cleanText } from '../../lib/clean-text.ts';
import { failureOfConnection } from '../../lib/connection-failure.ts';
import { shellCommand } from '../../lib/escape.ts';
import { httpClient } from '../../lib/http.ts';
import { redact } from '../../lib/redact.ts';
import type { Clock, Source } from '../../ports.ts';
import { answerAfter, askedOf, gapAnswer, wrongKind } from './looking.ts';

const NAME = 'health';
const MAX_BODY_BYTES = 256 * 1024;
const MAX_SHOWN_CHARACTERS = 2_000;

export interface HealthOptions {
  /** Default 5 s: who is slower than that is not healthy. */
  readonly timeoutMilliseconds?: number;
  readonly clock?: Pick<Clock, 'now' | 'milliseconds'>;
}

export function health({ timeoutMilliseconds = 5_000, clock = realClock }: HealthOptions = {}): Source {
  const http = httpClient({ name: 'the service', maxBodyBytes: MAX_BODY_BYTES });
  return {
    name: NAME,
    kinds: ['probe'],
    async ask(question, signal) {
      if (question.kind !== 'probe') throw wrongKind(NAME, question.kind);
      const url = question.of === 'health' ? question.service.healthUrl : question.service.readyUrl;
      if (url === undefined) return noAddress(question);
      const seconds = String(timeoutMilliseconds / 1000);
      const asked = askedOf(NAME, question, shellCommand(['curl', '-i', '--max-time', seconds, redact(url)]));
      const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
      return answerAfter(asked, async () => ({ telemetry: { probe: await probe(question, url, within) } }));
    },
  };

  /** No answer is an observation too: what failed is in the probe, not a gap. */
  async function probe({ of, service }: ProbeQuestion, url: string, signal: AbortSignal): Promise<Probe> {
    const at = clock.now();
    const startedAt = clock.milliseconds();
    const outcome = await get(url, revisionHeader(service.deployedRevision), signal);
    const durationMilliseconds = Math.max(0, Math.round(clock.milliseconds() - startedAt));
    return { of, url: redact(url), at, durationMilliseconds, ...outcome };
  }

  async function get(
    url: string,
    header: string | undefined,
    signal: AbortSignal,
  ): Promise<Pick<Probe, 'httpStatus' | 'failure' | 'detail' | 'body' | 'revision'>> {
    try {
      const { status, text, headers } = await http.send({ url, followsRedirects: false }, signal);
      const told = header === undefined ? undefined : /^[\w./+-]{1,200}$/.exec(headers[header]?.trim() ?? '')?.[0];
      const revision = told === undefined ? {} : { revision: told };
      return { httpStatus: status, detail: `answered ${status}`, body: shown(text), ...revision };
    } catch (error) {
      if (!isAgentError(error)) throw error;
      if (error.code === 'timeout') {
        return { failure: 'timeout', detail: `did not answer within ${timeoutMilliseconds / 1000} s`, body: '' };
      }
      if (error.code !== 'unreachable') return { failure: 'other', detail: error.message, body: '' };
      const { kind, sentence } = failureOfConnection(error.cause);
      return { failure: kind, detail: sentence, body: '' };
    }
  }
}

/** `header:X-Revision` in the registry: the header in which the service says what it runs. */
function revisionHeader(deployedRevision: string | undefined): string | undefined {
  return /^header:([\w-]+)$/.exec(deployedRevision ?? '')?.[1]?.toLowerCase();
}

function noAddress(question: ProbeQuestion) {
  const setting = question.of === 'health' ? 'health_url' : 'ready_url';
  const detail = `the service registry names no ${setting} for ${question.service.name}`;
  return gapAnswer(askedOf(NAME, question, ''), 'not-configured', detail);
}

/** Redacted before it is cut, so that half a secret is not taken for text. */
function shown(text: string): string {
  return cleanText(redact(text).slice(0, MAX_SHOWN_CHARACTERS));
}

const realClock = {
  now: (): string => new Date().toISOString(),
  milliseconds: (): number => performance.now(),
};
