/** What models and their endpoints do wrong, each as a script; and what a report is to say of it. */
import type { ScriptedModelOptions, ScriptedReply } from './server.ts';

export interface Misbehaviour {
  readonly says: string;
  readonly server: ScriptedModelOptions;
  /** What the report's note says; undefined: the answer can be read all the same, so nothing is noted. */
  readonly note: RegExp | undefined;
}

/** A true sentence about any incident: its alert is always the first evidence. */
const GOOD = JSON.stringify({ finding: { claims: [{ text: 'The alert fired.', cites: ['E1'] }] }, requests: [] });
const EMPTY = { finding: { claims: [] }, requests: [] };

/** `model`: the name that is asked for. */
export function misbehaviours(model: string): Misbehaviour[] {
  return [
    read('fenced JSON', `Here it is:\n\`\`\`json\n${GOOD}\n\`\`\`\nAnything else?`),
    read('comments and trailing commas', GOOD.replace('"requests":[]', '// none\n"requests":[],')),
    read('a thought before it', `<think>{"finding": what else?}</think>\n${GOOD}`),
    read('two objects', `{"finding":{"claims":[]}}\nor rather\n${GOOD}`),
    failed('prose', 'I think it is the database.', /no JSON object/),
    failed('nothing', '', /answer|empty|no JSON/i),
    failed('a reply cut at the limit of tokens', { text: GOOD.slice(0, 60), isCut: true }, /cut off/),
    failed('thoughts that take all of its tokens', { text: '<think>First of all, hm', isCut: true }, /cut off/),
    failed('wrong types', '{"finding":{"claims":"many"},"requests":7}', /claims/),
    failed('evidence that does not exist', claim('It broke.', 'E4711'), /None of what it said stood/),
    failed(
      'figures that nobody measured',
      claim('The alert fired 4,711 times at 03:33:33.', 'E1'),
      /None of what it said stood/,
    ),
    failed(
      'files that nobody wrote',
      claim('The alert comes from src/evil.ts:66.', 'E1'),
      /None of what it said stood/,
    ),
    failed(
      'two hundred requests',
      asking(Array.from({ length: 200 }, () => ({ kind: 'shell', service: 'x' }))),
      /requests refused/,
    ),
    failed(
      'a request for /etc/passwd',
      asking([{ kind: 'file-lines', service: 'items-api', path: '/etc/passwd', line: 1 }]),
      /requests? refused/,
    ),
    failed(
      'a request for a foreign repository',
      asking([{ kind: 'history', service: 'payroll' }]),
      /requests? refused/,
    ),
    failed(
      'a page of HTML with status 200',
      { rawBody: '<!doctype html><h1>Welcome</h1>', contentType: 'text/html' },
      /unreadable|no JSON|answered|HTML/i,
    ),
    failed('status 401', { status: 401 }, /401|LLM_API_KEY/),
    failed('status 429 that says when to come again', { status: 429, headers: { 'retry-after': '1' } }, /429|rate/i),
    failed('status 500', { status: 500 }, /500/),
    failed('a stream that stalls', { text: GOOD, stalls: true }, /LLM_RUN_SECONDS|in time|stall/i),
    failed(
      'a connection that is reset',
      { text: GOOD, resets: true },
      /broke|reset|connection|unreadable|ended|LLM_RUN_SECONDS/i,
    ),
    failed('no answer for a minute', { text: GOOD, delayMilliseconds: 60_000 }, /LLM_RUN_SECONDS|in time/),
    {
      says: 'another model than the one asked for',
      server: { answer: () => GOOD, models: [`not-${model}`] },
      note: /not found|LLM_MODEL|pull/i,
    },
    failed(
      'a prompt that is too long for it',
      {
        status: 400,
        rawBody: JSON.stringify({
          error: { message: "This model's maximum context length is 512 tokens.", code: 'context_length_exceeded' },
        }),
      },
      /too long|context|400/i,
    ),
  ];
}

function read(says: string, text: string): Misbehaviour {
  return { says, server: { answer: () => text }, note: undefined };
}

function failed(says: string, reply: ScriptedReply | string, note: RegExp): Misbehaviour {
  return { says, server: { answer: () => reply }, note };
}

function claim(text: string, cite: string): string {
  return JSON.stringify({ finding: { claims: [{ text, cites: [cite] }] }, requests: [] });
}

function asking(requests: readonly unknown[]): string {
  return JSON.stringify({ ...EMPTY, requests });
}
