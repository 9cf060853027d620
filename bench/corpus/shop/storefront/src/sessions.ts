/** What a visitor looked at, for "seen lately". In memory: a restart forgets it, and nobody minds. */
import { randomUUID } from 'node:crypto';
import type { Product } from './clients/catalog.ts';

export interface Session {
  readonly id: string;
  readonly seen: SeenPage[];
}
export interface SeenPage {
  readonly sku: string;
  readonly at: string;
  /** The page as it was shown: prices change. */
  readonly page: string;
}

export interface Sessions {
  /** Of a returning visitor, else a new one. */
  open(id: string | undefined): Session;
  remember(session: Session, sku: string, products: readonly Product[]): void;
  count(): number;
}

const SEEN_PAGES = 5;

/** The oldest make room for new ones. */
export function createSessions(limit: number, now: () => Date): Sessions {
  const sessions = new Map<string, Session>();

  function makeRoom(): void {
    for (const oldest of sessions.keys()) {
      if (sessions.size < limit) return;
      sessions.delete(oldest);
    }
  }
  return {
    open(id) {
      const known = id === undefined ? undefined : sessions.get(id);
      if (known) return known;
      makeRoom();
      const session: Session = { id: randomUUID(), seen: [] };
      sessions.set(session.id, session);
      return session;
    },
    remember(session, sku, products) {
      session.seen.unshift({ sku, at: now().toISOString(), page: pageOf(sku, products) });
      session.seen.length = Math.min(session.seen.length, SEEN_PAGES);
    },
    count: () => sessions.size,
  };
}

function pageOf(sku: string, products: readonly Product[]): string {
  const rows = products.map((product) => {
    const price = `${(product.priceCents / 100).toFixed(2)} EUR`;
    const mark = product.sku === sku ? ' class="chosen"' : '';
    const name = `<h2>${product.sku}</h2><p class="description">${product.description}</p>`;
    const link = `<a href="/products/${product.sku}" title="${product.description}">more about ${product.sku}</a>`;
    return `<article id="${product.id}"${mark}>${name}<p class="price">${price}</p>${link}</article>`;
  });
  return Buffer.from(rows.join('\n')).toString('latin1');
}
