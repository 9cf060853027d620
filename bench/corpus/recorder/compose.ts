/** The history of one case's repository: what the team did, which change is guilty, and what of it is deployed when. */
import type { HistoryStep, Tree } from '../../../demo/repository.ts';
import type { Culprit, ServiceDefinition, ServiceName } from '../template.ts';
import { beginningsOf, type Step } from './beginnings.ts';
import { onsetDate } from './case-date.ts';
import { commitMinutes } from './commit-dates.ts';
import { playableMinutes } from './definitions.ts';
import { type Deployment, deploymentsOf } from './deployments.ts';
import { PEOPLE } from './people.ts';
import { type CasePlan, variantOf } from './plan.ts';
import { pick, type Random, seeded, shuffled, wholeBetween } from './random.ts';

export interface Composed {
  /** When the fault is said to have begun, in milliseconds since 1970. */
  readonly onsetTold: number;
  /** `hoursAgo` counts from the onset. */
  readonly history: readonly HistoryStep[];
  /** The tree after each of them. */
  readonly trees: readonly Tree[];
  readonly guilty: { readonly index: number; readonly culprit: Culprit; readonly line: number } | undefined;
  /** What runs when the recording begins. */
  readonly initial: readonly Deployment[];
  /** Deployed during the baseline, in their order; a guilty one that is deployed at the onset is the last. */
  readonly played: readonly Deployment[];
}

const FEWEST_COMMITS = 15;
const MOST_COMMITS = 40;
/** How many changes may come after the guilty one. */
const MOST_AFTER = 8;

/** Throws where no place is found at which the guilty change applies. */
export function compose(plan: CasePlan, services: readonly ServiceDefinition[]): Composed {
  const onsetTold = onsetDate(seeded('date', plan.seed));
  const random = seeded('history', plan.seed);
  const beginnings = services.flatMap((service) => beginningsOf(service));
  const culprit = plan.template.culprit?.change(variantOf(plan));
  const changes = wholeBetween(random, FEWEST_COMMITS, MOST_COMMITS) - beginnings.length - (culprit ? 1 : 0);
  const steps = [...beginnings, ...interleaved(random, services, changes)];
  const applied = culprit ? withCulprit(random, steps, beginnings.length, culprit) : applyAll(steps);
  if (applied === undefined) throw new Error(`${plan.template.id}: the guilty change applies nowhere`);
  const index = culprit ? applied.steps.findIndex(({ change }) => change === culprit.change) : -1;
  const { initial, played } = deploymentsOf(
    {
      plan,
      services,
      steps: applied.steps,
      runnableFrom: beginnings.length - 1,
      guiltyIndex: culprit ? index : undefined,
      playableMinutes: playableMinutes(plan),
    },
    random,
  );
  const minutes = commitMinutes(random, {
    count: applied.steps.length,
    beginnings: beginnings.length,
    deployments: [...initial, ...played],
    onsetMinute: (onsetTold / 60_000) % 1_440,
  });
  const authors = shuffled(random, PEOPLE).slice(0, wholeBetween(random, 3, PEOPLE.length));
  const history = applied.steps.map(({ message, change }, at) => ({
    author: pick(random, authors),
    hoursAgo: (minutes[at] ?? 0) / 60,
    message,
    change,
  }));
  const deployed = [...played, ...initial].filter(({ service }) => service === culprit?.service).at(-1);
  const running = [...initial, ...played].findLast(({ service }) => service === culprit?.service) ?? deployed;
  return {
    onsetTold,
    history,
    trees: applied.trees,
    guilty: culprit && { index, culprit, line: lineOf(applied.trees[running?.index ?? index], culprit) },
    initial,
    played,
  };
}

/** Changes of all services mixed, each service's in their own order, as many as wanted or there are. */
function interleaved(random: Random, services: readonly ServiceDefinition[], wanted: number): Step[] {
  const queues = services.map(({ name, changes }) => changes.map((change) => ({ ...change, service: name })));
  const mixed: Step[] = [];
  while (mixed.length < wanted) {
    const waiting = queues.filter((queue) => queue.length > 0);
    if (waiting.length === 0) break;
    const next = pick(random, waiting).shift();
    if (next) mixed.push(next);
  }
  return mixed;
}

interface Applied {
  readonly steps: readonly Step[];
  readonly trees: readonly Tree[];
}

/** At a place near the end where it applies and its marker is unique to the last commit. */
function withCulprit(
  random: Random,
  steps: readonly Step[],
  beginnings: number,
  culprit: Culprit,
): Applied | undefined {
  const room = steps.length - beginnings;
  const near = Array.from({ length: Math.min(MOST_AFTER, room) + 1 }, (_none, after) => after);
  const far = Array.from({ length: Math.max(0, room - MOST_AFTER) }, (_none, index) => index + MOST_AFTER + 1);
  for (const after of [...shuffled(random, near), ...far]) {
    const at = steps.length - after;
    const applied = applyAll([...steps.slice(0, at), culprit, ...steps.slice(at)], culprit);
    if (applied && isMarkedThroughout(applied, culprit)) return applied;
  }
  return undefined;
}

/** A harmless change that no longer applies, or changes nothing, is left out with all that its service did after it. */
function applyAll(steps: readonly Step[], needed?: Step): Applied | undefined {
  const kept: Step[] = [];
  const trees: Tree[] = [];
  const stopped = new Set<ServiceName>();
  let tree: Tree = new Map();
  for (const step of steps) {
    if (step.service && stopped.has(step.service) && step !== needed) continue;
    const next = attempt(step, tree);
    if (next === undefined) {
      if (step === needed || step.service === undefined) return undefined;
      stopped.add(step.service);
      continue;
    }
    tree = next;
    kept.push(step);
    trees.push(tree);
  }
  return { steps: kept, trees };
}

function attempt(step: Step, tree: Tree): Tree | undefined {
  try {
    const next = step.change(tree);
    const isSame = next.size === tree.size && [...next].every(([path, text]) => tree.get(path) === text);
    return isSame ? undefined : next;
  } catch {
    return undefined;
  }
}

function isMarkedThroughout({ steps, trees }: Applied, culprit: Culprit): boolean {
  const from = steps.findIndex(({ change }) => change === culprit.change);
  return from >= 0 && trees.slice(from).every((tree) => linesWith(tree, culprit).length === 1);
}

function lineOf(tree: Tree | undefined, culprit: Culprit): number {
  const [line, ...others] = tree ? linesWith(tree, culprit) : [];
  if (line === undefined || others.length > 0)
    throw new Error(`${culprit.file}: not exactly one line holds ${culprit.marker}`);
  return line;
}

function linesWith(tree: Tree, { file, marker }: Culprit): number[] {
  const lines = (tree.get(file) ?? '').split('\n');
  return lines.flatMap((line, index) => (line.includes(marker) ? [index + 1] : []));
}
