import { text } from 'node:stream/consumers';
import { NotifyRequest } from '@incident-agent/contracts/notify';
import { describe, expect, test } from 'vitest';
import { startServer } from '../../lib/testing/start-server.ts';
import type { Message } from '../../ports.ts';
import { chartsOf } from '../../report/charts.ts';
import { exampleReport } from '../../report/example-report.test-helper.ts';
import { notifierService } from './notifier-service.ts';

const RECEIPT = { channel: 'email', idempotency_key: 'k', sent_at: '2026-01-01T00:00:00Z', message_id: '<a@b>' };
const signal = (): AbortSignal => AbortSignal.timeout(5_000);

function message(change: Partial<Message> = {}): Message {
  return {
    destination: 'email',
    kind: 'opened',
    idempotencyKey: 'INC-1.key',
    report: exampleReport('code'),
    pdf: new TextEncoder().encode('%PDF-1.7'),
    earlierReceipt: undefined,
    ...change,
  };
}

describe('what the notifier answers decides what becomes of a delivery', () => {
  test.each([
    {
      says: 'a receipt is sent',
      status: 200,
      body: { status: 'sent', channel: 'email', pdf_attached: true, receipt: RECEIPT },
      outcome: { state: 'sent', receipt: RECEIPT },
    },
    {
      says: 'a failure that passes is tried again',
      status: 503,
      body: { status: 'failed', error: 'SMTP is away', retryable: true },
      outcome: { state: 'refused', error: 'SMTP is away', retryable: true },
    },
    {
      says: 'a failure that stays is not',
      status: 502,
      body: { status: 'failed', error: 'no such mailbox', retryable: false },
      outcome: { state: 'refused', retryable: false },
    },
    {
      says: 'one that may have arrived is unknown',
      status: 504,
      body: { status: 'failed', error: 'silence', retryable: false, code: 'unknown' },
      outcome: { state: 'unknown' },
    },
    {
      says: 'a proxy’s 502 is tried again',
      status: 502,
      body: '<html>bad gateway</html>',
      outcome: { state: 'refused', retryable: true },
    },
    {
      says: 'a 404 is no notifier and not tried again',
      status: 404,
      body: 'nothing here',
      outcome: { state: 'refused', retryable: false },
    },
    { says: 'a 200 without a receipt is unknown', status: 200, body: 'ok', outcome: { state: 'unknown' } },
  ])('$says', async ({ status, body, outcome }) => {
    await using server = await startServer((_request, response) =>
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body)),
    );
    expect(
      await notifierService({ url: `${server.url}/notify`, token: undefined, chartsOf }).send(message(), signal()),
    ).toMatchObject(outcome);
  });
  test('nobody there is tried again', async () => {
    expect(
      await notifierService({ url: 'http://127.0.0.1:9/notify', token: undefined, chartsOf }).send(message(), signal()),
    ).toMatchObject({ state: 'refused', retryable: true });
  });
});

test.each([
  {
    says: 'its receipt',
    status: 200,
    body: { status: 'sent', channel: 'email', pdf_attached: true, receipt: RECEIPT },
    found: { receipt: RECEIPT },
  },
  { says: 'that it never arrived', status: 404, body: { status: 'none' }, found: 'none' },
  { says: 'that it cannot be told', status: 409, body: { status: 'unknown' }, found: 'unknown' },
])('an earlier try is asked for: $says', async ({ status, body, found }) => {
  const asked: string[] = [];
  await using server = await startServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status).end(JSON.stringify(body));
  });
  expect(
    await notifierService({ url: `${server.url}/notify`, token: 't', chartsOf }).find('INC-1/key', signal()),
  ).toEqual(found);
  expect(asked).toEqual(['/receipts/INC-1%2Fkey']);
});

test.each([503, 502, 429, 401])(
  'a %s when asked for an earlier try is not the journal’s word: it throws, to be asked again',
  async (status) => {
    await using server = await startServer((_request, response) => response.writeHead(status).end('busy'));
    await expect(
      notifierService({ url: `${server.url}/notify`, token: undefined, chartsOf }).find('k', signal()),
    ).rejects.toThrow(String(status));
  },
);

test('what is sent holds the contract, the verdict word for word, the PDF and the earlier receipt', async () => {
  const bodies: unknown[] = [];
  await using server = await startServer((request, response) => {
    void text(request).then((body) => bodies.push(JSON.parse(body)) && response.end('{}'));
  });
  await notifierService({ url: `${server.url}/notify`, token: undefined, chartsOf }).send(
    message({ earlierReceipt: RECEIPT }),
    signal(),
  );
  const sent = NotifyRequest.parse(bodies[0]);
  const { verdict } = exampleReport('code');
  expect(sent).toMatchObject({
    channel: 'email',
    kind: 'opened',
    idempotency_key: 'INC-1.key',
    receipt: { message_id: '<a@b>' },
  });
  expect(sent.report?.verdict.sentence).toBe(verdict.statement.text);
  expect(Buffer.from(sent.pdf_base64 ?? '', 'base64').toString()).toBe('%PDF-1.7');
  expect(sent.report?.facts.some(({ value }) => value.includes(' · '))).toBe(false);
});

async function sentWith(change: Partial<Message>): Promise<NotifyRequest> {
  const bodies: unknown[] = [];
  await using server = await startServer((request, response) => {
    void text(request).then((body) => bodies.push(JSON.parse(body)) && response.end('{}'));
  });
  await notifierService({ url: `${server.url}/notify`, token: undefined, chartsOf }).send(message(change), signal());
  return NotifyRequest.parse(bodies[0]);
}

test('the chart that decides goes with it as even steps, with its onset and its words', async () => {
  const report = exampleReport('code');
  const [chart] = chartsOf(report);
  const { courses = [] } = (await sentWith({ report })).report ?? {};
  expect(courses.map(({ title }) => title)).toEqual([`${chart?.title} [${chart?.evidenceId}]`]);
  const [course] = courses;
  expect(course).toMatchObject({ kind: 'quantity', sentence: chart?.sentence, from: chart?.from, to: chart?.to });
  expect(course?.onset).toBe(report.onset);
  const known = course?.values.filter((value) => value !== null) ?? [];
  expect(known.length).toBeGreaterThan(2);
  expect(Math.max(...known)).toBe(Math.max(...(chart?.points ?? []).map(({ value }) => value ?? 0)));
});

test('where nothing was measured the step is empty, not made up', async () => {
  const report = exampleReport('code');
  const evidence = report.evidence.map((item) => {
    if (item.kind !== 'metric') return item;
    const points = item.data.points.filter(({ at }) => at < '2026-11-12T10:43:00' || at > '2026-11-12T10:44:00');
    return { ...item, data: { ...item.data, points } };
  });
  const { courses = [] } = (await sentWith({ report: { ...report, evidence } })).report ?? {};
  expect(courses[0]?.values).toContain(null);
});

test('a report without a figure over time goes without', async () => {
  const report = exampleReport('code');
  const sent = await sentWith({
    report: { ...report, evidence: report.evidence.filter(({ kind }) => kind !== 'metric') },
  });
  expect(sent.report?.courses).toBeUndefined();
});

test('a PDF too large for a mail is left out; where it is stands in every message', async () => {
  const report = exampleReport('code');
  const url = 'https://incidents.example.com/agent/incidents/INC-147?run=3FA9C21B#E4';
  const pdf = new Uint8Array(15 * 1024 * 1024 + 1);
  const sent = await sentWith({ report: { ...report, incident: { ...report.incident, url } }, pdf });
  expect(sent.pdf_base64).toBeUndefined();
  expect(sent.pdf_url).toBe('https://incidents.example.com/agent/api/incidents/INC-147/report.pdf?run=3FA9C21B');
  expect(
    (await sentWith({ report: { ...report, incident: { ...report.incident, url: null } } })).pdf_url,
  ).toBeUndefined();
});

test('where the draft of the fix is comes first among what to do; without one nothing is said of it', async () => {
  const where = 'https://github.test/shop/api/pull/4';
  expect((await sentWith({ draft: where })).report?.actions[0]).toBe(`Review the draft of the fix: ${where}`);
  expect(JSON.stringify((await sentWith({})).report?.actions)).not.toContain('draft');
});
