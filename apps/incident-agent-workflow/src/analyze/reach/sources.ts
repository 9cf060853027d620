/** The service's own source files, read whole where some of its requests suffer and others do not. */
import type { Question } from '../../domain/question.ts';
import type { CodeExcerpt, Observation } from '../../domain/telemetry.ts';
import { isCode } from '../commits/changes/reading.ts';
import { isNotRun } from '../commits/inert.ts';
import { rolloutsOf } from '../deploys.ts';
import type { Lead } from '../lead.ts';
import { dateOnset } from '../onset.ts';
import { requestsByOutcome } from './requests.ts';

/** More would cost the first insight its second. */
const MAX_FILES = 40;
/** As much as is answered of one file. */
const WHOLE = 1_000;

/** Only where a deploy is known whose commits they may tell apart. */
export function sourceQuestions({ observations, context, telemetry, repository }: Lead): Question[] {
  const { service } = context;
  if (!rolloutsOf(observations, context).some(({ kind, service: of }) => kind === 'deploy' && of === service.name))
    return [];
  const onset = dateOnset(telemetry, context) ?? context.provisionalOnset;
  const { suffering, healthy } = requestsByOutcome(observations, service.name, onset);
  if (suffering.length === 0 || healthy.length === 0) return [];
  const tree = observations.find(
    ({ question, answer }) => question.service.name === service.name && answer.telemetry.paths,
  );
  const folder = repository.servicePath === '' ? '' : `${repository.servicePath}/`;
  const own = (tree?.answer.telemetry.paths ?? []).filter((path) => path.startsWith(folder) && isSource(path));
  const changed = new Set(
    observations.flatMap(({ answer }) =>
      (answer.telemetry.commits ?? []).slice(0, MAX_FILES).flatMap(({ files }) => files.map(({ path }) => path)),
    ),
  );
  const first = [...own.filter((path) => changed.has(path)), ...own.filter((path) => !changed.has(path))];
  return first.slice(0, MAX_FILES).map((path) => ({
    kind: 'file-lines',
    service,
    path,
    revision: repository.deployedRevision,
    fromLine: 1,
    toLine: WHOLE,
  }));
}

function isSource(path: string): boolean {
  return isCode(path) && !/\.(?:sql|prisma)$/.test(path) && !isNotRun(path);
}

/** An excerpt shows a place; this is the file. */
export function isWhole(question: Question): boolean {
  return question.kind === 'file-lines' && question.fromLine === 1 && question.toLine === WHOLE;
}

export function sourcesOf(observations: readonly Observation[], service: string): CodeExcerpt[] {
  return observations.flatMap(({ question, answer }) =>
    isWhole(question) && question.service.name === service && answer.telemetry.code ? [answer.telemetry.code] : [],
  );
}
