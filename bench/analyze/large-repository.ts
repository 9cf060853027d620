/** A repository of 5,000 commits, the guilty one 20 before the newest. */
import { buildRepository, type HistoryStep } from '../../demo/repository.ts';
import { seededRandom } from '../score/statistics/seeded.ts';

export const ONSET = Date.UTC(2026, 9, 3, 2, 52, 19);
export const GUILTY_FILE = 'src/items.js';
const COMMITS = 5_000;
const AUTHOR = { name: 'Someone', email: 'someone@example.com' };

/** `folder`: does not exist yet. */
export function buildLargeRepository(folder: string): Promise<unknown> {
  return buildRepository(folder, steps(), new Date(ONSET));
}

/** 40 files that change all the time; the guilty change comes 20 commits before the newest. */
function steps(): HistoryStep[] {
  const random = seededRandom(17);
  const files = Array.from({ length: 40 }, (_file, index) => `src/part-${index}.js`);
  return Array.from({ length: COMMITS }, (_step, index): HistoryStep => {
    const path =
      index === COMMITS - 20 || index === 0 ? GUILTY_FILE : (files[Math.floor(random() * files.length)] ?? '');
    const body =
      path === GUILTY_FILE
        ? `export function listItems(items) {\n  const page = ${index === 0 ? 'items' : 'items.page'};\n  return page.slice(0, 20);\n}\n`
        : `export const revision = ${index};\n${'export const value = 1;\n'.repeat(20)}`;
    return {
      author: AUTHOR,
      hoursAgo: (COMMITS - index) * 0.4 + 0.2,
      message: `part ${index}: as discussed`,
      change: (tree) => new Map([...tree, [path, body]]),
    };
  });
}
