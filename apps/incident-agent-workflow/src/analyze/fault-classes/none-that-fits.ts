/** What rules ask of a client that reaches its servers, and finds none among them of the kind that it was told to look for. */
import { evidenceOfKind } from '../../domain/evidence.ts';
import { changedLines, textsOf } from '../../lib/patches.ts';
import { millisecondsOf } from '../../lib/time.ts';
import { shortHash } from '../../lib/wording.ts';
import { featureValue } from '../commits/feature-names.ts';
import { fileKind } from '../commits/file-kinds.ts';
import { isNotRun } from '../commits/inert.ts';
import type { Suspect } from '../commits/rank.ts';
import type { Scene } from '../scene.ts';
import { citesOfCommit } from '../statements.ts';
import { dependencyDoesNotAnswer, textSignal } from './predicates.ts';
import type { Predicate } from './rule.ts';

/** Clients that choose among servers: of a set of replicas, of a cluster, of sentinels, of brokers. */
const NONE_FITS =
  /[Ss]erver ?[Ss]election|[Nn]o suitable servers|ReplicaSetNoPrimary|no (?:primary|master|leader)\b|(?:replica ?set|cluster|database|sentinel|master) ?name\b.{0,40}\b(?:mismatch|differ|unknown|does not match)|All sentinels are unreachable|cluster support disabled|None of the (?:hosts|nodes)|no hosts? (?:is |are )?available|target.session.attrs|session is (?:not )?read-only/;
/** Nobody takes the connection, or its name leads nowhere: that is no matter of kind. */
const NOT_REACHED =
  /ECONN|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|refused|reset by peer|no route|unreachable host|getaddrinfo|Connect(?:ion)?Exception|UnknownHost|dial tcp|NetworkTimeout|connection \d+ to \S+ (?:timed out|closed)/i;
/** What a client is told of its servers. */
const OF_CONNECTIONS =
  /replica|cluster|sentinel|master|primary|read_?preference|direct|load_?balanc|session_?attrs|topology|servers?\b|brokers?|hosts?\b|addr|ur[il]\b|dsn|database|\bdb\b|tls|ssl|auth|protocol|mode\b/i;

const STARTED_MILLISECONDS = 180_000;

/**
 * None fits from its start on, though no connection was refused, and a change that came with that start tells it otherwise
 * which servers to look for.
 */
export const findsNoneThatFits: Predicate = (scene) => {
  const text = scene.texts.find((each) => each.isNovel && NONE_FITS.test(each.text));
  if (!text) return scene.logsSeen ? 'absent' : 'unknown';
  if (scene.texts.some((each) => each.isNovel && NOT_REACHED.test(each.text))) return 'absent';
  if (typeof dependencyDoesNotAnswer(scene) !== 'string' || !beganWithStart(scene, text.firstAt)) return 'absent';
  const suspect = scene.ranking?.suspects.find(tellsOtherwise);
  const cites = suspect ? citesOfCommit(scene, suspect.commit.hash) : [];
  if (!suspect || cites.length === 0) return 'absent';
  const said = textSignal(text, NONE_FITS, scene, 2.5);
  const words = `${said.words}, while no connection was refused, and commit ${shortHash(suspect.commit.hash)} changed the settings by which it connects`;
  return { ...said, words, cites: [...said.cites, ...cites] };
};

function tellsOtherwise({ commit, features }: Suspect): boolean {
  const settings = commit.files.filter(({ path }) => fileKind(path, isNotRun) === 'config');
  const lines = settings.flatMap(({ patch }) => [
    ...textsOf(changedLines(patch), '+'),
    ...textsOf(changedLines(patch), '-'),
  ]);
  return featureValue(features, 'deploy-proximity') > 0 && lines.some((line) => OF_CONNECTIONS.test(line));
}

function beganWithStart(scene: Scene, firstAt: string | null): boolean {
  const first = millisecondsOf(firstAt ?? scene.onset) ?? Number.NaN;
  return evidenceOfKind(scene.evidence, 'metric')
    .filter(({ service, data }) => service === scene.context.service.name && data.family === 'restart')
    .some(({ data }) => {
      const after = first - (data.lastValue ?? Number.NaN) * 1_000;
      return data.direction !== 'flat' && after >= -15_000 && after <= STARTED_MILLISECONDS;
    });
}
