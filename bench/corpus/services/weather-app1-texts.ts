/** Files that weather-app1 has in this shop beside those it has here. Texts, not code of this program. */

export const FORECAST_CACHE = `/** A forecast is made once an hour: who asks again soon gets the same one. */
import type { Coordinates } from './coordinates.ts';
import type { Forecast, WeatherProvider } from './open-meteo.ts';

export interface ForecastCacheOptions {
  readonly freshMilliseconds: number;
  readonly maxPlaces: number;
  readonly now: () => number;
}

interface Kept {
  readonly until: number;
  readonly forecast: Forecast;
}

/** The place that was asked for first makes room for a new one. */
export function keepingForecasts(provider: WeatherProvider, options: ForecastCacheOptions): WeatherProvider {
  const { freshMilliseconds, maxPlaces, now } = options;
  const places = new Map<string, Kept>();
  return {
    async forecast(coordinates) {
      const place = placeOf(coordinates);
      const kept = places.get(place);
      if (kept !== undefined && kept.until > now()) return kept.forecast;
      const forecast = await provider.forecast(coordinates);
      places.delete(place);
      for (const oldest of places.keys()) {
        if (places.size < maxPlaces) break;
        places.delete(oldest);
      }
      places.set(place, { until: now() + freshMilliseconds, forecast });
      return forecast;
    },
  };
}

function placeOf({ latitude, longitude }: Coordinates): string {
  return \`\${latitude.toFixed(2)},\${longitude.toFixed(2)}\`;
}
`;

export const DISPLAY = `/** What a page shows of a forecast: numbers with the digits that their unit is worth. */
import type { Forecast } from './open-meteo.ts';

type Value = string | number | null;

const WHOLE_UNITS = ['%', '°', 'wmo code'];

/** What the provider does not know stays unknown. */
export function shown(forecast: Forecast): Forecast {
  const current: Record<string, Value> = {};
  for (const [name, value] of Object.entries(forecast.current)) {
    current[name] = shownValue(value, forecast.current_units[name] ?? '');
  }
  return { ...forecast, current };
}

function shownValue(value: Value, unit: string): Value {
  if (typeof value !== 'number') return value;
  return WHOLE_UNITS.includes(unit) ? Math.round(value) : Math.round(value * 10) / 10;
}
`;

export const SETTINGS = `{
  "forecasts": { "fresh_seconds": 20, "places": 500 },
  "provider": { "timeout_milliseconds": 6000 }
}
`;

export const SETTINGS_READER = `/** What this service decides for itself, as opposed to where it runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Settings = z.object({
  forecasts: z.object({ fresh_seconds: z.number().positive(), places: z.number().int().positive() }),
  provider: z.object({ timeout_milliseconds: z.number().int().positive() }),
});
export type Settings = z.infer<typeof Settings>;

export function readSettings(appFolder: string): Settings {
  return Settings.parse(JSON.parse(readFileSync(join(appFolder, 'config', 'settings.json'), 'utf8')));
}
`;

export const README = `# weather-app1

The weather of a place, from Open-Meteo: \`GET /weather/latitude={lat}&longitude={lon}\`.

Forecasts are kept for a while, see \`config/settings.json\`. Where it listens and whom it asks: \`.env.example\`.
`;

export const DISPLAY_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shown } from './display.ts';

const NOWHERE = { latitude: 0, longitude: 0, timezone: 'GMT', utc_offset_seconds: 0 };
const NOTHING = { hourly_units: {}, hourly: {}, daily_units: {}, daily: {} };

test('percentages are whole, temperatures have one digit, the unknown stays unknown', () => {
  const current = { humidity: 55.4, temperature: 3.14159, gusts: null };
  const current_units = { humidity: '%', temperature: '°C', gusts: 'km/h' };
  const forecast = { ...NOWHERE, ...NOTHING, current, current_units };
  assert.deepEqual(shown(forecast).current, { humidity: 55, temperature: 3.1, gusts: null });
});
`;

export const PLACES_DOC = `# Places

Forecasts are kept per place, and a place is about a kilometre wide: coordinates are compared with two digits.
`;
