/** A model may add to a report and can't make it worse: a scripted OpenAI-compatible server answers `respond`. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { listen } from '../demo/listen.ts';

const APP = join(import.meta.dirname, '..', 'apps', 'incident-agent-workflow');
const ALERT = {
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'Service5xxErrors', service: 'checkout' },
      annotations: { summary: 'checkout answers with 5xx errors' },
    },
  ],
};
const Said = z.looseObject({ claims: z.array(z.looseObject({ text: z.string() })) }).optional();
const Report = z.looseObject({
  version: z.number(),
  verdict: z.looseObject({ statement: z.looseObject({ text: z.string() }), confidence: z.number().nullable() }),
  investigation: z.looseObject({ said: Said }),
  triage: z.looseObject({ said: Said }),
  notes: z.array(z.object({ stage: z.string(), note: z.string() })),
  refusedClaims: z.array(z.looseObject({ text: z.string() })),
  model: z.string(),
});
const stops: (() => unknown)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) void stop();
});

type Answer = (body: string) => {
  readonly status?: number;
  readonly content: string;
  readonly delayMilliseconds?: number;
};

async function startModel(answer: Answer): Promise<{ url: string; prompts: string[] }> {
  const prompts: string[] = [];
  const server = createServer((request, response) => {
    const answerTo = (body: string): void => {
      if (body === '') return void response.writeHead(404).end(); // which protocol is spoken here
      prompts.push(body);
      const { status = 200, content, delayMilliseconds = 0 } = answer(body);
      const reply =
        status === 200
          ? JSON.stringify({
              id: 'x',
              object: 'chat.completion',
              created: 0,
              model: 'm',
              choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
              usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
            })
          : content;
      setTimeout(
        () => response.writeHead(status, { 'content-type': 'application/json' }).end(reply),
        delayMilliseconds,
      );
    };
    void text(request).then(answerTo);
  });
  const port = await listen(server);
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}/v1`, prompts };
}

/** `incident-agent respond` on a service whose log has errors and whose health answers. */
async function respond(modelUrl: string, runSeconds = 20): Promise<z.infer<typeof Report>> {
  const parent = join(APP, '..', '..', '.data', 'test');
  mkdirSync(parent, { recursive: true });
  const scratch = mkdtempSync(join(parent, 'model-'));
  stops.push(() => rmSync(scratch, { recursive: true, force: true }));
  const health = createServer((_request, response) => response.end('{"status":"ok"}'));
  const port = await listen(health);
  stops.push(() => health.close());
  const now = Date.now();
  const line = (ago: number, index: number): string =>
    JSON.stringify({
      time: new Date(now - ago).toISOString(),
      level: 'ERROR',
      service: 'checkout',
      message: `payment ${index} refused by upstream`,
      method: 'GET',
      path: '/pay',
      status: 500,
    });
  writeFileSync(
    join(scratch, 'app.log'),
    `${Array.from({ length: 20 }, (_, index) => line(30_000 - index * 1_000, index)).join('\n')}\n`,
  );
  writeFileSync(
    join(scratch, 'registry.json'),
    JSON.stringify({
      checkout: { health_url: `http://127.0.0.1:${port}/health`, log_paths: { app: join(scratch, 'app.log') } },
    }),
  );
  const child = spawn(process.execPath, [join(APP, 'src', 'main.ts'), 'respond', '-', '--json'], {
    env: {
      PATH: process.env.PATH,
      LLM_BASE_URL: modelUrl,
      LLM_MODEL: 'scripted',
      LLM_API_KEY: 'k',
      LLM_RUN_SECONDS: String(runSeconds),
      SERVICE_REGISTRY_PATH: join(scratch, 'registry.json'),
      REPORTS_DIR: join(scratch, 'reports'),
      LOG_DIR: join(scratch, 'logs'),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(JSON.stringify(ALERT));
  const [output, said] = await Promise.all([text(child.stdout), text(child.stderr)]);
  try {
    return Report.parse(JSON.parse(output));
  } catch (error) {
    throw new Error(`no report: ${said}`, { cause: error });
  }
}

function claims(...texts: [string, string[]][]): string {
  return JSON.stringify({ finding: { claims: texts.map(([claim, cites]) => ({ text: claim, cites })) }, requests: [] });
}

test('what the evidence bears out is added, what it does not is refused and counted', { timeout: 60_000 }, async () => {
  const honest = 'The health address of checkout answered 200.';
  const lie = 'The database lost 4711 connections at 03:33:33.';
  const tooFar = 'The health address answered, so the disk is full.';
  const uncited = 'Everything is on fire.';
  const model = await startModel((body) => {
    const probe = /(E\d+) \(probe/.exec(body)?.[1] ?? 'E1';
    // The triage tells the truth, with one sentence that goes too far; the others lie.
    return body.includes('Your task: triage')
      ? { content: claims([honest, [probe]], [tooFar, [probe]]) }
      : { content: claims([honest, [probe]], [lie, [probe]], [uncited, []], ['Commit deadbee broke it.', ['E99']]) };
  });
  const report = await respond(model.url);
  const told = report.triage.said?.claims.map((claim) => claim.text);
  expect(report.version).toBe(2);
  expect(told).toEqual([honest]);
  expect(report.investigation.said?.claims).toEqual([]);
  expect(JSON.stringify([report.verdict, told, report.investigation.said?.claims])).not.toMatch(/4711|on fire|deadbee/);
  expect(report.refusedClaims.map((claim) => claim.text)).toEqual(expect.arrayContaining([lie, tooFar]));
  expect(report.model).toContain('scripted');
});

describe('a model that misbehaves leaves the deterministic report and a note', () => {
  test.each<{ says: string; answer: Answer; note: RegExp }>([
    { says: 'prose', answer: () => ({ content: 'I think it is the database.' }), note: /form/ },
    { says: 'broken JSON', answer: () => ({ content: '{"finding":{"claims":[{"text":"x"' }), note: /form/ },
    { says: 'an error page', answer: () => ({ status: 500, content: '<html>oops</html>' }), note: /500/ },
    {
      says: 'a refused key',
      answer: () => ({ status: 401, content: '{"error":{"message":"no"}}' }),
      note: /LLM_API_KEY/,
    },
    { says: 'a limit', answer: () => ({ status: 429, content: '{"error":{"message":"slow down"}}' }), note: /429/ },
    { says: 'silence', answer: () => ({ content: '{}', delayMilliseconds: 30_000 }), note: /LLM_RUN_SECONDS/ },
  ])('$says', { timeout: 60_000 }, async ({ answer, note }) => {
    const { url } = await startModel(answer);
    const report = await respond(url, 8);
    expect(report.notes).toMatchObject([{ stage: 'Model', note: expect.stringMatching(note) }]);
    expect(report.verdict.statement.text).not.toBe('');
  });
  test('nothing listens at its address', { timeout: 60_000 }, async () => {
    const report = await respond('http://127.0.0.1:9/v1', 2);
    expect(report.notes).toMatchObject([{ note: expect.stringContaining('LLM_BASE_URL') }]);
  });
});

test('an answer in the wrong form is quoted back once, and the second one counts', { timeout: 60_000 }, async () => {
  let calls = 0;
  const model = await startModel(() => {
    calls += 1;
    const said = claims(['The alert fired.', ['E1']]);
    return { content: calls === 1 ? 'Sure!' : `<think>hm</think>\n\`\`\`json\n${said}\n\`\`\`` };
  });
  const report = await respond(model.url);
  expect(model.prompts[1]).toContain('Your last answer cannot be taken');
  expect(report.triage.said?.claims.map(({ text: said }) => said)).toEqual(['The alert fired.']);
});
