import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { choosePorts, PORT_NAMES } from './ports.ts';

test('free ports are all different and nothing listens on them', async () => {
  const ports = Object.values(await choosePorts('auto'));
  expect(new Set(ports).size).toBe(PORT_NAMES.length);
  for (const port of ports) {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
  }
});

test('a documented port that is in use is named with what it is for and the way out', async () => {
  const server = createServer().listen(8026, '127.0.0.1');
  const [event] = await Promise.race([
    once(server, 'listening').then(() => ['mine']),
    once(server, 'error').then(() => ['taken']),
  ]);
  expect(['mine', 'taken']).toContain(event);
  await expect(choosePorts('documented', ['open-meteo'])).rejects.toThrow(
    /8026 \(open-meteo\) is in use: .*--ports auto/,
  );
  server.close();
});
