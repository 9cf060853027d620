/** Programs that come from Debian packages and are not on every machine. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Name → Debian package, as `.ci/run` installs them. */
const PACKAGES = {
  prometheus: 'prometheus',
  promtool: 'prometheus',
  'prometheus-alertmanager': 'prometheus-alertmanager',
  amtool: 'prometheus-alertmanager',
  pdftotext: 'poppler-utils',
  bwrap: 'bubblewrap',
  git: 'git',
} as const;
export type ProgramName = keyof typeof PACKAGES;

/** The reason to print when a test is skipped; undefined: all are there. */
export function missingPrograms(...names: ProgramName[]): string | undefined {
  const missing = names.filter((name) => !isThere(name));
  if (missing.length === 0) return undefined;
  return `${missing.join(', ')} missing: apt-get install ${[...new Set(missing.map((name) => PACKAGES[name]))].join(' ')}`;
}

/** What it printed on both streams, and whether it was content. */
export function ran(
  name: ProgramName,
  commandLine: readonly string[],
  folder: string,
): { output: string; isContent: boolean } {
  const { status, stdout, stderr } = spawnSync(name, commandLine, { cwd: folder, encoding: 'utf8' });
  return { output: `${stdout}${stderr}`, isContent: status === 0 };
}

function isThere(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
