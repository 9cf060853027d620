/** Scenes in which a change stands out, and what the rules make of a scene. */
import type { EvidenceOf } from '../../domain/evidence.ts';
import type { FaultClass } from '../../domain/fault-class.ts';
import type { Feature } from '../commits/feature-names.ts';
import type { Suspect } from '../commits/rank.ts';
import { SERVICE } from '../metrics/observations.test-helper.ts';
import { compete } from '../precedence.ts';
import type { Scene } from '../scene.ts';
import { FAULT_RULES } from './all.ts';
import { readRule } from './rule.ts';

const HASH = 'a'.repeat(40);
const COMMITTED_AT = '2026-01-01T03:00:00.000Z';

/** It wrote the very line that fails. */
export const BLAMED: Feature = { name: 'blame', value: 1 };

interface Suspected {
  readonly files: readonly { readonly path: string; readonly patch?: string | undefined }[];
  readonly features?: readonly Feature[];
  readonly isRecent?: boolean;
  /** The file that its guilty line is in; undefined: nobody knows. */
  readonly at?: string | undefined;
}

/** undefined: nothing was changed that anybody would suspect. */
export function withSuspect(scene: Scene, suspected: Suspected | undefined): Scene {
  const ranking = { suspects: suspected ? [suspectOf(suspected)] : [], none: 0.1, excluded: [] };
  return { ...scene, evidence: [...scene.evidence, HISTORY], ranking };
}

function suspectOf({ files, features = [], isRecent = true, at }: Suspected): Suspect {
  return {
    commit: {
      hash: HASH,
      files: files.map(({ path, patch = '' }) => ({ path, status: 'modified', patch })),
      parents: ['b'.repeat(40)],
      committedAt: COMMITTED_AT,
      authoredAt: COMMITTED_AT,
      subject: 's',
    },
    suspicion: 0.8,
    features,
    isDirect: true,
    isRecent,
    at: at === undefined ? undefined : { path: at, line: 2, rule: 'most-telling-change' },
  };
}

/** The list that the commit stands in. */
const HISTORY: EvidenceOf<'history'> = {
  id: 'E90',
  kind: 'history',
  title: 'one commit',
  source: 'git',
  query: 'git log',
  service: SERVICE.name,
  window: { from: COMMITTED_AT, to: COMMITTED_AT },
  digest: '',
  data: {
    commitCount: 1,
    deployedRevision: HASH,
    deployedFrom: 'head',
    commits: [{ hash: HASH, committedAt: COMMITTED_AT, subject: 's', fileCount: 1, suspicion: 0.8 }],
  },
};

/** The first is the one that the report names. */
export function classesIn(scene: Scene): FaultClass[] {
  const readings = FAULT_RULES.map((rule) => readRule(rule, scene));
  return compete(readings, scene).map(({ rule }) => rule.class);
}
