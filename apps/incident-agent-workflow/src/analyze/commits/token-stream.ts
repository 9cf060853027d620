/** Changed lines as tokens without trivia: comments, blanks, quotes and separators that formatters move about. */

export type Comments = 'slashes' | 'hash' | 'dashes' | 'markup';

const BY_EXTENSION: readonly (readonly [RegExp, Comments])[] = [
  [
    /\.(?:py|rb|sh|bash|ya?ml|toml|conf|cfg|ini|properties|env|tf|pl|r|ex|exs)$|(?:^|\/)(?:Dockerfile|Makefile)/i,
    'hash',
  ],
  [/\.(?:sql|lua|hs|elm)$/i, 'dashes'],
  [/\.(?:html?|xml|svg|vue|md)$/i, 'markup'],
];
/** Where indentation is meaning. */
const INDENTED = /\.(?:py|ya?ml|haml|pug|coffee)$/i;
const TOKEN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[\p{L}_$][\p{L}\p{N}_$]*|\d[\w.]*|\S/gu;
const SEPARATORS = new Set([';', ',']);

/** `text`: one side of a file's patch, lines joined. The same tokens mean the same program. */
export function tokensOf(text: string, path: string): string[] {
  const keepsIndent = INDENTED.test(path);
  const tokens: string[] = [];
  for (const line of withoutComments(text, path).split('\n')) {
    const found = tokensOfLine(line);
    if (found.length === 0) continue;
    if (keepsIndent) tokens.push(`>${line.length - line.trimStart().length}`);
    tokens.push(...found);
  }
  return tokens;
}

/** Of a line that has no comment any more. */
export function tokensOfLine(line: string): string[] {
  return (line.match(TOKEN) ?? [])
    .filter((token) => !SEPARATORS.has(token))
    .map((token) => (/^['"`]/.test(token) && token.length > 1 ? `'${token.slice(1, -1)}'` : token));
}

export function commentStyle(path: string): Comments {
  return BY_EXTENSION.find(([pattern]) => pattern.test(path))?.[1] ?? 'slashes';
}

/** Where a blank is part of a name or a value. */
export function isOfBlanks(path: string): boolean {
  return /(?:^|\/)\.env(?:\.\w+)?$/.test(path);
}

/** A `//` inside a URL or a string stays; so does a `#` inside a word. */
export function withoutComments(text: string, path: string): string {
  switch (commentStyle(path)) {
    case 'hash':
      return text.replace(/^[ \t]*#(?!\s*frozen_string_literal:).*$/gm, '').replace(/[ \t]#[ \t].*$/gm, '');
    case 'dashes':
      return text.replace(/^[ \t]*--.*$/gm, '').replace(/[ \t]--[ \t].*$/gm, '');
    case 'markup':
      return text.replace(/<!--[\s\S]*?(?:-->|$)/g, '');
    case 'slashes':
      return text
        .replace(/(^|\s)\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))/g, '$1')
        .replace(/^[ \t]*(?:\/\/|\*(?:[ \t/]|$)).*$/gm, '')
        .replace(/[ \t]\/\/(?:[ \t].*)?$/gm, '');
  }
}
