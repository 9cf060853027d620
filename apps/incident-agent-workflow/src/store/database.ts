/** The connection pool, and what its errors mean. */
import { Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import type { z } from 'zod';
import { AgentError, isAgentError, messageOf } from '../domain/error.ts';
import type { Log } from '../ports.ts';

/** A pool or a transaction: stores work on either. SQL is written by hand, rows are parsed at this door. */
export type Database = Kysely<unknown>;

export interface DatabaseOptions {
  readonly url: string;
  readonly log: Log;
  readonly poolSize: number;
}

const STATEMENT_TIMEOUT_MILLISECONDS = 20_000;
const CONNECTION_TIMEOUT_MILLISECONDS = 5_000;

/** Connects lazily. `destroy()` closes the pool. */
export function openDatabase({ url, log, poolSize }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: 'incident-agent',
    statement_timeout: STATEMENT_TIMEOUT_MILLISECONDS,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MILLISECONDS,
  });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on('error', (error) => log.warn('A database connection broke', { reason: error.message }));
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}

/** Runs a query and parses its rows. Throws AgentError: 'unreachable' when the database is away, 'invalid-input' when it refuses a value. */
export async function rowsOf<S extends z.ZodType>(
  database: Database,
  query: RawBuilder<unknown>,
  row: S,
): Promise<z.infer<S>[]> {
  const { rows } = await translated(() => query.execute(database));
  return rows.map((one) => row.parse(one));
}

/** Runs a statement; the number of rows it changed. */
export async function change(database: Database, statement: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await translated(() => statement.execute(database));
  return Number(numAffectedRows ?? 0n);
}

export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw databaseError(error);
  }
}

const CONNECTION_WORDS =
  /ECONN|terminated|timeout exceeded when trying to connect|Connection|not queryable|starting up|shutting down/;

function databaseError(error: unknown): unknown {
  if (isAgentError(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Class 22: a value that the column cannot hold. 08, 57P0x, 53300 and errors of the socket: the server is away or full.
  if (/^22/.test(code))
    return new AgentError('invalid-input', `The database refuses a value: ${messageOf(error)}`, {
      retryable: false,
      cause: error,
    });
  if (/^(08|57P0|53300)/.test(code) || CONNECTION_WORDS.test(`${code} ${messageOf(error)}`)) {
    return new AgentError('unreachable', 'The database does not answer', { retryable: true, cause: error });
  }
  return error;
}

/** Postgres' JSON holds neither NUL nor half a surrogate pair. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed().replaceAll('\0', '\uFFFD') : inner,
  );
}

export function jsonb(value: unknown): RawBuilder<unknown> {
  return sql`${jsonText(value)}::jsonb`;
}
