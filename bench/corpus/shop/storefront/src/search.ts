/** Search over the assortment: every word must occur, the earlier the better. */
import type { Product } from './clients/catalog.ts';

const MAX_WORDS = 8;

export function search(products: readonly Product[], written: string): Product[] {
  const words = wordsOf(written);
  if (words.length === 0) return [];
  return products
    .map((product) => ({ product, score: scoreOf(product, words) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || (a.product.sku < b.product.sku ? -1 : 1))
    .map(({ product }) => product);
}

function wordsOf(written: string): string[] {
  return written
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .slice(0, MAX_WORDS);
}

function scoreOf({ sku, description }: Product, words: readonly string[]): number {
  const text = `${sku} ${description}`.toLowerCase();
  let score = 0;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at < 0) return 0;
    score += 1 / (1 + at);
  }
  return score;
}
