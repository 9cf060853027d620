/** What works out, tries and opens fixes, by the settings. */
import { githubForge } from '../adapters/forges/github.ts';
import { gitlabForge } from '../adapters/forges/gitlab.ts';
import { localForge } from '../adapters/forges/local.ts';
import { bubblewrap } from '../adapters/sandboxes/bubblewrap.ts';
import { noSandbox } from '../adapters/sandboxes/none.ts';
import { findRepository, standingOf } from '../adapters/sources/git-repository.ts';
import { gitWorkshop } from '../adapters/workshops/git-workshop.ts';
import type { RemediationConfig } from '../config.ts';
import { type DraftSender, draftSender } from '../deliver/drafts.ts';
import type { Registry } from '../domain/service.ts';
import { httpClient } from '../lib/http.ts';
import type { FixTools, Forge } from '../remediation-ports.ts';
import { programPath } from './process.ts';

export interface RemediationParts {
  /** undefined: no fix is looked for. */
  readonly fix: FixTools | undefined;
  /** undefined: none is opened. */
  readonly drafts: DraftSender | undefined;
}

export function remediationOf(config: RemediationConfig, registry: Registry): RemediationParts {
  if (config.mode === 'off') return { fix: undefined, drafts: undefined };
  const workshop = gitWorkshop({ find: findRepository, standingOf });
  const isLinux = process.platform === 'linux';
  const fix: FixTools = {
    workshop,
    sandbox: isLinux ? bubblewrap({ path: programPath() }) : noSandbox('the sandbox (bubblewrap) runs on Linux only'),
    policy: {
      mode: config.mode,
      repositories: config.repositories,
      forgeOf: (repository) => forgeOf(repository, config),
    },
    maxLines: config.maxLines,
  };
  if (config.mode === 'dry-run') return { fix, drafts: undefined };
  const forges = new Map(forgesOf(config).map((forge) => [forge.name, forge]));
  return { fix, drafts: draftSender({ workshop, registry, forges }) };
}

function forgesOf({ githubToken, githubApiUrl, gitlabToken, gitlabUrl }: RemediationConfig): Forge[] {
  return [
    localForge(),
    ...(githubToken === undefined
      ? []
      : [githubForge({ apiUrl: githubApiUrl, http: httpClient({ name: 'GitHub', token: githubToken }) })]),
    ...(gitlabToken === undefined
      ? []
      : [gitlabForge({ url: gitlabUrl, http: httpClient({ name: 'GitLab', token: gitlabToken }) })]),
  ];
}

/** By its address alone; nothing is asked. */
function forgeOf(repository: string, config: RemediationConfig): { forge: string } | { reason: string } {
  if (repository.startsWith('file://')) return { forge: 'local' };
  if (repository.startsWith('github:') || hostOf(repository) === webHostOf(config.githubApiUrl))
    return config.githubToken === undefined ? { reason: 'GITHUB_TOKEN is not set' } : { forge: 'github' };
  if (hostOf(repository) === hostOf(config.gitlabUrl))
    return config.gitlabToken === undefined ? { reason: 'GITLAB_TOKEN is not set' } : { forge: 'gitlab' };
  return { reason: `${repository} is on no forge that is configured (GITHUB_API_URL, GITLAB_URL, or file://)` };
}

/** Of an address, or of `git@host:group/name`. */
function hostOf(repository: string): string | undefined {
  return URL.parse(repository)?.host || /^[\w.-]+@([\w.-]+):/.exec(repository)?.[1];
}

/** `https://api.github.com` and `https://ghe.example.com/api/v3` → where repositories are looked at. */
function webHostOf(apiUrl: string): string | undefined {
  return hostOf(apiUrl)?.replace(/^api\.(?=github\.com$)/, '');
}
