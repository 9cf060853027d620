/** Three incidents of the corpus, investigated anew from their bundles: a cause in the code, in a dependency, and none found. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bubblewrap } from '../apps/incident-agent-workflow/src/adapters/sandboxes/bubblewrap.ts';
import { findRepository, standingOf } from '../apps/incident-agent-workflow/src/adapters/sources/git-repository.ts';
import { systemClock } from '../apps/incident-agent-workflow/src/adapters/system/clock.ts';
import { gitWorkshop } from '../apps/incident-agent-workflow/src/adapters/workshops/git-workshop.ts';
import type { Replayed } from '../apps/incident-agent-workflow/src/cli/replay-run.ts';
import type { Bundle } from '../apps/incident-agent-workflow/src/domain/bundle.ts';
import type { Remediation } from '../apps/incident-agent-workflow/src/domain/proposal.ts';
import type { Report } from '../apps/incident-agent-workflow/src/domain/report.ts';
import { remediate } from '../apps/incident-agent-workflow/src/remediate/remediate.ts';
import { CORPUS, readCase } from '../bench/corpus/recorder/corpus-folder.ts';
import { replayBundle } from '../bench/replay-bundle.ts';
import { cloneRepository } from '../demo/repository.ts';

/** Of the part that may be tuned on: whoever looks at pictures learns the case. */
const INCIDENTS = { code: 'c-0049', dependency: 'c-0098', unknown: 'c-0025' } as const;

export interface CorpusReport {
  readonly name: string;
  readonly report: Report;
}

let replayed: Promise<CorpusReport[]> | undefined;

/** The same reports each time; a few seconds at first. */
export function corpusReports(): Promise<CorpusReport[]> {
  replayed ??= replayAll();
  return replayed;
}

async function replayAll(): Promise<CorpusReport[]> {
  const reports: CorpusReport[] = [];
  for (const [name, id] of Object.entries(INCIDENTS)) {
    const bundle = await readCase(CORPUS, id);
    const found = await replayBundle(bundle);
    const remediation = name === 'code' ? await fixOf(bundle, found) : undefined;
    const deliveries = deliveriesOf(found.report);
    const report = { ...found.report, ...(remediation && { remediation }), deliveries };
    reports.push({ name, report: { ...report, incident: { ...report.incident, url: addressOf(report) } } });
  }
  return reports;
}

/** Worked out and tried as in a run, on a clone of the bundle's history. */
async function fixOf(bundle: Bundle, { report, facts }: Replayed): Promise<Remediation> {
  const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  try {
    await writeFile(join(folder, 'repository.bundle'), bundle.repositoryBundle ?? new Uint8Array());
    await cloneRepository(join(folder, 'repository.bundle'), join(folder, 'clone'));
    const root = bundle.manifest.repository_root ?? '';
    const services = bundle.registry.services.map((service) => ({
      ...service,
      repositoryPath: service.repositoryPath?.replace(root, join(folder, 'clone')),
    }));
    const { quick, triage, investigation, code, run } = report;
    const findings = {
      ...(quick && { quick }),
      ...(triage && { triage }),
      ...(investigation && { investigation }),
      ...(code && { code }),
      ...(run.route && { route: run.route }),
    };
    const incident = { ...bundle.manifest.incident, alerts: [...bundle.alerts] };
    return await remediate(
      { incident, facts, findings, url: undefined },
      {
        workshop: gitWorkshop({ find: findRepository, standingOf }),
        sandbox: bubblewrap({ path: process.env.PATH ?? '' }),
        policy: { mode: 'dry-run', repositories: [], forgeOf: () => ({ reason: 'this is a picture' }) },
        maxLines: 200,
        registry: { services },
        clock: systemClock,
        signal: AbortSignal.timeout(300_000),
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** So that what links to the page is seen to. */
function addressOf({ incident, run }: Report): string {
  return `https://incidents.example.com/incidents/${incident.id}?run=${run.pipelineId}`;
}

/** As they stand a little after the report is out: one arrived, one did not. */
function deliveriesOf({ version, generatedAt }: Report): NonNullable<Report['deliveries']> {
  const one = { kind: 'opened', reportVersion: version } as const;
  const lastError = 'The notifier answered 422: there is no channel slack here, set SLACK_BOT_TOKEN';
  return [
    { ...one, destination: 'email', state: 'sent', attempts: 1, sentAt: generatedAt, lastError: null },
    { ...one, destination: 'slack', state: 'failed', attempts: 4, sentAt: null, lastError },
  ];
}
