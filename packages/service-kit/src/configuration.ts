/** Settings from `.env` and the process environment, parsed once, all mistakes reported together. */
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';

export { flag, integer, port, text, url } from './settings.ts';

/** Settings of their own, although their names end like those that point at a secret. */
const PATHS_NOT_SECRETS = new Set(['LOG_FILE']);
/** A secret is short; a larger file is a mistake and would only cost memory. */
const MAX_SECRET_BYTES = 64 * 1024;

export class ConfigurationError extends Error {
  /** One a line: name, what is wrong, the cure. Never a value: it may be a secret. */
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(
      `The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n${mistakes.join('\n')}`,
    );
    this.name = 'ConfigurationError';
    this.mistakes = mistakes;
  }
}

/**
 * The `.env` beside the app, overridden by the process environment. `NAME_FILE=path` gives NAME, trimmed, from a file
 * (relative to the app's folder) unless the same place also sets NAME. Empty values count as unset.
 * A file that cannot be read leaves NAME unset; `parseConfiguration` reports it if NAME is one of its settings.
 */
export function readEnvironment(appFolder: string, processEnvironment: NodeJS.ProcessEnv): Record<string, string> {
  return {
    ...withSecretFiles(parseEnv(readText(join(appFolder, '.env')) ?? ''), appFolder),
    ...withSecretFiles(processEnvironment, appFolder),
  };
}

/** Checks the variables that the schema names and ignores the others. Throws ConfigurationError with all mistakes. */
export function parseConfiguration<S extends z.ZodType>(schema: S, environment: Record<string, string>): z.infer<S> {
  const unreadable = settingsOf(schema).filter((name) => isUnreadableSecret(name, environment));
  const mistakes = unreadable.map(
    (name) => `${name}_FILE: that file is missing, empty or unreadable; correct the path`,
  );
  const parsed = schema.safeParse(environment);
  if (parsed.success && mistakes.length === 0) return parsed.data;
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = path.join('.') || 'settings';
    if (!unreadable.includes(name)) mistakes.push(`${name}: ${message}`);
  }
  throw new ConfigurationError(mistakes);
}

/** Relative paths mean the app's folder, whatever the caller's. */
export function resolveFrom(appFolder: string, path: string): string {
  return resolve(appFolder, path);
}

function withSecretFiles(layer: NodeJS.Dict<string>, appFolder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(layer)) {
    if (value !== undefined && value.trim() !== '') found[name] = value;
  }
  for (const [fileSetting, path] of Object.entries(found)) {
    if (!fileSetting.endsWith('_FILE') || PATHS_NOT_SECRETS.has(fileSetting)) continue;
    const name = fileSetting.slice(0, -'_FILE'.length);
    const secret = found[name] ?? readText(resolve(appFolder, path))?.trim();
    if (secret) found[name] = secret;
  }
  return found;
}

function isUnreadableSecret(name: string, environment: Record<string, string>): boolean {
  const fileSetting = `${name}_FILE`;
  return environment[name] === undefined && fileSetting in environment && !PATHS_NOT_SECRETS.has(fileSetting);
}

function settingsOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodPipe) return schema.in instanceof z.ZodType ? settingsOf(schema.in) : [];
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** undefined: there is no such file, or it is none that holds settings. */
function readText(path: string): string | undefined {
  try {
    const status = statSync(path);
    return status.isFile() && status.size <= MAX_SECRET_BYTES ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
