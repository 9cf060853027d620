/** Whether a draft may be opened, where, and what it says. Pure. */
import type { Hypothesis } from '../domain/hypothesis.ts';
import type { Incident } from '../domain/incident.ts';
import type { PlannedDraft, Proposal } from '../domain/proposal.ts';
import type { Service } from '../domain/service.ts';
import type { DraftPolicy, Workbench } from '../remediation-ports.ts';
import { draftBody } from './draft-body.ts';

export interface Drafting {
  readonly incident: Incident;
  readonly hypothesis: Hypothesis;
  readonly service: Service;
  readonly bench: Pick<Workbench, 'branch'>;
  readonly proposal: Proposal;
  readonly url: string | undefined;
}

const MAX_TITLE = 100;
const LABELS = ['incident'];

export function planDraft(drafting: Drafting, policy: DraftPolicy): { draft: PlannedDraft | null; reason: string } {
  const { service, incident, proposal, bench } = drafting;
  const { repository } = service;
  if (policy.mode !== 'draft')
    return { draft: null, reason: 'no draft is opened: REMEDIATION is dry-run; set it to draft to have one' };
  if (repository === undefined)
    return { draft: null, reason: `no draft is opened: the service registry names no repository for ${service.name}` };
  if (!policy.repositories.includes('*') && !policy.repositories.includes(repository))
    return { draft: null, reason: `no draft is opened: REMEDIATION_REPOSITORIES does not name ${repository}` };
  const found = policy.forgeOf(repository);
  if ('reason' in found) return { draft: null, reason: `no draft is opened: ${found.reason}` };
  const marker = markerOf(incident);
  const title = `${proposal.title}: ${incident.title}`.replaceAll(/\s+/g, ' ');
  const draft: PlannedDraft = {
    forge: found.forge,
    repository,
    base: bench.branch.name,
    branch: `incident/${incident.id.toLowerCase()}-${slugOf(proposal.title)}`,
    title: title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE - 1)}…` : title,
    body: draftBody(drafting, marker),
    marker,
    labels: LABELS,
  };
  return { draft, reason: `a draft is planned on ${repository}` };
}

/** The time is part of it: incidents are numbered per installation. */
export function markerOf({ id, openedAt }: Pick<Incident, 'id' | 'openedAt'>): string {
  return `<!-- incident-agent ${id} ${openedAt} -->`;
}

function slugOf(title: string): string {
  const words = title
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return words.slice(0, 40).replace(/-+$/, '') || 'fix';
}
