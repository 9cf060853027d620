/** Which templates are tuned on and which only tested: cases of one template never stand on both sides. */
import { pick, seeded, shuffled } from './random.ts';

export interface Split {
  readonly seed: number;
  readonly tune: readonly string[];
  readonly test: readonly string[];
}

export interface SplitTemplate {
  readonly id: string;
  readonly kind: string;
  readonly class: string | null;
  readonly cases: number;
}

const FEWEST_TEST_CASES = 50;
const TEST_SHARE = 0.45;

/** Of each kind about the same share, and of a class with several templates one on either side. Sorted by id. */
export function splitTemplates(templates: readonly SplitTemplate[], seed: number): Split {
  const random = seeded('split', seed);
  const test = new Set<string>();
  const kinds = [...new Set(templates.map(({ kind }) => kind))].toSorted();
  for (const kind of kinds) {
    const own = shuffled(random, templates.filter((template) => template.kind === kind).toSorted(byId));
    const wanted = Math.max(own.length > 1 ? 1 : 0, Math.round(own.length * TEST_SHARE));
    for (const template of byClassInTurn(own).slice(0, wanted)) test.add(template.id);
  }
  const rest = () => templates.filter(({ id }) => !test.has(id)).toSorted(byId);
  const testCases = () => templates.reduce((sum, { id, cases }) => sum + (test.has(id) ? cases : 0), 0);
  while (testCases() < FEWEST_TEST_CASES && rest().length > 1) test.add(pick(random, rest()).id);
  return { seed, tune: rest().map(({ id }) => id), test: [...test].toSorted() };
}

/** Classes with more than one template first, one of each: the other one stays to be tuned on. */
function byClassInTurn(templates: readonly SplitTemplate[]): SplitTemplate[] {
  const seen = new Map<string | null, number>();
  const counted = templates.map((template) => {
    const before = seen.get(template.class) ?? 0;
    seen.set(template.class, before + 1);
    return { template, before };
  });
  const rank = ({ template, before }: (typeof counted)[number]): number => {
    const isShared = (seen.get(template.class) ?? 0) > 1;
    return isShared && before === 0 ? 0 : isShared ? 2 + before : 1;
  };
  return counted.toSorted((left, right) => rank(left) - rank(right)).map(({ template }) => template);
}

function byId(left: SplitTemplate, right: SplitTemplate): number {
  return left.id < right.id ? -1 : Number(left.id > right.id);
}
