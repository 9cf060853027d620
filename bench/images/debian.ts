/** What Debian packages weigh on top of a slim base, from the list of what is installed on this machine. */
import { spawnSync } from 'node:child_process';

interface Package {
  readonly kilobytes: number;
  readonly isOfBase: boolean;
  readonly needs: readonly string[];
}

/** Of these and of all that they need, without what every Debian has; undefined: not installed here, or no Debian. */
export function debianMegabytes(names: readonly string[]): number | undefined {
  const known = installedPackages();
  if (!names.every((name) => known.has(name))) return undefined;
  const inBase = withNeeds(
    [...known].filter(([, { isOfBase }]) => isOfBase).map(([name]) => name),
    known,
  );
  const added = [...withNeeds(names, known)].filter((name) => !inBase.has(name));
  return added.reduce((sum, name) => sum + (known.get(name)?.kilobytes ?? 0), 0) / 1024;
}

function withNeeds(names: readonly string[], known: ReadonlyMap<string, Package>): Set<string> {
  const found = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name) || !known.has(name)) continue;
    found.add(name);
    waiting.push(...(known.get(name)?.needs ?? []));
  }
  return found;
}

function installedPackages(): Map<string, Package> {
  const format = `${['Package', 'Installed-Size', 'Priority', 'Pre-Depends', 'Depends'].map((field) => `\${${field}}`).join('\\t')}\\n`;
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
  const found = new Map<string, Package>();
  for (const line of (stdout ?? '').split('\n')) {
    const [name = '', size, priority = '', ...needs] = line.split('\t');
    if (name === '') continue;
    found.set(name, {
      kilobytes: Number(size ?? 0),
      isOfBase: priority === 'required' || name === 'apt',
      // Of alternatives all that are here: more rather than less.
      needs: needs
        .join(',')
        .split(/[,|]/)
        .map((need) => need.trim().split(/[ (:]/, 1)[0] ?? ''),
    });
  }
  return found;
}
