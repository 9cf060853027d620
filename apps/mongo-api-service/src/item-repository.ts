import { type Collection, type Db, ObjectId } from 'mongodb';
import { z } from 'zod';
import type { Database } from './database.ts';
import type { Item, ItemChange, NewItem, Page } from './item.ts';

/** All methods throw AppError 503 while MongoDB is away. */
export interface ItemRepository {
  create(item: NewItem): Promise<Item>;
  /** Oldest first. */
  list(page: Page): Promise<Item[]>;
  /** undefined, here and below: there is no such item. */
  find(id: ObjectId): Promise<Item | undefined>;
  update(id: ObjectId, change: ItemChange): Promise<Item | undefined>;
  /** False: there was none. */
  remove(id: ObjectId): Promise<boolean>;
}

const StoredItem = z.object({
  _id: z.instanceof(ObjectId),
  name: z.string(),
  description: z.string().nullable().exactOptional(),
  value: z.number(),
  created_at: z.date(),
  updated_at: z.date(),
});
type StoredItem = z.infer<typeof StoredItem>;

export function itemRepository(database: Database, now: () => Date): ItemRepository {
  return {
    async create(item) {
      const createdAt = now();
      const stored = { _id: new ObjectId(), ...item, created_at: createdAt, updated_at: createdAt };
      await database.query((db) => itemsOf(db).insertOne(stored));
      return toItem(stored);
    },
    async list({ skip, limit }) {
      const found = await database.query((db) => itemsOf(db).find().sort({ _id: 1 }).skip(skip).limit(limit).toArray());
      return found.map(toItem);
    },
    async find(id) {
      const found = await database.query((db) => itemsOf(db).findOne({ _id: id }));
      return found ? toItem(found) : undefined;
    },
    async update(id, change) {
      const update = { $set: { ...change, updated_at: now() } };
      const found = await database.query((db) =>
        itemsOf(db).findOneAndUpdate({ _id: id }, update, { returnDocument: 'after' }),
      );
      return found ? toItem(found) : undefined;
    },
    async remove(id) {
      const { deletedCount } = await database.query((db) => itemsOf(db).deleteOne({ _id: id }));
      return deletedCount === 1;
    },
  };
}

function itemsOf(db: Db): Collection<StoredItem> {
  return db.collection<StoredItem>('items');
}

/** The collection is a door as well: other programs may write to it. */
function toItem(document: StoredItem): Item {
  const { _id: id, created_at: createdAt, updated_at: updatedAt, ...fields } = StoredItem.parse(document);
  return { id: id.toHexString(), ...fields, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
}
