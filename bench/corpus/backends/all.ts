/** Every backend of the corpus. */
import type { BackendName, RunningBackend } from '../template.ts';
import { startMongodb } from './mongodb.ts';
import { startWeatherProvider } from './open-meteo.ts';
import { startPayments } from './payments.ts';

const STARTS: Readonly<Record<BackendName, (port: number) => Promise<RunningBackend>>> = {
  mongodb: startMongodb,
  'open-meteo': startWeatherProvider,
  payments: startPayments,
};

/** Listens on 127.0.0.1:port, in this process, in mode `well`. */
export function startBackend(name: BackendName, port: number): Promise<RunningBackend> {
  return STARTS[name](port);
}
