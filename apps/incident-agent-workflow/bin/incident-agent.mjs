#!/usr/bin/env node
// Starts the agent's program under the pinned Node, from any folder and with any Node from 18 on.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../../../scripts/bootstrap.mjs';

const appFolder = dirname(dirname(fileURLToPath(import.meta.url)));
await main([join(appFolder, 'src', 'main.ts'), ...process.argv.slice(2)]);
