/** What a draft may never touch, and how much of it there may be. Pure; the forges' adapters are not asked to know it. */
import type { Registry, Service } from '../domain/service.ts';
import { redactFileLines } from '../lib/redact.ts';
import type { TreeChange } from '../remediation-ports.ts';

export interface Allowed {
  readonly service: Service;
  /** Of the service in its repository; '' for the top. */
  readonly servicePath: string;
  readonly registry: Registry;
  readonly maxLines: number;
  /** Edits stay inside the service's folder; a revert takes back what the commit did, wherever that is allowed. */
  readonly isInsideOnly: boolean;
}

const CI_FILE =
  /^(?:\.github|\.gitlab|\.circleci|\.buildkite|\.ci|\.woodpecker|\.gitea|\.forgejo)\/|(?:^|\/)(?:\.gitlab-ci\.ya?ml|Jenkinsfile[^/]*|azure-pipelines[^/]*\.ya?ml|\.drone\.ya?ml|\.travis\.ya?ml|bitbucket-pipelines\.ya?ml|appveyor\.ya?ml|cloudbuild\.ya?ml|CODEOWNERS|\.gitmodules|\.gitattributes)$/;
const LOCK_FILE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|Pipfile\.lock|uv\.lock|pdm\.lock|Gemfile\.lock|composer\.lock|Cargo\.lock|go\.sum|gradle\.lockfile|packages\.lock\.json|mix\.lock|pubspec\.lock)$/;
const SECRET_FILE =
  /(?:^|\/)(?:\.env(?:\.(?!example$|sample$|template$)[^/]*)?|\.npmrc|\.netrc|\.pypirc|\.htpasswd|id_(?:rsa|dsa|ecdsa|ed25519)[^/]*|credentials[^/]*|secrets?\.(?:ya?ml|json|toml|ini|properties)|[^/]*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|asc|gpg))$/i;
const MIGRATION_FILE = /(?:^|\/)(?:migrations?|migrate|alembic|flyway|liquibase|db\/changelog)\/|\.sql$/i;

/** The first thing that speaks against it, as a sentence; undefined: nothing does. */
export function guardRailRefusal(changes: readonly TreeChange[], allowed: Allowed): string | undefined {
  for (const change of changes) {
    const refusal = refusalOfFile(change, allowed);
    if (refusal !== undefined) return refusal;
  }
  const lines = changes.reduce((sum, { addedLines, removedLines }) => sum + addedLines + removedLines, 0);
  if (lines > allowed.maxLines)
    return `it changes ${lines} lines, more than the ${allowed.maxLines} of PATCH_MAX_LINES`;
  return undefined;
}

function refusalOfFile(
  change: TreeChange,
  { service, servicePath, registry, isInsideOnly }: Allowed,
): string | undefined {
  const { path, mode, oldMode, isBinary } = change;
  if (CI_FILE.test(path)) return `it would change ${path}, which decides how code is built, reviewed or deployed`;
  if (LOCK_FILE.test(path)) return `it would change the lock file ${path}`;
  if (SECRET_FILE.test(path)) return `it would change ${path}, where secrets are kept`;
  if (MIGRATION_FILE.test(path))
    return `it would change the migration ${path}: what that did to a database is not undone by changing the file`;
  if (mode === 'submodule' || oldMode === 'submodule') return `it would change the submodule ${path}`;
  if (mode === 'link' || oldMode === 'link') return `it would change the symbolic link ${path}`;
  if (oldMode !== undefined && oldMode !== mode) return `it would change whether ${path} can be executed`;
  if (isBinary) return `${path} is not text`;
  const isInside = servicePath === '' || path.startsWith(`${servicePath}/`);
  if (isInsideOnly && !isInside) return `it would change ${path}, outside of ${servicePath}`;
  const owner = otherOwner(path, service, registry);
  if (owner !== undefined && !isInside) return `it would change ${path}, which belongs to ${owner}`;
  if (holdsSecret(change)) return `the lines that it changes in ${path} hold something that looks like a secret`;
  return undefined;
}

/** Of services in the same repository. */
function otherOwner(path: string, service: Service, { services }: Registry): string | undefined {
  const own = repositoryTop(service);
  return services.find((other) => {
    if (other.name === service.name || other.repositoryPath === undefined) return false;
    const folder = other.servicePath ?? (own === undefined ? undefined : relativeTo(own, other.repositoryPath));
    return folder !== undefined && folder !== '' && path.startsWith(`${folder}/`);
  })?.name;
}

function repositoryTop({ repositoryPath, servicePath }: Service): string | undefined {
  if (repositoryPath === undefined || servicePath === undefined) return undefined;
  return repositoryPath.endsWith(`/${servicePath}`) ? repositoryPath.slice(0, -servicePath.length - 1) : repositoryPath;
}

function relativeTo(top: string, path: string): string | undefined {
  return path.startsWith(`${top}/`) ? path.slice(top.length + 1) : undefined;
}

function holdsSecret({ path, patch }: TreeChange): boolean {
  const changed = patch.split('\n').filter((line) => /^[+-]/.test(line));
  return redactFileLines(path, changed).some((line, index) => line !== changed[index]);
}
