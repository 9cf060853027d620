/** Scenes in which a change stands out, and what the rules make of a scene. */
import type { FaultClass } from '../../domain/fault-class.ts';
import { compete } from '../precedence.ts';
import type { Scene } from '../scene.ts';
import { FAULT_RULES } from './all.ts';
import { readRule } from './rule.ts';

const HASH = 'a'.repeat(40);

interface Suspected {
  readonly files: readonly { readonly path: string; readonly patch?: string | undefined }[];
  readonly features?: readonly { readonly name: string; readonly value: number }[];
  readonly isRecent?: boolean;
  /** The file that its guilty line is in; undefined: nobody knows. */
  readonly at?: string | undefined;
}

/** undefined: nothing was changed that anybody would suspect. */
export function withSuspect(scene: Scene, suspected: Suspected | undefined): Scene {
  const { files = [], features = [], isRecent = true, at } = suspected ?? {};
  const suspect = {
    commit: {
      hash: HASH,
      files: files.map((file) => ({ ...file, status: 'modified', additions: 1, deletions: 1 })),
      parents: ['b'.repeat(40)],
      committedAt: '2026-01-01T03:00:00.000Z',
      subject: 's',
    },
    suspicion: 0.8,
    features,
    isDirect: true,
    isRecent,
    at: at === undefined ? undefined : { path: at, line: 2, rule: 'most-telling-change' },
  };
  const history = { ...scene.evidence[0], id: 'E90', kind: 'history', data: { commits: [{ hash: HASH }] } };
  return {
    ...scene,
    evidence: [...scene.evidence, history as never],
    ranking: { suspects: suspected ? [suspect] : [], none: 0.1, excluded: [] } as never,
  };
}

/** The first is the one that the report names. */
export function classesIn(scene: Scene): FaultClass[] {
  const readings = FAULT_RULES.map((rule) => readRule(rule, scene));
  return compete(readings, scene).map(({ rule }) => rule.class);
}
