/** Commands that do one thing and end: `respond`, `replay`. */
import { alertmanager } from '../adapters/alert-formats/alertmanager.ts';
import { readBundle, writeBundle } from '../adapters/bundles/bundle-file.ts';
import { modelFinder } from '../adapters/models/find-model.ts';
import { jsonRenderer } from '../adapters/renderers/json.ts';
import { markdownRenderer } from '../adapters/renderers/markdown.ts';
import { openBundle } from '../adapters/sources/bundled.ts';
import { sha256, systemChance, systemClock } from '../adapters/system/clock.ts';
import type { ReplayCommand } from '../cli/program.ts';
import { printReplay } from '../cli/replay.ts';
import { respondOnce } from '../cli/respond.ts';
import { AgentError } from '../domain/error.ts';
import { readRegistry } from '../registry.ts';
import { quietLog, settings, VERSIONS } from './process.ts';
import { buildSources, renderersOf, responseTools } from './tools.ts';

export async function respond(
  input: string,
  options: { readonly json: boolean; readonly bundle?: string },
): Promise<void> {
  const config = settings();
  const log = quietLog(config);
  const registry = await readRegistry(config.registryPath);
  const { pdf, json: jsonForm, markdown, files } = renderersOf(config, log);
  const { report, pdfPath } = await respondOnce({
    input,
    format: alertmanager({ digest: sha256 }),
    chance: systemChance,
    tools: responseTools(config, { registry, sources: buildSources(config, undefined), stores: undefined }, log, {
      count() {},
      observe() {},
    }),
    signal: new AbortController().signal,
    pdf,
    files,
    bundle: options.bundle === undefined ? undefined : { path: options.bundle, write: writeBundle },
  });
  process.stdout.write(await (options.json ? jsonForm : markdown).render(report));
  process.stderr.write(`\nPDF: ${pdfPath}\n`);
}

/** Leaves nothing behind, and needs no setting unless another model is to be asked. */
export async function replayFile(path: string, { json, model, baseUrl }: ReplayCommand): Promise<void> {
  const renderer = json ? jsonRenderer() : markdownRenderer();
  const common = { readBundle, openBundle, clock: systemClock, digest: sha256, agentVersion: VERSIONS.agent };
  const other = model === undefined && baseUrl === undefined ? {} : await otherModel(model, baseUrl);
  await printReplay({ path, renderer, ...common, ...other });
}

async function otherModel(name: string | undefined, baseUrl: string | undefined) {
  const config = settings().model;
  const wanted = { ...config, ...(name === undefined ? {} : { name }), ...(baseUrl === undefined ? {} : { baseUrl }) };
  const { model, note } = await modelFinder(wanted, systemClock).find(new AbortController().signal);
  if (!model)
    throw new AgentError('not-configured', `There is no model to ask: ${note}; give --base-url`, { retryable: false });
  return { model, modelMilliseconds: config.runSeconds * 1_000 };
}
