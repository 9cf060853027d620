import type { Document } from 'bson';
import { CommandError } from './command-error.ts';

/** The document with the fields asked for: all of `{name: 1}` plus _id, or all but those of `{name: 0}`. */
export function projected(document: Document, projection: Document): Document {
  const fields = Object.entries(projection);
  if (fields.length === 0) return document;
  const isShown = new Map(fields.map(([name, shown]) => [name, shownBy(name, shown)]));
  const isInclusion = fields.some(([name]) => name !== '_id' && isShown.get(name) === true);
  const entries = Object.entries(document).filter(([name]) => isShown.get(name) ?? (name === '_id' || !isInclusion));
  return Object.fromEntries(entries);
}

function shownBy(name: string, shown: unknown): boolean {
  if (name.includes('.') || (typeof shown !== 'number' && typeof shown !== 'boolean')) {
    throw new CommandError(238, 'NotImplemented', `The stand-in cannot project '${name}'`);
  }
  return Boolean(shown);
}
