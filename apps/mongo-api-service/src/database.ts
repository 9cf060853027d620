import { AppError } from '@incident-agent/service-kit/fastify';
import { type Db, MongoClient, MongoNetworkError, MongoServerSelectionError } from 'mongodb';

export interface Database {
  readonly name: string;
  /** Runs a query, connecting first if need be. Throws AppError 503 while MongoDB is away, with the reason as cause. */
  query<T>(run: (db: Db) => Promise<T>): Promise<T>;
  /** Throws what the driver throws when MongoDB does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly uri: string;
  readonly databaseName: string;
  readonly appName: string;
  /** How long a request looks for a reachable MongoDB before it is refused; default 2,000. */
  readonly selectionTimeoutMilliseconds?: number;
}

/** Does not connect yet, so that a service starts without its MongoDB; what was away is found again by itself. */
export function openDatabase(options: DatabaseOptions): Database {
  const { uri, databaseName, appName, selectionTimeoutMilliseconds = 2_000 } = options;
  const client = new MongoClient(uri, {
    appName,
    serverSelectionTimeoutMS: selectionTimeoutMilliseconds,
    connectTimeoutMS: selectionTimeoutMilliseconds,
    socketTimeoutMS: 5_000, // a query on a MongoDB that hangs fails, instead of waiting for ever
  });
  /**
   * Asked for each query, and nearly free once connected: when the first connection of a client fails, the driver
   * (7.9) does not try another one by itself, and every later query would end in MongoTopologyClosedError.
   */
  async function connected(): Promise<Db> {
    await client.connect();
    return client.db(databaseName);
  }
  return {
    name: databaseName,
    async query(run) {
      try {
        return await run(await connected());
      } catch (error) {
        if (!(error instanceof MongoServerSelectionError || error instanceof MongoNetworkError)) throw error;
        throw new AppError(503, 'The database cannot be reached', { cause: error });
      }
    },
    async ping() {
      const db = await connected();
      await db.command({ ping: 1 });
    },
    close: () => client.close(),
  };
}
