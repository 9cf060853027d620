/** What holds for every source, whatever it looks at. Run by each one's own test. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Question, type QuestionKind } from '../../domain/question.ts';
import { type Service, unregisteredService } from '../../domain/service.ts';
import { Answer } from '../../domain/telemetry.ts';
import type { Source } from '../../ports.ts';

export const WINDOW = { from: '2026-11-23T19:30:00.000Z', to: '2026-11-23T20:00:00.000Z' };

/** One question of each kind. */
export function questionOf(kind: QuestionKind, service: Service): Question {
  const code = { path: 'src/main.ts', revision: 'HEAD', fromLine: 1, toLine: 3 };
  const more = {
    metric: { metric: 'up', labels: {}, ...WINDOW, stepSeconds: 15 },
    'metric-names': WINDOW,
    'earlier-incidents': { signatures: ['alert weather-app1 ServiceDown'], before: WINDOW.to },
    targets: {},
    logs: { ...WINDOW, maxLines: 100 },
    probe: { of: 'health' },
    history: { since: '2026-01-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z', maxCommits: 10 },
    files: {},
    'file-lines': code,
    blame: code,
    grep: { revision: 'HEAD', text: 'export const', paths: [], maxMatches: 20 },
    diff: { from: 'HEAD', to: 'HEAD', paths: ['src/main.ts'] },
    events: WINDOW,
    originals: { path: 'src/main.ts', revision: 'HEAD', places: [{ line: 1, column: 1 }] },
  } as const;
  return Question.parse({ kind, service, ...more[kind] });
}

/** A recorded answer of the real server, from fixtures/. */
export function recordedReply(name: string): { status: number; body: string } {
  const file = readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8');
  const { response }: { response: { status: number; body: string } } = JSON.parse(file);
  return response;
}

export interface ContractCase {
  readonly source: Source;
  /** One that the source knows. */
  readonly service: Service;
}

/** `open` is called for each test and closed after it. */
export function sourceContract(name: string, open: () => Promise<ContractCase & AsyncDisposable>): void {
  describe(`${name}, as every source,`, () => {
    test('answers each of its kinds in plain JSON, under its own name, with a query', async () => {
      await using opened = await open();
      const { source, service } = opened;
      for (const kind of source.kinds) {
        const answer = await source.ask(questionOf(kind, service), AbortSignal.timeout(10_000));
        expect(JSON.parse(JSON.stringify(answer))).toEqual(Answer.parse(answer));
        expect(answer.source).toBe(source.name);
        expect(answer.query).not.toBe('');
        expect([kind, ...Object.keys(answer.telemetry)]).not.toEqual([kind]);
      }
    });

    test('says the same twice', async () => {
      await using opened = await open();
      const { source, service } = opened;
      for (const kind of source.kinds) {
        const ask = () => source.ask(questionOf(kind, service), AbortSignal.timeout(10_000));
        expect(withoutTimes(await ask())).toEqual(withoutTimes(await ask()));
      }
    });

    test.each([
      'nobody',
      'x"} or vector(1) #',
      `x'; rm -rf "$(pwd)" #`,
      '../../etc/passwd',
      '--upload-pack=touch',
      'a\nb\u0000c',
    ])('claims nothing about a service that it does not know: %j', async (serviceName) => {
      await using opened = await open();
      for (const kind of opened.source.kinds) {
        const answer = await opened.source.ask(
          questionOf(kind, unregisteredService(serviceName)),
          AbortSignal.timeout(10_000),
        );
        expect(answer.telemetry).not.toHaveProperty('probe');
        expect([kind, ...Object.values(answer.telemetry).flat()]).toEqual([kind]);
        for (const gap of answer.gaps)
          expect(gap).toMatchObject({ source: opened.source.name, detail: expect.stringMatching(/./) });
      }
    });

    test('asked when it is too late, it says so and claims nothing', async () => {
      await using opened = await open();
      for (const kind of opened.source.kinds) {
        const answer = await opened.source.ask(questionOf(kind, opened.service), AbortSignal.abort());
        const said = answer.telemetry.probe?.failure ?? answer.gaps[0]?.reason;
        expect([kind, said]).toEqual([kind, 'timeout']);
      }
    });

    test('refuses a kind that it does not offer', async () => {
      await using opened = await open();
      const other = opened.source.kinds.includes('logs') ? 'files' : 'logs';
      await expect(opened.source.ask(questionOf(other, opened.service), AbortSignal.timeout(10_000))).rejects.toThrow(
        other,
      );
    });
  });
}

function withoutTimes(answer: Answer): unknown {
  const probe = answer.telemetry.probe && { ...answer.telemetry.probe, at: '', durationMilliseconds: 0 };
  return { ...answer, telemetry: { ...answer.telemetry, probe } };
}
