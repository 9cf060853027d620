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

const WIDTHS = [160, 200, 240, 280, 320, 400, 480, 640, 800, 960, 1120, 1280];
const FORMATS = ['avif', 'webp', 'jpeg', 'png'];

function pageOf(chosen: string, products: readonly Product[]): string {
  const rows = products.map(({ id, sku, description, priceCents }) => {
    const sources = FORMATS.map((format) => `<source type="image/${format}" srcset="${widthsOf(sku, format)}">`);
    const picture = `<picture>${sources.join('')}<img src="/pictures/${sku}-320.jpeg" alt="${description}"></picture>`;
    const name = `<h2><a href="/products/${sku}" title="${description}">${sku}</a></h2><p>${description}</p>`;
    const price = `<p class="price" data-cents="${priceCents}">${(priceCents / 100).toFixed(2)} EUR</p>`;
    const buy = `<form method="post" action="/basket"><input type="hidden" name="sku" value="${sku}"><button>buy</button></form>`;
    return `<article id="${id}" class="${sku === chosen ? 'product chosen' : 'product'}">${picture}${name}${price}${buy}</article>`;
  });
  return Buffer.from(rows.join('\n')).toString('utf8');
}

const DENSITIES = { plain: 1, sharp: 2, sharpest: 3 };

function widthsOf(sku: string, format: string): string {
  return WIDTHS.flatMap((width) =>
    Object.entries(DENSITIES).map(([name, times]) => `/pictures/${sku}/${width}/${name}.${format} ${times * width}w`),
  ).join(', ');
}
