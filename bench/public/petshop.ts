/** PetShop: which node of a shop of forty is the cause, from metrics and a call graph. */
import { z } from 'zod';
import { rankingOf, readShopCases } from './petshop-case.ts';
import { movedFault, permutedNames } from './petshop-variants.ts';
import type { Predictions, PublicSet } from './public-set.ts';

async function predict(folder: string): Promise<Predictions> {
  return Object.fromEntries([...readShopCases(folder)].map(([id, shop]) => [id, rankingOf(shop)]));
}

const Score = z.object({ all: z.object({ top1: z.number(), top3: z.number(), mrr: z.number() }) });

export const petshop: PublicSet = {
  name: 'petshop',
  measures: 'which node of a call graph is the cause (metrics and request counts)',
  predict,
  baseline: ['traversal'],
  published: [
    {
      who: 'authors, median absolute deviation and traversal, 68 issues',
      figure: 'top-1 .57–1.00, top-3 .57–1.00 by system and metric',
    },
  ],
  figures(score) {
    const { all } = Score.parse(score);
    return [
      { name: 'top1', value: all.top1, unit: 'share', atLeast: 15 / 16 },
      { name: 'top3', value: all.top3, unit: 'share', atLeast: 1 },
      { name: 'mrr', value: all.mrr, unit: 'share' },
    ];
  },
  variants: [permutedNames, movedFault],
};
