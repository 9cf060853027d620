import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { services } from '../services/all.ts';
import { foldersIn } from './case-services.ts';
import { type Retelling, retellPlaces } from './places.ts';
import type { Setting } from './plan.ts';

const root = mkdtempSync(join(tmpdir(), 'places-'));
const folders = foldersIn(root);
rmSync(root, { recursive: true });
const tree = join(root, 'releases', 'orders-0');
const ports = new Map([
  ['orders', 11_041],
  ['ledger', 11_042],
  ['mongodb', 11_043],
] as const);

function retell(setting: Setting): Retelling {
  return retellPlaces('orders', { running: { ports, trees: [tree] }, folders, definitions: services, setting });
}

test.each([
  {
    from: 'GET http://127.0.0.1:11042/accounts',
    containers: 'GET http://ledger:8002/accounts',
    host: 'GET http://127.0.0.1:8002/accounts',
  },
  {
    from: 'connect ECONNREFUSED 127.0.0.1:11042',
    containers: 'connect ECONNREFUSED 172.18.0.4:8002',
    host: 'connect ECONNREFUSED 127.0.0.1:8002',
  },
  {
    from: 'mongodb://127.0.0.1:11043/?a=1',
    containers: 'mongodb://mongodb:27017/?a=1',
    host: 'mongodb://127.0.0.1:27017/?a=1',
  },
  { from: "host='127.0.0.1', port=11042", containers: "host='ledger', port=8002", host: "host='127.0.0.1', port=8002" },
  { from: 'listens on port 11041', containers: 'listens on port 8001', host: 'listens on port 8001' },
  {
    from: `File "${tree}/services/orders/orders/app.py"`,
    containers: 'File "/srv/app/orders/app.py"',
    host: 'File "/opt/orders/current/orders/app.py"',
  },
  {
    from: `${root}/logs/orders/service.log`,
    containers: '/var/log/orders/service.log',
    host: '/var/log/orders/service.log',
  },
  {
    from: '/root/.pyenv/versions/3.11.7/lib/python3.11/json/decoder.py',
    containers: '/usr/local/lib/python3.11/json/decoder.py',
    host: '/usr/local/lib/python3.11/json/decoder.py',
  },
  {
    from: 'order 11041 of 110420 is paid, 11041.5',
    containers: 'order 11041 of 110420 is paid, 11041.5',
    host: 'order 11041 of 110420 is paid, 11041.5',
  },
])('$from', ({ from, containers, host }) => {
  expect(retell('containers')(from)).toBe(containers);
  expect(retell('host')(from)).toBe(host);
});
