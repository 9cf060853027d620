/** Each trouble made for real where it can be: folders, repositories, ports, sockets; other programs as small servers that answer what was recorded of the real ones. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import { type Service, unregisteredService } from '../../domain/service.ts';
import type { DoctorCheck } from '../../host-ports.ts';
import { httpClient } from '../../lib/http.ts';
import { startServer } from '../../lib/testing/start-server.ts';
import { accessCheck } from './access.ts';
import { alertmanagerCheck } from './alertmanager.ts';
import type { Place } from './asking.ts';
import { diskCheck, nodeCheck, pdfCheck } from './machine.ts';
import { agentCheck, databaseCheck, grafanaCheck, notifierCheck, portsCheck } from './own-parts.ts';
import { repositoryCheck } from './repositories.ts';
import { servicesCheck } from './services.ts';

let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const run = (check: DoctorCheck): Promise<Diagnosis[]> => check.run(AbortSignal.timeout(10_000));
const told = async (check: DoctorCheck): Promise<string[]> =>
  (await run(check)).map(({ state, what, mend }) => `${state}: ${what}${mend === undefined ? '' : ` → ${mend}`}`);
const place = (name: string, url: string): Place => ({ name, url, http: httpClient({ name }) });
const service = (more: Partial<Service>): Service => ({ ...unregisteredService('shop'), ...more });
const json = (value: unknown) => (_request: unknown, reply: { end(text: string): unknown }) =>
  reply.end(JSON.stringify(value));

test('a Node that is too old is named, with how to get the right one', async () => {
  expect(await told(nodeCheck('20.20.2'))).toEqual([
    expect.stringMatching(/^failing: .*20\.20\.2.*26 is needed → npm ci/),
  ]);
  expect(await told(nodeCheck('26.10.0'))).toEqual(['fine: Node 26.10.0']);
});

const statesOf = async (folder: string) => (await run(diskCheck({ DATA_DIR: folder }))).map(({ state }) => state);

test('a folder that cannot be written is failing, one that is to be made is not', async () => {
  writeFileSync(join(scratch, 'file'), '');
  expect(await statesOf(join(scratch, 'to', 'be', 'made'))).not.toEqual(['failing']);
  expect(await told(diskCheck({ DATA_DIR: '/proc/incident-agent' }))).toEqual([
    expect.stringMatching(/^failing: DATA_DIR/),
  ]);
});

test('a disk with little room is failing', async ({ skip }) => {
  const small = join(scratch, 'small');
  mkdirSync(small);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', small], { stdio: 'ignore' });
  } catch {
    skip('a small file system can be mounted by root only');
  }
  try {
    expect(await told(diskCheck({ REPORTS_DIR: small }))).toEqual([
      expect.stringMatching(/^failing: REPORTS_DIR: [34] MB are left.*→ df -h /),
    ]);
  } finally {
    execFileSync('umount', [small]);
  }
});

const loading = (isThere: boolean) => () => {
  if (!isThere) throw new Error('Cannot find module');
};

test.each([
  { says: 'all is there', native: true, portable: true, states: ['fine'] },
  { says: 'no native engine', native: false, portable: true, states: ['warning'] },
  { says: 'no engine', native: false, portable: false, states: ['failing'] },
])('the PDF engine: $says', async ({ native, portable, states }) => {
  const engine = pdfCheck({
    fonts: loading(true),
    native: loading(native),
    portable: async () => loading(portable)(),
  });
  expect((await run(engine)).map(({ state }) => state)).toEqual(states);
  const noFonts = pdfCheck({ fonts: loading(false), native: loading(true), portable: async () => undefined });
  expect(await told(noFonts)).toContainEqual(expect.stringMatching(/^failing: The fonts of the report are missing/));
});

function repository(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
      stdio: 'pipe',
    });
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'one');
  git('commit', '-q', '--allow-empty', '-m', 'two');
  return folder;
}

const repositoryAt = async (path: string | undefined) =>
  (await told(repositoryCheck({ services: [service(path === undefined ? {} : { repositoryPath: path })] })))[0];

test('a repository that is missing, none, shallow or well', async () => {
  const whole = repository(join(scratch, 'whole'));
  const shallow = join(scratch, 'shallow');
  execFileSync('git', ['clone', '-q', '--depth', '1', `file://${whole}`, shallow], { stdio: 'pipe' });
  const bare = join(scratch, 'bare');
  mkdirSync(bare);
  expect(await repositoryAt(whole)).toBe(`fine: shop: ${whole}`);
  expect(await repositoryAt(shallow)).toMatch(/^warning: .*shallow clone → git -C .* fetch --unshallow/);
  expect(await repositoryAt(bare)).toMatch(/^failing: .*is not a git repository → point repo_path/);
  expect(await repositoryAt(join(scratch, 'gone'))).toMatch(/^failing: .*there is no folder .*gone → git clone/);
  expect(await repositoryAt(undefined)).toMatch(/^warning: .*no repo_path/);
});

test('a repository of another user is safe.directory, with the command', async ({ skip }) => {
  if (process.getuid?.() !== 0) skip('only root can give a folder away');
  const foreign = repository(join(scratch, 'foreign'));
  chmodSync(scratch, 0o755);
  for (const path of [foreign, join(foreign, '.git')]) chownSync(path, 65_534, 65_534);
  const [found] = await told(repositoryCheck({ services: [service({ repositoryPath: foreign })] }));
  expect(found).toMatch(/^warning: .*\(safe\.directory\) → git config --global --add safe\.directory /);
});

test('a service that does not answer, is not ready, or writes no log', async () => {
  await using server = await startServer((request, reply) =>
    reply.writeHead(request.url === '/ready' ? 503 : 200).end('{"mongodb":"down"}'),
  );
  const log = join(scratch, 'app.log');
  writeFileSync(log, '');
  const http = httpClient({ name: 'It' });
  const of = (more: Partial<Service>) => told(servicesCheck({ services: [service(more)] }, http));
  expect(await of({ healthUrl: server.url, logPaths: { app: log } })).toEqual([
    `fine: shop answers at ${server.url}`,
    `fine: shop writes ${log}`,
  ]);
  const unready = await of({
    healthUrl: server.url,
    readyUrl: `${server.url}/ready`,
    dependsOn: ['mongodb'],
    logPaths: { app: log },
  });
  expect(unready[0]).toMatch(
    /^failing: shop runs but is not ready: .*503.*"mongodb":"down".*→ curl -s .*depends on mongodb/,
  );
  const gone = await of({ healthUrl: 'http://127.0.0.1:1/', logPaths: { app: join(scratch, 'none.log') } });
  expect(gone[0]).toMatch(/^failing: shop: It at http:\/\/127\.0\.0\.1:1 cannot be reached/);
  expect(gone[1]).toMatch(/^failing: shop: there is no log file .*none\.log → ls -l/);
});

const agentAt = (url: string, port: number) =>
  agentCheck({ place: place('The agent', url), host: '127.0.0.1', port, serviceName: 'incident-agent-workflow' });

test('the agent’s port: free, its own, or taken by another program', async () => {
  await using own = await startServer(json({ status: 'ok', service: 'incident-agent-workflow' }));
  expect(await told(agentAt(own.url, own.port))).toEqual([`fine: the agent answers at ${own.url}`]);
  await using other = await startServer((_request, reply) => reply.end('<html>hello</html>'));
  expect(await told(agentAt(other.url, other.port))).toEqual([
    expect.stringMatching(/^failing: Port \d+ is taken by another program → ss -ltnp/),
  ]);
  expect(await told(agentAt('http://127.0.0.1:1', 1))).toEqual([
    expect.stringMatching(/^warning: No agent runs on port 1/),
  ]);
  expect(await told(portsCheck({ grafana: other.port }))).toEqual([
    expect.stringMatching(/^warning: Something listens on port \d+.*grafana/),
  ]);
});

test.each([
  {
    says: 'no channel',
    channels: [],
    found: /^failing: The notifier has no channel → set EMAIL_SENDER, EMAIL_RECEIVER and SMTP_HOST/,
  },
  {
    says: 'a mail server that is away',
    channels: [{ name: 'email', destination: 'a@example.com through 127.0.0.1:1' }],
    found: /^failing: The mail server 127\.0\.0\.1:1 cannot be reached.*→ correct SMTP_HOST/,
  },
  {
    says: 'a mail server of another network',
    channels: [{ name: 'email', destination: 'a@example.com through mailpit.invalid:1025' }],
    found: /^unknown: The mail server mailpit\.invalid/,
  },
])('the notifier: $says', async ({ channels, found }) => {
  await using server = await startServer((request, reply) =>
    reply.end(JSON.stringify(request.url === '/channels' ? { channels } : { status: 'ok', service: 'notifier' })),
  );
  expect(await told(notifierCheck(place('The notifier', `${server.url}/notify`)))).toContainEqual(
    expect.stringMatching(found),
  );
});

test('the notifier: away, another program, or a token that is missing', async () => {
  const of = async (status: number, body: object) => {
    await using server = await startServer((_request, reply) => reply.writeHead(status).end(JSON.stringify(body)));
    return (await told(notifierCheck(place('The notifier', `${server.url}/notify`))))[0];
  };
  expect(await of(200, { status: 'ok', service: 'weather-app1' })).toMatch(/^failing: weather-app1 answers at/);
  expect(await of(401, { error: 'no' })).toMatch(/^failing: .*401.*→ set NOTIFIER_TOKEN/);
  expect((await told(notifierCheck(place('The notifier', 'http://127.0.0.1:1/notify'))))[0]).toMatch(
    /^failing: .*refused.*→ docker compose up -d notifier/,
  );
});

const greeted = async (greeting: string) => {
  const smtp = createServer((socket) => socket.end(greeting));
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const address = smtp.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const channels = [{ name: 'email', destination: `a@example.com through 127.0.0.1:${port}` }];
  await using server = await startServer((request, reply) =>
    reply.end(JSON.stringify(request.url === '/channels' ? { channels } : { status: 'ok', service: 'notifier' })),
  );
  const found = (await run(notifierCheck(place('The notifier', `${server.url}/notify`)))).at(-1)?.state;
  smtp.close();
  return found;
};

test('a port that greets as a mail server is well, one that greets as something else is not', async () => {
  expect([await greeted('220 mail.example.com ESMTP\r\n'), await greeted('SSH-2.0-OpenSSH\r\n')]).toEqual([
    'fine',
    'failing',
  ]);
});

const databaseOf = async (version: () => Promise<string>, isEmbedded = false) =>
  (await told(databaseCheck({ version, isEmbedded })))[0];

const awayDatabase = async (): Promise<string> => {
  throw new Error('connection refused');
};

test('the database: well, too old, away', async () => {
  expect(await databaseOf(async () => '18.4 (Debian)')).toBe('fine: Postgres 18.4 (Debian)');
  expect(await databaseOf(async () => '12.1')).toMatch(/^failing: Postgres 12\.1 is too old/);
  expect(await databaseOf(awayDatabase)).toMatch(/→ docker compose up -d postgres/);
  expect(await databaseOf(awayDatabase, true)).toMatch(/→ npm ci/);
});

test('who may ask, and where Grafana is', async () => {
  const access = (host: string, isOnlyHere: boolean, isRequired: boolean) =>
    told(accessCheck({ host, isOnlyHere, isRequired }));
  expect((await access('127.0.0.1', true, false))[0]).toMatch(/^fine/);
  expect((await access('0.0.0.0', false, true))[0]).toMatch(/^fine/);
  expect((await access('0.0.0.0', false, false))[0]).toMatch(/^warning: AUTH=off.*→ publish the port on 127\.0\.0\.1/);
  expect(await told(grafanaCheck(undefined))).toEqual([]);
  expect((await told(grafanaCheck(place('Grafana', 'http://127.0.0.1:1'))))[0]).toMatch(
    /^warning: .*→ docker compose up -d grafana/,
  );
});

const receiver = (url: string, more = ''): string =>
  `receivers:\n- name: nobody\n- name: agent\n  webhook_configs:\n  - url: ${url}\n${more}`;
const ROUTED =
  'route:\n  receiver: nobody\n  routes:\n  - receiver: agent\n    matchers: [workflow="incident-agent"]\n';

test.each([
  {
    says: 'routed',
    yaml: ROUTED + receiver('http://incident-agent-workflow:9100/alerts'),
    found: /^fine: the receiver agent sends to this agent/,
  },
  {
    says: 'another port',
    yaml: ROUTED + receiver('http://agent:9101/alerts'),
    found: /^failing: No receiver of Alertmanager leads to this agent \(port 9100/,
  },
  { says: 'another path', yaml: ROUTED + receiver('http://agent:9100/'), found: /^failing: No receiver/ },
  {
    says: 'a receiver that no route uses',
    yaml: `route:\n  receiver: nobody\n${receiver('http://agent:9100/alerts')}`,
    found: /^failing: The receiver agent leads to the agent, but no route uses it/,
  },
  {
    says: 'no resolved alerts',
    yaml: ROUTED + receiver('http://agent:9100/alerts', '    send_resolved: false\n'),
    found: /^warning: .*does not send resolved alerts/,
  },
  {
    says: 'a limit',
    yaml: ROUTED + receiver('http://agent:9100/alerts', '    max_alerts: 5\n'),
    found: /^warning: .*at most 5 alerts/,
  },
  { says: 'addresses that are hidden', yaml: ROUTED + receiver('<secret>'), found: /^unknown: Alertmanager hides/ },
  { says: 'nonsense', yaml: 'receivers: 7', found: /^unknown: .*cannot be read/ },
])('Alertmanager, $says', async ({ yaml, found }) => {
  await using server = await startServer(json({ versionInfo: { version: '0.25.0' }, config: { original: yaml } }));
  expect(await told(alertmanagerCheck(place('Alertmanager', server.url), 9100))).toContainEqual(
    expect.stringMatching(found),
  );
});

test('Alertmanager is away, or something else answers', async () => {
  expect((await told(alertmanagerCheck(place('Alertmanager', 'http://127.0.0.1:1'), 9100)))[0]).toMatch(
    /^failing: .*→ docker compose up -d alertmanager/,
  );
  await using server = await startServer(json({ hello: 1 }));
  expect((await told(alertmanagerCheck(place('Alertmanager', server.url), 9100)))[0]).toMatch(
    /^failing: Something else than Alertmanager answers/,
  );
});
