/**
 * Turns a planned draft into what a forge is asked for: the content of its files is made again from the repository by the
 * recipe, so that no report has to hold it, and what no longer fits is said instead of forced.
 */
import { messageOf } from '../domain/error.ts';
import type { PlannedDraft } from '../domain/proposal.ts';
import type { Report } from '../domain/report.ts';
import { findService, type Registry } from '../domain/service.ts';
import type { SendOutcome } from '../ports.ts';
import type { DraftFile, Forge, Workbench, Workshop } from '../remediation-ports.ts';
import { CODE_OWNERS_PATHS, codeOwners } from './code-owners.ts';

export interface DraftSender {
  put(report: Report, draft: PlannedDraft, signal: AbortSignal): Promise<SendOutcome>;
  close(report: Report, draft: PlannedDraft, signal: AbortSignal): Promise<SendOutcome>;
}
export interface DraftSenderOptions {
  readonly workshop: Workshop;
  readonly registry: Registry;
  /** By name. */
  readonly forges: ReadonlyMap<string, Forge>;
}

const TEMPLATE_PATHS = [
  '.github/pull_request_template.md',
  '.github/PULL_REQUEST_TEMPLATE.md',
  'docs/pull_request_template.md',
  'pull_request_template.md',
  '.gitlab/merge_request_templates/Default.md',
] as const;
const MAX_TEMPLATE_CHARACTERS = 6_000;
const MAX_REVIEWERS = 5;

export function draftSender({ workshop, registry, forges }: DraftSenderOptions): DraftSender {
  async function isStillThere(report: Report, signal: AbortSignal): Promise<boolean> {
    const service = findService(registry, report.verdict.cause?.service ?? report.incident.service);
    const recipe = report.remediation?.proposal?.recipe;
    if (!service || !recipe) return false;
    await using bench = await workshop.open(service, signal);
    return (await bench.apply(recipe, bench.branch.tip)).state === 'clean';
  }

  return {
    async put(report, draft, signal) {
      const forge = forges.get(draft.forge);
      const service = findService(registry, report.verdict.cause?.service ?? report.incident.service);
      const recipe = report.remediation?.proposal?.recipe;
      if (!forge || !service || !recipe)
        return refused(`${draft.forge} or ${report.incident.service} is no longer configured`);
      if (!draft.branch.startsWith('incident/') || draft.branch === draft.base)
        return refused('a draft goes to a branch of its own');
      try {
        await using bench = await workshop.open(service, signal);
        const { tip } = bench.branch;
        const applied = await bench.apply(recipe, tip);
        if (applied.state !== 'clean')
          return refused(`the fix does not apply to ${draft.base} any more: investigate again`);
        const files = await filesOf(bench, tip, applied.tree);
        const wish = {
          ...draft,
          baseCommit: tip,
          body: await withTemplate(draft.body, bench, tip),
          message: `${draft.title}\n\n${report.remediation?.proposal?.story ?? ''}\n\n${report.incident.url ?? report.incident.id}\n`,
          committedAt: report.generatedAt,
          reviewers: await reviewersOf(bench, tip, files),
          files,
        };
        return await forge.put(wish, signal);
      } catch (error) {
        return { state: 'refused', error: messageOf(error), retryable: true };
      }
    },
    async close(report, draft, signal) {
      const forge = forges.get(draft.forge);
      if (!forge) return refused(`${draft.forge} is no longer configured`);
      if (report.incident.status !== 'resolved')
        return forge.close(
          draft,
          `A newer investigation of ${report.incident.id} does not hold this cause any more.`,
          signal,
        );
      try {
        if (await isStillThere(report, signal)) {
          const { repository, branch, base } = draft;
          // A deployment that was rolled back mends the service, not the code.
          return {
            state: 'sent',
            receipt: { repository, branch, state: `left open: ${base} still holds what broke it` },
          };
        }
      } catch (error) {
        return { state: 'refused', error: messageOf(error), retryable: true };
      }
      return forge.close(
        draft,
        `${report.incident.id} is resolved, and ${draft.base} no longer holds what broke it.`,
        signal,
      );
    },
  };
}

function refused(error: string): SendOutcome {
  return { state: 'refused', error, retryable: false };
}

async function filesOf(bench: Workbench, tip: string, tree: string): Promise<DraftFile[]> {
  const [changes, backwards] = await Promise.all([bench.compare(tip, tree), bench.compare(tree, tip)]);
  const before = new Map(backwards.map(({ path, content }) => [path, content]));
  return changes.flatMap(({ path, mode, content }) =>
    mode === 'submodule' ? [] : [{ path, mode, content, before: before.get(path) }],
  );
}

/** What the project wants to be told of every change stands below, for the person who takes it up. */
async function withTemplate(body: string, bench: Workbench, tip: string): Promise<string> {
  for (const path of TEMPLATE_PATHS) {
    const template = (await bench.read(tip, path))?.trim();
    if (template) return `${body}\n---\n\n${template.slice(0, MAX_TEMPLATE_CHARACTERS)}\n`;
  }
  return body;
}

async function reviewersOf(bench: Workbench, tip: string, files: readonly DraftFile[]): Promise<string[]> {
  for (const path of CODE_OWNERS_PATHS) {
    const text = await bench.read(tip, path);
    if (text !== undefined)
      return codeOwners(
        text,
        files.map((file) => file.path),
      ).slice(0, MAX_REVIEWERS);
  }
  return [];
}
