/** The weather where a parcel goes. */
import { z } from 'zod';
import type { City } from '../config.ts';
import type { Upstream } from './upstream.ts';

const Value = z.union([z.string(), z.number(), z.null()]);
const Forecast = z.object({ current: z.record(z.string(), Value) });

export interface Weather {
  readonly windKmh: number;
  /** null: the model for this place knows none. */
  readonly gustsKmh: number | null;
  readonly temperature: number;
}

export interface WeatherClient {
  at(city: City): Promise<Weather>;
}

export function weatherClient(upstream: Upstream): WeatherClient {
  return {
    async at({ latitude, longitude }) {
      const { current } = Forecast.parse(await upstream.json(`/weather/latitude=${latitude}&longitude=${longitude}`));
      const gusts = current.wind_gusts_10m;
      return {
        windKmh: Number(current.wind_speed_10m),
        gustsKmh: typeof gusts === 'number' ? gusts : null,
        temperature: Number(current.temperature_2m),
      };
    },
  };
}
