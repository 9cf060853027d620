/**
 * Time, level, message and request of JSON lines that name them otherwise than most: collectors (OpenTelemetry, Google,
 * journald), .NET, tracing of Rust, Monolog, loguru, access logs. Asked only where the usual names say nothing.
 */
import { type Level, levelOf } from './levels.ts';
import type { LineFields } from './read-log-line.ts';
import { requestInText, requestOf } from './request-text.ts';

/** Objects in which a record keeps what others keep at its top. */
const CONTAINERS = [
  'fields',
  'jsonpayload',
  'properties',
  'record',
  'body',
  'attributes',
  'httprequest',
  'request',
  'response',
  'data',
  'payload',
];
const MAX_KEYS = 100;

/** By names in lower case; what stands at the top comes before what stands in a container. */
export type Widened = ReadonlyMap<string, unknown>;

export function widened(fields: object): Widened {
  const all = new Map<string, unknown>();
  add(all, fields);
  for (const name of CONTAINERS) {
    const inner = all.get(name);
    if (isObject(inner)) add(all, inner);
  }
  return all;
}

function add(all: Map<string, unknown>, fields: object): void {
  for (const [key, value] of Object.entries(fields).slice(0, MAX_KEYS) as [string, unknown][]) {
    const name = key.toLowerCase();
    if (!all.has(name)) all.set(name, value);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(fields: Widened, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields.get(name);
    const inner = isObject(value) ? (value.stringValue ?? value.name ?? value.repr) : value;
    if (typeof inner === 'string' && inner !== '') return inner;
  }
  return undefined;
}

const TIMES = [
  'timestamp',
  'time',
  '@t',
  'datetime',
  'timeunixnano',
  'observedtimeunixnano',
  'timemillis',
  'time_iso8601',
  'start_time',
  'eventtime',
  '__realtime_timestamp',
];

/** As it is written: text, or a number since 1970 in any unit. */
export function foreignTime(fields: Widened): string | number | undefined {
  const instant = fields.get('instant');
  if (isObject(instant) && typeof instant.epochSecond === 'number') {
    const nanoseconds = typeof instant.nanoOfSecond === 'number' ? instant.nanoOfSecond : 0;
    return instant.epochSecond + nanoseconds / 1e9;
  }
  for (const name of TIMES) {
    const value = fields.get(name);
    const inner = isObject(value) ? value.timestamp : value;
    if (typeof inner === 'number' || (typeof inner === 'string' && inner !== '')) return inner;
  }
  return undefined;
}

const LEVELS = ['level', 'loglevel', 'log_level', 'level_name', 'levelname', 'severity', 'severitytext', '@l'];

export function foreignLevel(fields: Widened): Level {
  for (const name of LEVELS) {
    const level = levelOf(textOf(fields, [name]));
    if (level !== 'unknown') return level;
  }
  const severity = numberOf(fields.get('severitynumber'));
  if (severity !== undefined) return levelOfSeverity(severity);
  const priority = numberOf(fields.get('priority'));
  return priority === undefined ? 'unknown' : levelOfPriority(priority);
}

/** OpenTelemetry counts 1 to 24, four steps of each level. */
function levelOfSeverity(severity: number): Level {
  if (severity < 1 || severity > 24) return 'unknown';
  if (severity >= 21) return 'fatal';
  if (severity >= 17) return 'error';
  return severity >= 13 ? 'warning' : 'info';
}

/** Syslog counts the other way round, from 0. */
function levelOfPriority(priority: number): Level {
  if (priority < 0 || priority > 7) return 'unknown';
  if (priority <= 2) return 'fatal';
  if (priority === 3) return 'error';
  return priority === 4 ? 'warning' : 'info';
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,2}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

const MESSAGES = [
  'message',
  'msg',
  'textpayload',
  'renderedmessage',
  '@m',
  'body',
  'event',
  'text',
  'messagetemplate',
  '@mt',
];

export function foreignMessage(fields: Widened): string | undefined {
  return textOf(fields, MESSAGES);
}

const LOGGERS = ['category', 'sourcecontext', 'channel', 'target', 'loggername'];

export function foreignLogger(fields: Widened): string | undefined {
  return textOf(fields, LOGGERS);
}

const METHODS = [
  'method',
  'requestmethod',
  'http.request.method',
  'http.method',
  'http_method',
  'request_method',
  'verb',
];
const PATHS = [
  'path',
  'requestpath',
  'url.path',
  'http.route',
  'http.target',
  'requesturl',
  'url',
  'uri',
  'request_uri',
  'http.url',
  'url.full',
];
const STATUSES = [
  'status',
  'statuscode',
  'status_code',
  'response_code',
  'responsestatus',
  'downstreamstatus',
  'http.response.status_code',
  'http.status_code',
];

/** Of an access log or of a span's attributes: `GET /x HTTP/1.1` may stand in one field. */
export function foreignRequest(fields: Widened): LineFields['request'] {
  const status = STATUSES.map((name) => fields.get(name)).find((value) => value !== undefined);
  const line = fields.get('request') ?? fields.get('requestline');
  const said = typeof line === 'string' ? requestInText(`"${line}"`) : undefined;
  return said
    ? requestOf(said.method, said.path, status)
    : requestOf(textOf(fields, METHODS), textOf(fields, PATHS), status);
}
