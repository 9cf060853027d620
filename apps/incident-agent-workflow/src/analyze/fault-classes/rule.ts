/** The shape of a fault class: what must have been seen, what supports it, what excludes it (METHODS §6). */
import type { CauseKind, FaultClass } from '../../domain/fault-class.ts';
import type { Scene } from '../scene.ts';

/** Independent kinds of evidence; inside one of them signals do not add up beyond its cap. */
export type Group = 'metrics' | 'logs' | 'traces' | 'topology' | 'change' | 'direct state';

export interface Signal {
  /** A sentence without its full stop; true by the evidence it cites. */
  readonly words: string;
  readonly cites: readonly string[];
  readonly group: Group;
  /** Log odds that it adds. */
  readonly weight: number;
  /** The dependency it speaks of. */
  readonly entity?: string | undefined;
}
/** `absent`: looked, and it is not so. `unknown`: could not look; that neither supports nor excludes anything. */
export type Look = Signal | 'absent' | 'unknown';
export type Predicate = (scene: Scene) => Look;

export interface FaultRule {
  readonly class: FaultClass;
  readonly kind: CauseKind;
  /** As a noun phrase: "a full disk". */
  readonly name: string;
  /** Of every group at least one must be seen. */
  readonly required: readonly (readonly Predicate[])[];
  readonly supporting: readonly Predicate[];
  readonly excluded: readonly Predicate[];
  /** Whether a commit may be named as its cause, if a change fits. */
  readonly mayBeCommit: boolean;
  /** `{subject} … broke {service}: {mechanism}`. The subject may be the entity. */
  readonly subject: string | ((entity: string | undefined) => string);
  readonly mechanism: string | ((scene: Scene) => string);
  /** What an operator can do now, fastest safe step first. */
  readonly actions: (scene: Scene, entity: string | undefined) => string[];
}

export interface Reading {
  readonly rule: FaultRule;
  readonly status: 'fits' | 'excluded' | 'not-met' | 'not-checked';
  readonly signals: readonly Signal[];
  readonly against: readonly Signal[];
  readonly entity: string | undefined;
}

export function readRule(rule: FaultRule, scene: Scene): Reading {
  const groups = rule.required.map((group) => group.map((predicate) => predicate(scene)));
  const required = groups.flat().filter((look) => typeof look !== 'string');
  const supporting = rule.supporting.map((predicate) => predicate(scene)).filter((look) => typeof look !== 'string');
  const against = rule.excluded.map((predicate) => predicate(scene)).filter((look) => typeof look !== 'string');
  const isMet = groups.every((group) => group.some((look) => typeof look !== 'string'));
  const isOpen = groups.every((group) => group.some((look) => look !== 'absent'));
  const signals = isMet ? [...required, ...supporting] : required;
  const entity = signals.find((signal) => signal.entity !== undefined)?.entity;
  const status = isMet ? (against.length > 0 ? 'excluded' : 'fits') : isOpen ? 'not-checked' : 'not-met';
  return { rule, status, signals, against, entity };
}
