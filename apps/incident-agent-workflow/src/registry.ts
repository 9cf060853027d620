/** `service_registry.json`: every field is checked at start, all mistakes are told together, each with its path. */
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { z } from 'zod';
import { AgentError, messageOf } from './domain/error.ts';
import type { Registry, Service } from './domain/service.ts';

const WebAddress = z
  .string('must be text')
  .refine(
    (url) => /^https?:\/\/./.test(url) && URL.canParse(url),
    'is no web address, write it like http://localhost:8000/health',
  );
const Text = z.string('must be text').min(1, 'is empty: fill it in or leave it out');
const Names = z.array(Text, 'must be a list of texts');
const Texts = z.record(Text, Text, 'must be an object of texts');
/** Inside the repository, so neither absolute nor out of it. */
const FolderInside = Text.refine(
  (path) => !isAbsolute(path) && !normalize(path).startsWith('..'),
  'must be a folder inside the repository, e.g. apps/weather-app1',
);

const Entry = z.strictObject({
  health_url: WebAddress.optional(),
  ready_url: WebAddress.optional(),
  metrics_url: WebAddress.optional(),
  log_paths: Texts.default({}),
  repo_path: Text.optional(),
  service_path: FolderInside.optional(),
  source_path: Text.refine((path) => path.startsWith('/'), 'must be absolute, e.g. /app').optional(),
  language: Text.optional(),
  depends_on: Names.default([]),
  repository: Text.refine(
    (repository) =>
      /^(?:github:[\w.-]+\/[\w.-]+|(?:https?|ssh|git|file):\/\/\S+|[\w.-]+@[\w.-]+:\S+)$/.test(repository),
    'is neither github:owner/name nor a git URL',
  ).optional(),
  default_branch: Text.optional(),
  deployed_revision: Text.optional(),
  test_command: Text.optional(),
  runbooks: Names.default([]),
  owners: Names.default([]),
  labels: z.record(z.string().regex(/^[a-zA-Z_]\w*$/), Text, 'must be an object of texts').default({}),
});
type Entry = z.infer<typeof Entry>;

const ServiceName = z.string().regex(/^[^\p{Cc}]{1,200}$/u);

/**
 * Services in the order of their names, paths absolute (relative ones start at the file's folder).
 * Throws AgentError('invalid-input') that lists every mistake with its path and cure.
 */
export async function readRegistry(path: string): Promise<Registry> {
  const entries = Object.entries(await readObject(path));
  const mistakes: string[] = [];
  const services: Service[] = [];
  for (const [name, value] of entries) {
    const entry = Entry.safeParse(value);
    if (!ServiceName.safeParse(name).success) mistakes.push(`${JSON.stringify(name)}: is no name of a service`);
    if (entry.success) services.push(toService(name, entry.data, dirname(resolve(path))));
    else mistakes.push(...entry.error.issues.flatMap((issue) => mistakesOf(name, issue)));
  }
  if (mistakes.length > 0) throw invalid(path, mistakes);
  return { services: services.sort((left, right) => (left.name < right.name ? -1 : 1)) };
}

async function readObject(path: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw invalid(path, [`cannot be read (${messageOf(error)}): set SERVICE_REGISTRY_PATH to the file`]);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid(path, [`is no JSON: ${messageOf(error)}`]);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw invalid(path, ['must be an object: {"weather-app1": {"health_url": "http://localhost:8000/", …}}']);
}

function toService(name: string, entry: Entry, folder: string): Service {
  const metricsUrl = entry.metrics_url ?? (entry.health_url && new URL('/metrics', entry.health_url).href);
  return {
    name,
    ...(entry.health_url === undefined ? {} : { healthUrl: entry.health_url }),
    ...(entry.ready_url === undefined ? {} : { readyUrl: entry.ready_url }),
    ...(metricsUrl === undefined ? {} : { metricsUrl }),
    logPaths: Object.fromEntries(Object.entries(entry.log_paths).map(([log, path]) => [log, resolve(folder, path)])),
    ...(entry.repo_path === undefined ? {} : { repositoryPath: resolve(folder, entry.repo_path) }),
    ...(entry.service_path === undefined ? {} : { servicePath: tidy(entry.service_path) }),
    ...(entry.source_path === undefined ? {} : { sourcePath: entry.source_path }),
    ...(entry.language === undefined ? {} : { language: entry.language }),
    dependsOn: entry.depends_on,
    ...(entry.repository === undefined ? {} : { repository: entry.repository }),
    ...(entry.default_branch === undefined ? {} : { defaultBranch: entry.default_branch }),
    ...(entry.deployed_revision === undefined ? {} : { deployedRevision: revision(entry.deployed_revision, folder) }),
    ...(entry.test_command === undefined ? {} : { testCommand: entry.test_command }),
    runbooks: entry.runbooks,
    owners: entry.owners,
    labels: entry.labels,
  };
}

/** `file:REVISION` names a file that holds the revision; anything else is a hash or a name that git knows. */
function revision(text: string, folder: string): string {
  return text.startsWith('file:') ? `file:${resolve(folder, text.slice('file:'.length))}` : text;
}

/** `./apps/x/` → `apps/x`; the root is ''. */
function tidy(path: string): string {
  return join(path, '.').replace(/^\.\/?$|\/+$/, '');
}

function mistakesOf(name: string, issue: z.core.$ZodIssue): string[] {
  const where = [name, ...issue.path].map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${where}.${key}: is not known; known are ${Object.keys(Entry.shape).join(', ')}`);
  }
  if (issue.code === 'invalid_key') return [`${where}: is no valid name`];
  if (issue.code === 'invalid_type' && issue.path.length === 0) return [`${where}: must be an object`];
  return [`${where}: ${issue.message}`];
}

function invalid(path: string, mistakes: readonly string[]): AgentError {
  return new AgentError('invalid-input', `${path}: ${mistakes.join('\n')}`, { retryable: false });
}
