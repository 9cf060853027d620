/**
 * Does what a Dockerfile says without an engine: each stage becomes a folder, COPY copies (through `.dockerignore`), RUN
 * runs in a sandbox with that folder as root. What lies below the first FROM is this machine's own system, so packages of
 * Debian are not installed but named; all else is refused that an engine would refuse, and what is not known is an error.
 */
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { imageEnvironment } from './container-environment.ts';
import { contextFiles } from './context.ts';
import { readDockerfile, type Stage, type Step } from './dockerfile.ts';
import { linkTree } from './link-tree.ts';
import { type Bind, runInSandbox } from './sandbox.ts';

/** Stands in for `RUN npm ci …`: puts the packages of a workspace into `<folder>/node_modules`. */
export type Install = (folder: string, workspace: string) => void;

export interface BuildOptions {
  readonly dockerfile: string;
  /** The build context, with its `.dockerignore`. */
  readonly context: string;
  /** Empty, the caller's to remove. */
  readonly scratch: string;
  /** undefined: npm itself, from the registry. */
  readonly install: Install | undefined;
  /** What only npm's own run needs: its program, where its packages come from. */
  readonly npm?: { readonly binds: readonly Bind[]; readonly environment: Readonly<Record<string, string>> };
}

export interface Image {
  readonly root: string;
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly command: readonly string[];
  readonly health: readonly string[];
  /** Debian packages that the image has on top of its base. */
  readonly debianPackages: readonly string[];
}

interface Building extends BuildOptions {
  readonly roots: Map<string, string>;
  readonly files: readonly string[];
  readonly debianPackages: string[];
}

export async function buildRoot(options: BuildOptions): Promise<Image> {
  const stages = readDockerfile(options.dockerfile);
  const building: Building = { ...options, roots: new Map(), files: contextFiles(options.context), debianPackages: [] };
  let last = { root: '', workingFolder: '/' };
  for (const [index, stage] of stages.entries()) {
    if (building.roots.has(stage.base)) throw new Error(`Stage ${index}: FROM another stage is not known here`);
    building.debianPackages.length = 0;
    last = await buildStage(building, stage, join(options.scratch, `stage-${index}`));
    building.roots.set(stage.name ?? String(index), last.root);
  }
  const step = (keyword: string): Step | undefined => stages.at(-1)?.steps.findLast((one) => one.keyword === keyword);
  const [uid = 0, gid = 0] = (step('USER')?.text ?? '0:0').split(':').map(Number);
  return {
    ...last,
    environment: imageEnvironment(stages),
    user: { uid, gid },
    command: step('CMD')?.execForm ?? [],
    health: step('HEALTHCHECK')?.execForm ?? [],
    debianPackages: building.debianPackages,
  };
}

async function buildStage(
  building: Building,
  stage: Stage,
  root: string,
): Promise<Pick<Image, 'root' | 'workingFolder'>> {
  let workingFolder = '/';
  mkdirSync(root, { recursive: true });
  for (const step of stage.steps) {
    if (step.keyword === 'WORKDIR') {
      workingFolder = posix.resolve(workingFolder, step.text);
      mkdirSync(join(root, workingFolder), { recursive: true });
    } else if (step.keyword === 'COPY') copy(building, step, root, workingFolder);
    else if (step.keyword === 'RUN') await runStep(building, step, root, workingFolder);
    else if (!['ARG', 'CMD', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'USER'].includes(step.keyword))
      throw new Error(`Line ${step.line}: ${step.keyword} is not known here`);
  }
  return { root, workingFolder };
}

function copy(building: Building, step: Step, root: string, workingFolder: string): void {
  const from = step.flags.get('from');
  const source = from === undefined ? building.context : building.roots.get(from);
  if (source === undefined) throw new Error(`Line ${step.line}: there is no stage ${from}`);
  const target = join(root, posix.resolve(workingFolder, step.words.at(-1) ?? ''));
  const isFolder = step.words.at(-1)?.endsWith('/') === true;
  for (const word of step.words.slice(0, -1)) {
    const path = word.replace(/^\.?\/+|\/+$/g, '');
    if (from === undefined) copyFromContext(building, path, target, { isFolder, line: step.line });
    else linkTree(join(source, path), target);
  }
}

/** A folder's contents, or one file; like an engine it fails when `.dockerignore` leaves nothing of it. */
function copyFromContext(
  { context, files }: Building,
  path: string,
  target: string,
  { isFolder, line }: { readonly isFolder: boolean; readonly line: number },
): void {
  const found = files.filter((file) => file === path || file.startsWith(`${path}/`));
  if (found.length === 0) throw new Error(`Line ${line}: ${path} is not in the build context`);
  for (const file of found) {
    const below = file === path ? (isFolder ? basename(file) : '') : file.slice(path.length + 1);
    const place = join(target, below);
    mkdirSync(dirname(place), { recursive: true });
    cpSync(join(context, file), place, { verbatimSymlinks: true });
    // An engine sends files as root's, readable to all that may read them here.
    if (!lstatSync(place).isSymbolicLink()) chmodSync(place, statSync(place).mode | 0o444);
  }
}

async function runStep(building: Building, step: Step, root: string, workingFolder: string): Promise<void> {
  const debian = /^apt-get update && apt-get install -y --no-install-recommends ([\w\s.+-]+) && /.exec(step.text)?.[1];
  if (debian !== undefined) {
    building.debianPackages.push(...debian.trim().split(/\s+/));
    return;
  }
  const workspace = /^npm ci --omit=dev --workspace (\S+)$/.exec(step.text)?.[1];
  if (workspace !== undefined && building.install) {
    building.install(join(root, workingFolder), workspace);
    return;
  }
  const { binds = [], environment = {} } = workspace === undefined ? {} : (building.npm ?? {});
  const sandbox = { root, isRootReadOnly: false, binds, environment, workingFolder, user: undefined };
  const { code, output } = await runInSandbox(sandbox, ['/bin/sh', '-c', step.text]);
  if (code !== 0) throw new Error(`Line ${step.line}: RUN ended with ${code}: ${output.slice(-2_000)}`);
}

/** Given to whoever shall write there, as the `folders` service does it; without effect where we are no root. */
export function giveTo({ uid, gid }: Image['user'], folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  if (process.getuid?.() === 0) chownSync(folder, uid, gid);
}
