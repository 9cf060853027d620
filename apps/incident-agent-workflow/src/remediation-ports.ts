/** The ports of remediation: where a fix is worked out, where it is tried, and where its draft goes. Continues ports.ts. */
import type { FixRecipe } from './domain/proposal.ts';
import type { Service } from './domain/service.ts';
import type { RepositoryState } from './domain/telemetry.ts';
import type { SendOutcome } from './ports.ts';

/** One file of a tree as git keeps it. */
export interface TreeFile {
  /** From the top of the repository, with slashes. */
  readonly path: string;
  readonly mode: 'file' | 'executable' | 'link';
  /** Of a link: where it points. */
  readonly content: Uint8Array;
}

/** A service's code to work on: read and changed through git's objects, in a scratch repository of ours. */
export interface Workshop {
  /** Throws AgentError (not-configured, not-found, timeout, …). */
  open(service: Service, signal: AbortSignal): Promise<Workbench>;
}
export interface Workbench extends AsyncDisposable {
  /** Absolute path of the work tree; nothing is written there. */
  readonly top: string;
  /** The service's folder in it, '' for the top. */
  readonly servicePath: string;
  readonly deployed: { readonly hash: string; readonly from: RepositoryState['deployedFrom'] };
  /** Where a draft would go: the default branch as this clone knows it. */
  readonly branch: { readonly name: string; readonly tip: string };
  /** undefined: there is no such commit. */
  commit(hash: string): Promise<CommitFacts | undefined>;
  /** The tree after the fix; nothing of the repository or its work tree is changed. */
  apply(recipe: FixRecipe, onto: string): Promise<Applied>;
  /** What differs, in the order of the paths. */
  compare(from: string, to: string): Promise<TreeChange[]>;
  /** Every file of a commit or tree. Throws AgentError('too-large'). */
  files(tree: string): Promise<TreeFile[]>;
  /** undefined: no such file, or no text. */
  read(tree: string, path: string): Promise<string | undefined>;
  /** Commits after `from` up to `to` that touch one of the paths, newest first, bounded. */
  commitsOn(from: string, to: string, paths: readonly string[]): Promise<CommitFacts[]>;
  /** Whole words in the tree's text files: at most one place each. */
  findWord(
    tree: string,
    word: string,
  ): Promise<{ readonly path: string; readonly line: number; readonly text: string }[]>;
}
export interface CommitFacts {
  readonly hash: string;
  readonly subject: string;
  readonly parents: readonly string[];
  readonly committedAt: string;
}
export type Applied =
  | { readonly state: 'clean'; readonly tree: string }
  /** It no longer fits: these paths were changed since. */
  | { readonly state: 'conflict'; readonly paths: readonly string[] }
  | { readonly state: 'nothing' }
  | { readonly state: 'refused'; readonly reason: string };
export interface TreeChange {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted';
  readonly mode: TreeFile['mode'] | 'submodule';
  readonly oldMode: TreeFile['mode'] | 'submodule' | undefined;
  readonly isBinary: boolean;
  readonly addedLines: number;
  readonly removedLines: number;
  /** Unified hunks, empty for what is no text. */
  readonly patch: string;
  /** After the change; undefined: it is gone. */
  readonly content: Uint8Array | undefined;
}

/** Runs other people's code where it can reach nothing: no network, no files but its own tree, bounded in all it uses. */
export interface Sandbox {
  readonly name: string;
  /** Why nothing can be run here, for a person; undefined: it can. */
  unavailable(): Promise<string | undefined>;
  /** Whatever the command does is a result. Rejects only for an abort. */
  run(job: SandboxJob, signal: AbortSignal): Promise<SandboxResult>;
}
export interface SandboxJob {
  readonly files: readonly TreeFile[];
  /** Absolute path at which the tree appears: that of the work tree, so that what is installed for it is found. */
  readonly top: string;
  /** Where in the tree the command starts; '' for its top. */
  readonly folder: string;
  /** For /bin/sh. From the registry, or written by us. */
  readonly command: string;
  readonly limits: SandboxLimits;
}
export interface SandboxLimits {
  readonly seconds: number;
  /** Of all its processes together. */
  readonly memoryBytes: number;
  readonly processes: number;
  /** What it may print before it is stopped; what is kept of it is less. */
  readonly outputBytes: number;
  /** What it may write, its tree included. */
  readonly diskBytes: number;
}
export type SandboxResult =
  | { readonly state: 'ended'; readonly exitCode: number; readonly output: string; readonly milliseconds: number }
  | {
      readonly state: 'stopped';
      readonly limit: 'time' | 'memory' | 'output';
      readonly output: string;
      readonly milliseconds: number;
    }
  | { readonly state: 'not-run'; readonly reason: string };

/** Where drafts are opened. Drafts only: there is no merge and no push to a default branch; what must never happen has no name to call. */
export interface Forge {
  /** `local`, `github`, `gitlab`. */
  readonly name: string;
  /**
   * Makes what is there be what is wanted: finds the draft by its marker and branch, opens it or brings it up to date.
   * Safe to be called again after a crash at any point.
   */
  put(draft: DraftWish, signal: AbortSignal): Promise<SendOutcome>;
  /** Says the reason and closes the draft if nobody has touched it. A draft that is not there is no failure. */
  close(
    draft: Pick<DraftWish, 'repository' | 'branch' | 'marker'>,
    reason: string,
    signal: AbortSignal,
  ): Promise<SendOutcome>;
}
export interface DraftWish {
  /** As the registry names it: `github:owner/name`, an address, or the path of a bare repository. */
  readonly repository: string;
  /** Of the default branch; the draft is made onto its tip. */
  readonly base: string;
  /** The commit that the files were worked out on: the tip of the base as the clone knows it. */
  readonly baseCommit: string;
  readonly branch: string;
  readonly title: string;
  /** Markdown; holds the marker. */
  readonly body: string;
  readonly marker: string;
  readonly message: string;
  readonly committedAt: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly files: readonly DraftFile[];
}
export interface DraftFile {
  readonly path: string;
  readonly mode: TreeFile['mode'];
  /** undefined: the file goes. */
  readonly content: Uint8Array | undefined;
  /** Before the change, for "the base has moved on"; undefined: the file is new. */
  readonly before: Uint8Array | undefined;
}

/** Whether and where drafts may be opened. */
export interface DraftPolicy {
  readonly mode: 'dry-run' | 'draft';
  /** As the registry names them (`github:owner/name`, an address); `*`: all. */
  readonly repositories: readonly string[];
  /** The forge that a repository lives on; a reason where there is none that can be reached. */
  forgeOf(repository: string): { readonly forge: string } | { readonly reason: string };
}

/** What remediation is handed, besides what every stage has. */
export interface FixTools {
  readonly workshop: Workshop;
  readonly sandbox: Sandbox;
  readonly policy: DraftPolicy;
  /** Added and removed together. */
  readonly maxLines: number;
}
