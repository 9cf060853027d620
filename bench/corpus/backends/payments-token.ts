/** What callers of the payments stand-in send; a word of this corpus, no secret. */
export const PAYMENTS_TOKEN = 'shop-live-4f1c';
