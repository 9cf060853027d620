/** Lines that are one JSON object: ours, pino, bunyan, winston, structlog, zap, logback, ECS. */
import { foreignLevel, foreignLogger, foreignMessage, foreignRequest, foreignTime, widened } from './foreign-json.ts';
import { levelOf, levelOfStatus } from './levels.ts';
import { hasZone, instantOfField } from './log-times.ts';
import type { LineFields } from './read-log-line.ts';
import { requestOf } from './request-text.ts';
import { longestStack, stackValues } from './stack-fields.ts';
import { stackInCutJson, withoutStack } from './stack-text.ts';

type Fields = Readonly<Record<string, unknown>>;

const TIME_FIELDS = ['time', 'timestamp', '@timestamp', 'ts', 'datetime', 'date', 'asctime', '@t', 'eventTime'];
const LEVEL_FIELDS = [
  'level',
  'severity',
  'lvl',
  'levelname',
  'log.level',
  '@l',
  'loglevel',
  'severity_text',
  'severityText',
  'SeverityText',
];
const MESSAGE_FIELDS = ['message', 'msg', 'event', 'text', '@m', 'log'];
const LOGGER_FIELDS = ['logger', 'logger_name', 'log.logger', 'loggerName', 'name', 'module', 'component'];
const ERROR_FIELDS = ['error', 'err', 'exception', 'exc', 'cause', 'thrown', 'throwable'];

/** undefined: the line is no JSON object. */
export function readJsonFields(text: string): LineFields | undefined {
  const start = text.trimStart();
  if (!start.startsWith('{')) return undefined;
  const fields = jsonObject(start);
  if (!fields) return readCutJson(start);
  const stack = stackIn(fields);
  const usual: LineFields = {
    ...timeOf(first(fields, TIME_FIELDS, (value) => typeof value === 'string' || typeof value === 'number')),
    level: levelOf(first(fields, LEVEL_FIELDS, isLevelish)),
    message: withoutStack(messageIn(fields) ?? ''),
    logger: textOf(first(fields, LOGGER_FIELDS, (value) => typeof value === 'string')),
    stack,
    request: requestIn(fields),
  };
  const read = isForeign(usual, text) ? withForeign(usual, fields) : usual;
  return {
    ...read,
    message: read.message || withoutStack(errorText(fields) ?? stack?.slice(0, stack.indexOf('\n') >>> 0) ?? text),
  };
}

function timeOf(time: unknown): Pick<LineFields, 'at' | 'isZoned'> {
  const isZoned = typeof time === 'number' || (typeof time === 'string' && (hasZone(time) || /^[\d.]+$/.test(time)));
  return { at: instantOfField(time), isZoned };
}

/** Something that nearly every line says is missing, or a request is told that was not recognised. */
function isForeign({ at, level, message, request }: LineFields, text: string): boolean {
  if (at === undefined || level === 'unknown' || message === '') return true;
  return request === undefined && /[Mm]ethod|"request"/.test(text);
}

function withForeign(usual: LineFields, fields: Fields): LineFields {
  const all = widened(fields);
  const request =
    usual.request && usual.request.status !== null ? usual.request : (foreignRequest(all) ?? usual.request);
  const level = usual.level === 'unknown' ? foreignLevel(all) : usual.level;
  return {
    ...usual,
    ...(usual.at === undefined ? timeOf(foreignTime(all)) : {}),
    // An access log has no level: the status is what tells.
    level: level === 'unknown' ? levelOfStatus(request?.status ?? null) : level,
    message: usual.message === '' ? withoutStack(foreignMessage(all) ?? '') : usual.message,
    logger: usual.logger ?? foreignLogger(all),
    request,
  };
}

const CUT_LEVEL = /"(?:level|severity|lvl)"\s?:\s?"?(\w{2,12})/;
const CUT_TIME = /"(?:time|timestamp|@timestamp|ts)"\s?:\s?"([^"]{10,40})"/;
const CUT_MESSAGE = /"(?:message|msg)"\s?:\s?"((?:[^"\\]|\\.){1,2000})/;
const MAX_SALVAGED = 20_000;

/** A shipper cuts long lines: what stands in front can still be read. undefined: no JSON at all. */
function readCutJson(whole: string): LineFields | undefined {
  const text = whole.slice(0, MAX_SALVAGED);
  const level = CUT_LEVEL.exec(text)?.[1];
  const message = CUT_MESSAGE.exec(text)?.[1];
  if (!/^\{\s*"/.test(text) || (level === undefined && message === undefined)) return undefined;
  const time = CUT_TIME.exec(text)?.[1] ?? '';
  const asNumber = /^\d{2}$/.test(level ?? '') ? Number(level) : level;
  const stack = stackInCutJson(whole);
  return {
    at: instantOfField(time),
    isZoned: hasZone(time),
    level: levelOf(asNumber),
    message: message ?? text,
    stack,
  };
}

function jsonObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined; // cut off, or only looks like JSON: plain text then
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLevelish(value: unknown): boolean {
  return levelOf(value) !== 'unknown';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The first of the names whose value fits; `a.b` is also looked for inside `a`. */
function first(fields: Fields, names: readonly string[], fits: (value: unknown) => boolean): unknown {
  for (const name of names) {
    const value = fieldOf(fields, name);
    if (value !== undefined && fits(value)) return value;
  }
  return undefined;
}

function fieldOf(fields: Fields, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name];
  const dot = name.indexOf('.');
  const outer = dot > 0 && Object.hasOwn(fields, name.slice(0, dot)) ? fields[name.slice(0, dot)] : undefined;
  return isFields(outer) ? fieldOf(outer, name.slice(dot + 1)) : undefined;
}

function messageIn(fields: Fields): string | undefined {
  return textOf(first(fields, MESSAGE_FIELDS, (value) => typeof value === 'string' && value !== ''));
}

function errorText(fields: Fields): string | undefined {
  for (const name of ERROR_FIELDS) {
    const error = fieldOf(fields, name);
    if (typeof error === 'string' && error !== '') return error;
    if (isFields(error)) {
      const message = first(error, ['message', 'msg', 'error_message'], (value) => typeof value === 'string');
      if (typeof message === 'string') return message;
    }
  }
  return undefined;
}

function stackIn(fields: Fields): string | undefined {
  const said = [...MESSAGE_FIELDS, ...ERROR_FIELDS].map((name) => fields[name]);
  return longestStack([...said, ...stackValues(fields)]);
}

function requestIn(fields: Fields): LineFields['request'] {
  const method = first(
    fields,
    ['method', 'req.method', 'request.method', 'http.method', 'http.request.method', 'request_method'],
    isText,
  );
  const path = first(
    fields,
    [
      'path',
      'url',
      'route',
      'req.url',
      'req.path',
      'request.path',
      'request.url',
      'http.target',
      'http.url',
      'url.path',
      'uri',
      'request_uri',
    ],
    isText,
  );
  const status = first(
    fields,
    [
      'status',
      'statusCode',
      'status_code',
      'res.statusCode',
      'res.status',
      'response.status',
      'http.status_code',
      'http.response.status_code',
    ],
    isStatus,
  );
  return requestOf(method, path, status);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isStatus(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string';
}
