import { createHash } from 'node:crypto';

/** The same key gives the same Message-ID for ever: mail programs then show a repeated mail once. */
export function messageId(idempotencyKey: string, senderAddress: string): string {
  const digest = createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32);
  return `<${digest}@${senderAddress.split('@').at(-1) ?? 'localhost'}>`;
}

const wellFormed = /^<[^<>\s@]{1,200}@[^<>\s@]{1,200}>$/u;

/** Of an earlier mail, oldest first, for References; what is no Message-ID is left out. At most 20. */
export function thread(
  earlier: { message_id?: string | undefined; references?: string[] | undefined } | undefined,
): string[] {
  const ids = [...(earlier?.references ?? []), earlier?.message_id ?? ''].filter((id) => wellFormed.test(id));
  return [...new Set(ids)].slice(-20);
}
