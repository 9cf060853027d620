/** Measured figures as the report says them, with their unit. */
import { duration, percent } from './wording.ts';

/** A figure with its unit, as a person would say it. */
export function quantity(value: number, unit: string): string {
  if (unit === '1') return percent(value);
  if (unit === 's' && value === 0) return '0 s';
  if (unit === 's' && Math.abs(value) < 1) return `${rounded(value * 1_000)} ms`;
  if (unit === 's') return value < 120 ? `${rounded(value)} s` : duration(value);
  if (unit === 'bytes') return bytes(value);
  if (unit === 'per second') return `${rounded(value)}/s`;
  return unit === '' ? rounded(value) : `${rounded(value)} ${unit}`;
}

/** Three digits that count; whole numbers from 100 on. */
function rounded(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

function bytes(value: number): string {
  let shown = value;
  let unit = 0;
  while (Math.abs(shown) >= 1024 && unit < BYTE_UNITS.length - 1) {
    shown /= 1024;
    unit += 1;
  }
  return `${rounded(shown)} ${BYTE_UNITS[unit] ?? 'B'}`;
}
