/** Our own memory: earlier incidents of this installation that failed in the same way. */
import { AgentError } from '../../domain/error.ts';
import type { EarlierIncident } from '../../domain/memory.ts';
import type { Question } from '../../domain/question.ts';
import { quoteForSql } from '../../lib/escape.ts';
import { redact } from '../../lib/redact.ts';
import type { MemoryStore, Source } from '../../ports.ts';
import { answerAfter, askedOf, wrongKind } from './looking.ts';

const NAME = 'memory';
const MAX_INCIDENTS = 50;

export function memory({ store }: { readonly store: Pick<MemoryStore, 'earlier'> }): Source {
  return {
    name: NAME,
    kinds: ['earlier-incidents'],
    async ask(question, signal) {
      if (question.kind !== 'earlier-incidents') throw wrongKind(NAME, question.kind);
      return answerAfter(askedOf(NAME, question, statementOf(question)), async () => {
        if (signal.aborted)
          throw new AgentError('timeout', 'earlier incidents were not read in time', { retryable: true });
        const found = await store.earlier(question.signatures, question.before, MAX_INCIDENTS);
        return { telemetry: { earlierIncidents: found.map(withoutSecrets) } };
      });
    },
  };
}

/** What people write may hold what they should not have written. */
function withoutSecrets(incident: EarlierIncident): EarlierIncident {
  const { feedback } = incident;
  if (feedback === null) return incident;
  const cause = typeof feedback.cause === 'string' ? redact(feedback.cause) : feedback.cause;
  return {
    ...incident,
    feedback: {
      ...feedback,
      ...(cause === undefined ? {} : { cause }),
      ...(feedback.note === undefined ? {} : { note: redact(feedback.note) }),
    },
  };
}

function statementOf({ signatures, before }: Extract<Question, { kind: 'earlier-incidents' }>): string {
  const wanted = signatures.map(quoteForSql).join(', ');
  return `SELECT DISTINCT 'INC-' || i.number, i.title, i.opened_at FROM incident_signatures s JOIN incidents i ON i.number = s.incident WHERE s.signature IN (${wanted}) AND i.opened_at < ${quoteForSql(before)} ORDER BY i.opened_at DESC;`;
}
