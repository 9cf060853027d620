/** Words of ours at the beginning of a sentence; names stay as they are written. */
import { expect, test } from 'vitest';
import { upperFirst } from './wording.ts';

test.each([
  ['the request rate stayed as it was', 'The request rate stayed as it was'],
  ['db_pool_connections_in_use of orders is at its limit', 'db_pool_connections_in_use of orders is at its limit'],
  ['job:requests:rate5m rose', 'job:requests:rate5m rose'],
  ['', ''],
])('“%s” begins as “%s”', (words, says) => expect(upperFirst(words)).toBe(says));
