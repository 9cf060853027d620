/** What an update makes of a document. A modifier that is not known here is refused, never ignored. */
import type { Document } from 'bson';
import { CommandError } from './command-error.ts';
import { areEqual, idOf } from './values.ts';

/** A new document; the given one stays as it is. Throws CommandError, as MongoDB would, for what cannot be done. */
export function updated(document: Document, update: Document): Document {
  const names = Object.keys(update);
  const isReplacement = !names.some((name) => name.startsWith('$'));
  const result = isReplacement ? { _id: idOf(document), ...update } : modified(document, update);
  if (areEqual(idOf(result), idOf(document))) return result;
  throw new CommandError(
    66,
    'ImmutableField',
    "Performing an update on the path '_id' would modify the immutable field '_id'",
  );
}

function modified(document: Document, update: Document): Document {
  const result = { ...document };
  for (const [modifier, fields] of Object.entries(update)) {
    for (const [name, value] of Object.entries(fieldsOf(modifier, fields))) {
      if (name.includes('.'))
        throw new CommandError(238, 'NotImplemented', `The stand-in cannot update inside '${name}'`);
      modifyField(result, modifier, name, value);
    }
  }
  return result;
}

function modifyField(document: Document, modifier: string, name: string, value: unknown): void {
  switch (modifier) {
    case '$set':
      document[name] = value;
      return;
    case '$unset':
      delete document[name];
      return;
    case '$inc':
      document[name] = sum(document[name] ?? 0, value, name);
      return;
    default:
      throw new CommandError(9, 'FailedToParse', `Unknown modifier: ${modifier}`);
  }
}

function sum(value: unknown, increment: unknown, name: string): number {
  if (typeof value === 'number' && typeof increment === 'number') return value + increment;
  throw new CommandError(14, 'TypeMismatch', `Cannot apply $inc to a value of non-numeric type, field '${name}'`);
}

function fieldsOf(modifier: string, fields: unknown): object {
  if (typeof fields === 'object' && fields !== null) return fields;
  throw new CommandError(9, 'FailedToParse', `Modifiers operate on fields, but ${modifier} has no object`);
}
