/** An answer that cannot be used: of somebody else, it is theirs; of our own change, or of our own store, it is ours. */
import { describe, expect, test } from 'vitest';
import { unregisteredService } from '../../domain/service.ts';
import type { Observation } from '../../domain/telemetry.ts';
import {
  alertSaying,
  instantAt,
  logAnswer,
  metricAnswer,
  SERVICE,
  seriesOf,
} from '../metrics/observations.test-helper.ts';
import { linesAt, sceneFrom } from '../scene.test-helper.ts';
import { readsPage } from './not-as-agreed.ts';
import { classesIn } from './suspect.test-helper.ts';

test.each([
  [true, `SyntaxError: Unexpected token '<', "<!DOCTYPE "... is not valid JSON`],
  [true, 'SyntaxError: Unexpected token < in JSON at position 0'],
  [true, "JsonParseException: Unexpected character ('<' (code 60)): expected a valid value"],
  [true, "invalid character '<' looking for beginning of value"],
  [true, "System.Text.Json.JsonException: '<' is an invalid start of a value. Path: $"],
  [true, "aiohttp.ContentTypeError: 200, message='unexpected mimetype', Content-Type: text/html"],
  [true, `JSON::ParserError: unexpected token at '<html>'`],
  [false, 'SyntaxError: Unexpected token } in JSON at position 23447'],
  [false, "invalid character 'x' after object key"],
  [false, 'TypeError: n < 3 is not allowed'],
  [false, 'Unexpected end of JSON input'],
])('a page in place of data: %s for %s', (expected, text) => {
  expect(readsPage(text)).toBe(expected);
});

const TALK = linesAt(
  Array.from({ length: 100 }, (_none, index) => index * 3),
  '{"level":"info","msg":"still here"}',
);
const PAGE = 'SyntaxError: Unexpected token < in JSON at position 0';
const MISFIT = 'ZodError: expected string, received undefined';

function thrown(error: string, file: string): Observation {
  const stack = `${error}\n    at charge (/app/src/${file}:27:23)`;
  const text = JSON.stringify({ level: 'error', msg: 'request failed', error: { type: error.split(':')[0], stack } });
  return logAnswer([...TALK, ...linesAt([289, 294, 300, 310, 315], text)]);
}

function startedAt(index: number): Observation {
  const metric = 'process_start_time_seconds';
  return metricAnswer(metric, [seriesOf(metric, (at) => Date.parse(instantAt(at < index ? 0 : index)) / 1_000)]);
}

const ours = unregisteredService('tariffs');
const service = { ...SERVICE, dependsOn: ['geocoder', 'tariffs'] };

function firstClass(...seen: readonly Observation[]): string | undefined {
  const scene = sceneFrom(seen, {
    alerts: [alertSaying('Errors')],
    service,
    registry: { services: [service, ours] },
  });
  return classesIn(scene)[0];
}

describe('of whom it is', () => {
  test.each([
    { says: 'a page of a provider', seen: [thrown(PAGE, 'geocoder.ts')], is: 'external-api-down' },
    { says: 'a page of somebody who is not named', seen: [thrown(PAGE, 'fetching.ts')], is: 'external-api-down' },
    { says: 'another form of a provider', seen: [thrown(MISFIT, 'geocoder-client.ts')], is: 'external-api-down' },
    { says: 'another form of nobody that is known', seen: [thrown(MISFIT, 'forms.ts')], is: 'code-error' },
    { says: 'another form of a service of ours', seen: [thrown(MISFIT, 'tariffs.ts')], is: 'code-error' },
    { says: 'a page of a service of ours', seen: [thrown(PAGE, 'tariffs.ts')], is: 'code-error' },
    { says: 'what is read from a store', seen: [thrown(MISFIT, 'geocoder-store.ts')], is: 'schema-migration' },
    {
      says: 'since we were started anew',
      seen: [thrown(MISFIT, 'geocoder.ts'), startedAt(284)],
      is: 'code-error',
    },
    {
      says: 'long after we were started anew',
      seen: [thrown(MISFIT, 'geocoder.ts'), startedAt(100)],
      is: 'external-api-down',
    },
    {
      says: 'an error of the program where it asks a provider',
      seen: [thrown('TypeError: rows.map is not a function', 'geocoder.ts')],
      is: 'code-error',
    },
  ])('$says: $is', ({ seen, is }) => {
    expect(firstClass(...seen)).toBe(is);
  });
});

describe('answers that do not come', () => {
  const LATE = 'Error: upstream geocoder did not answer within 6 s: timeout';
  test.each([
    { says: 'with nothing changed', seen: [thrown(LATE, 'fetching.ts')], is: 'external-api-down' },
    { says: 'since a start', seen: [thrown(LATE, 'fetching.ts'), startedAt(284)], is: 'timeout-latency' },
    {
      says: 'since a start, and with a status that says whose it is',
      seen: [thrown('Error: upstream geocoder answered 503', 'fetching.ts'), startedAt(284)],
      is: 'external-api-down',
    },
  ])('$says: $is', ({ seen, is }) => {
    expect(firstClass(...seen)).toBe(is);
  });
});
