/**
 * One agent's talk with the model: at most so many rounds, in each of which it may have something asked; one repair of
 * an answer that cannot be read, one of an answer in which things are made up. What it said last and readably stands.
 */
import { AgentError } from '../../domain/error.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Findings } from '../../domain/finding.ts';
import type { ModelSaid } from '../../domain/model-said.ts';
import type { Question } from '../../domain/question.ts';
import type { Registry } from '../../domain/service.ts';
import type { Observation } from '../../domain/telemetry.ts';
import { type Known, questionsFor } from './menu.ts';
import { promptOf } from './prompt.ts';
import { type AgentKey, type ModelFinding, type Reply, readReply } from './protocol.ts';
import type { Room } from './room.ts';
import type { Session } from './session.ts';

export const MAX_ROUNDS = 4;
const MAX_ANSWER_CHARACTERS = 1_500;

export interface ConsultTools {
  readonly session: Session;
  readonly registry: Registry;
  readonly tag: string;
  /** undefined: what was seen is not at hand (the run was resumed), so nothing more can be asked. */
  readonly looker: Looker | undefined;
  /** What of an answer is borne out, and what is made up. */
  judge(finding: ModelFinding, facts: Facts): { readonly said: Said; readonly invented: readonly string[] };
}
type Said = Omit<ModelSaid, 'asked' | 'refused'>;

/** Sources and engine, for further questions. */
export interface Looker {
  known(facts: Facts): Known;
  /** Asks, has everything scored anew; the new observations in the order of the questions. */
  look(questions: readonly Question[], facts: Facts): Promise<{ facts: Facts; brought: readonly Observation[] }>;
}

export interface Consulted {
  readonly said: ModelSaid;
  /** With what the requests brought in. */
  readonly facts: Facts;
}

/** Throws AgentError when nothing readable came: the model's own, or 'malformed'. */
export async function consult(
  agent: AgentKey,
  name: string,
  findings: Findings,
  start: Facts,
  tools: ConsultTools,
): Promise<Consulted> {
  const { session, looker } = tools;
  let facts = start;
  let roundsLeft = looker && agent !== 'quick' ? MAX_ROUNDS - 1 : 0;
  let problem: string | undefined;
  let repairs = 1;
  let secondThoughts = 1;
  let asked = 0;
  let refused = 0;
  const answers: string[] = [];
  let standing: Said | undefined;
  for (;;) {
    const { registry, tag } = tools;
    const promptIn = (room: Room) =>
      promptOf({ agent, facts, findings, registry, tag, room, roundsLeft, answers, problem });
    const answer = await session.ask(name, promptIn).catch((error: unknown) => {
      if (!standing) throw error;
      return undefined;
    });
    if (!answer) break;
    const read = readReply(answer.text, agent, answer.isCut);
    if (!read.ok) {
      if (repairs === 0) break;
      repairs -= 1;
      problem = read.problem;
      continue;
    }
    problem = undefined;
    const ordered = await order(read.reply, facts, roundsLeft, looker);
    asked += ordered.asked;
    refused += ordered.refusals.length;
    facts = ordered.facts;
    const { said, invented } = tools.judge(read.reply.finding, facts);
    standing = said;
    if (ordered.asked > 0) {
      roundsLeft -= 1;
      answers.push(...ordered.answers, ...ordered.refusals);
      continue;
    }
    if (invented.length === 0 || secondThoughts === 0) break;
    secondThoughts -= 1;
    problem = `these sentences are not borne out by what they cite:\n${invented.join('\n')}\nLeave them out or mend them`;
  }
  if (standing) return { said: { ...standing, asked, refused }, facts };
  throw new AgentError('malformed', `The model did not answer in the form asked for: ${problem ?? 'no answer'}`, {
    retryable: false,
  });
}

interface Placed {
  readonly facts: Facts;
  readonly asked: number;
  readonly answers: readonly string[];
  readonly refusals: readonly string[];
}

async function order(
  { requests }: Reply,
  facts: Facts,
  roundsLeft: number,
  looker: Looker | undefined,
): Promise<Placed> {
  if (requests.length === 0) return { facts, asked: 0, answers: [], refusals: [] };
  if (!looker || roundsLeft === 0)
    return { facts, asked: 0, answers: [], refusals: requests.map(() => 'nothing more can be asked') };
  const { questions, refusals } = questionsFor(requests, looker.known(facts));
  if (questions.length === 0) return { facts, asked: 0, answers: [], refusals };
  const looked = await looker.look(questions, facts);
  return { facts: looked.facts, asked: questions.length, answers: looked.brought.map(answerText), refusals };
}

/** As it came: most of it is evidence by now, the rest is good for the next request. */
function answerText({ question, answer }: Observation): string {
  const { service, ...rest } = question;
  const { metricNames, matches, targets, probe, blame, code } = answer.telemetry;
  const told = { metricNames, matches, targets, probe, blame: code ? undefined : blame?.slice(0, 5) };
  const gaps = answer.gaps.map(({ detail }) => detail);
  return JSON.stringify({ asked: { ...rest, service: service.name }, ...told, notSeen: gaps }).slice(
    0,
    MAX_ANSWER_CHARACTERS,
  );
}
