/** What kind of file a change touches, as far as its path says. */

export type FileKind = 'code' | 'config' | 'dependencies' | 'migration' | 'build' | 'not-run';

const KINDS: readonly (readonly [FileKind, RegExp])[] = [
  [
    'dependencies',
    /(^|\/)(package(-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|requirements[^/]*\.txt|constraints\.txt|poetry\.lock|Pipfile(\.lock)?|pyproject\.toml|uv\.lock|go\.(mod|sum)|Gemfile(\.lock)?|Cargo\.(toml|lock)|composer\.(json|lock)|pom\.xml|build\.gradle(\.kts)?|gradle\.lockfile|[^/]+\.csproj|packages\.lock\.json|pubspec\.(yaml|lock))$/i,
  ],
  [
    'migration',
    /(^|\/)(migrations?|migrate|schema|db\/changelog|alembic|flyway|liquibase)\/|\.sql$|(^|\/)V\d+__|schema\.(prisma|rb)$/i,
  ],
  [
    'build',
    /(^|\/)(Dockerfile\S*|docker-compose\S*|compose\.ya?ml|Makefile|Procfile|\.dockerignore|entrypoint\.sh|nixpacks\.toml|buildpack\S*)$/i,
  ],
  [
    'config',
    /(^|\/)\.env(\.|$)|\.(ya?ml|toml|ini|conf|cfg|properties|env|json|json5|hcl|tf|tfvars|xml|cnf|cue|jsonnet)$|(^|\/)(config|conf|settings|deploy|k8s|helm|charts|manifests|infra|terraform|ansible|envoy|nginx|flags)\/|(^|\/)(settings|config|configuration|constants|defaults|flags)\.\w+$/i,
  ],
];

export function fileKind(path: string, isNotRun: (path: string) => boolean): FileKind {
  if (isNotRun(path)) return 'not-run';
  return KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'code';
}
