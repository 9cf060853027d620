/** Who works on the shop. */
import type { HistoryStep } from '../../../demo/repository.ts';

export const PEOPLE: readonly HistoryStep['author'][] = [
  'Ines Castellanos',
  'Teodor Maly',
  'Amara Nwosu',
  'Kaito Mori',
  'Runa Halvorsen',
  'Davide Greco',
].map((name) => ({ name, email: `${name.toLowerCase().replace(' ', '.')}@example.com` }));
