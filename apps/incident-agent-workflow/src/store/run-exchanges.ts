/** Exchanges with a model as bytes: mostly the same prompt over and over, so they compress well. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { ModelExchange } from '../domain/bundle.ts';
import { jsonText } from './database.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

export function packExchanges(exchanges: readonly ModelExchange[]): Promise<Buffer> {
  return compress(jsonText(exchanges));
}

/** None where another version kept them in another form. */
export async function unpackExchanges(content: Uint8Array): Promise<ModelExchange[]> {
  const kept = z.array(ModelExchange).safeParse(JSON.parse((await decompress(content)).toString('utf8')));
  return kept.success ? kept.data : [];
}

export function inOrder(exchanges: readonly ModelExchange[]): ModelExchange[] {
  return exchanges.toSorted((a, b) => a.startedAfterMilliseconds - b.startedAfterMilliseconds || a.call - b.call);
}
