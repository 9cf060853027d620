/** What a compiled language has to know so that a failing call is found and written down: see find-compiled-call.ts. */
import type { TreeFile } from '../../remediation-ports.ts';
import type { CompiledOrder } from './compiled-order.ts';
import type { StyleName, WrittenTest } from './styles.ts';
import type { Target } from './target.ts';

export interface Writing {
  readonly style: StyleName;
  readonly incident: string;
  /** Of the service, from the top; '' for the top itself. */
  readonly folder: string;
  /** Statements that make the call; the last one without its end. */
  readonly source: string;
  readonly target: Target;
  readonly files: readonly TreeFile[];
}
export interface CompiledLanguage {
  readonly ending: string;
  /** Of the stack trace, innermost first; what cannot be called is left out. */
  callsOf(target: Target): CompiledOrder['calls'];
  /** Files of ours to put beside the service's, and the command that prints one line of JSON `{found, note}`. */
  search(
    order: CompiledOrder,
    files: readonly TreeFile[],
    folder: string,
    target: Target,
  ): { readonly files: readonly TreeFile[]; readonly command: string };
  write(writing: Writing): WrittenTest;
}
