/** What a log line tells of a failure, without what every line carries: time, level, trace, route. */

/** Keys that stand on each line of a program, or that name one request among many. */
const USUAL =
  /^(?:time|timestamp|@timestamp|ts|date|level|severity\w*|lvl|levelname|service(?:[._]?name)?|logger\w*|name|hostname|host|pid|ppid|env|environment|version|v|trace[._]?id|span[._]?id|parent[._]?id|request[._]?id|req[._]?id|correlation[._]?id|user[._]?agent|(?:http[._])?(?:route|method|url|target|path|status(?:[._]code)?)|duration\w*|elapsed\w*|took\w*|stack\w*|status|kind|pod|node|instance)$/i;
const SPEAKS =
  /^(?:message|msg|event|text|err|error|reason|detail\w*|cause|exception|description|status_message|body)|(?:error|message|reason|statement)$/i;
const MAX_CHARACTERS = 2_000;
const MAX_DEPTH = 3;

const REQUEST_LINE = /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) \S+(?: HTTP\/\S+)?"? (?:-> )?[1-5]\d\d\b/;

/** That a request failed is no error text: its path would point at every route. */
export function isRequestLine(text: string): boolean {
  return REQUEST_LINE.test(text);
}

export interface Telling {
  /** The sentences. */
  readonly speech: string;
  /** The sentences, and the other fields with what they are called. */
  readonly all: string;
}

/** `text`: the whole line. A line that is no JSON object is its own speech. */
export function tellingOf(text: string): Telling {
  const fields = fieldsOf(text);
  if (!fields) return { speech: text.slice(0, MAX_CHARACTERS), all: text.slice(0, MAX_CHARACTERS) };
  const speech: string[] = [];
  const rest: string[] = [];
  for (const [key, value] of fields) {
    const last = key.split('.').at(-1) ?? key;
    if (typeof value === 'string' && SPEAKS.test(last)) speech.push(value);
    else if (USUAL.test(key) || USUAL.test(last)) continue;
    else rest.push(typeof value === 'string' && !isIdentity(value) ? `${key} ${value}` : key);
  }
  const said = speech.join('\n').slice(0, MAX_CHARACTERS);
  return { speech: said, all: [said, ...rest].join('\n').slice(0, MAX_CHARACTERS) };
}

/** Names one thing among many: it is in no source code. */
function isIdentity(value: string): boolean {
  return value.length > 300 || /^[0-9a-f-]{8,}$/i.test(value) || /^\d/.test(value);
}

function fieldsOf(text: string): [string, unknown][] | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? flattened(value, '', MAX_DEPTH) : undefined;
  } catch {
    return cutFields(text);
  }
}

function flattened(value: object, prefix: string, depth: number): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): [string, unknown][] => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof inner === 'object' && inner !== null && depth > 1) return flattened(inner, name, depth - 1);
    return [[name, inner]];
  });
}

/** A sample is cut: its whole fields can still be read. */
function cutFields(text: string): [string, unknown][] {
  return [...text.matchAll(/"([\w.@-]{1,60})"\s*:\s*"((?:[^"\\]|\\.){0,2000})"/g)].map((match) => [
    match[1] ?? '',
    match[2] ?? '',
  ]);
}
