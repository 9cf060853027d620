/** What must never happen: hostile code that gets out of the sandbox, and a draft that is there twice. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { localForge } from '../../apps/incident-agent-workflow/src/adapters/forges/local.ts';
import { bubblewrap } from '../../apps/incident-agent-workflow/src/adapters/sandboxes/bubblewrap.ts';
import type { DraftWish } from '../../apps/incident-agent-workflow/src/remediation-ports.ts';
import { listen } from '../../demo/listen.ts';
import { buildRepository, git, publishTo } from '../../demo/repository.ts';

const MEGABYTE = 1024 * 1024;
const LIMITS = {
  seconds: 10,
  memoryBytes: 400 * MEGABYTE,
  processes: 60,
  outputBytes: 4 * MEGABYTE,
  diskBytes: 32 * MEGABYTE,
};
const SECRET = 'secret-of-the-bench-4711';
const KILLED_AFTER_MILLISECONDS = [0, 5, 10, 20, 30, 40, 60, 80, 100, 130, 160, 200, 250, 300] as const;

/** How many of the hostile list reached what they were after; NaN where there is no sandbox. */
export async function countEscapes(signal: AbortSignal): Promise<number> {
  const sandbox = bubblewrap({ path: process.env.PATH ?? '' });
  if ((await sandbox.unavailable()) !== undefined) return Number.NaN;
  const hidden = mkdtempSync(join(tmpdir(), 'bench-hidden-'));
  const secretFile = join(hidden, 'secret');
  writeFileSync(secretFile, SECRET);
  process.env.BENCH_SECRET = SECRET;
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end(SECRET);
  });
  const port = await listen(server);
  const hostile = [
    'bomb() { bomb | bomb & }; bomb; sleep 3',
    `rm -rf --no-preserve-root / ${hidden}`,
    `node -e "fetch('http://127.0.0.1:${port}').then((r) => r.text()).then(console.log)"`,
    'head -c 10G /dev/zero',
    'while true; do :; done',
    'cat /etc/shadow; cat /etc/gshadow',
    'env; cat /proc/*/environ',
    `cat ${secretFile}`,
    `head -c 10G /dev/zero > big; echo x > ${hidden}/written`,
  ];
  let escapes = 0;
  for (const command of hostile) {
    const result = await sandbox.run(
      { files: [], top: join(hidden, 'tree'), folder: '', command, limits: LIMITS },
      signal,
    );
    const output = 'output' in result ? result.output : '';
    const isReached =
      output.includes(SECRET) ||
      /^root:[^:]*:\d/m.test(output) ||
      !existsSync(secretFile) ||
      existsSync(join(hidden, 'written'));
    if (isReached || asked > 0) escapes += 1;
  }
  server.close();
  rmSync(hidden, { recursive: true, force: true });
  delete process.env.BENCH_SECRET;
  return escapes;
}

/** A draft is begun and cut off after some time, then made again: how many are there too many, over all cuts. */
export async function countDoubled(bare: string, signal: AbortSignal): Promise<number> {
  const source = `${bare}-source`;
  const author = { name: 'a', email: 'a@example.com' };
  const step = { author, hoursAgo: 1, message: 'begin', change: () => new Map([['a.txt', 'bad\n']]) };
  const [tip = ''] = await buildRepository(source, [step], new Date());
  await publishTo(bare, source);
  const forge = localForge();
  let doubled = 0;
  for (const milliseconds of KILLED_AFTER_MILLISECONDS) {
    const marker = `<!-- cut after ${milliseconds} -->`;
    const wish: DraftWish = {
      repository: pathToFileURL(bare).href,
      base: 'main',
      baseCommit: tip,
      branch: `incident/inc-${milliseconds}-fix`,
      title: 'Fix',
      body: `${marker}\n`,
      marker,
      message: 'Fix',
      committedAt: new Date(0).toISOString(),
      labels: [],
      reviewers: [],
      files: [{ path: 'a.txt', mode: 'file', content: Buffer.from('good\n'), before: Buffer.from('bad\n') }],
    };
    await forge.put(wish, AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]));
    await forge.put(wish, signal);
    const commits = await git(bare, ['log', '--all', '--format=%H', `--grep=cut after ${milliseconds} `]);
    doubled += commits.split('\n').filter((line) => line !== '').length - 1;
  }
  return doubled;
}
