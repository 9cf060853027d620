import {
  AppError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from '@incident-agent/service-kit/fastify';
import { type Item, ItemChange, NewItem, Page } from './item.ts';
import type { ItemRepository } from './item-repository.ts';
import { parseItemId, parseOrRefuse, refuseUnreadableBodies } from './validation.ts';

export async function itemRoutes(routes: FastifyInstance, { items }: { items: ItemRepository }): Promise<void> {
  refuseUnreadableBodies(routes);

  async function create(request: FastifyRequest, reply: FastifyReply): Promise<Item> {
    const item = await items.create(parseOrRefuse(NewItem, request.body));
    void reply.code(201);
    return item;
  }

  async function list(request: FastifyRequest): Promise<Item[]> {
    return await items.list(parseOrRefuse(Page, request.query));
  }

  async function find(request: FastifyRequest): Promise<Item> {
    return found(await items.find(parseItemId(request.params)));
  }

  async function update(request: FastifyRequest): Promise<Item> {
    const id = parseItemId(request.params);
    const change = parseOrRefuse(ItemChange, request.body);
    if (Object.keys(change).length === 0) throw new AppError(400, 'Nothing to update: send name, description or value');
    return found(await items.update(id, change));
  }

  async function remove(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!(await items.remove(parseItemId(request.params)))) throw notFound();
    void reply.code(204);
  }

  routes.route({ method: 'POST', url: '/items/', handler: create });
  routes.route({ method: 'GET', url: '/items/', handler: list });
  routes.route({ method: 'GET', url: '/items/:item_id', handler: find });
  routes.route({ method: 'PUT', url: '/items/:item_id', handler: update });
  routes.route({ method: 'DELETE', url: '/items/:item_id', handler: remove });
}

function found(item: Item | undefined): Item {
  if (!item) throw notFound();
  return item;
}

function notFound(): AppError {
  return new AppError(404, 'Item not found');
}
