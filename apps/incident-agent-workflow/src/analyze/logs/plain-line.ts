/** Lines without structure, and logfmt: time, level word and logger at the front, then the message. */
import { type Level, levelOf, levelOfStatus } from './levels.ts';
import { hasZone, instantOfField, instantOfText } from './log-times.ts';
import { logfmtPairs } from './logfmt.ts';
import type { LineFields } from './read-log-line.ts';
import { requestInText, requestOf } from './request-text.ts';
import { hasLines, longestStack, stackOfPairs } from './stack-fields.ts';
import { unescaped, withoutStack } from './stack-text.ts';

/** Any text can be read. */
export function readPlainFields(text: string): LineFields {
  return readLogfmt(text) ?? readFront(text);
}

/** Before logfmt there may be a time that was written by whoever carried the line. */
export function readLogfmt(text: string): LineFields | undefined {
  if (FIRST_PAIR.test(text)) return readPairs(text);
  if (!text.includes('=')) return undefined;
  const carried = LEADING_TIME.exec(text);
  const body = carried ? text.slice(carried[0].length) : '';
  const fields = FIRST_PAIR.test(body) ? readPairs(body) : undefined;
  if (!fields || fields.at !== undefined) return fields;
  const time = carried?.[1] ?? '';
  return { ...fields, at: instantOfText(time), isZoned: hasZone(time) };
}

const FIRST_PAIR = /^[A-Za-z_][\w.@-]{0,60}=/;

/** undefined: not logfmt. It must name a level or a message, else it is prose with an equals sign in it. */
function readPairs(text: string): LineFields | undefined {
  const pairs = logfmtPairs(text);
  const field = (...names: readonly string[]) => {
    const name = names.find((known) => pairs.has(known));
    return name === undefined ? undefined : pairs.get(name)?.replace(/\\(["\\])/g, '$1');
  };
  const stack = stackOfPairs(pairs);
  const said = field('msg', 'message', 'event', 'error', 'err');
  const level = levelOf(field('level', 'lvl', 'severity'));
  if (said === undefined || (level === 'unknown' && pairs.size < 3)) return undefined;
  const time = field('time', 'ts', 'timestamp') ?? '';
  return {
    at: instantOfField(time),
    isZoned: hasZone(time) || /^[\d.]+$/.test(time),
    level,
    message: withoutStack(unescaped(said)),
    logger: field('logger', 'caller'),
    stack: stack ?? longestStack(hasLines(said) ? [said] : []),
    request: requestOf(field('method'), field('path', 'url'), field('status', 'status_code', 'code')),
  };
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
