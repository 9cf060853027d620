/** Labelled facts: what the PDF sets as a table of two columns, and Word and Markdown as a list. */
import type { Claim } from '../../domain/claim.ts';
import { BOUNDS } from './bounds.ts';

export interface Row {
  readonly label: string;
  readonly claims: readonly Claim[];
}

/** Without citations of their own; blank ones are left out. */
export function words(label: string, texts: readonly string[], cites: readonly string[] = []): Row {
  const said = texts.filter((text) => text.trim() !== '');
  return claims(
    label,
    said.map((text) => ({ text, cites: [...cites] })),
  );
}

export function claims(label: string, items: readonly Claim[]): Row {
  return { label, claims: items.slice(0, BOUNDS.claims) };
}

export function filled(rows: readonly Row[]): Row[] {
  return rows.filter((row) => row.claims.length > 0);
}
