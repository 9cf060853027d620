/** Which packages `npm ci --omit=dev --workspace <folder>` installs, from the lock file alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Names = z.record(z.string(), z.string()).default({});
const OneOrMore = z.union([z.array(z.string()), z.string().transform((one) => [one])]).optional();
const Entry = z.object({
  link: z.boolean().default(false),
  resolved: z.string().optional(),
  os: OneOrMore,
  cpu: OneOrMore,
  libc: OneOrMore,
  dependencies: Names,
  optionalDependencies: Names,
  peerDependencies: Names,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().default(false) })).default({}),
});
const Lock = z.object({ packages: z.record(z.string(), Entry) });
type Packages = z.infer<typeof Lock>['packages'];

export interface Installed {
  /** Folders below the root, such as `node_modules/zod`. */
  readonly packages: readonly string[];
  /** Links to workspaces: `node_modules/@incident-agent/contracts` → `packages/contracts`. */
  readonly links: ReadonlyMap<string, string>;
}

/** Throws when the lock file does not know a package that is asked for. */
export function packagesOf(root: string, workspace: string): Installed {
  const { packages } = Lock.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const own = Object.entries(packages).find(([, entry]) => entry.link && entry.resolved === workspace);
  const waiting = [workspace];
  const found = new Set<string>();
  const links = new Map<string, string>(own ? [[own[0], workspace]] : []);
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const [name, isOptional] of wantedBy(packages[folder])) {
      const place = placeOf(packages, folder, name);
      if (place === undefined && !isOptional)
        throw new Error(`package-lock.json has no ${name}, which ${folder} needs`);
      const entry = place === undefined ? undefined : packages[place];
      if (place === undefined || entry === undefined || !isForThisMachine(entry) || found.has(place)) continue;
      if (entry.link && entry.resolved !== undefined) links.set(place, entry.resolved);
      else found.add(place);
      waiting.push(entry.link ? (entry.resolved ?? place) : place);
    }
  }
  return { packages: [...found].toSorted((a, b) => (a < b ? -1 : 1)), links };
}

function wantedBy(entry: Packages[string] | undefined): Map<string, boolean> {
  if (!entry) return new Map();
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = entry;
  return new Map([
    ...Object.keys(peerDependencies).map((name) => [name, peerDependenciesMeta[name]?.optional === true] as const),
    ...Object.keys(dependencies).map((name) => [name, false] as const),
    ...Object.keys(optionalDependencies).map((name) => [name, true] as const),
  ]);
}

/** As Node looks: beside the asking package, then above it. */
function placeOf(packages: Packages, asking: string, name: string): string | undefined {
  for (let folder = asking; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (place in packages) return place;
    if (folder === '') return undefined;
  }
}

function isForThisMachine({ os, cpu, libc }: Packages[string]): boolean {
  return (
    (os?.includes(process.platform) ?? true) &&
    (cpu?.includes(process.arch) ?? true) &&
    // Our images are Debian's, as is whoever builds them here.
    (libc?.includes('glibc') ?? true)
  );
}
