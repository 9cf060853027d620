/** `incident-bundle/1` as bytes: written the same for the same content, read strictly, each refusal with its place and cure. */
import { z } from 'zod';
import { Alert } from '../../domain/alert.ts';
import {
  BUNDLE_SCHEMA,
  type Bundle,
  BundleLabel,
  BundleManifest,
  BundleRegistry,
  ModelExchange,
} from '../../domain/bundle.ts';
import { AgentError, isAgentError, messageOf } from '../../domain/error.ts';
import type { Observation } from '../../domain/telemetry.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { packMembers, unpackMembers } from './members.ts';
import { observationLine, observationReader } from './observation-lines.ts';

/** What is left out of the manifest takes its default. */
export type BundleContent = Omit<Bundle, 'manifest'> & { readonly manifest: z.input<typeof BundleManifest> };

const encoder = new TextEncoder();

export async function writeBundle(content: BundleContent): Promise<Uint8Array> {
  const manifest = BundleManifest.parse(content.manifest);
  const { observations, repositoryBundle, modelExchanges, report, label } = content;
  const members = new Map<string, Uint8Array>([
    ['bundle.json', json(manifest)],
    ['alerts.json', json(content.alerts)],
    ['registry.json', json(content.registry)],
    ['questions.jsonl', lines(observations.map((one) => observationLine(one, manifest.forms)))],
  ]);
  if (repositoryBundle) members.set('repository.bundle', repositoryBundle);
  if (modelExchanges) members.set('model.jsonl', lines(modelExchanges.map((exchange) => JSON.stringify(exchange))));
  if (report !== undefined) members.set('report.json', encoder.encode(`${canonicalJson(report, 2)}\n`));
  if (label) members.set('label.json', json(label));
  return packMembers(members);
}

/** Throws AgentError (malformed, too-large, refused, not-found for a member that must be there) and names what to do. */
export async function readBundle(bytes: Uint8Array): Promise<Bundle> {
  const members = await unpackMembers(bytes);
  const manifest = manifestOf(members);
  const optional = <T>(name: string, read: (text: string) => T): T | undefined =>
    members.has(name) ? read(textOf(members, name)) : undefined;
  return {
    manifest,
    alerts: parsed('alerts.json', z.array(Alert), jsonOf(members, 'alerts.json')),
    registry: parsed('registry.json', BundleRegistry, jsonOf(members, 'registry.json')),
    observations: observationsOf(textOf(members, 'questions.jsonl')),
    repositoryBundle: members.get('repository.bundle'),
    modelExchanges: optional('model.jsonl', (text) =>
      eachLine('model.jsonl', text, (line) => ModelExchange.parse(line)),
    ),
    report: optional('report.json', (text) => parseJson('report.json', text)),
    label: optional('label.json', (text) => parsed('label.json', BundleLabel, parseJson('label.json', text))),
  };
}

/** The version is looked at first: what else another one holds is not ours to judge. */
function manifestOf(members: ReadonlyMap<string, Uint8Array>): BundleManifest {
  const value = jsonOf(members, 'bundle.json');
  const head = z.object({ schema: z.string() }).safeParse(value);
  if (!head.success) throw malformed('bundle.json', 'has no "schema": it is no bundle of this agent');
  const { schema } = head.data;
  if (schema !== BUNDLE_SCHEMA)
    throw malformed(
      'bundle.json',
      `says ${JSON.stringify(schema.slice(0, 60))}, this agent reads ${BUNDLE_SCHEMA}: read it with the version that wrote it`,
    );
  return parsed('bundle.json', BundleManifest, value);
}

function observationsOf(text: string): Observation[] {
  return eachLine('questions.jsonl', text, observationReader());
}

function eachLine<T>(member: string, text: string, read: (line: unknown) => T): T[] {
  const values: T[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const place = `${member}, line ${index + 1}`;
    values.push(refusing(place, () => read(parseJson(place, line))));
  }
  return values;
}

function refusing<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof z.ZodError) throw malformed(place, issueOf(error));
    if (isAgentError(error) && !error.message.startsWith(place)) throw malformed(place, error.message);
    throw error;
  }
}

function parsed<T>(member: string, schema: z.ZodType<T>, value: unknown): T {
  return refusing(member, () => schema.parse(value));
}

function jsonOf(members: ReadonlyMap<string, Uint8Array>, name: string): unknown {
  return parseJson(name, textOf(members, name));
}

function parseJson(place: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(place, `is no JSON (${messageOf(error)})`);
  }
}

function textOf(members: ReadonlyMap<string, Uint8Array>, name: string): string {
  const content = members.get(name);
  if (!content) {
    const folder = [...members.keys()].find((other) => other.endsWith(`/${name}`));
    const cure =
      folder === undefined
        ? 'it is no bundle, or a part of one'
        : `it lies in a folder (${folder.slice(0, 100)}), pack the files themselves: tar czf x.tar.gz -C folder .`;
    throw new AgentError('not-found', `the archive has no ${name}: ${cure}`, { retryable: false });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw malformed(name, 'is no UTF-8 text');
  }
}

function issueOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  return `${issue?.path.map(String).join('.') || 'the value'}: ${issue?.message ?? 'has the wrong shape'}`;
}

/** The cure of all of them is the same: what is wrong inside was not written by us. */
function malformed(place: string, what: string): AgentError {
  return new AgentError('malformed', `${place} ${what}; make the bundle again, or mend that place`, {
    retryable: false,
  });
}

function json(value: unknown): Uint8Array {
  return encoder.encode(`${JSON.stringify(value, undefined, 2)}\n`);
}

function lines(texts: readonly string[]): Uint8Array {
  return encoder.encode(texts.map((text) => `${text}\n`).join(''));
}
