/** What orders signs with and ledger checks with; a word of this corpus, no secret. */
export const LEDGER_KEY = 'books-2026-spring';
