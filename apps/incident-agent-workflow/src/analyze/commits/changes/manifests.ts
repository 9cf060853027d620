/** What a manifest says of how the program's files and packages are found. */
import type { Done } from './deeds.ts';
import type { FileReading, Spot } from './reading.ts';
import { holders } from './scopes.ts';

/** Short names, entries, kinds of modules, and other places for packages; of several languages. */
const FINDS =
  /^\s*["']?(?:imports|exports|main|module|type|bin|browser|_moduleAliases|paths|baseUrl|rootDir|outDir|package_dir|package-dir|packages|py_modules|py-modules|mainClass|Main-Class|Automatic-Module-Name|autoload|source_dirs)["']?\s*[:=]|^\s*<(?:mainClass|finalName|sourceDirectory)>|^\s*replace\s+\S+.*=>/;
const HOLDS = /^\s*["']?(?:imports|exports|paths|_moduleAliases|autoload|package_dir|package-dir)["']?\s*[:=]\s*\{/;
const MANIFEST =
  /(?:^|\/)(?:package\.json|[jt]sconfig[\w.]*\.json|pyproject\.toml|setup\.cfg|go\.mod|pom\.xml|build\.gradle(?:\.kts)?|composer\.json|deno\.json|MANIFEST\.MF)$/;

/** Only where it changes is it of interest which files a name stands for. */
export function byManifests(file: FileReading): Done[] {
  if (!MANIFEST.test(file.path) || file.isNew) return [];
  const come = file.come.filter((spot) => !HOLDS.test(spot.text) && finds(file.after, spot));
  const gone = file.gone.filter((spot) => !HOLDS.test(spot.text) && finds(file.before, spot));
  return [...come, ...gone].map(({ line }) => ({
    deed: 'files-found-otherwise',
    value: 0.9,
    path: file.path,
    line,
  }));
}

function finds(side: readonly Spot[], spot: Spot): boolean {
  return FINDS.test(spot.text) || holders(side, spot).some(({ text }) => HOLDS.test(text));
}
