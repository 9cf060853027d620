/** Lines without structure, and logfmt: time, level word and logger at the front, then the message. */
import { type Level, levelOf } from './levels.ts';
import { hasZone, instantOfField, instantOfText } from './log-times.ts';
import type { LineFields } from './read-log-line.ts';
import { requestInText, requestOf } from './request-text.ts';

/** Any text can be read. */
export function readPlainFields(text: string): LineFields {
  return readLogfmt(text) ?? readFront(text);
}

/** `key=value key="quoted value"`, at most so many. */
const PAIR = /([A-Za-z_][\w.@-]{0,60})=(?:"((?:[^"\\]|\\.){0,2000})"|([^\s"]{0,2000}))(?=\s|$)/g;
const MAX_PAIRS = 60;

/** undefined: not logfmt. It must name a level or a message, else it is prose with an equals sign in it. */
function readLogfmt(text: string): LineFields | undefined {
  if (!/^[A-Za-z_][\w.@-]{0,60}=/.test(text)) return undefined;
  const fields = new Map<string, string>();
  for (const [, key = '', quoted, bare = ''] of text.matchAll(PAIR)) {
    if (fields.size >= MAX_PAIRS) break;
    if (!fields.has(key)) fields.set(key, quoted === undefined ? bare : quoted.replace(/\\(["\\])/g, '$1'));
  }
  const said = fields.get('msg') ?? fields.get('message') ?? fields.get('error') ?? fields.get('err');
  const level = levelOf(fields.get('level') ?? fields.get('lvl') ?? fields.get('severity'));
  if (said === undefined || (level === 'unknown' && fields.size < 3)) return undefined;
  const time = fields.get('time') ?? fields.get('ts') ?? fields.get('timestamp') ?? '';
  const status = fields.get('status') ?? fields.get('status_code') ?? fields.get('code');
  return {
    at: instantOfField(time),
    isZoned: hasZone(time) || /^[\d.]+$/.test(time),
    level,
    message: said,
    logger: fields.get('logger') ?? fields.get('caller'),
    stack: stackOf(fields.get('stack') ?? fields.get('stacktrace')),
    request: requestOf(fields.get('method'), fields.get('path') ?? fields.get('url'), status),
  };
}

function stackOf(value: string | undefined): string | undefined {
  return value?.includes('\\n') ? value.replaceAll('\\n', '\n').replaceAll('\\t', '\t') : undefined;
}

const TIME = String.raw`\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?`;
const CLF_TIME = String.raw`\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}`;
/** Syslog and Go leave out the year or the date: no instant, but not part of the message either. */
const SHORT_TIME = String.raw`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d\d:\d\d:\d\d(?:[.,]\d{1,6})?`;
const LEADING_TIME = new RegExp(`^[[(]?(?:(${TIME})|(?:${SHORT_TIME}))[\\])]?[\\s:|,-]*`);
const ACCESS_TIME = new RegExp(`\\[(${CLF_TIME})\\]`);
const LEVEL_WORDS =
  'FATAL|CRITICAL|CRIT|EMERG|ALERT|PANIC|ERROR|ERR|SEVERE|WARNING|WARN|INFORMATION|INFO|NOTICE|DEBUG|VERBOSE|TRACE';
/** In capitals anywhere near the front, otherwise only in brackets, or small before a colon at the very front. */
const LEVEL_BARE = new RegExp(`^(?:\\S{1,60}\\s+){0,4}?[[(<]?(${LEVEL_WORDS})[\\])>]?(?=[\\s:|\\-]|$)`);
const LEVEL_BRACKETED = new RegExp(`^(?:\\S{1,60}\\s+){0,4}?[[(<](${LEVEL_WORDS})[\\])>]`, 'i');
/** Not `Error:` and `panic:`, which begin a stack trace. */
const LEVEL_COLON = /^(fatal|critical|error|warning|warn|info|notice|debug):/;
/** Python: `ERROR:root:text`, `ERROR uvicorn.error: text`; Java: `[main] com.example.Foo - text`. */
const LOGGER_COLON = /^:([\w.]{1,80}):/;
const LOGGER_DASH = /^(?:\[[^\]]{1,80}\]\s+)?(?:([\w.$]{2,120})\s+-|([\w$]{1,60}(?:\.[\w$]{1,60}){1,8})\s*:)\s+/;

function readFront(text: string): LineFields {
  const time = LEADING_TIME.exec(text);
  const accessTime = time ? undefined : ACCESS_TIME.exec(text.slice(0, 200));
  const said = time?.[1] ?? accessTime?.[1] ?? '';
  const request = requestInText(text);
  // Indented lines belong to a record above them: their words are no levels.
  const body = time ? text.slice(time[0].length) : text;
  const front = /^\s/.test(body) ? undefined : levelInFront(body);
  const level = front?.level ?? levelOfStatus(request?.status ?? null);
  return {
    at: instantOfText(said),
    isZoned: hasZone(said),
    level,
    message: front ? withoutLogger(front.rest).message : body,
    logger: front && withoutLogger(front.rest).logger,
    request,
  };
}

function levelInFront(body: string): { readonly level: Level; readonly rest: string } | undefined {
  const near = body.slice(0, 200);
  const found = LEVEL_BARE.exec(near) ?? LEVEL_BRACKETED.exec(near) ?? LEVEL_COLON.exec(near);
  if (!found) return undefined;
  const after = body.slice(found[0].length);
  return { level: levelOf(found[1]), rest: LOGGER_COLON.test(after) ? after : after.replace(/^[\s:|-]+/, '') };
}

function withoutLogger(rest: string): { readonly message: string; readonly logger: string | undefined } {
  const found = LOGGER_COLON.exec(rest) ?? LOGGER_DASH.exec(rest);
  // `TypeError: …` is no logger.
  const logger = found?.[1] ?? found?.[2];
  if (!found || /(?:Error|Exception|Warning|panic)$/.test(logger ?? '')) return { message: rest, logger: undefined };
  return { message: rest.slice(found[0].length), logger };
}

/** Access logs have no level: the status is what tells. */
function levelOfStatus(status: number | null): Level {
  if (status === null) return 'unknown';
  if (status >= 500) return 'error';
  return status >= 400 ? 'warning' : 'info';
}
