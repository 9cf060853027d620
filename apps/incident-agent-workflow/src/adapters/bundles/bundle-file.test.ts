/** What is written is read back, the same every time; what is damaged is refused with its place and what to do. */
import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { unpackTar } from 'modern-tar';
import { describe, expect, test } from 'vitest';
import type { Observation } from '../../domain/telemetry.ts';
import { archiveOf, bundleContent, logsObservation, SERVICE } from './bundle.test-helper.ts';
import { type BundleContent, readBundle, writeBundle } from './bundle-file.ts';

const instant = fc.oneof(
  fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
  fc.nat({ max: 999_999_999 }).map((nanoseconds) => `2026-03-01T12:00:00.${String(nanoseconds).padStart(9, '0')}Z`),
  fc.constantFrom('2026-03-01T12:00:00Z', '2026-03-01T12:00:00.5+02:00', 'yesterday', '-271821-04-20T00:00:00.000Z'),
);
const value = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0));
const logLine = fc.record(
  { at: instant, stream: fc.string(), line: fc.integer({ min: 1 }), text: fc.string({ unit: 'binary' }) },
  { requiredKeys: ['stream', 'text'] },
);
const series = fc.record({
  metric: fc.string(),
  labels: fc.dictionary(fc.string(), fc.string()),
  points: fc.array(fc.record({ at: instant, value })),
});
const observation: fc.Arbitrary<Observation> = fc
  .record({ logLines: fc.array(logLine), series: fc.array(series) }, { requiredKeys: [] })
  .map((telemetry) => ({ ...logsObservation(undefined), answer: { source: 's', query: 'q', telemetry, gaps: [] } }));

describe.each(['rows', 'columns'] as const)('held by %s,', (form) => {
  const forms = { logs: form, series: form };

  test('observations are read back as they were written, keys in their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(observation, { maxLength: 3 }), async (observations) => {
        const { manifest } = bundleContent();
        const bytes = await writeBundle(bundleContent({ manifest: { ...manifest, forms }, observations }));
        expect(JSON.stringify((await readBundle(bytes)).observations)).toBe(JSON.stringify(observations));
      }),
      { numRuns: 200 },
    );
  });
});

test('columns are what is written where they are declared, and take less room', async () => {
  const lines = Array.from({ length: 500 }, (_, index) => ({
    at: new Date(Date.UTC(2026, 2, 1, 11, 0, index)).toISOString(),
    stream: '/var/log/orders.log',
    text: `GET /orders/${index} -> 200`,
  }));
  const size = async (form: 'rows' | 'columns') => {
    const manifest = { ...bundleContent().manifest, forms: { logs: form, series: form } };
    const bytes = await writeBundle(bundleContent({ manifest, observations: [logsObservation(lines)] }));
    const text = await memberText(bytes, 'questions.jsonl');
    expect(text.includes('"columns"')).toBe(form === 'columns');
    return bytes.byteLength;
  };
  expect(await size('columns')).toBeLessThan(0.7 * (await size('rows')));
});

test('rows are read where columns are declared', async () => {
  const manifest = { ...bundleContent().manifest, forms: { logs: 'columns' as const, series: 'columns' as const } };
  const line = JSON.stringify(logsObservation([{ stream: 's', text: 'one' }]));
  const members = (await membersOf({ manifest })).filter(({ name }) => name !== 'questions.jsonl');
  const bytes = await archiveOf([...members, { name: 'questions.jsonl', text: `${line}\n` }]);
  expect((await readBundle(bytes)).observations[0]?.answer.telemetry.logLines).toEqual([{ stream: 's', text: 'one' }]);
});

test('every member is read back, and the same content is the same bytes', async () => {
  const content = bundleContent({
    observations: [logsObservation([{ stream: 's', text: 'é 😀' }])],
    repositoryBundle: new Uint8Array([0, 255, 1]),
    modelExchanges: [
      {
        agent: 'TriageAgent',
        call: 1,
        model: 'scripted',
        system: 'do',
        user: 'why',
        maxReplyTokens: 9,
        reply: { text: 'so', promptTokens: 1, replyTokens: 1, isCut: false, costUsd: null },
        startedAfterMilliseconds: 0,
        milliseconds: 1,
      },
    ],
    report: { schema: 'incident-report/1', b: 1, a: 2 },
    label: { class: 'code-error', service: 'orders', commit: null, file: null, line: null, kind: 'code' },
  });
  const bytes = await writeBundle(content);
  const { manifest, ...rest } = content;
  expect(await readBundle(bytes)).toEqual({
    ...rest,
    manifest: { ...manifest, holds: 'run', forms: { logs: 'rows', series: 'rows' }, time_scale: 1, shallow: [] },
  });
  expect(Buffer.from(await writeBundle(content)).equals(bytes)).toBe(true);
});

test('the order of the members does not matter, nor ./ in front of their names, nor folders and files beside them', async () => {
  const content = bundleContent({ observations: [logsObservation([])] });
  const members = await membersOf(content);
  const shuffled = await archiveOf([
    { name: './', type: 'directory' },
    ...members.toReversed().map((member) => ({ ...member, name: `./${member.name}` })),
    { name: 'notes.txt', text: 'hello' },
  ]);
  expect(await readBundle(shuffled)).toEqual(await readBundle(await writeBundle(content)));
});

describe('refused, with the place and what to do:', () => {
  test.each<{ says: string; change: Record<string, string | undefined>; error: RegExp }>([
    { says: 'no manifest', change: { 'bundle.json': undefined }, error: /has no bundle\.json: it is no bundle/ },
    { says: 'no questions', change: { 'questions.jsonl': undefined }, error: /has no questions\.jsonl/ },
    {
      says: 'another version',
      change: { 'bundle.json': '{"schema":"incident-bundle/2"}' },
      error: /"incident-bundle\/2", this agent reads incident-bundle\/1: read it with the version that wrote it/,
    },
    {
      says: 'a manifest of something else',
      change: { 'bundle.json': '{"a":1}' },
      error: /bundle\.json has no "schema"/,
    },
    {
      says: 'a manifest that lacks a field',
      change: { 'bundle.json': '{"schema":"incident-bundle/1"}' },
      error: /bundle\.json incident: .*make the bundle again/,
    },
    { says: 'JSON that ends early', change: { 'alerts.json': '[{' }, error: /alerts\.json is no JSON/ },
    {
      says: 'an alert without labels',
      change: { 'alerts.json': '[{"status":"firing"}]' },
      error: /alerts\.json 0\.labels/,
    },
    {
      says: 'a line that is no JSON',
      change: { 'questions.jsonl': `${JSON.stringify(logsObservation([]))}\n{"question"\n` },
      error: /questions\.jsonl, line 2 is no JSON/,
    },
    {
      says: 'a question of a kind that is not known',
      change: { 'questions.jsonl': '{"question":{"kind":"dream"},"answer":{}}' },
      error: /questions\.jsonl, line 1 question\.kind/,
    },
    {
      says: 'columns of different length',
      change: {
        'questions.jsonl': columnsLine({ at: [null], stream: ['s', 's'], text: ['a', 'b'] }),
      },
      error: /questions\.jsonl, line 1 columns of different length \(1, 2\)/,
    },
    {
      says: 'times that lead out of the calendar',
      change: {
        'questions.jsonl': columnsLine({
          at: { from: '2026-03-01T12:00:00.000Z', unit: 'ms', steps: [9_007_199_254_740_991] },
          stream: ['s'],
          text: ['a'],
        }),
      },
      error: /questions\.jsonl, line 1 .*is no instant/,
    },
    {
      says: 'a label of an unknown class',
      change: { 'label.json': '{"class":"gremlins"}' },
      error: /label\.json class/,
    },
  ])('$says', async ({ change, error }) => {
    const members = (await membersOf({})).filter(({ name }) => !(name in change));
    const added = Object.entries(change).flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]));
    await expect(readBundle(await archiveOf([...members, ...added]))).rejects.toMatchObject({
      name: 'AgentError',
      message: expect.stringMatching(error),
    });
  });

  test('a text that is not UTF-8', async () => {
    const whole = await writeBundle(bundleContent({ observations: [logsObservation([{ stream: 's', text: 'éé' }])] }));
    const tar = gunzipSync(whole);
    tar[tar.indexOf(Buffer.from('éé'))] = 0xff;
    await expect(readBundle(gzipSync(tar))).rejects.toThrow('questions.jsonl is no UTF-8 text');
  });

  test('a bundle packed with its folder', async () => {
    const members = (await membersOf({})).map((member) => ({ ...member, name: `case/${member.name}` }));
    await expect(readBundle(await archiveOf(members))).rejects.toThrow(
      /lies in a folder \(case\/bundle\.json\).*tar czf/,
    );
  });

  test.each([
    { says: 'a name that climbs', member: { name: '../../etc/passwd', text: 'x' } },
    { says: 'an absolute name', member: { name: '/etc/passwd', text: 'x' } },
    { says: 'a link', member: { name: 'label.json', type: 'symlink' as const, linkname: '/etc/passwd' } },
    { says: 'a member twice', member: { name: 'bundle.json', text: '{}' } },
  ])('$says', async ({ member }) => {
    const archive = await archiveOf([...(await membersOf({})), member]);
    await expect(readBundle(archive)).rejects.toMatchObject({ code: 'refused' });
  });

  test('a small file that unpacks to hundreds of megabytes', async () => {
    const bomb = gzipSync(Buffer.alloc(129 * 1024 * 1024));
    expect(bomb.byteLength).toBeLessThan(1024 * 1024);
    await expect(readBundle(bomb)).rejects.toMatchObject({ code: 'too-large' });
  });

  test('anything else, cut or changed anywhere: it is read or refused, nothing else happens', async () => {
    const whole = await writeBundle(bundleContent({ observations: [logsObservation([{ stream: 's', text: 'x' }])] }));
    const tar = gunzipSync(whole);
    const broken = fc.oneof(
      fc.uint8Array(),
      fc.nat({ max: whole.byteLength - 1 }).map((length) => whole.subarray(0, length)),
      fc.nat({ max: tar.byteLength - 1 }).map((length) => gzipSync(tar.subarray(0, length))),
      fc.tuple(fc.nat({ max: tar.byteLength - 1 }), fc.nat({ max: 255 })).map(([at, byte]) => {
        const changed = Buffer.from(tar);
        changed[at] = byte;
        return gzipSync(changed);
      }),
    );
    await fc.assert(
      fc.asyncProperty(broken, async (bytes) => {
        const outcome = await readBundle(bytes).then(
          () => 'read',
          (error: unknown) => (error instanceof Error ? error.name : 'thrown'),
        );
        expect(['read', 'AgentError']).toContain(outcome);
      }),
      { numRuns: 300 },
    );
  });

  test('a bundle that ends too early', async () => {
    const whole = await writeBundle(bundleContent());
    await expect(readBundle(whole.subarray(0, whole.byteLength - 40))).rejects.toThrow(/ends too early|damaged/);
  });
});

function columnsLine(columns: unknown): string {
  const { question } = logsObservation([]);
  return JSON.stringify({
    question,
    answer: { source: 'loki', query: 'q', telemetry: { logLines: { columns } }, gaps: [] },
  });
}

async function membersOf(changes: Partial<BundleContent>): Promise<{ name: string; text: string }[]> {
  const bytes = await writeBundle(bundleContent({ registry: { services: [SERVICE] }, ...changes }));
  const entries = await unpackTar(gunzipSync(bytes));
  return entries.map(({ header, data }) => ({ name: header.name, text: Buffer.from(data ?? []).toString('utf8') }));
}

async function memberText(bytes: Uint8Array, name: string): Promise<string> {
  const entries = await unpackTar(gunzipSync(bytes));
  const found = entries.find(({ header }) => header.name === name);
  return Buffer.from(found?.data ?? []).toString('utf8');
}
