/** A prompt fits what the model reads, whatever the incident: of too much evidence the weightiest is shown. */
import { afterAll, describe, expect, test } from 'vitest';
import { chosenEvidence } from './agents/model/chosen-evidence.ts';
import { promptOf } from './agents/model/prompt.ts';
import { lessThan, MAX_REPLY_TOKENS, type Room, roomIn } from './agents/model/room.ts';
import { CALLEE_CHANGED, ITEMS, itemsRepository, regressionWorld } from './analyze/scenarios.test-helper.ts';
import { investigate } from './analyze/world.test-helper.ts';
import { AgentError } from './domain/error.ts';
import type { Evidence } from './domain/evidence.ts';
import type { Facts } from './domain/facts.ts';
import { LEAST_CHARACTERS_PER_TOKEN, mostTokensOf, WHOLE_CONTEXT_TOKENS } from './domain/model.ts';
import { modelSaying, runWorld } from './world-run.test-helper.ts';

const repository = itemsRepository(CALLEE_CHANGED);
afterAll(() => repository.remove());
const CRASH = {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading 'amount')",
  frames: [`describeItem ${ITEMS}:15:34`, `describeAll ${ITEMS}:21:39`],
};
const WORLD = regressionWorld(repository, CRASH);
const FACTS = investigate(WORLD);

/** As if two hundred kinds of errors had been logged besides. */
const NOISE: Evidence[] = Array.from({ length: 200 }, (_, index) => ({
  id: `E${FACTS.evidence.length + index + 1}`,
  kind: 'logs' as const,
  service: 'items-api',
  source: 'loki',
  query: '',
  window: FACTS.evidence[0]!.window,
  digest: 'd',
  title: `error “noise ${index} of a long and tedious kind that nobody asked for” once`,
  data: {
    template: 'noise',
    level: 'error' as const,
    baselineCount: 0,
    incidentCount: 1,
    firstAt: null,
    lastAt: null,
    samples: [{ at: null, stream: 's', line: 1, text: `noise ${index} ${'x'.repeat(500)}` }],
    context: [],
  },
}));
/** In front: what is weighty must be found among it. */
const NOISY: Facts = { ...FACTS, evidence: [...NOISE, ...FACTS.evidence] };

function promptIn(
  room: Room,
  facts: Facts,
  agent: 'triage' | 'investigation' | 'code' = 'code',
  answers: string[] = [],
) {
  const { registry } = WORLD;
  return promptOf({
    agent,
    facts,
    findings: {},
    registry,
    tag: 'data-X',
    room,
    roundsLeft: 3,
    answers,
    problem: undefined,
  });
}

describe.each([32_768, 8_192, 4_096, 3_000])('where a model reads %d tokens', (contextTokens) => {
  const room = roomIn(contextTokens);

  test.each<[string, Facts, string[]]>([
    ['little', FACTS, []],
    ['very much', NOISY, []],
    ['very much, and answers to requests', NOISY, Array.from({ length: 20 }, () => 'y'.repeat(1_500))],
  ])('prompt and reply fit where there is %s', (_, facts, answers) => {
    const prompt = promptIn(room, facts, 'code', answers);
    expect(mostTokensOf(prompt) + prompt.maxReplyTokens).toBeLessThanOrEqual(contextTokens);
    expect(prompt.user).toContain('</data-X>');
    expect(prompt.user).toMatch(/Answer with one JSON object and nothing else: .*\}$/);
  });

  test('what the first hypothesis rests on is there, whatever else there is', () => {
    const { user } = promptIn(room, NOISY);
    const [first] = FACTS.hypotheses;
    for (const id of first!.statement.cites) expect(user).toMatch(new RegExp(`^${id} \\(`, 'm'));
    expect(user).toContain(first!.statement.text);
    expect(user).toMatch(/^\(\d+ more are not shown\)$/m);
  });
});

test('a model that reads much is not told more than helps', () => {
  expect(roomIn(1_000_000)).toEqual(roomIn(WHOLE_CONTEXT_TOKENS));
  expect(roomIn(undefined)).toEqual(roomIn(WHOLE_CONTEXT_TOKENS));
  expect(roomIn(undefined).replyTokens).toBe(MAX_REPLY_TOKENS);
});

test('with enough room nothing is left out, and the crash is shown with its code', () => {
  const text = chosenEvidence(FACTS, 20_000);
  for (const { id } of FACTS.evidence) expect(text).toMatch(new RegExp(`^${id} \\(`, 'm'));
  expect(text).not.toContain('more are not shown');
  expect(text).toMatch(/^> 15 {2}.*amount/m);
});

test.each([400, 900, 2_000])('evidence in %d characters stays within them', (characters) => {
  // Beside them the line that says how many are missing.
  expect(chosenEvidence(NOISY, characters).length).toBeLessThanOrEqual(characters + 40);
});

test('agents are told the same first, so that an endpoint need not read it again', () => {
  const [triage, code] = (['triage', 'code'] as const).map((agent) => promptIn(roomIn(8_192), NOISY, agent));
  expect(triage!.system).toBe(code!.system);
  const evidence = triage!.user.slice(0, triage!.user.indexOf('<data-X of="finding">'));
  expect(evidence.length).toBeGreaterThan(triage!.user.length / 2);
  expect(code!.user.startsWith(evidence)).toBe(true);
});

describe('an endpoint that refuses what is too long', () => {
  const TRUE = { text: 'The alert fired.', cites: ['E1'] };
  const refusingFrom = (tokens: number) =>
    modelSaying((prompt) => {
      if (mostTokensOf(prompt) + prompt.maxReplyTokens > tokens)
        throw new AgentError('too-large', 'The prompt is longer than it can read', { retryable: false });
      return { finding: { claims: [TRUE] } };
    });

  test('is asked with less, and the next agent at once with that', async () => {
    const model = refusingFrom(4_096);
    const { report, exchanges } = await runWorld(WORLD, model);
    expect(report.triage?.said?.claims).toEqual([TRUE]);
    expect(report.notes).toEqual([]);
    const failed = exchanges.filter(({ failure }) => failure);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every(({ agent }) => agent === 'TriageAgent')).toBe(true);
  });

  test('says beforehand how much it reads, and is never refused', async () => {
    const model = { ...refusingFrom(4_096), contextTokens: async () => 4_096 };
    const { report, exchanges } = await runWorld(WORLD, model);
    expect(report.triage?.said?.claims).toEqual([TRUE]);
    expect(exchanges.filter(({ failure }) => failure)).toEqual([]);
    expect(exchanges.every(({ contextTokens }) => contextTokens === 4_096)).toBe(true);
  });

  test('whatever is left out is asked a few times, and the report says why there is nothing of it', async () => {
    const model = refusingFrom(0);
    const { report, versions } = await runWorld(WORLD, model);
    expect(report.verdict).toEqual(versions[0]?.verdict);
    expect(report.notes).toEqual([{ stage: 'Model', note: expect.stringContaining('longer than it can read') }]);
    expect(model.prompts.length).toBeLessThanOrEqual(4);
  });
});

test('less is less, down to what the task itself takes', () => {
  const rooms: Room[] = [];
  for (let room: Room | undefined = roomIn(undefined); room; room = lessThan(room)) rooms.push(room);
  expect(rooms.length).toBeLessThanOrEqual(4);
  const last = rooms.at(-1)!;
  const prompt = promptIn(last, NOISY);
  expect(prompt.system.length + prompt.user.length).toBeLessThanOrEqual(last.promptCharacters);
  expect(last.promptCharacters / LEAST_CHARACTERS_PER_TOKEN).toBeLessThan(2_000);
});
