/** How a measured value reads in a title: three digits that count and a unit, so that it can be recomputed. */
import { percent } from '../../lib/wording.ts';

/** `31 %` for a share, `340 ms`, `1.2 s`, `52.4 MiB`, `0.4 per second`, or the bare figure. */
export function quantity(value: number, unit: string, isShare: boolean): string {
  if (isShare) return percent(value);
  if (unit === 's') return seconds(value);
  if (unit === 'bytes') return bytes(value);
  return unit === '1' ? figure(value) : `${figure(value)} ${unit}`;
}

function seconds(value: number): string {
  return value === 0 || Math.abs(value) >= 1 ? `${figure(value)} s` : `${figure(value * 1_000)} ms`;
}

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB'] as const;

function bytes(value: number): string {
  let rest = value;
  for (const unit of BYTE_UNITS) {
    if (Math.abs(rest) < 1024) return `${figure(rest)} ${unit}`;
    rest /= 1024;
  }
  return `${figure(rest)} TiB`;
}

function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 1_000 && size < 1e15) return String(Math.round(value));
  // Three digits of the largest number there is would be rounded to infinity.
  return size > 1e300 ? String(value) : String(Number(value.toPrecision(3)));
}
