import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

const read = (...commandLine: string[]) => readOptions(commandLine, (path) => `/caller/${path}`);

test('without options it is the regression, on the documented ports, and stays up', () => {
  expect(read()).toEqual({
    scenario: 'regression',
    scenarioFolder: undefined,
    once: false,
    json: false,
    ports: 'documented',
  });
});

test('options are read', () => {
  expect(read('--scenario', 'all', '--once', '--json', '--ports', 'auto')).toMatchObject({
    scenario: 'all',
    once: true,
    json: true,
    ports: 'auto',
  });
  expect(read('--scenario-dir=case')).toMatchObject({ scenarioFolder: '/caller/case' });
  expect(read('--help')).toBe('help');
});

test.each([
  { commandLine: ['--scenario', 'earthquake'], names: 'regression, dependency-down, service-down, all' },
  { commandLine: ['--ports', '80'], names: 'auto or documented' },
  { commandLine: ['--colour'], names: '--colour' },
  { commandLine: ['regression'], names: 'regression' },
])('$commandLine is refused, and what is possible is named', ({ commandLine, names }) => {
  expect(() => read(...commandLine)).toThrow(names);
});
