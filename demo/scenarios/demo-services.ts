/** Both demo services in their scratch repository, with what they lean on: a MongoDB and a weather provider. */
import { join } from 'node:path';
import { type LocalOpenMeteo, startOpenMeteo } from '../open-meteo.ts';
import type { Program } from '../processes.ts';
import { buildRepository } from '../repository.ts';
import type { TrafficRequest } from '../traffic.ts';
import { type WatchedService, watchedService } from '../watched-service.ts';
import { startMongodb } from './mongodb.ts';
import { type History, regressionHistory } from './regression/history.ts';
import { serviceSources } from './regression/sources.ts';
import type { PrepareOptions } from './scenario.ts';

export interface DemoServices {
  readonly repository: string;
  /** Of all commits, oldest first. */
  readonly hashes: readonly string[];
  readonly history: History;
  readonly weather: WatchedService;
  readonly mongoApi: WatchedService;
  killMongodb(): Promise<void>;
  /** MongoDB, the provider, then both services. */
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

export async function prepareDemoServices({ ports, scratch, say }: PrepareOptions): Promise<DemoServices> {
  const repository = join(scratch, 'repository');
  const history = regressionHistory(serviceSources());
  const hashes = await buildRepository(repository, history.steps, new Date());
  say(`scratch repository with ${hashes.length} commits in ${repository}`);
  const common = { repository, scratch };
  const weather = watchedService({
    ...common,
    ...service('weather-app1', ports['weather-app1'], scratch, 'app.log', {
      OPEN_METEO_URL: `http://127.0.0.1:${ports['open-meteo']}`,
    }),
    healthPath: '/',
    dependsOn: [],
  });
  const mongoApi = watchedService({
    ...common,
    ...service('mongo-api-service', ports['mongo-api-service'], scratch, 'service.log', {
      MONGO_URI: `mongodb://127.0.0.1:${ports.mongodb}/?serverSelectionTimeoutMS=1000`,
      DEPENDENCY_CHECK_SECONDS: '1',
    }),
    healthPath: '/health',
    readyPath: '/health/ready',
    dependsOn: ['mongodb'],
  });
  let mongodb: Program | undefined;
  let openMeteo: LocalOpenMeteo | undefined;

  return {
    repository,
    hashes,
    history,
    weather,
    mongoApi,
    killMongodb: async () => mongodb?.kill(),
    async start(signal) {
      openMeteo = await startOpenMeteo(ports['open-meteo']);
      mongodb = await startMongodb({ port: ports.mongodb, scratch, say, signal });
      await Promise.all([weather.start(signal), mongoApi.start(signal)]);
    },
    async stop() {
      await Promise.all([weather.stop(), mongoApi.stop(), mongodb?.stop()]);
      await openMeteo?.close();
    },
  };
}

function service(name: string, port: number, scratch: string, log: string, more: Record<string, string>) {
  const logFile = join(scratch, 'logs', name, log);
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    folder: `apps/${name}`,
    logFile,
    run: { file: 'src/main.ts' },
    environment: { PORT: String(port), HOST: '127.0.0.1', LOG_FILE: logFile, ...more },
  };
}

/** People who look at the weather and change items; two places lie beyond the polar circle, and one caller cannot count. */
export function usersOf({ weather, mongoApi }: Pick<DemoServices, 'weather' | 'mongoApi'>): TrafficRequest[] {
  const place = (latitude: number, longitude: number): TrafficRequest => ({
    method: 'GET',
    url: `${weather.url}/weather/latitude=${latitude}&longitude=${longitude}`,
  });
  const items = `${mongoApi.url}/items/`;
  const create = (item: object): TrafficRequest => ({
    method: 'POST',
    url: items,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(item),
  });
  const list: TrafficRequest = { method: 'GET', url: items };
  return [
    place(52.52, 13.41),
    create({ name: 'lamp', description: 'warm white', value: 12 }),
    place(59.91, 10.75),
    list,
    place(78.22, 15.64), // Longyearbyen
    place(-33.87, 151.21),
    list,
    place(35.68, 139.69),
    place(95, 10), // no such latitude: 422
    create({ name: 'rug', value: 80 }),
    place(40.71, -74.01),
    place(71.17, 25.78), // Nordkapp
  ];
}
