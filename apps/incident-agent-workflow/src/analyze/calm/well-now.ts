/** Whether a service is well at the time of the look, by every sign that there is. */

import { clockTime } from '../../lib/instants.ts';
import { millisecondsOf } from '../../lib/time.ts';
import { healthAnswers, readinessAnswers } from '../fault-classes/predicates.ts';
import type { Signal } from '../fault-classes/rule.ts';
import { othersWereDownToo } from '../fault-classes/standing-still.ts';
import { upStayedInWords } from '../metrics/coverage.ts';
import { topicOf } from '../metrics/topics.ts';
import type { Metric, Scene } from '../scene.ts';
import { metricOf, requestLatency, serverErrors } from '../scene.ts';
import { isBack, isHighStill, levelsOf } from './levels.ts';
import { isTrouble, type Spell } from './spell.ts';

/** A series that ended longer ago than this says nothing of now. */
const FRESH_MILLISECONDS = 120_000;
/** The words of a process that ended against its will: it will do so again. */
const CRASHED =
  /exit(?:ed)?(?: with)?(?: code| status)?:? [1-9]|signal(?: |: )?(?:6|9|11)\b|SIGKILL|SIGSEGV|SIGABRT|core dumped|\bpanic:|\buncaught|unhandled|out of memory|OOM/i;
/** Where more is waiting than before, it is not over; what was opened in a rush may stay open. */
const LASTING: ReadonlySet<string> = new Set(['queue', 'pool', 'memory', 'cpu', 'disk']);

/** What speaks for it; undefined: something is off still, first what the alert meant, or nothing is there that would say it is well. */
export function wellNow(scene: Scene, spell: Spell | undefined, meant: readonly Metric[] = []): Signal[] | undefined {
  const since = spell?.fromMilliseconds ?? millisecondsOf(scene.context.provisionalOnset) ?? 0;
  // Nobody restarts several services at once without their processes ending: what they share will fail again.
  if (typeof othersWereDownToo(scene) !== 'string') return undefined;
  if (isOffNow(scene, since) || meant.some((metric) => isHighStill(metric, since))) return undefined;
  const signals = [
    healthAnswers(scene),
    readinessAnswers(scene),
    scrapedAgain(scene),
    errorsEnded(scene),
    logIsQuiet(scene),
  ];
  const seen = signals.filter((look) => typeof look !== 'string');
  return seen.some(({ group }) => group === 'direct state' || group === 'metrics') ? seen : undefined;
}

function isOffNow(scene: Scene, since: number): boolean {
  const { health, ready, metrics, dependencies, texts } = scene;
  if ([health, ready].some((probe) => probe && (probe.data.httpStatus === undefined || probe.data.httpStatus >= 400)))
    return true;
  if (dependencies.some(({ isUp, answers }) => isUp === false || answers === false)) return true;
  if (texts.some((text) => CRASHED.test(text.text))) return true;
  return metrics.some(
    (metric) => isLasting(metric, scene) && (metric.data.shape === 'grows' || !isBack(metric, since)),
  );
}

function isLasting(metric: Metric, scene: Scene): boolean {
  const { family, direction, metric: name } = metric.data;
  if (family === 'availability') return true;
  if (metric.id === serverErrors(scene)?.id) return true;
  if (direction !== 'up') return false;
  if (metric.id === requestLatency(scene)?.id) return true;
  return family === 'saturation' && LASTING.has(topicOf(name) ?? '');
}

type Look = Signal | 'absent';

function scrapedAgain(scene: Scene): Look {
  const up = metricOf(scene, 'availability');
  const last = up && levelsOf(up).at(-1);
  const now = millisecondsOf(scene.context.window.to) ?? 0;
  if (!up || last?.value !== 1 || now - last.atMilliseconds > FRESH_MILLISECONDS) return 'absent';
  const wasDown = up.data.points.some(({ value }) => value === 0);
  const words = wasDown ? 'the scrape metric up is 1 again' : upStayedInWords(up);
  return { words, cites: [up.id], group: 'metrics', weight: 0.8 };
}

function errorsEnded(scene: Scene): Look {
  const errors = serverErrors(scene);
  if (!errors || errors.data.points.length === 0) return 'absent';
  const never = errors.data.points.every(({ value }) => value === null || value === 0);
  const words = never ? 'no request was answered with 5xx in the window' : '5xx answers ended by themselves';
  return { words, cites: [errors.id], group: 'metrics', weight: 0.8 };
}

function logIsQuiet(scene: Scene): Look {
  if (!scene.logsSeen) return 'absent';
  const lines = scene.texts.filter(isTrouble);
  const last = lines.toSorted((a, b) => compare(b.lastAt, a.lastAt))[0];
  if (last?.lastAt) {
    const words = `the last line of the trouble was logged at ${clockTime(last.lastAt)}`;
    return { words, cites: [last.cite], group: 'logs', weight: 0.8 };
  }
  const logs = scene.evidence.find(({ kind, service }) => kind === 'logs' && service === scene.context.service.name);
  if (!logs || lines.length > 0) return 'absent';
  return { words: 'no error of a new kind was logged', cites: [logs.id], group: 'logs', weight: 0.8 };
}

function compare(a: string | null, b: string | null): number {
  return (millisecondsOf(a ?? '') ?? 0) - (millisecondsOf(b ?? '') ?? 0);
}
