/** A service as the registry knows it (`service_registry.json`), with paths already absolute. */
import { z } from 'zod';

export const Service = z.object({
  name: z.string().min(1),
  healthUrl: z.string().optional(),
  readyUrl: z.string().optional(),
  metricsUrl: z.string().optional(),
  /** Name of the log → absolute path of the file. */
  logPaths: z.record(z.string(), z.string()),
  /** Absolute path of a git work tree, or of a folder inside one. */
  repositoryPath: z.string().optional(),
  /** Overrides the folder of the service inside its repository, which otherwise comes from git. */
  servicePath: z.string().optional(),
  /** Where the code lies inside a container, e.g. `/app`: for mapping stack frames to the repository. */
  sourcePath: z.string().optional(),
  language: z.string().optional(),
  dependsOn: z.array(z.string()),
  /** `github:owner/name` or a git URL. */
  repository: z.string().optional(),
  defaultBranch: z.string().optional(),
  deployedRevision: z.string().optional(),
  testCommand: z.string().optional(),
  runbooks: z.array(z.string()),
  owners: z.array(z.string()),
  /** Extra label selectors for Prometheus and Loki. */
  labels: z.record(z.string(), z.string()),
});
export type Service = z.infer<typeof Service>;

/** The registry as resolved at start: services in the order of their names. */
export interface Registry {
  readonly services: readonly Service[];
}

/** A service that is only named by an alert: nothing but its name is known. */
export function unregisteredService(name: string): Service {
  return { name, logPaths: {}, dependsOn: [], runbooks: [], owners: [], labels: {} };
}

export function findService(registry: Registry, name: string): Service | undefined {
  return registry.services.find((service) => service.name === name);
}
