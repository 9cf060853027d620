/** Parsers that need nothing but the text: JavaScript and TypeScript by oxc, and the formats of settings. */
import { parseSync } from 'oxc-parser';
import { parse as parseToml, TomlError } from 'smol-toml';
import { parseAllDocuments } from 'yaml';
import { messageOf } from '../../domain/error.ts';

/** The first mistake, with its line where the parser tells it; undefined: the text is sound. */
export type Parser = (path: string, text: string) => string | undefined;

const PARSERS: readonly (readonly [RegExp, Parser])[] = [
  [/\.[cm]?[jt]sx?$/, mistakeInScript],
  [/\.json$/, mistakeInJson],
  [/\.ya?ml$/, mistakeInYaml],
  [/\.toml$/, mistakeInToml],
  [/\.(?:ini|cfg)$|(?:^|\/)\.env(?:\.\w+)?$/, mistakeInSections],
  [/\.properties$/, mistakeInProperties],
];

/** undefined: none of ours reads such a file. */
export function parserOf(path: string): Parser | undefined {
  return PARSERS.find(([name]) => name.test(path))?.[1];
}

function mistakeInScript(path: string, text: string): string | undefined {
  const [error] = parseSync(path, text).errors;
  if (!error) return undefined;
  const start = error.labels[0]?.start;
  const line = start === undefined ? '' : `line ${lineAt(text, start)}: `;
  return `${line}${error.message}`;
}

function mistakeInJson(_path: string, text: string): string | undefined {
  return thrownBy(() => JSON.parse(text));
}

function mistakeInToml(_path: string, text: string): string | undefined {
  return thrownBy(() => parseToml(text));
}

function mistakeInYaml(_path: string, text: string): string | undefined {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return undefined; // an empty stream
  const [error] = documents.flatMap(({ errors }) => errors);
  return error && firstLine(error.message);
}

/** INI and its like: sections, `name = value`, comments, and lines that continue the one before by being indented. */
function mistakeInSections(_path: string, text: string): string | undefined {
  const lines = text.split(/\r?\n/);
  const odd = lines.findIndex(
    (line, index) => !/^\s*(?:$|[;#]|\[[^\]]+\]|[^=:\s][^=:]*[=:])/.test(line) && !(index > 0 && /^\s+\S/.test(line)),
  );
  return odd === -1 ? undefined : `line ${odd + 1}: neither a section nor a name with a value`;
}

/** Of Java: anything may stand there but an escape that is none. */
function mistakeInProperties(_path: string, text: string): string | undefined {
  const at = text.search(/(?<!\\)(?:\\\\)*\\u(?![0-9a-fA-F]{4})/);
  return at === -1 ? undefined : `line ${lineAt(text, at)}: a \\u without four hexadecimal digits`;
}

function thrownBy(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return `${error instanceof TomlError ? `line ${error.line}: ` : ''}${firstLine(messageOf(error))}`;
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
