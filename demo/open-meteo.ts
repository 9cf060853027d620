/**
 * Stands in for api.open-meteo.com, the one thing of the demo that is not on this machine. A real HTTP server that
 * answers what is asked for; the weather is computed from the place and the hour, so the same question gets the same answer.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface LocalOpenMeteo {
  readonly url: string;
  close(): Promise<void>;
}

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}
type Value = string | number | null;

/** Beyond it the model that knows gusts ends; the provider then answers null, as it does for what a model lacks. */
const GUSTS_UNKNOWN_FROM_LATITUDE = 70;
const HOURS = 24 * 7;

export async function startOpenMeteo(port: number): Promise<LocalOpenMeteo> {
  const server = createServer(answerForecast);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers one request as the provider does. */
export function answerForecast(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const place = {
    latitude: Number(url.searchParams.get('latitude')),
    longitude: Number(url.searchParams.get('longitude')),
  };
  const isAsked =
    url.pathname === '/v1/forecast' && Number.isFinite(place.latitude) && Number.isFinite(place.longitude);
  response.writeHead(isAsked ? 200 : 400, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify(isAsked ? forecast(place, url.searchParams) : { error: true, reason: 'unknown question' }),
  );
}

function forecast(place: Place, asked: URLSearchParams): object {
  const startOfDay = new Date();
  startOfDay.setUTCHours(0, 0, 0, 0);
  const hours = Array.from({ length: HOURS }, (_none, index) => new Date(startOfDay.getTime() + index * 3_600_000));
  const days = hours.filter((_hour, index) => index % 24 === 0);
  const now = new Date();
  const names = (group: string) => (asked.get(group) ?? '').split(',').filter((name) => name !== '');
  return {
    ...place,
    generationtime_ms: 0.2,
    utc_offset_seconds: 0,
    timezone: 'GMT',
    timezone_abbreviation: 'GMT',
    elevation: 12,
    current_units: { time: 'iso8601', interval: 'seconds', ...unitsOf(names('current')) },
    current: { time: minute(now), interval: 900, ...valuesAt(names('current'), place, now) },
    hourly_units: { time: 'iso8601', ...unitsOf(names('hourly')) },
    hourly: { time: hours.map(minute), ...coursesOf(names('hourly'), place, hours) },
    daily_units: { time: 'iso8601', ...unitsOf(names('daily')) },
    daily: { time: days.map((day) => minute(day).slice(0, 10)), ...coursesOf(names('daily'), place, days) },
  };
}

function valuesAt(names: readonly string[], place: Place, at: Date): Record<string, Value> {
  return Object.fromEntries(names.map((name) => [name, weatherValue(name, place, at)]));
}
function coursesOf(names: readonly string[], place: Place, times: readonly Date[]): Record<string, Value[]> {
  return Object.fromEntries(names.map((name) => [name, times.map((at) => weatherValue(name, place, at))]));
}
function unitsOf(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, unitOf(name)]));
}

function weatherValue(name: string, place: Place, at: Date): Value {
  const hour = at.getUTCHours() + place.longitude / 15;
  const wave = Math.sin((hour / 24) * 2 * Math.PI - 2);
  if (name.startsWith('wind_gusts') && place.latitude >= GUSTS_UNKNOWN_FROM_LATITUDE) return null;
  if (name === 'sunrise') return `${minute(at).slice(0, 10)}T06:12`;
  if (name === 'sunset') return `${minute(at).slice(0, 10)}T18:47`;
  if (name === 'is_day') return wave > 0 ? 1 : 0;
  if (name.startsWith('temperature') || name.startsWith('apparent'))
    return digits(28 - Math.abs(place.latitude) * 0.5 + wave * 6);
  if (name.startsWith('wind_direction')) return Math.round(180 + wave * 90);
  if (name.startsWith('wind')) return digits(14 + wave * 7);
  if (name.startsWith('precipitation_probability') || name.includes('humidity') || name.includes('cloud')) {
    return Math.round(55 - wave * 25);
  }
  if (name.startsWith('precipitation')) return digits(Math.max(0, -wave));
  return name === 'weather_code' ? (wave > 0 ? 2 : 61) : digits(wave);
}

function unitOf(name: string): string {
  if (name.startsWith('temperature') || name.startsWith('apparent')) return '°C';
  if (name.startsWith('wind_direction')) return '°';
  if (name.startsWith('wind')) return 'km/h';
  if (name.startsWith('precipitation_probability') || name.includes('humidity') || name.includes('cloud')) return '%';
  if (name.startsWith('precipitation')) return 'mm';
  if (name === 'weather_code') return 'wmo code';
  return name.startsWith('sun') ? 'iso8601' : '';
}

function digits(value: number): number {
  return Number(value.toFixed(2));
}
function minute(at: Date): string {
  return at.toISOString().slice(0, 16);
}
