/** Which ports the demo listens on: the documented ones, or free ones. */
import { createServer } from 'node:net';
import { listen } from './listen.ts';

export const PORT_NAMES = [
  'agent',
  'notifier',
  'weather-app1',
  'mongo-api-service',
  'mongodb',
  'smtp',
  'mail',
  'open-meteo',
] as const;
export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Readonly<Record<PortName, number>>;

/** As in the documentation. The last four are the demo's own. */
const DOCUMENTED: Ports = {
  agent: 9100,
  notifier: 8002,
  'weather-app1': 8000,
  'mongo-api-service': 9000,
  mongodb: 27017,
  smtp: 1025,
  mail: 8025,
  'open-meteo': 8026,
};

/** `auto`: free ones for all. Throws one sentence that names every port that is taken. */
export async function choosePorts(
  mode: 'documented' | 'auto',
  needed: readonly PortName[] = PORT_NAMES,
): Promise<Ports> {
  if (mode === 'auto') return freePorts();
  const taken = [];
  for (const name of needed) {
    if (!(await isFree(DOCUMENTED[name]))) taken.push(`${DOCUMENTED[name]} (${name})`);
  }
  if (taken.length === 0) return DOCUMENTED;
  const what = taken.length === 1 ? `Port ${taken[0]} is in use` : `The ports ${taken.join(', ')} are in use`;
  throw new Error(`${what}: stop the other program, or add \`-- --ports auto\` to take free ones.`);
}

/** All different: every one is held until the last is known. */
async function freePorts(): Promise<Ports> {
  const servers = PORT_NAMES.map((name) => ({ name, server: createServer() }));
  try {
    const found: Record<PortName, number> = { ...DOCUMENTED };
    for (const { name, server } of servers) found[name] = await listen(server);
    return found;
  } finally {
    for (const { server } of servers) server.close();
  }
}

/** On loopback, at this moment. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await listen(server, port);
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
