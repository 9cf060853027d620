/** The parts of commands that several of them have. Drivers send more fields (sessions, concerns); those pass unread. */
import { z } from 'zod';
import { CommandError } from './command-error.ts';

export const BsonDocument = z.record(z.string(), z.unknown());
export const Count = z.number().int().min(0);

/** Throws CommandError, as MongoDB does for a command with a wrong field. */
export function parseCommand<S extends z.ZodType>(schema: S, command: unknown): z.infer<S> {
  const parsed = schema.safeParse(command);
  if (parsed.success) return parsed.data;
  throw new CommandError(9, 'FailedToParse', z.prettifyError(parsed.error));
}
