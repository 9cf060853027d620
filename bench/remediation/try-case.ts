/** One labelled incident: replayed, its fix worked out and tried in the sandbox, judged by the label. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bubblewrap } from '../../apps/incident-agent-workflow/src/adapters/sandboxes/bubblewrap.ts';
import { findRepository, standingOf } from '../../apps/incident-agent-workflow/src/adapters/sources/git-repository.ts';
import { systemClock } from '../../apps/incident-agent-workflow/src/adapters/system/clock.ts';
import { gitWorkshop } from '../../apps/incident-agent-workflow/src/adapters/workshops/git-workshop.ts';
import type { Bundle, BundleLabel } from '../../apps/incident-agent-workflow/src/domain/bundle.ts';
import type { Proposal } from '../../apps/incident-agent-workflow/src/domain/proposal.ts';
import type { Registry, Service } from '../../apps/incident-agent-workflow/src/domain/service.ts';
import { remediate } from '../../apps/incident-agent-workflow/src/remediate/remediate.ts';
import { git } from '../../demo/repository.ts';
import { replayBundle } from '../replay-bundle.ts';

export interface CaseOutcome {
  readonly id: string;
  readonly hasCommit: boolean;
  /** The labelled commit is taken back, or the labelled file is mended by taking back a part of it. */
  readonly isRight: boolean;
  /** null: no fix was proposed. */
  readonly proof: string | null;
  /** Of the proof, or why there is none; numbers and names taken out, so that like ends are counted together. */
  readonly why: string;
  /** From the report of the engine to the draft. */
  readonly milliseconds: number;
}

const MAX_LINES = 200;
const sandbox = bubblewrap({ path: process.env.PATH ?? '' });
const workshop = gitWorkshop({ find: findRepository, standingOf });

export async function tryCase(
  id: string,
  bundle: Bundle,
  label: BundleLabel,
  scratch: string,
  signal: AbortSignal,
): Promise<CaseOutcome> {
  const { facts, report } = await replayBundle(bundle);
  const top = join(scratch, 'repository');
  mkdirSync(scratch, { recursive: true });
  try {
    if (bundle.repositoryBundle) {
      await unpack(bundle.repositoryBundle, bundle.manifest.shallow, top);
    }
    const began = performance.now();
    const incident = { ...bundle.manifest.incident, alerts: [...bundle.alerts] };
    const { proposal, reason, refused } = await remediate(
      { incident, facts, findings: { code: report.code ?? undefined }, url: undefined },
      {
        registry: registryAt(bundle.registry, top),
        workshop,
        sandbox,
        policy: { mode: 'draft', repositories: ['*'], forgeOf: () => ({ forge: 'local' }) },
        maxLines: MAX_LINES,
        clock: systemClock,
        signal,
      },
    );
    const why = proposal?.proof.reason ?? (refused[0]?.because || reason);
    return {
      id,
      hasCommit: label.commit !== null,
      isRight: proposal !== null && isRight(proposal, facts.hypotheses[0]?.cause.commit ?? null, label),
      proof: proposal?.proof.state ?? null,
      why: why.replaceAll(/\S*[\d/]\S*/g, '…').slice(0, 160),
      milliseconds: performance.now() - began,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Objects and head; nothing is checked out, since nothing of the work tree is read. */
async function unpack(content: Uint8Array, shallow: readonly string[], top: string): Promise<void> {
  const file = `${top}.bundle`;
  writeFileSync(file, content);
  mkdirSync(top);
  await git(top, ['init', '--quiet', '--initial-branch=main']);
  if (shallow.length > 0) writeFileSync(join(top, '.git', 'shallow'), shallow.map((hash) => `${hash}\n`).join(''));
  const listed = (await git(top, ['bundle', 'unbundle', file])).split('\n');
  const head = listed.find((line) => line.endsWith(' HEAD')) ?? listed[0] ?? '';
  await git(top, ['update-ref', 'refs/heads/main', head.split(' ')[0] ?? '']);
}

function isRight({ recipe }: Proposal, suspect: string | null, { commit, file }: BundleLabel): boolean {
  if (commit === null) return false;
  if (recipe.kind === 'revert') return recipe.commit === commit;
  return suspect === commit && recipe.edits.some(({ path }) => path === file);
}

/** The services as they are, with their code where it was unpacked. */
function registryAt({ services }: Registry, top: string): Registry {
  return {
    services: services.map(
      (service): Service => ({
        ...service,
        repositoryPath: join(top, service.servicePath ?? ''),
        repository: 'file:///forge.git',
      }),
    ),
  };
}
