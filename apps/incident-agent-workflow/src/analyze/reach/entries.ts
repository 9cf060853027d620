/** Where a request enters the code: the line that names its path, and what is named there. */
import type { CodeExcerpt } from '../../domain/telemetry.ts';
import { endOf, type Unit, unitsOf } from './units.ts';

export interface Entry {
  /** Whatever the request is handed to, by name. */
  readonly names: ReadonlySet<string>;
  /** The handler itself, where it is defined under the line that names the path. */
  readonly unit: Unit | undefined;
}

const LITERAL = /(["'`])(\/[^"'`\s]*)\1/g;
const NAME = /[A-Za-z_$][\w$]*/g;

/** undefined: no line names it, or several do. */
export function entryOf(request: string, sources: readonly CodeExcerpt[]): Entry | undefined {
  const [method, path] = /^[A-Z]+ /.test(request) ? request.split(' ', 2) : [undefined, request];
  const wanted = plain(path ?? '');
  const named = sources.flatMap((source) =>
    source.lines.flatMap((text, index) => {
      if (method !== undefined && !new RegExp(method, 'i').test(text)) return [];
      const literals = [...text.matchAll(LITERAL)].map(([, , literal = '']) => plain(literal));
      const isExact = literals.includes(wanted);
      // A router may be mounted under the rest of the path.
      const isEnd = literals.some((literal) => literal.length > 1 && wanted.endsWith(literal));
      return isExact || isEnd ? [{ source, index, isExact }] : [];
    }),
  );
  const exact = named.filter(({ isExact }) => isExact);
  const [only, ...others] = exact.length > 0 ? exact : named;
  return only && others.length === 0 ? entryAt(only.source, only.index) : undefined;
}

function entryAt(source: CodeExcerpt, index: number): Entry {
  const { lines } = source;
  const isAbove = /^\s*[@#[]/.test(lines[index] ?? '');
  const block = lines.slice(index, isAbove ? index + 1 : endOf(lines, index) + 1);
  return {
    names: new Set(block.flatMap((text) => text.match(NAME) ?? [])),
    unit: isAbove ? unitsOf(source).find(({ from }) => from > index + 1) : undefined,
  };
}

/** `/orders/:id`, `/orders/{id}` and `/orders/<int:id>` are one path. */
function plain(path: string): string {
  const parts = path.replace(/\/+$/, '').split('/');
  return parts.map((part) => (/^:|^[{<$*]/.test(part) ? '*' : part.toLowerCase())).join('/');
}
