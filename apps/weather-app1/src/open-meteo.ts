import { AppError } from '@incident-agent/service-kit/fastify';
import { z } from 'zod';
import type { Coordinates } from './coordinates.ts';

/** What a forecast page shows: the weather now, its course over the day, the days ahead. */
const CURRENT = [
  'temperature_2m',
  'apparent_temperature',
  'relative_humidity_2m',
  'is_day',
  'precipitation',
  'weather_code',
  'cloud_cover',
  'wind_speed_10m',
  'wind_direction_10m',
  'wind_gusts_10m',
];
const HOURLY = ['temperature_2m', 'precipitation_probability', 'precipitation', 'weather_code', 'wind_speed_10m'];
const DAILY = [
  'weather_code',
  'temperature_2m_max',
  'temperature_2m_min',
  'sunrise',
  'sunset',
  'precipitation_sum',
  'precipitation_probability_max',
  'wind_speed_10m_max',
];

const DEFAULT_TIMEOUT_MILLISECONDS = 10_000;
/** A forecast has about 20 kB. */
const MAX_REPLY_BYTES = 1024 * 1024;

const Units = z.record(z.string(), z.string());
const Course = z.record(z.string(), z.array(z.union([z.string(), z.number(), z.null()])));
const Forecast = z.object({
  latitude: z.number(),
  longitude: z.number(),
  timezone: z.string(),
  utc_offset_seconds: z.number(),
  current_units: Units,
  current: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  hourly_units: Units,
  hourly: Course,
  daily_units: Units,
  daily: Course,
});
export type Forecast = z.infer<typeof Forecast>;

export interface WeatherProvider {
  /** Throws AppError: 504 when the provider takes too long, 502 when it refuses or answers something else. */
  forecast(coordinates: Coordinates): Promise<Forecast>;
}

export interface OpenMeteoOptions {
  readonly baseUrl: string;
  /** Default 10,000; covers the whole answer. */
  readonly timeoutMilliseconds?: number;
}

/** https://open-meteo.com/en/docs; times are those of the place asked for. */
export function openMeteo({
  baseUrl,
  timeoutMilliseconds = DEFAULT_TIMEOUT_MILLISECONDS,
}: OpenMeteoOptions): WeatherProvider {
  return {
    async forecast(coordinates) {
      try {
        const signal = AbortSignal.timeout(timeoutMilliseconds);
        return Forecast.parse(JSON.parse(await getText(forecastUrl(baseUrl, coordinates), signal)));
      } catch (error) {
        throw providerError(error, timeoutMilliseconds);
      }
    },
  };
}

function forecastUrl(baseUrl: string, { latitude, longitude }: Coordinates): URL {
  const url = new URL(`${baseUrl}/v1/forecast`);
  url.search = new URLSearchParams({
    latitude: String(latitude),
    longitude: String(longitude),
    current: CURRENT.join(','),
    hourly: HOURLY.join(','),
    daily: DAILY.join(','),
    timezone: 'auto',
  }).toString();
  return url;
}

async function getText(url: URL, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal, headers: { accept: 'application/json' } });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`${url.host} answered ${response.status}`);
  }
  const decoder = new TextDecoder();
  let replyBytes = 0;
  let text = '';
  for await (const chunk of response.body ?? []) {
    replyBytes += chunk.byteLength;
    if (replyBytes > MAX_REPLY_BYTES) throw new Error(`${url.host} answered more than ${MAX_REPLY_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function providerError(error: unknown, timeoutMilliseconds: number): AppError {
  if (error instanceof Error && error.name === 'TimeoutError') {
    const message = `The weather provider did not answer within ${timeoutMilliseconds / 1_000} s`;
    return new AppError(504, message, { cause: error });
  }
  return new AppError(502, 'The weather provider could not be used', { cause: error });
}
