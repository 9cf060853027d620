/** Databases in memory: gone when the process ends. */
import type { Document } from 'bson';
import { matches } from './filter.ts';
import { compareValues, idOf, valueAt, valueKey } from './values.ts';

export interface Selection {
  readonly filter: Document;
  readonly sort?: Document | undefined;
  readonly skip?: number | undefined;
  /** 0 or undefined: all. */
  readonly limit?: number | undefined;
}

export interface Collection {
  /** False: there is a document with this _id already. */
  insert(document: Document): boolean;
  /** In the order of insertion unless sorted. */
  select(selection: Selection): Document[];
  replace(document: Document): void;
  remove(document: Document): void;
}

export interface Storage {
  /** A collection that does not exist yet is empty, and comes into being with its first document. */
  collection(database: string, name: string): Collection;
  collectionNames(database: string): string[];
  drop(database: string, name: string): boolean;
  dropDatabase(database: string): void;
}

export function createStorage(): Storage {
  const databases = new Map<string, Map<string, Map<string, Document>>>();

  function documentsOf(database: string, name: string): Map<string, Document> | undefined {
    return databases.get(database)?.get(name);
  }
  function madeDocumentsOf(database: string, name: string): Map<string, Document> {
    const collections = databases.get(database) ?? new Map<string, Map<string, Document>>();
    const documents = collections.get(name) ?? new Map<string, Document>();
    databases.set(database, collections.set(name, documents));
    return documents;
  }

  return {
    collection: (database, name) => ({
      insert(document) {
        const documents = madeDocumentsOf(database, name);
        const key = valueKey(idOf(document));
        if (documents.has(key)) return false;
        documents.set(key, document);
        return true;
      },
      select: (selection) => selected(documentsOf(database, name) ?? new Map(), selection),
      replace: (document) => void documentsOf(database, name)?.set(valueKey(idOf(document)), document),
      remove: (document) => void documentsOf(database, name)?.delete(valueKey(idOf(document))),
    }),
    collectionNames: (database) => [...(databases.get(database)?.keys() ?? [])].sort(),
    drop: (database, name) => databases.get(database)?.delete(name) ?? false,
    dropDatabase: (database) => void databases.delete(database),
  };
}

function selected(documents: Map<string, Document>, { filter, sort = {}, skip = 0, limit = 0 }: Selection): Document[] {
  const found = documents
    .values()
    .filter((document) => matches(document, filter))
    .toArray();
  const order = Object.entries(sort);
  if (order.length > 0) found.sort((left, right) => compareBy(order, left, right));
  return found.slice(skip, limit === 0 ? undefined : skip + Math.abs(limit));
}

function compareBy(order: [string, unknown][], left: Document, right: Document): number {
  for (const [path, direction] of order) {
    const compared = compareValues(valueAt(left, path), valueAt(right, path));
    if (compared !== 0) return direction === -1 ? -compared : compared;
  }
  return 0;
}
