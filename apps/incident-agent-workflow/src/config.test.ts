import { ConfigurationError } from '@incident-agent/service-kit/configuration';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const NO_FOLDER = '/nonexistent-app-folder';

function mistakesOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment, NO_FOLDER);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
}

test('without any setting the agent listens on loopback, open, on its documented port', () => {
  const config = readConfig({}, NO_FOLDER);
  expect(config).toMatchObject({
    port: 9100,
    host: '127.0.0.1',
    auth: { isRequired: false },
    notifierUrl: 'http://localhost:8002/notify',
  });
});

test('a token makes sign-in required without a further setting', () => {
  expect(readConfig({ API_TOKEN: 'secret' }, NO_FOLDER).auth.isRequired).toBe(true);
});

test('all mistakes are told at once, by name', () => {
  const mistakes = mistakesOf({
    PORT: 'x',
    PROMETHEUS_URL: 'nonsense',
    AUTH: 'maybe',
    DATABASE_URL: 'mysql://a',
    SENDER_SILENT_AFTER: 'soon',
  });
  expect(new Set(mistakes.map((mistake) => mistake.split(':')[0]))).toEqual(
    new Set(['AUTH', 'DATABASE_URL', 'PORT', 'PROMETHEUS_URL', 'SENDER_SILENT_AFTER']),
  );
});

test.each([
  { says: 'another host without a token is refused', environment: { HOST: '0.0.0.0' }, refused: 'HOST' },
  { says: 'AUTH=required without a token is refused', environment: { AUTH: 'required' }, refused: 'API_TOKEN' },
  {
    says: 'another host with AUTH=off said aloud is taken',
    environment: { HOST: '0.0.0.0', AUTH: 'off' },
    refused: undefined,
  },
  { says: 'another host with a token is taken', environment: { HOST: '0.0.0.0', API_TOKEN: 'x' }, refused: undefined },
  { says: 'loopback needs no token', environment: { HOST: '127.0.0.1' }, refused: undefined },
])('$says', ({ environment, refused }) => {
  expect(mistakesOf(environment)[0]?.split(':')[0]).toBe(refused);
});

test('a mistake never repeats the value, which may be a secret', () => {
  expect(mistakesOf({ DATABASE_URL: 'hunter2' }).join()).not.toContain('hunter2');
});

test('what a model may cost', () => {
  const { model } = readConfig(
    { LLM_MAX_COST_USD: '0.5', LLM_MAX_COST_USD_PER_DAY: '10', LLM_PRICE: '0.15/0.60' },
    NO_FOLDER,
  );
  expect(model).toMatchObject({ maxRunUsd: 0.5, maxDayUsd: 10, price: { prompt: 0.15, reply: 0.6 } });
  expect(mistakesOf({ LLM_PRICE: 'cheap', LLM_MAX_COST_USD: 'much', LLM_MAX_COST_USD_PER_DAY: '0' })).toEqual([
    expect.stringMatching(/^LLM_MAX_COST_USD: .*write it like 0\.50/),
    expect.stringMatching(/^LLM_MAX_COST_USD_PER_DAY: .*leave it out for no limit/),
    expect.stringMatching(/^LLM_PRICE: .*0\.15\/0\.60/),
  ]);
});
