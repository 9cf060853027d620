/** The rules of the architecture as data, each with its reason; all of them answer with the sentences that name a breach. */
import type { Import, Module } from './modules.ts';

export interface ArchitectureRule {
  readonly says: string;
  readonly because: string;
  readonly breaches: (modules: readonly Module[]) => string[];
}

const AGENT = 'apps/incident-agent-workflow/src';
/** Layers that decide: what they see comes in as arguments or through ports. */
const DECIDING = ['intake', 'collect', 'analyze', 'agents', 'verify', 'remediate', 'report', 'deliver', 'monitor'];
/** The pipeline and the parts of it that have a file of their own. */
const STORY = ['pipeline.ts', 'stages.ts', 'verified-report.ts', 'model-pass.ts', 'model-look.ts', 'fix-stage.ts'];
const PURE = ['domain', 'analyze', 'agents', 'verify', 'report', 'monitor'];
const OUTER = ['server', 'cli'];
/** The composition root: the only part that sees adapters, store and workflow. */
const ROOT = ['main.ts', 'composition'];
const COMMON = ['domain', 'ports.ts', 'host-ports.ts', 'remediation-ports.ts', 'lib'];

/** Layer of the agent → layers it may import, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  // An error of the outside is told in the domain's words; nothing else of the domain is lib's business.
  lib: ['domain/error.ts'],
  'ports.ts': ['domain', 'remediation-ports.ts'],
  'host-ports.ts': ['domain', 'ports.ts'],
  'remediation-ports.ts': ['domain', 'ports.ts'],
  'config.ts': ['domain', 'lib'],
  'registry.ts': ['domain', 'lib'],
  ...Object.fromEntries(DECIDING.map((layer) => [layer, COMMON])),
  ...Object.fromEntries(STORY.map((layer) => [layer, [...COMMON, ...DECIDING, ...STORY]])),
  store: COMMON,
  workflow: COMMON,
  adapters: COMMON,
  ...Object.fromEntries(
    OUTER.map((layer) => [layer, [...COMMON, 'pipeline.ts', 'intake', 'deliver', 'monitor', 'report', 'config.ts']]),
  ),
};

/** Path inside the agent; undefined: not the agent's. */
function insideAgent(path: string): string | undefined {
  return path.startsWith(`${AGENT}/`) ? path.slice(AGENT.length + 1) : undefined;
}
function layerOf(inside: string): string {
  return inside.split('/')[0] ?? '';
}
function isPart(inside: string, part: string): boolean {
  return inside === part || inside.startsWith(`${part}/`);
}
function ownCode(modules: readonly Module[]): Module[] {
  return modules.filter(({ isTest }) => !isTest);
}
function packageOf(imported: Import): string | undefined {
  return 'packageName' in imported ? imported.packageName : undefined;
}

function layerBreaches(modules: readonly Module[]): string[] {
  const breaches: string[] = [];
  for (const { path, imports } of ownCode(modules)) {
    const inside = insideAgent(path);
    if (inside === undefined || ROOT.includes(layerOf(inside))) continue;
    const allowed = MAY_IMPORT[layerOf(inside)];
    if (allowed === undefined) breaches.push(`${path}: no rule says what ${layerOf(inside)} may import`);
    for (const imported of imports) {
      const target = 'path' in imported ? insideAgent(imported.path) : undefined;
      if (target === undefined || isOwnLayer(inside, target)) continue;
      if (!(allowed ?? []).some((part) => isPart(target, part))) breaches.push(`${path} imports ${target}`);
    }
  }
  return breaches;
}

/** Of the adapters, each family is a layer of its own. */
function isOwnLayer(inside: string, target: string): boolean {
  if (layerOf(inside) !== layerOf(target)) return false;
  return layerOf(inside) !== 'adapters' || inside.split('/')[1] === target.split('/')[1];
}

function impureImports(modules: readonly Module[]): string[] {
  return ownCode(modules).flatMap(({ path, imports }) => {
    if (!PURE.includes(layerOf(insideAgent(path) ?? ''))) return [];
    return imports.flatMap((imported) => {
      const name = packageOf(imported);
      return name === undefined || name === 'zod' ? [] : [`${path} imports ${name}`];
    });
  });
}

/** Our own packages are for who talks to the outside. */
function packagesInside(modules: readonly Module[]): string[] {
  const outer = new Set([...OUTER, ...ROOT, 'adapters', 'config.ts']);
  return ownCode(modules).flatMap(({ path, imports }) => {
    const inside = insideAgent(path);
    if (inside === undefined || outer.has(layerOf(inside))) return [];
    return imports.flatMap((imported) => {
      const name = packageOf(imported);
      return name?.startsWith('@incident-agent/') ? [`${path} imports ${name}`] : [];
    });
  });
}

/** `apps/web` → itself, `demo/main.ts` → `demo`. */
function unitOf(path: string): string {
  return /^(?:apps|packages)\/[^/]+/.exec(path)?.[0] ?? path.split('/')[0] ?? '';
}

/** Of apps, packages and demo; benches and pictures are there to look inside. */
function foreignFiles(modules: readonly Module[]): string[] {
  return ownCode(modules).flatMap(({ path, imports }) =>
    imports.flatMap((imported) => {
      if (!('path' in imported) || unitOf(imported.path) === unitOf(path) || /^(?:scripts|bench)\//.test(path))
        return [];
      return [`${path} imports ${imported.path}`];
    }),
  );
}

/** While the program runs: two files may name each other's types. */
function cycles(modules: readonly Module[]): string[] {
  const importsOf = new Map(
    modules.map(({ path, imports }) => [
      path,
      imports.flatMap((one) => ('path' in one && !one.isTypeOnly ? [one.path] : [])),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  function visit(path: string, trail: readonly string[]): void {
    const seenAt = trail.indexOf(path);
    if (seenAt >= 0) found.push([...trail.slice(seenAt), path].join(' → '));
    if (seenAt >= 0 || done.has(path)) return;
    for (const next of importsOf.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  }
  for (const { path } of modules) visit(path, []);
  return found;
}

const MAX_LINES = 400;
const MAX_PIPELINE_LINES = 120;

function tooLong(modules: readonly Module[]): string[] {
  return ownCode(modules).flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    const limit = path === `${AGENT}/pipeline.ts` ? MAX_PIPELINE_LINES - 1 : MAX_LINES;
    return lines > limit ? [`${path} has ${lines} lines, ${limit} are allowed`] : [];
  });
}

const CLOCK_AND_CHANCE = /\bDate\.now\s*\(|\bnew Date\s*\(\s*\)|\bMath\.random\s*\(/;
/** The outside itself, the composition root, and the embedded database's keeper, which asks how old a lock file is. */
const MAY_SEE_TIME = ['adapters', ...ROOT, 'store/embedded-postgres'];
/** Where settings are read, once, or handed on to a child process as they are. */
const MAY_SEE_ENVIRONMENT =
  /(?:^|\/)(?:main|config|configuration)\.ts$|^apps\/incident-agent-workflow\/src\/(?:composition\/process\.ts$|store\/embedded-postgres\/|lib\/git-command\.ts$)|^(?:demo|scripts|bench)\//;

function timeInside(modules: readonly Module[]): string[] {
  return ownCode(modules).flatMap(({ path, code }) => {
    const inside = insideAgent(path);
    if (inside === undefined || MAY_SEE_TIME.some((part) => isPart(inside, part))) return [];
    const found = CLOCK_AND_CHANCE.exec(code)?.[0];
    return found === undefined ? [] : [`${path} calls ${found.replace(/\s*\(\s*\)?$/, '')}`];
  });
}

function environmentReaders(modules: readonly Module[]): string[] {
  return ownCode(modules)
    .filter(({ path, code }) => /\bprocess\.env\b/.test(code) && !MAY_SEE_ENVIRONMENT.test(path))
    .map(({ path }) => path);
}

function matching(modules: readonly Module[], pattern: RegExp, exempt = /^$/): string[] {
  return modules.filter(({ path, code }) => pattern.test(code) && !exempt.test(path)).map(({ path }) => path);
}

function withoutExtension(modules: readonly Module[]): string[] {
  return modules.flatMap(({ path, imports }) =>
    imports.flatMap((one) => ('path' in one && !/\.[a-z]+$/.test(one.path) ? [`${path} imports ${one.path}`] : [])),
  );
}

export const ARCHITECTURE: readonly ArchitectureRule[] = [
  {
    says: 'each layer of the agent imports only what it may see',
    because:
      'after ten minutes a reader can say where a change belongs; adapters are chosen in composition/ and nowhere else',
    breaches: layerBreaches,
  },
  {
    says: 'what decides imports nothing from Node and no package but zod',
    because: 'same telemetry, same report, on any machine',
    breaches: impureImports,
  },
  {
    says: 'our own packages are imported by the outer layers only',
    because: 'servers and wire formats are not what an incident is about',
    breaches: packagesInside,
  },
  {
    says: 'apps and packages are entered by their name, not by their files',
    because: 'what is not exported may change',
    breaches: foreignFiles,
  },
  { says: 'no import leads back to itself', because: 'a cycle has no first file to read', breaches: cycles },
  {
    says: 'a file has one subject: 400 lines, the pipeline under 120',
    because: 'over the limit means two subjects',
    breaches: tooLong,
  },
  {
    says: 'time and chance are handed in',
    because: 'a test turns the clock instead of sleeping, and a replay gives the same bytes',
    breaches: timeInside,
  },
  {
    says: 'settings are read in one place of each app',
    because: 'importing a file has no effect and hides no switch',
    breaches: environmentReaders,
  },
  {
    says: 'nothing of ours is mocked',
    because: 'a test of a mock passes when the code is broken',
    breaches: (modules) => matching(modules, /\bvi\s*\.\s*(?:mock|doMock)\s*\(/),
  },
  {
    says: 'exports have names',
    because: 'one name everywhere can be searched for',
    breaches: (modules) => matching(modules, /\bexport\s+default\b/, /\.config\.ts$/),
  },
  {
    says: 'no index.ts',
    because: 'a file that only passes on hides where things are',
    breaches: (modules) => modules.filter(({ path }) => /(?:^|\/)index\.tsx?$/.test(path)).map(({ path }) => path),
  },
  {
    says: 'relative imports name the file with its ending',
    because: 'the code runs as it is, without a build',
    breaches: withoutExtension,
  },
];
