/**
 * What is installed on this machine and may be seen inside, read-only: toolchains, and packages that were installed
 * for the repository. Nothing is fetched. Told from names of files; nothing of the repository is executed.
 */
import { execFile } from 'node:child_process';
import { access, readdir, readFile, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export interface Toolchains {
  /** Folders outside of /usr to be shown. */
  readonly folders: readonly string[];
  /** For PATH, in order of preference. */
  readonly programFolders: readonly string[];
  /** What Maven and Go have fetched for this user; undefined: nothing. Inside, the home is another one. */
  readonly mavenRepository: string | undefined;
  readonly goModules: string | undefined;
}

const PROGRAMS = ['node', 'npm', 'python3', 'pytest', 'go', 'java', 'mvn', 'gradle', 'ruby', 'php'];
/** Shown as they are. Of /etc only what programs need to start. */
export const SYSTEM_FOLDERS = [
  '/usr',
  ...['ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'alternatives', 'ssl/openssl.cnf', 'ssl/certs'].map(
    (name) => `/etc/${name}`,
  ),
];
/** Too wide to be shown as the home of a toolchain. */
const HOME = homeFolder();
const TOO_WIDE = new Set(['/', '/root', '/home', '/etc', '/var', '/opt', '/tmp', '/proc', '/sys', '/dev', HOME]);

/** A container may run as a user whom nobody knows: then there is no such folder, and asking for it throws. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '/nonexistent';
  }
}

const SELF_TOLD = new Map([
  ['python3', ['-I', '-c', 'import sys; print(sys.executable)']],
  ['node', ['-p', 'process.execPath']],
]);
const MAX_FOLDERS_UP = 12;

/** `path`: where this machine's programs are. Its own Node comes first, so that a service runs as the agent does. */
export async function findToolchains(path: string): Promise<Toolchains> {
  const folders = new Set<string>();
  const programFolders = new Set<string>();
  const add = async (program: string): Promise<void> => {
    const found = await realpath(program).catch(() => undefined);
    const home = found === undefined ? undefined : homeOf(found);
    // Of a version manager's scripts none works without its home.
    if (found === undefined || home === undefined || dirname(found).endsWith('/shims')) return;
    if (!isSystem(home)) folders.add(home);
    // A script that is reached by a link expects to be started by it.
    programFolders.add(isSystem(dirname(program)) ? dirname(program) : dirname(found));
  };
  await add(process.execPath);
  for (const name of PROGRAMS) {
    const program = await whereIs(name, path);
    if (program !== undefined) await add(program);
  }
  const [mavenRepository] = await existing([join(HOME, '.m2/repository')]);
  const [goModules] = await existing([join(HOME, 'go/pkg/mod')]);
  for (const folder of [mavenRepository, goModules]) if (folder !== undefined) folders.add(folder);
  for (const folder of await javaSettings()) folders.add(folder);
  // What was installed on purpose comes before what came with the system.
  const own = [...programFolders].filter((folder) => !isSystem(folder));
  const system = ['/usr/local/bin', '/usr/bin', '/bin'];
  return { folders: [...folders], programFolders: [...own, ...system], mavenRepository, goModules };
}

function isSystem(folder: string): boolean {
  return folder === '/usr' || folder.startsWith('/usr/');
}

/** `/opt/x/bin/tool` → `/opt/x`; undefined: that would show too much. */
function homeOf(program: string): string | undefined {
  const folder = dirname(program);
  const home = /\/s?bin$/.test(folder) ? dirname(folder) : folder;
  return TOO_WIDE.has(home) ? undefined : home;
}

async function whereIs(name: string, path: string): Promise<string | undefined> {
  const candidates = path.split(delimiter).filter((folder) => folder.startsWith('/'));
  const [found] = await existing(candidates.map((folder) => join(folder, name)));
  const question = SELF_TOLD.get(name);
  // A version manager puts a script in the way; the interpreter itself knows where it is.
  return found !== undefined && question ? ((await told(found, question, path)) ?? found) : found;
}

function told(program: string, words: readonly string[], path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, words, { cwd: '/', env: { PATH: path, HOME }, timeout: 5_000 }, (error, stdout) =>
      resolve(error ? undefined : stdout.trim() || undefined),
    );
  });
}

/** Debian keeps the settings of Java in /etc, and Java does not start without. */
async function javaSettings(): Promise<string[]> {
  const names = await readdir('/etc').catch(() => []);
  return names.filter((name) => /^java-\d+-openjdk$/.test(name)).map((name) => `/etc/${name}`);
}

/**
 * Packages installed for the code at `folder` inside `top`, and above it: what is in the tree itself is not
 * `installed`. Links of a `node_modules` that lead beside it (workspaces) are followed.
 */
export async function installedFor(
  top: string,
  folder: string,
  isTracked: (path: string) => boolean,
  toolchains: Toolchains,
): Promise<string[]> {
  const found: string[] = [];
  const start = folder === '' ? top : join(top, folder);
  for (let place = start, up = 0; up < MAX_FOLDERS_UP && place !== dirname(place); place = dirname(place), up += 1) {
    const isInside = place === top || place.startsWith(`${top}/`);
    const names = isInside ? ['node_modules', '.venv', 'venv'] : ['node_modules'];
    for (const path of await existing(names.map((name) => join(place, name)))) {
      if (isInside && isTracked(path.slice(top.length + 1))) continue;
      if (path.endsWith('node_modules')) found.push(path, ...(await linkedPackages(path, place, top)));
      else if (await isOfKnownPython(path, toolchains)) found.push(path);
    }
  }
  return [...new Set(found)];
}

/** Workspaces outside of the tree, below the folder that holds the `node_modules`; inside the tree they are in it. */
async function linkedPackages(modules: string, holder: string, top: string): Promise<string[]> {
  const targets: string[] = [];
  for (const entry of await readdir(modules, { withFileTypes: true }).catch(() => [])) {
    const path = join(modules, entry.name);
    const links = entry.isSymbolicLink()
      ? [path]
      : entry.isDirectory() && entry.name.startsWith('@')
        ? (await readdir(path, { withFileTypes: true }).catch(() => []))
            .filter((inner) => inner.isSymbolicLink())
            .map((inner) => join(path, inner.name))
        : [];
    for (const link of links) {
      const target = await realpath(link).catch(() => undefined);
      const isBeside = target?.startsWith(`${holder}/`) && !`${target}/`.startsWith(`${top}/`);
      if (target && isBeside && !`${top}/`.startsWith(`${target}/`)) targets.push(target);
    }
  }
  return targets;
}

/** A virtual environment names the Python it was made with; one that is not this machine's own is not shown. */
async function isOfKnownPython(folder: string, { folders }: Toolchains): Promise<boolean> {
  const text = await readFile(join(folder, 'pyvenv.cfg'), 'utf8').catch(() => '');
  const home = await realpath(/^home\s*=\s*(\S.*)$/m.exec(text)?.[1]?.trim() ?? '').catch(() => undefined);
  return home !== undefined && [...folders, '/usr'].some((known) => home.startsWith(`${known}/`));
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const kept = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return kept.flat();
}
