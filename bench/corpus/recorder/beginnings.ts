/** How a service came into the repository: settings first, then its sources, then tests and papers. */
import type { Tree } from '../../../demo/repository.ts';
import type { Change, ServiceDefinition, ServiceName } from '../template.ts';

/** One commit to be. `service` undefined: it touches none, or all. */
export interface Step extends Change {
  readonly service: ServiceName | undefined;
}

const PARTS = [
  { message: 'set up the folder', fits: isSetting },
  { message: 'first version', fits: (path: string) => !isSetting(path) && !isBeside(path) },
  { message: 'tests and notes', fits: isBeside },
] as const;

/** All its files, in two or three commits. */
export function beginningsOf(service: ServiceDefinition): Step[] {
  const all = service.beginning();
  return PARTS.flatMap(({ message, fits }) => {
    const files = [...all].filter(([path]) => fits(path));
    if (files.length === 0) return [];
    return [
      {
        service: service.name,
        message: `${service.name}: ${message}`,
        change: (tree: Tree): Tree => new Map([...tree, ...files]),
      },
    ];
  });
}

function isSetting(path: string): boolean {
  return (
    !isBeside(path) &&
    /(?:^|\/)(?:package\.json|\.env\.example|\.gitignore|requirements\.txt|pyproject\.toml|pom\.xml|[^/]*\.(?:toml|ini|cfg|ya?ml|properties))$/.test(
      path,
    )
  );
}
function isBeside(path: string): boolean {
  return /\.md$|(?:^|\/)tests?\/|\.test\.|(?:^|\/)test_|Test\.java$/.test(path);
}
