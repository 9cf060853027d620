/** Where the fonts of the report are: in the packages that ship them, whatever fonts the machine has. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const WEIGHTS = {
  '@expo-google-fonts/inter': ['400Regular', '500Medium', '600SemiBold'],
  '@expo-google-fonts/jetbrains-mono': ['400Regular', '500Medium'],
} as const;

export interface ReportFonts {
  readonly folders: readonly string[];
  readonly files: readonly Buffer[];
}

/** Reads about 2 MB. Throws when a font package is not installed. */
export function reportFonts(): ReportFonts {
  const require = createRequire(import.meta.url);
  const folders = Object.entries(WEIGHTS).flatMap(([name, weights]) => {
    const root = dirname(require.resolve(`${name}/package.json`));
    return weights.map((weight) => join(root, weight));
  });
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.ttf'))
      .toSorted()
      .map((file) => readFileSync(join(folder, file))),
  );
  return { folders, files };
}
