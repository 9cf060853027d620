/** A compose file as the services that it describes: merged, with its variables filled in, checked in shape. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const EnvFile = z.strictObject({ path: z.string(), required: z.boolean().default(true) });
const Dependency = z.strictObject({
  condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']),
});
const Healthcheck = z.strictObject({
  test: z.array(z.string()).min(2),
  interval: z.string(),
  timeout: z.string(),
  retries: z.number(),
  start_period: z.string(),
});

/** Strict: a name that Compose does not know, or that we have not thought about, is a mistake. */
const Service = z.strictObject({
  image: z.string().optional(),
  build: z
    .strictObject({ context: z.string(), dockerfile: z.string(), args: z.record(z.string(), z.string()).default({}) })
    .optional(),
  profiles: z.array(z.string()).default([]),
  restart: z.string(),
  logging: z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) }),
  init: z.boolean().optional(),
  user: z.string().optional(),
  read_only: z.boolean().default(false),
  tmpfs: z.array(z.string()).default([]),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  pids_limit: z.number().optional(),
  mem_limit: z.string().optional(),
  shm_size: z.string().optional(),
  scale: z.coerce.number().int().optional(),
  stop_grace_period: z.string().optional(),
  network_mode: z.string().optional(),
  extra_hosts: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  ports: z.array(z.string()).default([]),
  env_file: z.array(EnvFile).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()).default([]),
  healthcheck: Healthcheck.optional(),
  depends_on: z.record(z.string(), Dependency).default({}),
});
const File = z.object({
  name: z.string(),
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()).default({}),
});

export type ComposeService = z.infer<typeof Service>;
export interface Compose {
  /** Absolute; relative paths in the file start there. */
  readonly folder: string;
  readonly name: string;
  readonly services: ReadonlyMap<string, ComposeService>;
  readonly volumes: readonly string[];
  /** Merged, but as it is written, for a check against Compose's own schema. */
  readonly document: unknown;
}

export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
  readonly isNamedVolume: boolean;
}

/** `variables` is what the shell and an `.env` beside the file would give. Throws when the shape is wrong. */
export function readCompose(path: string, variables: Readonly<Record<string, string>> = {}): Compose {
  const document: unknown = parse(readFileSync(path, 'utf8'), { merge: true });
  const { name, services, volumes } = File.parse(filledIn(document, variables));
  return {
    folder: dirname(resolve(path)),
    name,
    services: new Map(Object.entries(services)),
    volumes: Object.keys(volumes),
    document,
  };
}

/** Sources in the short form: `./logs:/var/log:ro`, `volume:/data`. */
export function mountsOf(compose: Compose, service: ComposeService): Mount[] {
  return service.volumes.map((written) => {
    const [source = '', target = '', mode] = written.split(':');
    const isNamedVolume = !/^[./]/.test(source);
    return {
      source: isNamedVolume ? source : resolve(compose.folder, source),
      target,
      isReadOnly: mode === 'ro',
      isNamedVolume,
    };
  });
}

/** `$NAME`, `${NAME}` and `${NAME:-otherwise}` in all texts, as Compose does it; numbers that come of it stay texts. */
function filledIn(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return fillText(value, variables);
  if (Array.isArray(value)) return value.map((item) => filledIn(item, variables));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filledIn(item, variables)]));
}

function fillText(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::-([^}]*))?\})/g,
    (_whole, dollar?: string, plain?: string, braced?: string, otherwise?: string) => {
      if (dollar !== undefined) return dollar;
      return variables[plain ?? braced ?? ''] || (otherwise ?? '');
    },
  );
}
