import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Alert } from '../../domain/alert.ts';
import { isAgentError } from '../../domain/error.ts';
import { alertmanager } from './alertmanager.ts';

const FIXTURES = new URL('./fixtures/', import.meta.url);
const RECEIVED_AT = '2026-11-23T20:00:00.000Z';
const format = alertmanager({ digest: (text) => createHash('sha256').update(text).digest('hex') });

function recorded(name: string): unknown {
  const file: { request?: { body?: string } } = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8'));
  return file.request?.body === undefined ? undefined : JSON.parse(file.request.body);
}

function parse(...alerts: unknown[]) {
  return format.parse({ alerts }, RECEIVED_AT);
}

function refusal(body: unknown): string {
  try {
    format.parse(body, RECEIVED_AT);
    return 'accepted';
  } catch (error) {
    return isAgentError(error) && error.code === 'invalid-input' && !error.retryable ? error.message : 'another error';
  }
}

const minimal = {
  status: 'firing',
  labels: { alertname: 'ServiceDown', service: 'weather-app1' },
  annotations: { summary: 'weather-app1 is not responding' },
};

describe('every recorded webhook of Alertmanager is taken whole', () => {
  const names = readdirSync(FIXTURES).map((file) => file.replace('.json', ''));
  const withBody = names.filter((name) => recorded(name) !== undefined);

  test('there are recordings', () => {
    expect(withBody.length).toBeGreaterThan(30);
  });

  test.each(withBody)('%s', (name) => {
    const body = recorded(name) as {
      alerts: { labels: Record<string, string>; startsAt: string; fingerprint: string }[];
    };
    const sifted = format.parse(body, RECEIVED_AT);
    expect(sifted.rejected).toEqual([]);
    expect(sifted.good.map((alert) => [alert.fingerprint, alert.startsAt, alert.labels])).toEqual(
      body.alerts.map((alert) => [alert.fingerprint, alert.startsAt, alert.labels]),
    );
    for (const alert of sifted.good) expect(JSON.parse(JSON.stringify(alert))).toEqual(Alert.parse(alert));
  });
});

test('a firing alert has no end, a resolved one has its real one', () => {
  expect(format.parse(recorded('am-firing'), RECEIVED_AT).good[0]).not.toHaveProperty('endsAt');
  const resolved = format.parse(recorded('am-resolved'), RECEIVED_AT).good;
  expect(resolved.map((alert) => [alert.status, typeof alert.endsAt])).toEqual(
    resolved.map(() => ['resolved', 'string']),
  );
});

test('the minimal alert begins when it was received and gets a fingerprint of its labels', () => {
  const [alert] = parse(minimal).good;
  expect(alert).toMatchObject({ ...minimal, startsAt: RECEIVED_AT, receivedAt: RECEIVED_AT, format: 'alertmanager' });
  expect(alert?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
});

test('the order of labels and the annotations do not change the computed fingerprint, one more label does', () => {
  const turned = { ...minimal, annotations: {}, labels: { service: 'weather-app1', alertname: 'ServiceDown' } };
  const more = { ...minimal, labels: { ...minimal.labels, instance: 'a:1' } };
  const [first, same, other] = parse(minimal, turned, more).good;
  expect(same?.fingerprint).toBe(first?.fingerprint);
  expect(other?.fingerprint).not.toBe(first?.fingerprint);
});

test.each([
  { field: 'status', change: { status: 'burning' }, reason: 'must be "firing" or "resolved"' },
  { field: 'status', change: { status: undefined }, reason: 'must be "firing" or "resolved"' },
  { field: 'labels', change: { labels: ['a'] }, reason: 'must be an object of texts' },
  { field: 'labels', change: { labels: null }, reason: 'must be an object of texts' },
  { field: 'labels', change: { labels: {} }, reason: 'no identity: send at least alertname' },
  { field: 'labels', change: { labels: { a: '', b: null } }, reason: 'no identity: send at least alertname' },
  { field: 'labels.port', change: { labels: { port: 8080 } }, reason: 'must be text, not number' },
  {
    field: 'labels',
    change: { labels: Object.fromEntries(Array.from({ length: 129 }, (_, n) => [`l${n}`, 'x'])) },
    reason: 'at most 128',
  },
  { field: 'annotations', change: { annotations: 'text' }, reason: 'must be an object of texts' },
  { field: 'annotations.list', change: { annotations: { list: [] } }, reason: 'must be text, not a list' },
  { field: 'startsAt', change: { startsAt: 'yesterday' }, reason: 'ISO 8601' },
  { field: 'startsAt', change: { startsAt: '2026-01-31T08:15:00' }, reason: 'with a zone' },
  { field: 'startsAt', change: { startsAt: 1_795_463_278 }, reason: 'ISO 8601' },
  { field: 'startsAt', change: { startsAt: '1969-12-31T23:59:59Z' }, reason: 'between the years 1970 and 9999' },
  { field: 'startsAt', change: { startsAt: '9999-12-31T23:59:59-05:00' }, reason: 'between the years 1970 and 9999' },
  { field: 'startsAt', change: { startsAt: '2026-01-01T00:00:00+23:00' }, reason: 'at most 14 hours' },
  { field: 'endsAt', change: { status: 'resolved', endsAt: 'soon' }, reason: 'ISO 8601' },
])('one bad alert ($field, $reason) does not cost its neighbours', ({ field, change, reason }) => {
  const sifted = parse(minimal, { ...minimal, ...change }, minimal);
  expect(sifted.good).toHaveLength(2);
  expect(sifted.rejected).toEqual([{ index: 1, field, reason: expect.stringContaining(reason) }]);
});

test.each([
  { body: null, says: 'alerts must be a list' },
  { body: 'alerts', says: 'alerts must be a list' },
  { body: [minimal], says: 'alerts must be a list' },
  { body: { alerts: [] }, says: 'at least one alert' },
  { body: { alerts: {} }, says: 'alerts must be a list' },
  { body: { alerts: [null, 7] }, says: 'alerts[0]: alert must be an object' },
  { body: { alerts: [{ ...minimal, labels: { port: 1 } }] }, says: 'alerts[0]: labels.port must be text' },
  { body: { alerts: Array.from({ length: 9 }, () => ({})) }, says: 'and 6 more' },
])('a body without any usable alert is refused: $says', ({ body, says }) => {
  expect(refusal(body)).toContain(says);
  expect(refusal(body)).toContain('{"alerts":[{"status":"firing"');
});

test('Go zero times, nulls and empty texts mean not set', () => {
  for (const startsAt of ['0001-01-01T00:00:00Z', '0000-01-01T00:00:00Z', null, '']) {
    expect(parse({ ...minimal, annotations: null, startsAt, endsAt: startsAt }).good).toMatchObject([
      { startsAt: RECEIVED_AT, annotations: {} },
    ]);
  }
});

test('instants stay as they were sent, all nine decimals', () => {
  const startsAt = '2026-11-23T19:41:48.244123456+02:00';
  expect(parse({ ...minimal, startsAt }).good[0]?.startsAt).toBe(startsAt);
});

test('NUL, lone surrogates and __proto__ do no harm', () => {
  const body = JSON.parse(
    '{"alerts":[{"status":"firing","labels":{"alertname":"a\\u0000b\\ud800","__proto__":"x","constructor":"c"},"annotations":{"__proto__":{"polluted":true}}}]}',
  );
  const [alert] = format.parse(body, RECEIVED_AT).good;
  expect(alert?.labels).toEqual({ alertname: 'a\uFFFDb\uFFFD', constructor: 'c' });
  expect(alert?.annotations).toEqual({});
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('an annotation of 5 MB is cut with a mark that says so', () => {
  const [alert] = parse({ ...minimal, annotations: { description: 'x'.repeat(5_000_000) } }).good;
  expect(alert?.annotations.description?.length).toBeLessThan(66_000);
  expect(alert?.annotations.description).toContain('[cut: 4934464 more characters]');
});

function withSecret(password: string) {
  return {
    ...minimal,
    labels: { ...minimal.labels, dsn: `postgres://app:${password}@db/x` },
    annotations: { description: `login failed password=${password}` },
    generatorURL: `http://prometheus:9090/graph?token=${password}`,
  };
}

test('secrets in annotations, labels and the link are redacted, the fingerprint is of what was sent', () => {
  const { good } = parse(withSecret('hunter2'), withSecret('hunter3'));
  expect(JSON.stringify(good)).not.toContain('hunter');
  expect(good[0]?.fingerprint).not.toBe(good[1]?.fingerprint);
});

test.each([
  { url: 'http://prometheus:9090/graph', kept: 'http://prometheus:9090/graph' },
  { url: 'javascript:alert(1)', kept: undefined },
  { url: 'file:///etc/passwd', kept: undefined },
  { url: '', kept: undefined },
  { url: 7, kept: undefined },
])('the link $url is kept as $kept', ({ url, kept }) => {
  expect(parse({ ...minimal, generatorURL: url }).good[0]?.generatorUrl).toBe(kept);
});

test('any JSON is taken or refused as invalid input, and what is taken is an Alert', () => {
  const anyAlert = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        status: fc.constantFrom('firing', 'resolved', 'x'),
        labels: fc.jsonValue(),
        annotations: fc.jsonValue(),
        startsAt: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
    fc.record({
      status: fc.constantFrom('firing', 'resolved'),
      labels: fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
      startsAt: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fingerprint: fc.string(),
    }),
  );
  fc.assert(
    fc.property(fc.array(anyAlert), (alerts) => {
      expect(alertsOrRefusal(alerts)).toSatisfy(
        (outcome) => outcome === 'refused' || Alert.array().safeParse(outcome).success,
      );
    }),
  );
});

function alertsOrRefusal(alerts: unknown[]): unknown {
  try {
    const { good, rejected } = parse(...alerts);
    return good.length + rejected.length === alerts.length ? good : 'some were lost';
  } catch (error) {
    return isAgentError(error) && error.code === 'invalid-input' ? 'refused' : error;
  }
}
