/**
 * `npm run bench record [-- --cases N | --template id … | --seed S | --dir folder | --at-once N]`: plays faults on really
 * running services and keeps each as a labelled bundle. Cases that are there already are skipped, so it can be stopped
 * and started again.
 */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { services } from '../services/all.ts';
import type { FaultTemplate } from '../template.ts';
import { templates } from '../templates/all.ts';
import { everyTemplate, laterSplit } from '../templates/every.ts';
import { bundlePath, CORPUS, readCase, recordedCases } from './corpus-folder.ts';
import { definitionsFor } from './definitions.ts';
import { type CasePlan, DEFAULT_SEED, planCases } from './plan.ts';
import { allCases } from './plan-fresh.ts';
import { type Ended, playAll } from './play-cases.ts';
import type { CaseResult } from './results.ts';
import { missingRuntimes } from './runtimes.ts';
import type { Weighed, Weight } from './schedule.ts';
import { splitTemplates } from './split.ts';

const AT_ONCE = 8;

interface Wish {
  readonly cases: number | undefined;
  readonly templates: readonly string[] | undefined;
  readonly seed: number;
  readonly folder: string;
  readonly atOnce: number;
}

/** Throws one sentence for the person who typed it. */
function readWish(commandLine: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      cases: { type: 'string' },
      template: { type: 'string', multiple: true },
      seed: { type: 'string' },
      dir: { type: 'string' },
      'at-once': { type: 'string' },
    },
  });
  const known = everyTemplate.map(({ id }) => id);
  const unknown = values.template?.find((id) => !known.includes(id));
  if (unknown !== undefined) throw new Error(`There is no template ${unknown}; there are ${known.join(', ')}`);
  return {
    cases: values.cases === undefined ? undefined : wholeNumber('--cases', values.cases, 1_000),
    templates: values.template,
    seed: values.seed === undefined ? DEFAULT_SEED : wholeNumber('--seed', values.seed, 2 ** 31),
    folder: values.dir === undefined ? CORPUS : resolve(values.dir),
    atOnce: values['at-once'] === undefined ? AT_ONCE : wholeNumber('--at-once', values['at-once'], 64),
  };
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value > 0 && value <= most))
    throw new Error(`${name} is a whole number from 1 to ${most}`);
  return value;
}

/** Exit code: 1 where a case could not be played. A case in which no alert fires is dropped and told. */
export async function record(commandLine: readonly string[], signal: AbortSignal): Promise<number> {
  const wish = readWish(commandLine);
  const missing = missingRuntimes(services);
  const wanted = allCases(wish.seed)
    .filter(({ template }) => wish.templates?.includes(template.id) ?? true)
    .filter(({ template }) => missing.length === 0 || canPlay(template))
    .slice(0, wish.cases);
  if (missing.length > 0) console.error(`Skipped are cases that need ${missing.join(', ')}: not installed here.`);
  const there = await alreadyRecorded(wish.folder, wanted);
  const queue = wanted.filter(({ id }) => !there.has(id)).map(weighed);
  console.error(
    `${wanted.length} cases of ${new Set(wanted.map(({ template }) => template.id)).size} templates, ${there.size} there already; into ${wish.folder}`,
  );
  const startedAt = performance.now();
  const results = await playAll(queue, { ...wish, tell: (...said) => console.error(lineOf(...said)) }, signal);
  await writeSplit(wish);
  tell(results, wish, (performance.now() - startedAt) / 1_000);
  return results.some(({ result }) => result.outcome === 'failed') ? 1 : 0;
}

function canPlay(template: FaultTemplate): boolean {
  return missingRuntimes(services.filter(({ name }) => template.services.includes(name))).length === 0;
}

/** Throws where a bundle of that name was made by another plan: then its name would hint at the wrong case. */
async function alreadyRecorded(folder: string, wanted: readonly CasePlan[]): Promise<Set<string>> {
  const there = new Set(await recordedCases(folder));
  const own = wanted.filter(({ id }) => there.has(id));
  for (const { id, template } of own) {
    const { label } = await readCase(folder, id);
    if (label?.template !== template.id)
      throw new Error(
        `${bundlePath(folder, id)} was recorded by another plan (${label?.template ?? 'no label'}): choose another --dir, or remove it`,
      );
  }
  return new Set(own.map(({ id }) => id));
}

function weighed(plan: CasePlan): Weighed {
  const own = definitionsFor(plan.template, services).filter(({ name }) => plan.template.services.includes(name));
  const weights = new Set<Weight>(own.map(({ weight }) => weight));
  weights.add(plan.template.weight);
  weights.add('light');
  return { plan, weights };
}

/** Of all that is planned, recorded or not: it stays the same while a corpus grows. */
async function writeSplit({ folder, seed }: Wish): Promise<void> {
  if ((await recordedCases(folder)).length === 0) return;
  const planned = planCases(templates, seed);
  const counted = templates.map((template) => ({
    id: template.id,
    kind: template.kind,
    class: template.class,
    cases: planned.filter((plan) => plan.template === template).length,
  }));
  const split = {
    ...splitTemplates(counted, seed),
    ...laterSplit(),
  };
  writeFileSync(join(folder, 'split.json'), `${JSON.stringify(split, undefined, 2)}\n`);
}

function lineOf({ plan, result, seconds }: Ended, count: number, total: number): string {
  const head = `${String(count).padStart(3)}/${total} ${plan.id} ${plan.template.id.padEnd(34)} ${seconds.toFixed(0).padStart(4)} s `;
  switch (result.outcome) {
    case 'recorded':
      return `${head}${(result.bytes / 1_024).toFixed(0).padStart(4)} kB  ${result.alerts.join(', ')}${lateNote(result.lateShare)}`;
    case 'no-alert':
      return `${head}dropped: no alert fired at ${plan.template.alerting}${lateNote(result.lateShare)}`;
    case 'failed':
      return `${head}failed: ${result.detail.slice(0, 600)}`;
  }
}

function lateNote(share: number): string {
  return share > 0.02 ? `  (${Math.round(share * 100)} % of the scrapes were late)` : '';
}

function tell(results: readonly Ended[], { folder }: Wish, seconds: number): void {
  const seen = results.flatMap(({ result }) => (result.outcome === 'failed' ? [] : [result]));
  const late = seen.reduce((sum, { lateShare, scrapes }) => sum + lateShare * scrapes, 0);
  const scrapes = seen.reduce((sum, each) => sum + each.scrapes, 0);
  const of = (outcome: CaseResult['outcome']) => results.filter(({ result }) => result.outcome === outcome).length;
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  console.error(
    `${of('recorded')} recorded, ${of('no-alert')} dropped, ${of('failed')} failed in ${(seconds / 60).toFixed(1)} min; ` +
      `${scrapes === 0 ? 0 : ((late / scrapes) * 100).toFixed(1)} % of the scrapes were late; the folder holds ${(bytes / 1_048_576).toFixed(1)} MB`,
  );
}
