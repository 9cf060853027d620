import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../ports.ts';
import { evaluate, initialState, type MonitorState, toWebhookAlert } from './evaluate.ts';
import { readPrometheusText } from './prometheus-text.ts';
import { RULE_FOR_SECONDS, rules, type Scrape } from './rules.ts';

function at(second: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
}
function scrape(second: number, change: Partial<Scrape> = {}): Scrape {
  return { service: 'checkout', at: at(second), isUp: true, failure: undefined, samples: [], ...change };
}
function failed(count: number): Sample[] {
  return [{ metric: 'http_requests_total', labels: { handler: '/', method: 'GET', status: '5xx' }, value: count }];
}

/** Every five seconds one scrape; what fired and resolved, with the second it did. */
function watch(scrapes: readonly Partial<Scrape>[], forSeconds = RULE_FOR_SECONDS): string[] {
  let state: MonitorState = initialState;
  const told: string[] = [];
  for (const [index, change] of scrapes.entries()) {
    const second = index * 5;
    const evaluation = evaluate(state, [scrape(second, change)], rules, forSeconds, at(second));
    state = evaluation.state;
    told.push(
      ...evaluation.fired.map((alert) => `${second} ${alert.rule} fires`),
      ...evaluation.resolved.map((alert) => `${second} ${alert.rule} is over`),
    );
  }
  return told;
}
function down(service: string, dependency: string): Partial<Scrape> {
  return { samples: [{ metric: 'dependency_up', labels: { service, dependency }, value: 0 }] };
}
function times<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

describe('rules with their `for`', () => {
  test('a service that is down fires after 30 s, once, and is over with the first answer', () => {
    expect(watch([{}, ...times(9, { isUp: false }), {}])).toEqual(['35 ServiceDown fires', '50 ServiceDown is over']);
  });
  test('a blip shorter than the `for` says nothing', () => {
    expect(watch([{}, ...times(5, { isUp: false }), {}, {}])).toEqual([]);
  });
  test('a shortened `for` fires sooner', () => {
    expect(watch(times(3, { isUp: false }), 5)).toEqual(['5 ServiceDown fires']);
  });
  test('5xx answers fire while they lie within the rate window', () => {
    expect(watch([{ samples: failed(0) }, ...times(40, { samples: failed(3) })])).toEqual([
      '35 Service5xxErrors fires',
      '125 Service5xxErrors is over',
    ]);
  });
  test('errors from before the first scrape are not counted as new', () => {
    expect(watch(times(20, { samples: failed(100) }))).toEqual([]);
  });
  test('a restart counts its own errors from zero', () => {
    expect(watch([{ samples: failed(100) }, ...times(10, { samples: failed(2) })])).toEqual([
      '35 Service5xxErrors fires',
    ]);
  });
  test('MongoDB down at mongo-api-service fires, another dependency does not', () => {
    expect(watch(times(8, down('mongo-api-service', 'mongodb')))).toEqual(['30 MongoDependencyDown fires']);
    expect(watch(times(8, down('mongo-api-service', 'redis')))).toEqual([]);
  });
});

test('an alert is posted as Alertmanager would, resolved with its end', () => {
  const { fired } = evaluate(initialState, [scrape(0, { isUp: false, failure: 'ECONNREFUSED' })], rules, 0, at(0));
  expect(fired.map((alert) => toWebhookAlert(alert, at(9)))).toMatchObject([
    {
      status: 'resolved',
      labels: { alertname: 'ServiceDown', service: 'checkout', severity: 'critical', workflow: 'incident-agent' },
      annotations: { summary: 'checkout is not responding' },
      startsAt: at(0),
      endsAt: at(9),
    },
  ]);
});

describe('the text format', () => {
  test('samples with labels, escapes, special values and times are read; comments are not', () => {
    const text = '# HELP a b\na 1\nb{x="say \\"hi\\"\\n",y="2"} 2.5 1700000000000\nc NaN\nd +Inf\nbroken{\n';
    expect(readPrometheusText(text)).toEqual([
      { metric: 'a', labels: {}, value: 1 },
      { metric: 'b', labels: { x: 'say "hi"\n', y: '2' }, value: 2.5 },
      { metric: 'c', labels: {}, value: null },
      { metric: 'd', labels: {}, value: null },
    ]);
  });
  test('any text is read or passed over, and a label cannot reach the prototype', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readPrometheusText(text).length).toBeLessThanOrEqual(text.split('\n').length);
      }),
    );
    expect(readPrometheusText('a{__proto__="x"} 1')[0]?.labels).not.toHaveProperty('polluted');
  });
});
