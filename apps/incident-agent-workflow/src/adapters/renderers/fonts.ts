/** Where the fonts of the report are: in the packages that ship them and in `fonts/`, whatever fonts the machine has. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const WEIGHTS = {
  '@expo-google-fonts/inter': ['400Regular', '500Medium', '600SemiBold'],
  '@expo-google-fonts/jetbrains-mono': ['400Regular', '500Medium'],
} as const;

/** For the scripts that those two do not know. */
const OTHER_SCRIPTS = join(import.meta.dirname, '..', '..', '..', 'fonts');

export interface ReportFonts {
  readonly folders: readonly string[];
  readonly files: readonly Buffer[];
}

/** Reads about 7 MB. Throws when a font package is not installed. */
export function reportFonts(): ReportFonts {
  const require = createRequire(import.meta.url);
  const packaged = Object.entries(WEIGHTS).flatMap(([name, weights]) => {
    const root = dirname(require.resolve(`${name}/package.json`));
    return weights.map((weight) => join(root, weight));
  });
  const folders = [...packaged, OTHER_SCRIPTS];
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.ttf'))
      .toSorted()
      .map((file) => readFileSync(join(folder, file))),
  );
  return { folders, files };
}
