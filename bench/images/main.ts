/**
 * What each image holds and how fast it starts, without an engine: its Dockerfile is followed step by step, with npm from
 * the registry, and what comes of it started as the compose file says. Without the base image (Debian and Node); Debian's
 * packages on top of it are a figure of their own.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { startTestDatabase } from '../../apps/incident-agent-workflow/src/store/test-database.ts';
import { freePort } from '../../demo/listen.ts';
import { buildRoot, type Image } from '../../scripts/containers/build-root.ts';
import { readCompose } from '../../scripts/containers/compose.ts';
import { type Container, startContainer } from '../../scripts/containers/container.ts';
import { packagesOf } from '../../scripts/containers/lock-packages.ts';
import { type Bench, type BenchContext, type Figure, figure, percentile } from '../figures.ts';
import { bytesIn } from '../size.ts';
import { debianMegabytes } from './debian.ts';
import { npmForSandbox } from './npm.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const AGENT = 'incident-agent-workflow';
const SERVICES = ['weather-app1', 'mongo-api-service', 'notifier', AGENT];
const AGENT_MEGABYTES = 450;
const OTHER_MEGABYTES = 200;
const STARTS = 3;
const START_LIMIT_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 5;

const Registry = z.record(z.string(), z.object({ health_url: z.url() }));
const NpmRecord = z.object({ packages: z.record(z.string(), z.unknown()) });

export const images: Bench = async (context) => {
  const figures: Figure[] = [];
  for (const name of SERVICES) figures.push(...(await measure(name, context)));
  return figures;
};

async function measure(name: string, { scratch, say, signal, repeats }: BenchContext): Promise<Figure[]> {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  const dockerfile = join(ROOT, 'apps', name, 'Dockerfile');
  const npm = npmForSandbox(folder);
  const image = await buildRoot({ dockerfile, context: ROOT, scratch: folder, install: undefined, npm });
  compareWithLock(name, image);
  const megabytes = bytesIn(image.root) / 1024 ** 2;
  say(`${name}: ${megabytes.toFixed(0)} MB; ${heaviest(join(image.root, 'app'))}`);
  const starts: number[] = [];
  for (let round = 0; round < (repeats ?? STARTS) && !signal.aborted; round += 1)
    starts.push(await coldStart(name, image, join(folder, `start-${round}`)));
  say(`${name}: starts ${starts.map((one) => one.toFixed(0)).join(', ')} ms`);
  rmSync(folder, { recursive: true, force: true });
  const key = name.replaceAll('-', '_');
  const debian = image.debianPackages.length > 0 ? debianMegabytes(image.debianPackages) : undefined;
  return [
    figure(`image_${key}_mb`, megabytes, 'MB', { below: name === AGENT ? AGENT_MEGABYTES : OTHER_MEGABYTES }),
    ...(debian === undefined ? [] : [figure(`image_${key}_debian_mb`, debian, 'MB')]),
    figure(`image_${key}_start_ms`, percentile(starts, 0.5), 'ms'),
  ];
}

/** The lock file alone tells what npm installs: that is what the tests rely on, which have no registry. */
function compareWithLock(name: string, image: Image): void {
  const record = readFileSync(join(image.root, image.workingFolder, 'node_modules', '.package-lock.json'), 'utf8');
  const installed = Object.keys(NpmRecord.parse(JSON.parse(record)).packages).filter((path) =>
    path.includes('node_modules/'),
  );
  const { packages, links } = packagesOf(ROOT, `apps/${name}`);
  const expected = new Set([...packages, ...links.keys()]);
  const different = [
    ...installed.filter((path) => !expected.has(path)),
    ...[...expected].filter((path) => !installed.includes(path)),
  ];
  if (different.length > 0)
    throw new Error(`${name}: npm and package-lock.json do not agree about ${different.join(', ')}`);
}

/** A new process in a fresh root to its first 200, as an unprivileged user; then its own health check has to agree. */
async function coldStart(name: string, image: Image, scratch: string): Promise<number> {
  await using database = name === AGENT ? await startTestDatabase({ isMigrated: false }) : undefined;
  const port = await freePort();
  const environment = {
    PORT: String(port),
    HOST: '127.0.0.1',
    MONGO_URI: 'mongodb://127.0.0.1:9',
    LLM_BASE_URL: 'off',
    ...(database && { DATABASE_URL: database.url }),
  };
  const compose = readCompose(join(ROOT, 'docker-compose.yml'));
  const startedAt = performance.now();
  const container = startContainer({ compose, name, image, scratch, repository: ROOT, environment });
  try {
    await untilAnswering(`http://127.0.0.1:${port}${healthPath(name)}`, startedAt);
    const milliseconds = performance.now() - startedAt;
    await container.untilHealthy(START_LIMIT_MILLISECONDS);
    return milliseconds;
  } finally {
    await endIt(name, container);
  }
}

async function untilAnswering(url: string, startedAt: number): Promise<void> {
  while (performance.now() - startedAt < START_LIMIT_MILLISECONDS) {
    const isThere = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
  throw new Error(`${url} does not answer`);
}

async function endIt(name: string, container: Container): Promise<void> {
  const code = await container.stop(10_000);
  if (code !== 0) throw new Error(`${name} did not end by itself on SIGTERM: ${code}`);
}

function healthPath(name: string): string {
  const file = join(ROOT, 'apps', AGENT, 'service_registry.docker.json');
  const url = Registry.parse(JSON.parse(readFileSync(file, 'utf8')))[name]?.health_url;
  if (url === undefined) throw new Error(`The registry has no ${name}`);
  return new URL(url).pathname;
}

function heaviest(app: string): string {
  const folder = join(app, 'node_modules');
  const sizes = readdirSync(folder).map((name) => ({ name, bytes: bytesIn(join(folder, name)) }));
  return sizes
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, 5)
    .map(({ name, bytes }) => `${name} ${(bytes / 1024 ** 2).toFixed(0)}`)
    .join(', ');
}
