/** Text from outside on its way into a query, a pattern or a shell line. Each escapes for exactly one place. */

/** For the inside of `{label="…"}` in PromQL. */
export function escapePromqlValue(value: string): string {
  return value.replace(/[\\"\n\r]/g, (character) => GO_ESCAPES[character] ?? character);
}

/** For the inside of `{label="…"}` in LogQL, which quotes as PromQL does. */
export function escapeLogqlValue(value: string): string {
  return escapePromqlValue(value);
}

const GO_ESCAPES: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r' };

/** For a regular expression of RE2 (PromQL `=~`, LogQL `|~`) and of JavaScript; not yet quoted. */
export function escapeRegexp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/**
 * One word of a POSIX shell command. Plain words stay as they are, so that commands remain readable.
 * NUL cannot be part of an argument and is left out.
 */
export function quoteForShell(word: string): string {
  const clean = word.replaceAll('\0', '');
  if (/^[\w%+,./:=@-]+$/.test(clean)) return clean;
  return `'${clean.replaceAll("'", `'\\''`)}'`;
}

/** A whole command from its words. */
export function shellCommand(words: readonly string[]): string {
  return words.map(quoteForShell).join(' ');
}

/** For the inside of a standard SQL string literal, quotes included. NUL, which Postgres refuses, is left out. */
export function quoteForSql(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`;
}

/**
 * Text inside Markdown that a forge renders: nothing of it is markup, HTML or an address, and a space without width
 * keeps it from being a mention or a reference, which forges look for in what is already rendered.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll('\0', '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]|]/g, '\\$&')
    .replace(/[@#!~%$](?=\w)/g, '$&\u200b')
    .replace(/:(?=\/\/)/g, ':\u200b')
    .replace(/^([-+=#])/, '\\$1');
}

/** A block of code that its content cannot end. */
export function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n?$/, '\n')}${fence}`;
}
