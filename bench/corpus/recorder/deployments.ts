/** What of a case's history runs where, and since when. */
import type { ServiceDefinition, ServiceName } from '../template.ts';
import type { Step } from './beginnings.ts';
import type { CasePlan } from './plan.ts';
import { between, logBetween, pick, type Random, wholeBetween } from './random.ts';

export interface Deployment {
  readonly service: ServiceName;
  /** Of the newest commit in it. */
  readonly index: number;
  /** Before the onset, stretched. */
  readonly minutesBefore: number;
}

export interface Situation {
  readonly plan: CasePlan;
  readonly services: readonly ServiceDefinition[];
  readonly steps: readonly Step[];
  /** From this commit on every service can be started. */
  readonly runnableFrom: number;
  readonly guiltyIndex: number | undefined;
  /** Of a deploy that is further back than this, only what runs since then is seen. */
  readonly playableMinutes: number;
}

/** A restart is not over at once: a deploy at the onset itself is the guilty one. */
const AT_ONSET_MINUTES = 0.05;
const NEAREST_MINUTES = 1;
const LONGEST_UP_MINUTES = 9 * 1_440;
const MOST_IN_ONE_DEPLOY = 4;
const OTHER_DEPLOY_SHARE = 0.45;

export function deploymentsOf(
  situation: Situation,
  random: Random,
): { readonly initial: Deployment[]; readonly played: Deployment[] } {
  const { services, playableMinutes, steps, guiltyIndex } = situation;
  const recent = recentDeploy(situation, random);
  const other = guiltyIndex === undefined ? undefined : otherDeploy(situation, random, recent);
  const deploys = [other, recent].filter((deploy) => deploy !== undefined);
  const before = steps.length - 1 - wholeBetween(random, 0, 2);
  const initial = services.map(({ name }) => {
    const own = deploys.find(({ service }) => service === name);
    if (own && own.minutesBefore > playableMinutes) return own;
    return earlierDeploy(situation, random, name, own ? own.index - 1 : before);
  });
  const played = deploys
    .filter(({ minutesBefore }) => minutesBefore <= playableMinutes)
    .toSorted((left, right) => right.minutesBefore - left.minutesBefore);
  return { initial, played };
}

/** The guilty deploy, or the decoy. */
function recentDeploy(situation: Situation, random: Random): Deployment | undefined {
  const { plan, steps, guiltyIndex } = situation;
  const { template } = plan;
  if (guiltyIndex !== undefined && template.culprit) {
    const service = steps[guiltyIndex]?.service ?? template.service;
    const index = Math.min(steps.length - 1, guiltyIndex + wholeBetween(random, 0, MOST_IN_ONE_DEPLOY - 1));
    return {
      service,
      index,
      minutesBefore: template.culprit.when === 'deploy' ? AT_ONSET_MINUTES : plan.minutesToOnset,
    };
  }
  if (!plan.isDecoy) return undefined;
  const service = pick(random, [template.service, template.alerting]);
  return harmless(situation, service, Math.max(NEAREST_MINUTES, plan.minutesToOnset));
}

/** Of another service between the guilty commit and the alert: the newest deploy is not always the guilty one. */
function otherDeploy(situation: Situation, random: Random, guilty: Deployment | undefined): Deployment | undefined {
  const others = situation.services.filter(({ name }) => name !== guilty?.service);
  if (others.length === 0 || random() > OTHER_DEPLOY_SHARE) return undefined;
  return harmless(situation, pick(random, others).name, between(random, NEAREST_MINUTES + 1, 12));
}

/** Up to the newest commit that touches the service; undefined: there is none after its beginning. */
function harmless({ steps, runnableFrom, guiltyIndex }: Situation, service: ServiceName, minutesBefore: number) {
  const index = steps.findLastIndex((step, at) => step.service === service && at !== guiltyIndex);
  return index <= runnableFrom ? undefined : { service, index, minutesBefore };
}

/** Hours or days ago, at the newest commit of the service up to `newest`, or at one of those before it. */
function earlierDeploy(situation: Situation, random: Random, service: ServiceName, newest: number): Deployment {
  const { steps, guiltyIndex, runnableFrom, playableMinutes } = situation;
  const isGuilty = guiltyIndex !== undefined && steps[guiltyIndex]?.service === service;
  const limit = isGuilty ? Math.min(newest, guiltyIndex - 1) : newest;
  const index = Math.max(runnableFrom, limit - wholeBetween(random, 0, MOST_IN_ONE_DEPLOY));
  return { service, index, minutesBefore: logBetween(random, Math.max(90, playableMinutes * 2), LONGEST_UP_MINUTES) };
}
