import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCoordinates } from './coordinates.ts';

test.each([
  { written: 'latitude=52.52&longitude=13.41', latitude: 52.52, longitude: 13.41 },
  { written: 'longitude=-180&latitude=-90', latitude: -90, longitude: -180 },
  { written: 'latitude=90&longitude=180', latitude: 90, longitude: 180 },
  { written: 'latitude=0&longitude=-0.0&units=metric', latitude: 0, longitude: -0 },
])('$written is a place', ({ written, latitude, longitude }) => {
  expect(parseCoordinates(written)).toEqual({ latitude, longitude });
});

test.each([
  { says: 'out of bounds', written: 'latitude=90.01&longitude=0', field: 'latitude' },
  { says: 'out of bounds', written: 'latitude=0&longitude=-180.5', field: 'longitude' },
  { says: 'missing', written: 'latitude=1', field: 'longitude' },
  { says: 'empty', written: 'latitude=&longitude=1', field: 'latitude' },
  { says: 'no number', written: 'latitude=north&longitude=1', field: 'latitude' },
  { says: 'not a number at all', written: 'latitude=NaN&longitude=1', field: 'latitude' },
  { says: 'infinite', written: 'latitude=1&longitude=Infinity', field: 'longitude' },
  { says: 'hexadecimal', written: 'latitude=0x10&longitude=1', field: 'latitude' },
  { says: 'an exponent', written: 'latitude=1&longitude=1e1', field: 'longitude' },
  { says: 'given twice', written: 'latitude=1&latitude=2&longitude=1', field: 'latitude' },
  { says: 'smuggling a parameter', written: 'latitude=1%26apikey%3Dx&longitude=1', field: 'latitude' },
])('a $field that is $says is refused by name: $written', ({ written, field }) => {
  expect(() => parseCoordinates(written)).toThrow(
    expect.objectContaining({ statusCode: 422, message: expect.stringContaining(field) }),
  );
});

test('any text is a place within bounds or a 422', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (latitude, longitude) => {
      expect(outcomeOf(`latitude=${latitude}&longitude=${longitude}`)).toMatch(/^(place|422)$/);
    }),
  );
});

function outcomeOf(written: string): string {
  try {
    const { latitude, longitude } = parseCoordinates(written);
    return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? 'place' : `${latitude}, ${longitude}`;
  } catch (error) {
    return error instanceof Error && 'statusCode' in error ? String(error.statusCode) : String(error);
  }
}
