/** What was looked at and rejected, each with the fact that decided it, and what could not be looked at. */
import type { Facts } from '../domain/facts.ts';
import type { Hypothesis, RuledOut } from '../domain/hypothesis.ts';
import { clockTime } from '../lib/instants.ts';
import { counted, displayName, shortHash, upperFirst } from '../lib/wording.ts';
import { healthAnswers, upEnded, upIsZero, upStayedOne } from './fault-classes/predicates.ts';
import type { Reading } from './fault-classes/rule.ts';
import type { Scene } from './scene.ts';
import { metricOf } from './scene.ts';
import { citesOfCommit } from './statements.ts';

const MAX_RULED_OUT = 8;
const MAX_NOT_CHECKED = 8;

/** Usual suspects that were not it: excluded classes, the process, dependencies, traffic, commits that came too late. */
export function ruledOut(readings: readonly Reading[], hypotheses: readonly Hypothesis[], scene: Scene): RuledOut[] {
  const list: RuledOut[] = [];
  for (const { rule, status, against } of readings) {
    const deciding = against[0];
    if (status === 'excluded' && deciding)
      list.push(entry(rule.name, `${upperFirst(deciding.words)}.`, deciding.cites));
  }
  const alive = [healthAnswers(scene), upStayedOne(scene)].find((look) => typeof look !== 'string');
  if (alive && !list.some(({ what }) => what.includes('process')))
    list.push(entry('a process that is not running', `${upperFirst(alive.words)}.`, alive.cites));
  list.push(...dependenciesThatAreWell(scene), ...trafficThatStayed(scene), ...innocentCommits(hypotheses, scene));
  return list.slice(0, MAX_RULED_OUT);
}

function dependenciesThatAreWell(scene: Scene): RuledOut[] {
  // What a service that is gone said last is old.
  if ([upIsZero, upEnded].some((look) => typeof look(scene) !== 'string')) return [];
  return scene.dependencies
    .filter(({ isUp, answers, cites }) => (isUp ?? answers) === true && answers !== false && cites.length > 0)
    .map(({ name, isUp, cites }) => {
      const metric = scene.metrics.find((item) => cites.includes(item.id));
      if (metric && metric.data.direction !== 'flat') return undefined;
      const said = isUp === true ? "the service's own check reports it as up" : 'it answers';
      return entry(`${displayName(name)} being down`, `${upperFirst(said)}.`, cites.slice(0, 1));
    })
    .filter((item) => item !== undefined);
}

function trafficThatStayed(scene: Scene): RuledOut[] {
  const traffic = metricOf(scene, 'traffic');
  if (traffic?.data.direction !== 'flat' || traffic.data.baselineMedian === null) return [];
  return [entry('more traffic than before', 'The request rate stayed as it was.', [traffic.id])];
}

function innocentCommits(hypotheses: readonly Hypothesis[], scene: Scene): RuledOut[] {
  const ranking = scene.ranking;
  if (!ranking) return [];
  const list: RuledOut[] = [];
  for (const { commit, because } of ranking.excluded.slice(0, 2)) {
    const why =
      because === 'after-alert'
        ? `It was made at ${clockTime(commit.committedAt)}, after the alert.`
        : 'It is newer than the revision that is deployed.';
    list.push(entry(`commit ${shortHash(commit.hash)}`, why, citesOfCommit(scene, commit.hash)));
  }
  const blamed = new Set(hypotheses.map((hypothesis) => hypothesis.cause.commit));
  const newest = ranking.suspects.map(({ commit }) => commit);
  newest.sort((a, b) => Date.parse(b.committedAt) - Date.parse(a.committedAt) || (a.hash < b.hash ? -1 : 1));
  const last = newest[0];
  const suspect = ranking.suspects.find(({ commit }) => commit.hash === last?.hash);
  if (last && suspect && !suspect.isDirect && !blamed.has(last.hash)) {
    const what = `the newest commit, ${shortHash(last.hash)}`;
    list.push(entry(what, 'Nothing in its change fits the failure.', citesOfCommit(scene, last.hash)));
  }
  return list.filter(({ because }) => because.cites.length > 0);
}

/** Rules whose signals could not be looked for, and what the gaps leave open. Not the same as ruled out. */
export function notChecked(readings: readonly Reading[], scene: Scene): Facts['notChecked'] {
  const open = scene.gaps.filter((gap) => gap.coveredBy === undefined);
  const list = open.map((gap) => ({ what: gap.unknown, because: gap.detail, cites: [gap.id] }));
  const unread = readings.filter(({ status }) => status === 'not-checked');
  if (unread.length > 0 && open.length > 0) {
    const names = unread.slice(0, 4).map(({ rule }) => rule.name);
    const more = unread.length - names.length;
    list.push({
      what: `${names.join(', ')}${more > 0 ? ` and ${counted(more, 'more class', 'more classes')} of faults` : ''}`,
      because: 'what would show it could not be looked at',
      cites: open.slice(0, 2).map((gap) => gap.id),
    });
  }
  return list.slice(0, MAX_NOT_CHECKED);
}

function entry(what: string, text: string, cites: readonly string[]): RuledOut {
  return { what, because: { text, cites: [...cites] } };
}
