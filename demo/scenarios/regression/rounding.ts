/** The file that the regression is about, before and after the commit that breaks it. Texts, not code of this program. */

export const ROUNDING_PATH = 'apps/weather-app1/src/rounding.ts';
/** What the guilty line holds, and no other. */
export const GUILTY_MARKER = '.toFixed(digits)';

export const CAREFUL_ROUNDING = `/** The provider computes with more digits than a forecast is worth. */
import type { Forecast } from './open-meteo.ts';

type Value = string | number | null;
type Courses = Forecast['hourly'];

/** Numbers with one decimal; texts, and what the provider does not know, stay as they are. */
export function rounded(forecast: Forecast): Forecast {
  const current = Object.entries(forecast.current).map(([name, value]) => [name, roundedValue(value)]);
  return {
    ...forecast,
    current: Object.fromEntries(current),
    hourly: roundedCourses(forecast.hourly),
    daily: roundedCourses(forecast.daily),
  };
}

function roundedCourses(courses: Courses): Courses {
  return Object.fromEntries(Object.entries(courses).map(([name, values]) => [name, values.map(roundedValue)]));
}

function roundedValue(value: Value): Value {
  return typeof value === 'number' ? Math.round(value * 10) / 10 : value;
}
`;

/** Reads well and runs, but null is not a number: what the provider does not know now ends the request. */
export const CARELESS_ROUNDING = `/** The provider computes with more digits than a forecast is worth. */
import type { Forecast } from './open-meteo.ts';

type Value = string | number | null;
type Courses = Forecast['hourly'];
type Units = Forecast['hourly_units'];

/** Digits after the point, by unit; what is not listed has one. */
const DIGITS: Readonly<Record<string, number>> = { '%': 0, '°': 0, 'wmo code': 0 };

/** Numbers with the digits that their unit is worth; texts stay as they are. */
export function rounded(forecast: Forecast): Forecast {
  const current = Object.entries(forecast.current).map(([name, value]) => [
    name,
    roundedValue(value, forecast.current_units[name]),
  ]);
  return {
    ...forecast,
    current: Object.fromEntries(current),
    hourly: roundedCourses(forecast.hourly, forecast.hourly_units),
    daily: roundedCourses(forecast.daily, forecast.daily_units),
  };
}

function roundedCourses(courses: Courses, units: Units): Courses {
  return Object.fromEntries(
    Object.entries(courses).map(([name, values]) => [name, values.map((value) => roundedValue(value, units[name]))]),
  );
}

function roundedValue(value: Value, unit = ''): Value {
  if (typeof value === 'string') return value;
  const digits = DIGITS[unit] ?? 1;
  return Number((value as number).toFixed(digits));
}
`;
