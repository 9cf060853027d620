/** Whether code that came since leans on what a revert would take away. */
import type { TreeChange, Workbench } from '../remediation-ports.ts';

/** What a line at the left margin defines, so that it can be used from elsewhere. */
const DEFINITION =
  /^(?:export\s+(?:default\s+)?)?(?:public\s+|private\s+|protected\s+|static\s+|final\s+|abstract\s+|async\s+)*(?:function\*?|def|class|interface|type|enum|const|let|var|func|struct|trait|fn|module|record)\s+([A-Za-z_]\w{3,})/;
const MAX_NAMES = 40;
const CODE_FILE = /\.(?:[cm]?[jt]sx?|py|java|kts?|go|rs|rb|php|cs|scala|swift)$/;

/** A place that uses a name which would no longer be defined, as `name is used at path:line`; undefined: there is none. */
export async function leansOnIt(
  bench: Workbench,
  changes: readonly TreeChange[],
  tree: string,
): Promise<string | undefined> {
  for (const name of namesTaken(changes).slice(0, MAX_NAMES)) {
    const own = bench.servicePath === '' ? '' : `${bench.servicePath}/`;
    const found = await bench.findWord(tree, name);
    const places = found.filter(({ path }) => CODE_FILE.test(path) && path.startsWith(own));
    if (places.some(({ text }) => DEFINITION.exec(text)?.[1] === name)) continue;
    const use = places.find(({ text }) => !/^\s*(?:\/\/|#|\*|\/\*)/.test(text));
    if (use) return `${name} is used at ${use.path}:${use.line}`;
  }
  return undefined;
}

/** Defined by a line that goes, and by none that comes. */
function namesTaken(changes: readonly TreeChange[]): string[] {
  const namesOf = (sign: '+' | '-'): string[] =>
    changes.flatMap(({ path, patch }) =>
      CODE_FILE.test(path)
        ? patch
            .split('\n')
            .flatMap((line) => (line.startsWith(sign) ? (DEFINITION.exec(line.slice(1))?.[1] ?? []) : []))
        : [],
    );
  const kept = new Set(namesOf('+'));
  return [...new Set(namesOf('-'))].filter((name) => !kept.has(name));
}
