/** What stands around the verdict: figures of the impact, open questions, earlier incidents, deliveries, the run itself. */
import { evidenceOfKind } from '../../domain/evidence.ts';
import { disagreementClaim, questionClaim, saidBy } from '../../domain/model-said.ts';
import type { ImpactFigure, Report } from '../../domain/report.ts';
import { isQuantile, isRequestTime, shownUnit } from '../../domain/shown-metric.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import { clockTime } from '../../lib/instants.ts';
import { quantity } from '../../lib/quantity.ts';
import { secondsBetween } from '../../lib/time.ts';
import { duration } from '../../lib/wording.ts';
import { BOUNDS } from './bounds.ts';
import * as labels from './labels.ts';
import type { Item } from './outline.ts';
import { claims, filled, type Row, words } from './rows.ts';

const NONE: readonly string[] = [];

/** Figure, before, since, last look, from when on. */
export function impactRows({ impact = [] }: Report): Item[][] {
  return impact.slice(0, BOUNDS.impact).map((figure) => {
    const value = (number: number | null): Item => ({ text: shownValue(number, figure), cites: NONE });
    return [
      { text: nameOf(figure), cites: [figure.cite] },
      value(figure.before),
      { text: shownSince(figure), cites: NONE },
      value(figure.last),
      { text: figure.onset === null ? '–' : clockTime(figure.onset), cites: NONE },
    ];
  });
}

/** In words where the name says that they are meant; else as the metric is called, which says more. */
function nameOf(figure: ImpactFigure): string {
  const { family, metric, service } = figure;
  const names = WORDS.figures;
  const word =
    family === 'errors' && shownUnit(figure) === '1'
      ? names.failingShare
      : isRequestTime(figure)
        ? isQuantile(figure)
          ? names.slowRequests
          : names.latency
        : family === 'traffic'
          ? names.traffic
          : metric;
  return names.of(word, service);
}

/** Where the middle hardly moved it was a peak, and the middle would hide it. */
function shownSince(figure: ImpactFigure): string {
  const { before, since, worst = null, family } = figure;
  const isPeak =
    before !== null && since !== null && worst !== null && Math.abs(since - before) < Math.abs(worst - before) / 4;
  if (!isPeak) return shownValue(since, figure);
  if (isState(family)) return worst < before ? WORDS.figures.downAtTimes : shownValue(since, figure);
  const shown = shownValue(worst, figure);
  return worst > before ? WORDS.figures.upTo(shown) : WORDS.figures.downTo(shown);
}

function isState(family: ImpactFigure['family']): boolean {
  return family === 'availability' || family === 'dependency';
}

function shownValue(value: number | null, figure: ImpactFigure): string {
  if (value === null) return '–';
  const text = quantity(value, shownUnit(figure));
  if (!isState(figure.family)) return text;
  return value >= 1 ? WORDS.states.up : value <= 0 ? WORDS.states.down : text;
}

/** Where the model would judge otherwise, and what it asks. The engine's own doubt is the hypotheses and the gaps. */
export function questionRows(report: Report): Row[] {
  const said = saidBy(report);
  return filled([
    claims(
      WORDS.questions.disagreement,
      said.flatMap(({ disagreements }) => disagreements.map((one) => disagreementClaim(one, WORDS.questions))),
    ),
    claims(
      WORDS.questions.question,
      said.flatMap(({ openQuestions }) => openQuestions.map((one) => questionClaim(one, WORDS.questions))),
    ),
  ]);
}

/** Incident and day, what it was, how it ended. */
export function similarRows(report: Report): Item[][] {
  return evidenceOfKind(report.evidence, 'memory')
    .flatMap(({ id, data }) => data.incidents.map((earlier) => ({ earlier, sameBy: data.sameBy, cite: id })))
    .slice(0, BOUNDS.similar)
    .map(({ earlier, sameBy, cite }) => {
      const rated = earlier.feedback ? `; ${WORDS.similar.rated[earlier.feedback.verdict]}` : '';
      return [
        { text: `${earlier.id}, ${labels.day(earlier.openedAt)}`, cites: NONE },
        {
          text: `${earlier.statement ?? `${earlier.title}: ${WORDS.similar.noCause}`} (${WORDS.similar.sameBy[sameBy]})`,
          cites: [cite],
        },
        { text: `${earlier.ending ?? WORDS.similar.open}${rated}`, cites: NONE },
      ];
    });
}

export function deliveryRows({ deliveries = [] }: Report): Row[] {
  return deliveries.slice(0, BOUNDS.deliveries).map((one) => {
    const when = one.sentAt === null ? '' : ` ${labels.dayAndTime(one.sentAt)}`;
    const tries = one.attempts > 1 ? ` ${WORDS.afterTries(one.attempts)}` : '';
    const why = one.lastError !== null && one.state !== 'sent' ? `: ${one.lastError}` : '';
    const state = `${WORDS.deliveries[one.state]}${when}${tries}${why}`;
    return words(one.destination, [WORDS.delivery(WORDS.deliveryKinds[one.kind], one.reportVersion, state)]);
  });
}

export function aboutRows(report: Report): Row[] {
  const { run, claimCounts, versions } = report;
  const about = WORDS.about;
  const checked = claimCounts.supported + claimCounts.refused;
  return filled([
    words(about.run, [about.runLine(run.pipelineId, report.version)]),
    words(about.route, [run.route === null ? about.noRoute : `${run.route.route}: ${run.route.reason}`]),
    words(about.times, [timesOf(report)]),
    words(about.model, [report.model]),
    words(about.cost, [costOf(report)]),
    words(about.claims, [about.claimsLine(checked, claimCounts.refused)]),
    words(about.versions, [about.versionsLine(versions.agent, versions.rules)]),
    words(about.promise, [about.promiseText]),
  ]);
}

/** What somebody waits for: from the first alert to the words in front of them. */
function timesOf({ incident, run, generatedAt }: Report): string {
  const since = (at: string): string => {
    const seconds = secondsBetween(at, generatedAt);
    if (!(seconds >= 0)) return '–';
    return seconds < 1 ? WORDS.about.atOnce : duration(seconds);
  };
  return WORDS.about.timesLine(
    { alert: clockTime(incident.startedAt), opened: clockTime(incident.openedAt), looked: clockTime(run.startedAt) },
    { opened: since(incident.openedAt), looked: since(run.startedAt) },
  );
}

function costOf({ modelCost }: Report): string {
  if (!modelCost) return WORDS.about.noCost;
  const { calls, promptTokens, replyTokens, usd } = modelCost;
  const money = usd === null ? WORDS.about.noPrice : `$${usd.toFixed(usd > 0 && usd < 0.01 ? 4 : 2)}`;
  return WORDS.about.costLine(money, calls, promptTokens, replyTokens);
}
