/** The catalogue that mails are worded from. */
import { EN } from './en.ts';

/** The same keys and functions, other words. */
export type Catalogue = Worded<typeof EN>;
type Worded<T> = T extends string
  ? string
  : T extends (...words: infer W) => string
    ? (...words: W) => string
    : { readonly [K in keyof T]: Worded<T[K]> };

export const WORDS: Catalogue = EN;
