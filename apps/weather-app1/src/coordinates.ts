import { AppError } from '@incident-agent/service-kit/fastify';

/** Degrees: north and east are positive. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** Reads `latitude={lat}&longitude={lon}`, in either order. Throws a 422 that names the field and its bounds. */
export function parseCoordinates(written: string): Coordinates {
  const fields = new URLSearchParams(written);
  return {
    latitude: parseDegrees(fields, 'latitude', 90),
    longitude: parseDegrees(fields, 'longitude', 180),
  };
}

function parseDegrees(fields: URLSearchParams, name: string, limitDegrees: number): number {
  const [written, ...repeated] = fields.getAll(name);
  const degrees = written !== undefined && /^-?\d{1,3}(\.\d{1,20})?$/.test(written) ? Number(written) : Number.NaN;
  if (repeated.length > 0 || !(Math.abs(degrees) <= limitDegrees)) {
    throw new AppError(422, `${name} must be one number from -${limitDegrees} to ${limitDegrees}, in degrees`);
  }
  return degrees;
}
