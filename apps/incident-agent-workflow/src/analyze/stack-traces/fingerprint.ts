/** What makes two traces the same failure: kind of error and way through our own code, not line numbers or messages. */
import type { Frame } from '../../domain/evidence.ts';
import type { ParsedTrace } from './trace.ts';

const MAX_OWN_FRAMES = 5;
const MAX_LIBRARY_FRAMES = 3;
const MAX_SEGMENTS = 3;
const FINGERPRINT_CHARACTERS = 16;

/** The same for the same failure in another version of the file, on another host, with another id in the message. */
export function fingerprintOf(
  { language, type, message, frames, crashFrame }: ParsedTrace,
  digest: (text: string) => string,
): string {
  const inward = language === 'python' ? frames.toReversed() : frames;
  const own = withoutRecursion(inward.filter(({ inApp }) => inApp).map(placeOf)).slice(0, MAX_OWN_FRAMES);
  const places = crashFrame === undefined ? withoutRecursion(inward.map(placeOf)).slice(0, MAX_LIBRARY_FRAMES) : own;
  // Without any frame the message is all there is; its figures change from case to case.
  const said = places.length === 0 ? [message.replace(/\S*\d\S*/g, '<*>')] : places;
  return digest(JSON.stringify([language, type, ...said])).slice(0, FINGERPRINT_CHARACTERS);
}

function placeOf({ file, function: name }: Frame): string {
  const path = file
    .replaceAll('\\', '/')
    .replace(/[?#].*$/, '')
    .split('/')
    .slice(-MAX_SEGMENTS)
    .join('/');
  return `${path}:${(name ?? '').replace(/0x[\da-f]+|\$\d+|\d+/g, '').replace(/<[^>]*>/g, '')}`;
}

function withoutRecursion(places: readonly string[]): string[] {
  return places.filter((place, index) => place !== places[index - 1]);
}
