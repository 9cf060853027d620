/** When a parcel arrives. Storms keep ferries and planes on the ground. */
import type { Weather, WeatherClient } from './clients/weather.ts';
import type { City } from './config.ts';
import { HttpError } from './web/errors.ts';

export interface Estimate {
  readonly city: string;
  readonly days: number;
  readonly note: string;
}

const STORM_DAYS = 2;

export async function estimate(
  name: string,
  cities: Readonly<Record<string, City>>,
  weather: WeatherClient,
  windLimitKmh: number,
): Promise<Estimate> {
  const city = cities[name.toLowerCase()];
  if (!city) throw new HttpError(404, `we do not deliver to ${name}`);
  const there = await weather.at(city);
  const isStormy = strongestWind(there) > windLimitKmh;
  return { city: name, days: city.days + (isStormy ? STORM_DAYS : 0), note: noteFor(there, isStormy) };
}

function strongestWind({ windKmh, gustsKmh }: Weather): number {
  return gustsKmh === null ? windKmh : Math.max(windKmh, gustsKmh);
}

function noteFor(there: Weather, isStormy: boolean): string {
  if (isStormy) return 'strong wind, please allow two more days';
  return there.temperature < 0 ? 'frost: plants travel later' : 'on its way as usual';
}
