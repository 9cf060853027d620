/**
 * A service's code to work on, through git's objects: a scratch repository that borrows the objects of the real one and
 * none of its configuration, so that nothing of it can run, and nothing of it or its work tree is changed.
 */
import type { Service } from '../../domain/service.ts';
import type { RepositoryState } from '../../domain/telemetry.ts';
import type { Workbench, Workshop } from '../../remediation-ports.ts';
import { applyRecipe } from './apply.ts';
import { commitFacts, commitsBetween, placesOfWord } from './history.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { changesBetween, filesOf, textOf } from './trees.ts';

/** The real repository, read through its objects. */
export interface CodeRepository {
  readonly top: string;
  readonly servicePath: string;
  git(words: readonly string[]): Promise<{ readonly text: string }>;
}
export interface GitWorkshopOptions<R extends CodeRepository> {
  /** Throws AgentError where there is none. */
  readonly find: (service: Service, signal: AbortSignal) => Promise<R>;
  readonly standingOf: (
    repository: R,
    service: Service,
  ) => Promise<{ readonly state: Pick<RepositoryState, 'deployedRevision' | 'deployedFrom'> }>;
}

export function gitWorkshop<R extends CodeRepository>({ find, standingOf }: GitWorkshopOptions<R>): Workshop {
  return {
    async open(service, signal) {
      const repository = await find(service, signal);
      const { state } = await standingOf(repository, service);
      const branch = await defaultBranch(repository, service);
      const scratch = await openScratch(repository, signal, state.deployedRevision.length);
      return {
        top: repository.top,
        servicePath: repository.servicePath,
        deployed: { hash: state.deployedRevision, from: state.deployedFrom },
        branch,
        ...work(scratch),
        [Symbol.asyncDispose]: () => scratch.close(),
      };
    },
  };
}

function work(
  scratch: Scratch,
): Omit<Workbench, 'top' | 'servicePath' | 'deployed' | 'branch' | keyof AsyncDisposable> {
  const kept = new Map<string, ReturnType<typeof filesOf>>();
  return {
    commit: (hash) => commitFacts(scratch, hash),
    apply: (recipe, onto) => applyRecipe(scratch, recipe, onto),
    compare: (from, to) => changesBetween(scratch, from, to),
    files(tree) {
      const files = kept.get(tree) ?? filesOf(scratch, tree);
      kept.set(tree, files);
      return files;
    },
    read: (tree, path) => textOf(scratch, tree, path),
    commitsOn: (from, to, paths) => commitsBetween(scratch, from, to, paths),
    findWord: (tree, word) => placesOfWord(scratch, tree, word),
  };
}

/** What the forge has comes before what this clone has, and what the registry says before what git says. */
async function defaultBranch(repository: CodeRepository, service: Service): Promise<{ name: string; tip: string }> {
  const named = service.defaultBranch;
  const head = await answerOf(repository, ['symbolic-ref', '-q', 'refs/remotes/origin/HEAD']);
  const current = await answerOf(repository, ['symbolic-ref', '-q', 'HEAD']);
  const names = named === undefined ? ['main', 'master'] : [named];
  const candidates = [
    ...(named === undefined && head ? [head] : []),
    ...names.map((name) => `refs/remotes/origin/${name}`),
    ...names.map((name) => `refs/heads/${name}`),
    ...(current ? [current] : []),
  ];
  for (const ref of candidates) {
    const tip = await answerOf(repository, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
    if (tip) return { name: ref.replace(/^refs\/(?:heads|remotes\/origin)\//, ''), tip };
  }
  const tip = (await repository.git(['rev-parse', '--verify', 'HEAD^{commit}'])).text.trim();
  return { name: named ?? 'main', tip };
}

/** undefined: git knows no such thing. */
function answerOf(repository: CodeRepository, words: readonly string[]): Promise<string | undefined> {
  return repository.git(words).then(
    ({ text }) => text.trim() || undefined,
    () => undefined,
  );
}
