/**
 * `npm run demo:services`: what the agent watches and talks to, on the documented ports, for trying `serve` by hand:
 * both demo services, the notifier, a mail catcher, MongoDB (a stand-in) and the weather provider (a local one).
 * They run from this repository and log where the shipped service_registry.json says.
 */
import { join } from 'node:path';
import { startMailCatcher } from './mail-catcher/mail-catcher.ts';
import { startOpenMeteo } from './open-meteo.ts';
import { choosePorts, type Ports } from './ports.ts';
import { type Program, pause, startProgram, untilAnswers } from './processes.ts';
import { startMongodb } from './scenarios/mongodb.ts';
import { createScratch } from './scratch.ts';
import { Stopped, stopSignal } from './stop-signal.ts';

const ROOT = join(import.meta.dirname, '..');
const START_LIMIT_MILLISECONDS = 20_000;
const WATCH_EVERY_MILLISECONDS = 500;

interface Started {
  readonly programs: Program[];
  readonly others: { close(): Promise<void> }[];
}

function say(line: string): void {
  console.error(line);
}

function address(port: number, path: string): string {
  return `http://127.0.0.1:${port}${path}`;
}

/** Name, port, health address and settings of what runs from `apps/`. */
function appsOf(ports: Ports): { name: string; url: string; environment: Record<string, string> }[] {
  return [
    {
      name: 'weather-app1',
      url: address(ports['weather-app1'], '/'),
      environment: { PORT: String(ports['weather-app1']), OPEN_METEO_URL: address(ports['open-meteo'], '') },
    },
    {
      name: 'mongo-api-service',
      url: address(ports['mongo-api-service'], '/health'),
      environment: { PORT: String(ports['mongo-api-service']), MONGO_URI: `mongodb://127.0.0.1:${ports.mongodb}` },
    },
    {
      name: 'notifier',
      url: address(ports.notifier, '/health'),
      environment: {
        PORT: String(ports.notifier),
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: String(ports.smtp),
        EMAIL_SENDER: 'incident-agent@example.com',
        EMAIL_RECEIVER: 'on-call@example.com',
      },
    },
  ];
}

async function start(ports: Ports, started: Started, signal: AbortSignal): Promise<void> {
  const scratch = createScratch('services', new Date());
  const mail = await startMailCatcher({ smtpPort: ports.smtp, httpPort: ports.mail });
  started.others.push(mail, await startOpenMeteo(ports['open-meteo']));
  started.programs.push(await startMongodb({ port: ports.mongodb, scratch, say, signal }));
  for (const { name, url, environment } of appsOf(ports)) {
    const outputFile = join(scratch, 'output', `${name}.log`);
    const folder = join(ROOT, 'apps', name);
    const program = startProgram({
      name,
      run: { file: 'src/main.ts' },
      folder,
      environment: { HOST: '127.0.0.1', ...environment },
      outputFile,
    });
    started.programs.push(program);
    await untilAnswers(url, program, outputFile, START_LIMIT_MILLISECONDS, signal);
    say(`${name.padEnd(18)} ${url}`);
  }
  say(`${'caught mail'.padEnd(18)} ${mail.httpUrl}  (SMTP on port ${ports.smtp})`);
  say(`${'MongoDB'.padEnd(18)} mongodb://127.0.0.1:${ports.mongodb}`);
  say('');
  say(
    'Now `npm run incident-agent -- serve` in a second terminal, and `npm run incident-agent -- monitor` in a third.',
  );
  say('Ctrl-C stops the services.');
}

/** Until the signal aborts; one that ends by itself is said, the others stay. */
async function watch(programs: readonly Program[], signal: AbortSignal): Promise<never> {
  const told = new Set<Program>();
  for (;;) {
    for (const program of programs) {
      if (program.exit() === undefined || told.has(program)) continue;
      told.add(program);
      say(`${program.name} ended by itself (${program.exit()})`);
    }
    await pause(WATCH_EVERY_MILLISECONDS, signal);
  }
}

async function main(): Promise<number> {
  const signal = stopSignal();
  const started: Started = { programs: [], others: [] };
  const mode = process.argv.slice(2).join(' ') === '--ports auto' ? 'auto' : 'documented';
  try {
    await start(await choosePorts(mode, NEEDED), started, signal);
    return await watch(started.programs, signal);
  } catch (error) {
    if (error instanceof Stopped) return error.exitCode;
    say(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await Promise.all(started.programs.map((program) => program.stop()));
    await Promise.all(started.others.map((other) => other.close()));
  }
}

const NEEDED = ['notifier', 'weather-app1', 'mongo-api-service', 'mongodb', 'smtp', 'mail', 'open-meteo'] as const;

process.exit(await main());
