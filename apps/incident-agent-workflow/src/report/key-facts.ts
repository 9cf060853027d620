/** The cells at the head of page, PDF and mail: since when, how bad, where, and whether the alert holds. */
import type { Evidence, EvidenceOf } from '../domain/evidence.ts';
import { evidenceOfKind, wasZero } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { Incident } from '../domain/incident.ts';
import type { Report, Verdict } from '../domain/report.ts';
import { isRequestTime, shownUnit } from '../domain/shown-metric.ts';
import { WORDS } from '../lib/catalogue/words.ts';
import { oneLine } from '../lib/clean-text.ts';
import { quantity } from '../lib/quantity.ts';
import { secondsBetween } from '../lib/time.ts';
import { displayName, duration } from '../lib/wording.ts';
import { type Cites, idsOf } from './cites.ts';
import { alertWords, before, confidenceWords, isState, since } from './words.ts';

type KeyFact = Report['keyFacts'][number];

const KEY = WORDS.keyFacts;

const MAX_CELLS = 4;
const MAX_CITES_OF_A_CELL = 3;
const MAX_VALUE_CHARACTERS = 110;

interface Known {
  readonly facts: Facts;
  readonly incident: Incident;
  readonly verdict: Verdict;
  readonly generatedAt: string;
}

/** A value's part behind ` · ` is the smaller print of its cell. */
export function keyFactsOf(known: Known, cites: Cites): KeyFact[] {
  const cells = [sinceCell(known), howBadCell(known.facts), whereCell(known), alertCell(known), confidenceCell(known)];
  return cells
    .filter((cell) => cell !== undefined)
    .slice(0, MAX_CELLS)
    .map((cell) => ({
      label: cell.label,
      value: oneLine(cell.value, MAX_VALUE_CHARACTERS),
      cites: cites(cell.cites).slice(0, MAX_CITES_OF_A_CELL),
    }));
}

function sinceCell({ facts, incident, generatedAt }: Known): KeyFact {
  const alertIds = idsOf(facts.evidence, ({ kind }) => kind === 'alert');
  const { onset } = facts;
  if (onset === null) {
    const value = `${since(incident.startedAt, generatedAt)} · ${KEY.notDated}`;
    return { label: KEY.since, value, cites: alertIds };
  }
  const lead = secondsBetween(onset, incident.startedAt);
  // A start in the future is a clock that runs ahead: it says nothing of when the failure began.
  const isPast = secondsBetween(incident.startedAt, generatedAt) >= 0;
  const note = lead >= 1 && isPast ? ` · ${KEY.beforeAlert(duration(lead))}` : '';
  const dating = facts.timeline.find(({ kind }) => kind === 'onset')?.cites ?? [];
  const shown = dating.length > 0 ? dating : [...idsOf(facts.evidence, (item) => beganAt(item) === onset), ...alertIds];
  return { label: KEY.since, value: `${since(onset, generatedAt)}${note}`, cites: shown };
}

function beganAt(item: Evidence): string | null {
  if (item.kind === 'metric') return item.data.onset;
  return item.kind === 'logs' || item.kind === 'stack-trace' ? item.data.firstAt : null;
}

/** The gravest thing that a person outside would notice; undefined: nothing of the kind was measured. */
function howBadCell(facts: Facts): KeyFact | undefined {
  const metrics = evidenceOfKind(facts.evidence, 'metric').toSorted(
    (a, b) => Number(b.service === facts.service) - Number(a.service === facts.service),
  );
  for (const words of [failingShare, notReachable, failingRate, dependencyDown, slowness])
    for (const item of metrics) {
      const value = words(item);
      if (value !== undefined) return { label: KEY.howBad, value, cites: [item.id] };
    }
  const probe = evidenceOfKind(facts.evidence, 'probe').find(
    ({ data, service }) => service === facts.service && (data.httpStatus === undefined || data.httpStatus >= 500),
  );
  return probe && { label: KEY.howBad, value: probe.title, cites: [probe.id] };
}

type Words = (item: EvidenceOf<'metric'>) => string | undefined;

const failingShare: Words = ({ data }) =>
  data.family === 'errors' && shownUnit(data) === '1' && data.direction === 'up' && data.incidentMedian !== null
    ? `${KEY.requestsFail(quantity(data.incidentMedian, shownUnit(data)))} · ${before(data)}`
    : undefined;
const failingRate: Words = ({ data }) =>
  data.family === 'errors' && data.direction === 'up' && data.incidentMedian !== null
    ? `${KEY.errors(quantity(data.incidentMedian, shownUnit(data)))} · ${before(data)}`
    : undefined;
const notReachable: Words = ({ data, service }) =>
  data.family === 'availability' && wasZero(data) ? `${KEY.doesNotAnswer(service)} · ${lastState(data)}` : undefined;
const dependencyDown: Words = ({ data }) =>
  data.family === 'dependency' && wasZero(data) ? `${KEY.dependencyDown} · ${lastState(data)}` : undefined;
const slowness: Words = ({ data }) =>
  data.family === 'latency' && data.direction === 'up' && data.incidentMedian !== null
    ? `${slowWords(data.incidentMedian, data)} · ${before(data)}`
    : undefined;

function slowWords(median: number, data: EvidenceOf<'metric'>['data']): string {
  const shown = quantity(median, shownUnit(data));
  return isRequestTime(data) ? KEY.perRequest(shown) : `${shown} ${data.metric}`;
}

function lastState(metric: EvidenceOf<'metric'>['data']): string {
  return isState(metric) && metric.lastValue === 1 ? KEY.backUp : KEY.stillSo;
}

/** As the 5xx metric names it: the pattern says more than one of its addresses. */
function failingRoute(facts: Facts, of: string): { readonly name: string; readonly cite: string } | undefined {
  for (const { id, title, data, service } of evidenceOfKind(facts.evidence, 'metric')) {
    if (service !== of) continue;
    const [, name] =
      data.family === 'errors' ? (/^5xx .*\(((?:GET|HEAD|POST|PUT|PATCH|DELETE) \S+)\)$/.exec(title) ?? []) : [];
    if (name !== undefined) return { name, cite: id };
  }
  return undefined;
}

/** Where the cause lies if that is another service; else the request that failed, else the dependency that is to blame. */
function whereCell({ facts, verdict }: Known): KeyFact | undefined {
  const guilty = verdict.cause?.service ?? facts.service;
  if (guilty !== facts.service) {
    const deeper = verdict.cause?.dependency ?? null;
    const place = deeper === null ? guilty : KEY.dependedOn(displayName(deeper), guilty);
    return { label: KEY.where, value: `${place} · ${KEY.notItself(facts.service)}`, cites: verdict.statement.cites };
  }
  const trace = evidenceOfKind(facts.evidence, 'stack-trace').find(({ data }) => data.request !== null);
  if (trace?.data.request) {
    const { method, path, status } = trace.data.request;
    const answer = status === null ? '' : ` · ${KEY.answered(status)}`;
    const route = failingRoute(facts, trace.service);
    if (route) return { label: KEY.where, value: `${route.name}${answer}`, cites: [route.cite, trace.id] };
    return { label: KEY.where, value: `${method} ${path}${answer}`, cites: [trace.id] };
  }
  const dependency = verdict.cause?.dependency ?? null;
  if (dependency === null) return undefined;
  return {
    label: KEY.where,
    value: `${displayName(dependency)} · ${KEY.dependencyOf(facts.service)}`,
    cites: verdict.statement.cites,
  };
}

function alertCell({ facts, incident }: Known): KeyFact {
  const alertIds = idsOf(facts.evidence, ({ kind }) => kind === 'alert');
  return {
    label: KEY.alert,
    value: alertWords(incident.alerts, facts.alertConfirmed),
    cites: [...alertIds, ...facts.alertCheck.cites],
  };
}

/** That an alert is not confirmed is said in the alert's own cell. */
function confidenceCell({ facts, verdict }: Known): KeyFact | undefined {
  if (verdict.status === 'not-confirmed') return undefined;
  return { label: KEY.confidence, value: confidenceWords(verdict, facts), cites: verdict.statement.cites };
}
