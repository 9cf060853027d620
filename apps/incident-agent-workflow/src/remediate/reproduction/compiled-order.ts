/** What a search for a failing call is asked in languages that are compiled: calls are written down as source text. */

export interface CompiledOrder {
  readonly type: string;
  readonly message: string;
  /** Name of the file without folders, and the line that the error must come from. */
  readonly file: string;
  readonly line: number;
  /** Innermost first. `owner`: a class, or the receiver's type; null: a plain function. */
  readonly calls: readonly { readonly owner: string | null; readonly name: string }[];
  /** What the message quotes: a value may have to hold one. */
  readonly words: readonly string[];
  readonly milliseconds: number;
  readonly goal: 'fails' | 'returns';
  /** Only these are tried; empty: all that can be thought of. */
  readonly seeds: readonly string[];
  /** Of each function, how many are enough. */
  readonly wanted: number;
}

/** A literal that Java and Go read alike; neither knows all escapes of JSON, and Java reads `\u` before anything else. */
export function plainLiteral(text: string): string {
  const inner = Array.from(text, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    if (character === '\n') return '\\n';
    const code = character.codePointAt(0) ?? 0;
    return code < 32 || code === 127 ? `\\${code.toString(8).padStart(3, '0')}` : character;
  });
  return `"${inner.join('')}"`;
}
