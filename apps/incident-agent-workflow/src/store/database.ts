/** The connection pool, and what its errors mean. */
import { Kysely, PostgresDialect, type QueryResult, type RawBuilder, sql } from 'kysely';
import { Pool } from 'pg';
import { z } from 'zod';
import { AgentError, type ErrorCode, isAgentError, messageOf } from '../domain/error.ts';
import { cleanText } from '../lib/clean-text.ts';
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
/** A process that hangs within a transaction must not keep the others from their locks. */
const IDLE_TRANSACTION_TIMEOUT_MILLISECONDS = 30_000;

/** Connects lazily. `destroy()` closes the pool. */
export function openDatabase({ url, log, poolSize }: DatabaseOptions): Database {
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    application_name: 'incident-agent',
    statement_timeout: STATEMENT_TIMEOUT_MILLISECONDS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MILLISECONDS,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MILLISECONDS,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on('error', (error) => log.warn('A database connection broke', { reason: error.message }));
  // The pool listens to idle ones only: one that breaks within a transaction, between two statements, would end it too.
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}

/** Runs a query and parses its rows. Throws AgentError: 'unreachable' when the database is away, 'invalid-input' when it refuses a value. */
export async function rowsOf<S extends z.ZodType>(
  database: Database,
  query: RawBuilder<unknown>,
  row: S,
): Promise<z.infer<S>[]> {
  const { rows } = await execute(database, query);
  return rows.map((one) => row.parse(one));
}

/** Runs a statement; the number of rows it changed. */
export async function change(database: Database, statement: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await execute(database, statement);
  return Number(numAffectedRows ?? 0n);
}

/** Every text passes here: Postgres refuses NUL, wherever it came from. (Half a surrogate pair becomes U+FFFD as UTF-8.) */
function execute(database: Database, query: RawBuilder<unknown>): Promise<QueryResult<unknown>> {
  const compiled = query.compile(database);
  return translated(() =>
    database.executeQuery({ ...compiled, parameters: compiled.parameters.map((value) => withoutNul(value)) }),
  );
}

function withoutNul(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNul(item));
  return typeof value === 'string' && value.includes('\0') ? cleanText(value) : value;
}

export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw databaseError(error);
  }
}

/** What the socket says; an error of the server itself is told by its SQLSTATE alone, its words may quote anything. */
const CONNECTION_WORDS =
  /terminated|timeout exceeded when trying to connect|Connection|not queryable|starting up|shutting down/;

function databaseError(error: unknown): unknown {
  if (isAgentError(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const failed = (kind: ErrorCode, message: string, retryable: boolean): AgentError =>
    new AgentError(kind, message, { retryable, cause: error });
  // Class 22: a value that the column cannot hold. 54: a value too large for an index.
  if (code.startsWith('22') || code.startsWith('54'))
    return failed('invalid-input', `The database refuses a value: ${messageOf(error)}`, false);
  // 28: wrong user or password. 3D000: no such database. 42501: no right to do it.
  if (/^(28|3D000|42501)/.test(code)) return failed('refused', `The database refuses us: ${messageOf(error)}`, false);
  if (code === '57014') return failed('timeout', 'The database took too long', true);
  // 08, 57P0x and errors of the socket: it is away. 53: it is out of connections, memory or disk. 25P03: we were.
  if (/^(08|57P0|53|25P03|E[A-Z]+)/.test(code) || CONNECTION_WORDS.test(messageOf(error)))
    return failed('unreachable', 'The database does not answer', true);
  return error;
}

/** An escape that stands for NUL or half a surrogate pair; an even number of backslashes before it are text. */
const REFUSED_ESCAPES = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** As JSON, in names and values: Postgres' JSON holds neither NUL nor half a surrogate pair, they become U+FFFD. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(REFUSED_ESCAPES, '$1\uFFFD');
}

export function jsonb(value: unknown): RawBuilder<unknown> {
  return sql`${jsonText(value)}::jsonb`;
}

/** Of the server at the address, e.g. `16.4 (Debian …)`. Throws AgentError. */
export async function postgresVersion(url: string, log: Log): Promise<string> {
  const database = openDatabase({ url, log, poolSize: 1 });
  try {
    const version = sql`SELECT current_setting('server_version') AS version`;
    const [row] = await rowsOf(database, version, z.object({ version: z.string() }));
    return row?.version ?? '';
  } finally {
    await database.destroy();
  }
}
