/** A service that answers otherwise than before, told by its caller's reader, by its health address and by its own figures. */
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../domain/telemetry.ts';
import { plusSeconds } from '../../lib/time.ts';
import {
  alertOf,
  FROM,
  investigate,
  jsonLine,
  ONSET,
  requestsOf,
  seriesOf,
  serviceOf,
  type World,
} from '../world.test-helper.ts';
import { readsBroken } from './answers-seen.ts';

test.each([
  [true, "SyntaxError: Expected ',' or '}' after property value in JSON at position 23447"],
  [true, 'SyntaxError: Unterminated string in JSON at position 512'],
  [true, 'SyntaxError: Unexpected end of JSON input'],
  [true, "json.decoder.JSONDecodeError: Expecting ',' delimiter: line 1 column 1024 (char 1023)"],
  [true, 'com.fasterxml.jackson.core.io.JsonEOFException: Unexpected end-of-input within/between Object entries'],
  [true, 'unexpected EOF'],
  [true, 'http.client.IncompleteRead: IncompleteRead(240 bytes read, 16 more expected)'],
  [true, 'aiohttp.ClientPayloadError: Response payload is not completed'],
  [true, 'ResponseContentLengthMismatchError: Response body length does not match content-length header'],
  [true, 'java.io.IOException: fixed content-length: 900, bytes received: 880'],
  [true, 'Error: Premature close'],
  [true, 'Error: incorrect header check'],
  [true, 'zlib.error: Error -3 while decompressing data: invalid stored block lengths'],
  [true, "gzip.BadGzipFile: Not a gzipped file (b'{\"')"],
  [true, 'gzip: invalid header'],
  [true, 'java.util.zip.ZipException: Not in GZIP format'],
  [true, 'The magic number in GZip header is not correct.'],
  [true, 'Faraday: Zlib::GzipFile::Error: not in gzip format'],
  [true, 'httpx.DecodingError: Error -3 while decompressing data'],
  [false, `SyntaxError: Unexpected token '<', "<!doctype "... is not valid JSON`],
  [false, 'json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)'],
  [false, "TypeError: Cannot read properties of undefined (reading 'json')"],
  [false, 'items-api answered 422 to GET /items: expected a number'],
  [false, 'connect ECONNREFUSED 10.0.0.7:9000'],
  [false, 'items-api answered 401 to GET /items: incorrect password, check it'],
  [false, 'header check failed: x-api-key is missing'],
])('an answer that breaks while it is read: %s for %s', (expected, text) => {
  expect(readsBroken(text)).toBe(expected);
});

const UP = { httpStatus: 200 } as const;
const started = (service: string, at: number) =>
  seriesOf(
    'process_start_time_seconds',
    { service },
    (seconds) => Date.parse(plusSeconds(ONSET, seconds < at ? -90_000 : at)) / 1_000,
  );

function linesOf(message: string, cause?: string): LogLine[] {
  const quiet = Array.from({ length: 58 }, (_line, minute) =>
    jsonLine('shop', plusSeconds(FROM, minute * 60), 'INFO', 'GET /shop/ -> 200', { status: 200 }),
  );
  const because = cause === undefined ? '' : `\nCaused by: ${cause}\n    at JSON.parse (<anonymous>)`;
  const failing = Array.from({ length: 12 }, (_line, index) =>
    jsonLine('shop', plusSeconds(ONSET, 2 + index * 15), 'ERROR', 'GET /shop/ failed', {
      method: 'GET',
      path: '/shop/',
      stack: `UpstreamError: ${message}\n    at call (/srv/shop/src/client.ts:12:11)${because}`,
    }),
  );
  return [...quiet, ...failing];
}

/** `shop` alerts and depends on `items-api`, which runs and answers. */
function world(change: Partial<World>): World {
  const items = serviceOf('items-api');
  const shop = serviceOf('shop', { dependsOn: ['items-api'] });
  return {
    service: shop,
    registry: { services: [items, shop] },
    alerts: [alertOf('Service5xxErrors', 'shop', 'shop answers with 5xx')],
    probes: { 'shop health': UP, 'items-api health': UP },
    repositoryOf: 'nobody',
    ...change,
    metrics: {
      'shop up': [seriesOf('up', { service: 'shop' }, () => 1)],
      'shop http_requests_total': requestsOf('shop', '/shop/', 4, 0.3),
      'items-api up': [seriesOf('up', { service: 'items-api' }, () => 1)],
      'items-api http_requests_total': requestsOf('items-api', '/items/', 4, 0),
      ...change.metrics,
    },
  } as World;
}

function guilty(change: Partial<World>) {
  const [best] = investigate(world(change)).hypotheses;
  return best && `${best.cause.class} of ${best.cause.service}`;
}

describe('what its caller reads breaks', () => {
  const NAMES = 'items-api could not be reached for GET /items/';
  const BROKEN = 'SyntaxError: Unterminated string in JSON at position 512';
  test.each([
    { says: 'in the middle', logs: linesOf(NAMES, BROKEN), is: 'code-error of items-api' },
    { says: 'since the caller was started anew', logs: linesOf(NAMES, BROKEN), shop: -10, is: 'code-error of shop' },
    { says: 'and nobody says whose it is', logs: linesOf('cannot read a basket', BROKEN), is: 'code-error of shop' },
    {
      says: 'because nobody listens',
      logs: linesOf(`${NAMES}: connect ECONNREFUSED 10.0.0.7:9000`),
      is: 'dependency-refused of shop',
    },
  ])('$says: $is', ({ logs, shop, is }) => {
    const starts = shop === undefined ? {} : { 'shop process_start_time_seconds': [started('shop', shop)] };
    expect(guilty({ logs, metrics: starts })).toBe(is);
  });
});

const gone = (start: number | undefined) => ({
  'shop dependency_up': [
    seriesOf('dependency_up', { service: 'shop', dependency: 'items-api' }, (seconds) => (seconds < 0 ? 1 : 0)),
  ],
  ...(start === undefined ? {} : { 'items-api process_start_time_seconds': [started('items-api', start)] }),
});
const probed = (httpStatus: number | undefined) => ({ 'shop health': UP, 'items-api health': { httpStatus } });

describe('nothing is any more at its health address', () => {
  test.each([
    { says: 'since it was started anew', status: 404, start: -10, is: 'code-error of items-api' },
    { says: 'and it was not', status: 404, start: undefined, is: 'dependency-refused of shop' },
    { says: 'and it was long before', status: 404, start: -1_500, is: 'dependency-refused of shop' },
  ])('$says: $is', ({ status, start, is }) => {
    expect(guilty({ logs: [], probes: probed(status), metrics: gone(start) })).toBe(is);
  });
});

function answered(status: string, share: (seconds: number) => number) {
  let total = 0;
  return seriesOf(
    'http_requests_total',
    { service: 'items-api', handler: '/items/', method: 'POST', status },
    (seconds) => {
      total += 60 * share(seconds);
      return total;
    },
  );
}

function requests(refused: number) {
  return [answered('2xx', (at) => (at < 0 ? 1 : 1 - refused)), answered('4xx', (at) => (at < 0 ? 0 : refused))];
}

const refusing = (refused: number, start: number) => ({
  'shop dependency_up': [
    seriesOf('dependency_up', { service: 'shop', dependency: 'items-api' }, (seconds) =>
      seconds >= -30 && seconds < 0 ? 0 : 1,
    ),
  ],
  'items-api http_requests_total': requests(refused),
  'items-api process_start_time_seconds': [started('items-api', start)],
});

describe('it refuses since its start, and the log of its caller cannot be read', () => {
  test.each([
    { says: 'a fifth', refused: 0.2, start: -10, is: 'code-error of items-api' },
    { says: 'nothing', refused: 0, start: -10, is: undefined },
    { says: 'long after its start', refused: 0.2, start: -1_500, is: undefined },
  ])('$says: $is', ({ refused, start, is }) => {
    expect(guilty({ metrics: refusing(refused, start) })).toBe(is);
  });
});
