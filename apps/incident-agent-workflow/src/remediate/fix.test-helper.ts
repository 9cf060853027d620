/** A service with a cause that was found, and what remediation makes of it: on a real repository, in the real sandbox. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bubblewrap } from '../adapters/sandboxes/bubblewrap.ts';
import { noSandbox } from '../adapters/sandboxes/none.ts';
import { findRepository, standingOf } from '../adapters/sources/git-repository.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { gitWorkshop } from '../adapters/workshops/git-workshop.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { Cause } from '../domain/hypothesis.ts';
import type { Incident } from '../domain/incident.ts';
import { type Service, unregisteredService } from '../domain/service.ts';
import type { Sandbox } from '../remediation-ports.ts';
import { type RemediateTools, remediate } from './remediate.ts';

const PATH = process.env.PATH ?? '';
const workshop = gitWorkshop({ find: findRepository, standingOf });
export const SANDBOX = bubblewrap({ path: PATH });

export function hasProgram(name: string): boolean {
  return PATH.split(delimiter).some((folder) => existsSync(join(folder, name)));
}

const INCIDENT: Incident = {
  id: 'INC-7',
  status: 'diagnosed',
  severity: 'critical',
  service: 'shop',
  title: 'Errors in @shop',
  groupKey: 'x',
  openedAt: '2026-11-20T10:00:00.000Z',
  startedAt: '2026-11-20T10:00:00.000Z',
  alerts: [],
};
export const CRASH = {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading 'map')",
  path: 'svc/src/total.mjs',
  line: 2,
  function: 'total',
};

function languageOf(path: string): string {
  const languages: Readonly<Record<string, string>> = { py: 'python', java: 'java', go: 'go' };
  return languages[path.split('.').at(-1) ?? ''] ?? 'javascript';
}

function traceEvidence({ type, message, path, line, function: name }: typeof CRASH, language: string): Evidence {
  const frame = { file: `/srv/${path}`, line, column: 3, function: name, inApp: true, repositoryPath: path };
  const common = { source: 'log-files', query: '', window: { from: '', to: '' }, digest: '', service: 'shop' };
  const seen = {
    count: 9,
    baselineCount: 0,
    firstAt: null,
    lastAt: null,
    request: null,
    stream: 's',
    line: null,
    text: [],
  };
  return {
    ...common,
    id: 'E1',
    title: 't',
    kind: 'stack-trace',
    data: { language, type, message, frames: [frame], crashFrame: 0, fingerprint: 'f', ...seen },
  };
}

export interface Case {
  readonly commit: string | null;
  readonly file?: string;
  readonly line?: number;
  readonly confidence?: number;
  readonly trace?: typeof CRASH;
  readonly sandbox?: Sandbox;
  readonly service?: Partial<Service>;
  readonly policy?: Partial<RemediateTools['policy']>;
  readonly maxLines?: number;
  readonly others?: readonly Service[];
  readonly edits?: { path: string; search: string; replace: string }[];
  readonly evidence?: readonly Evidence[];
}

export function investigateAndFix(top: string, one: Case) {
  const service: Service = {
    ...unregisteredService('shop'),
    repositoryPath: join(top, 'svc'),
    repository: '/srv/forge.git',
    ...one.service,
  };
  const cause: Cause = {
    kind: 'code',
    class: 'code-error',
    service: 'shop',
    dependency: null,
    commit: one.commit,
    file: one.file ?? null,
    line: one.line ?? null,
  };
  const statement = { text: 'It is so.', cites: ['E1'] };
  const facts: Facts = {
    service: 'shop',
    registered: true,
    alertConfirmed: 'confirmed',
    alertCheck: statement,
    window: { from: '', to: '' },
    onset: null,
    repository: null,
    evidence: [...(one.trace ? [traceEvidence(one.trace, languageOf(one.trace.path))] : []), ...(one.evidence ?? [])],
    gaps: [],
    ruledOut: [],
    notChecked: [],
    timeline: [],
    hypotheses: [
      {
        id: 'H1',
        cause,
        statement,
        confidence: one.confidence ?? 0.9,
        groups: [],
        supporting: [statement],
        contradicting: [],
        wouldChange: [],
        actions: ['Restart it'],
      },
    ],
  };
  const fix = { kind: 'none' as const, commit: null, text: '', commands: [], risk: '' };
  const code = {
    locations: [],
    rootCause: { status: 'undetermined' as const, alternatives: [] },
    affectedCode: [],
    fix,
    nextSteps: [],
    ...(one.edits ? { edits: one.edits } : {}),
  };
  const tools: RemediateTools = {
    registry: { services: [service, ...(one.others ?? [])] },
    workshop,
    sandbox: one.sandbox ?? noSandbox('no sandbox in this test'),
    policy: { mode: 'draft', repositories: ['/srv/forge.git'], forgeOf: () => ({ forge: 'local' }), ...one.policy },
    maxLines: one.maxLines ?? 200,
    clock: systemClock,
    signal: AbortSignal.timeout(290_000),
  };
  return remediate({ incident: INCIDENT, facts, findings: { code }, url: 'http://agent/incidents/INC-7' }, tools);
}
