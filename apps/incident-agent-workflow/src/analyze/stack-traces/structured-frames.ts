/**
 * Stacks that loggers keep as lists of frames (Sentry, structlog, log4j, logback, Lambda), written out as their language
 * prints them: from there on they are read like any other.
 */

type Fields = Readonly<Record<string, unknown>>;

interface WrittenFrame {
  readonly file: string;
  readonly line: string;
  readonly column: string | undefined;
  readonly name: string;
}

interface WrittenError {
  readonly type: string;
  readonly message: string;
  /** From the crash outwards. */
  readonly frames: readonly WrittenFrame[];
}

const TYPE = ['type', 'exc_type', 'errorType', 'className', 'name', 'class', 'kind'];
const MESSAGE = ['message', 'value', 'exc_value', 'errorMessage', 'localizedMessage', 'msg'];
const FRAMES = [
  'frames',
  'stacktrace',
  'stackTrace',
  'stack_trace',
  'extendedStackTrace',
  'stepArray',
  'stack',
  'trace',
  'backtrace',
];
const FILE = ['abs_path', 'filename', 'fileName', 'file', 'path', 'url'];
const LINE = ['lineno', 'line', 'lineNumber', 'line_number'];
const COLUMN = ['colno', 'column', 'columnNumber', 'col'];
const FUNCTION = ['function', 'method', 'methodName', 'name', 'fn', 'symbol'];
const CLASS = ['class', 'className', 'declaringClass'];
const MAX_FRAMES = 500;
const MAX_ERRORS = 10;

/** undefined: there are no frames in it. */
export function printedStack(value: unknown): string | undefined {
  const errors = errorsIn(value, MAX_ERRORS);
  const files = errors.flatMap(({ frames }) => frames.map(({ file }) => file));
  if (files.length === 0) return undefined;
  return PRINTERS[familyOf(files)](errors);
}

/** From the outside inwards. */
function errorsIn(value: unknown, depth: number): WrittenError[] {
  if (depth === 0) return [];
  if (Array.isArray(value)) {
    // Without a name of their own these are frames, not errors.
    if (value.every((item) => isFields(item) && framesOf(item).length === 0)) {
      const frames = framesIn(value);
      return frames.length === 0 ? [] : [{ type: 'Error', message: '', frames }];
    }
    return value.slice(0, depth).flatMap((item) => errorsIn(item, 1));
  }
  if (!isFields(value)) return [];
  // Sentry: the one that was thrown last is the outermost.
  if (Array.isArray(value.values)) return errorsIn(value.values.toReversed(), depth);
  const frames = framesOf(value);
  const cause = errorsIn(value.cause, depth - 1);
  if (frames.length === 0) return cause;
  return [{ type: textOf(value, TYPE) ?? 'Error', message: textOf(value, MESSAGE) ?? '', frames }, ...cause];
}

function framesOf(fields: Fields): WrittenFrame[] {
  for (const name of FRAMES) {
    const value = fields[name];
    const list = isFields(value) ? value.frames : value;
    const frames = Array.isArray(list) ? framesIn(list) : [];
    if (frames.length > 0) return frames;
  }
  return [];
}

function framesIn(list: readonly unknown[]): WrittenFrame[] {
  const fields = list.slice(-MAX_FRAMES).filter(isFields);
  const frames = fields.flatMap((item) => frameOf(item) ?? []);
  // Who writes `lineno` learnt it from Python, and prints towards the crash.
  return fields.some((item) => 'lineno' in item) ? frames.reverse() : frames;
}

function frameOf(fields: Fields): WrittenFrame | undefined {
  const file = textOf(fields, FILE);
  const line = textOf(fields, LINE);
  if (file === undefined || line === undefined || !/^\d{1,9}$/.test(line)) return undefined;
  const owner = textOf(fields, CLASS);
  const called = textOf(fields, FUNCTION) ?? '<anonymous>';
  return { file, line, column: textOf(fields, COLUMN), name: owner === undefined ? called : `${owner}.${called}` };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(fields: Fields, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return value.replace(/\r?\n/g, ' ');
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

type Family = 'python' | 'java' | 'ruby' | 'php' | 'go' | 'dotnet' | 'javascript';

const FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/\.py$/, 'python'],
  [/\.(?:java|kt|scala|groovy)$/, 'java'],
  [/\.rb$/, 'ruby'],
  [/\.php$/, 'php'],
  [/\.go$/, 'go'],
  [/\.(?:cs|fs|vb)$/, 'dotnet'],
];

function familyOf(files: readonly string[]): Family {
  for (const [pattern, family] of FAMILIES) if (files.some((file) => pattern.test(file))) return family;
  return 'javascript';
}

const DIRECT_CAUSE = '\n\nThe above exception was the direct cause of the following exception:\n\n';

/** Where a language prints causes in a way of its own, only the innermost error is written out. */
const PRINTERS: Readonly<Record<Family, (errors: readonly WrittenError[]) => string>> = {
  python: (errors) => errors.toReversed().map(pythonBlock).join(DIRECT_CAUSE),
  java: (errors) => errors.map((error, depth) => `${depth === 0 ? '' : 'Caused by: '}${javaBlock(error)}`).join('\n'),
  javascript: (errors) => errors.map(javascriptBlock).join('\n'),
  ruby: (errors) => {
    const { said, frames } = innermost(errors);
    const [first, ...others] = frames.map(({ file, line, name }) => `${file}:${line}:in '${name}'`);
    return [`${first}: ${said.message} (${said.type})`, ...others.map((frame) => `\tfrom ${frame}`)].join('\n');
  },
  php: (errors) => {
    const { said, frames } = innermost(errors);
    const calls = frames.map(({ file, line, name }, index) => `#${index} ${file}(${line}): ${name}()`);
    const place = `${frames[0]?.file}:${frames[0]?.line}`;
    return [
      `PHP Fatal error:  Uncaught ${told(said)} in ${place}`,
      'Stack trace:',
      ...calls,
      `#${calls.length} {main}`,
    ].join('\n');
  },
  go: (errors) => {
    const { said, frames } = innermost(errors);
    const calls = frames.flatMap(({ file, line, name }) => [`${name}(...)`, `\t${file}:${line}`]);
    return [`panic: ${said.message}`, '', 'goroutine 1 [running]:', ...calls].join('\n');
  },
  dotnet: (errors) => {
    const { said, frames } = innermost(errors);
    return [told(said), ...frames.map(({ file, line, name }) => `   at ${name}() in ${file}:line ${line}`)].join('\n');
  },
};

function innermost(errors: readonly WrittenError[]): {
  readonly said: WrittenError;
  readonly frames: readonly WrittenFrame[];
} {
  const said = errors.at(-1) ?? { type: 'Error', message: '', frames: [] };
  return { said, frames: said.frames };
}

function told({ type, message }: WrittenError): string {
  return message === '' ? type : `${type}: ${message}`;
}

function pythonBlock(error: WrittenError): string {
  const frames = error.frames.toReversed().map(({ file, line, name }) => `  File "${file}", line ${line}, in ${name}`);
  return ['Traceback (most recent call last):', ...frames, told(error)].join('\n');
}

function javaBlock(error: WrittenError): string {
  return [told(error), ...error.frames.map(({ file, line, name }) => `\tat ${name}(${file}:${line})`)].join('\n');
}

function javascriptBlock(error: WrittenError, depth: number): string {
  const indent = '  '.repeat(depth);
  const frames = error.frames.map(
    ({ file, line, column, name }) => `${indent}    at ${name} (${file}:${line}:${column ?? 1})`,
  );
  return [`${depth === 0 ? '' : `${indent}[cause]: `}${told(error)}`, ...frames].join('\n');
}
