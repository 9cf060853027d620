#!/usr/bin/env node
// Starts the agent's program under the pinned Node, from any folder and with any Node from 18 on.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../../../scripts/bootstrap.mjs';

const appFolder = dirname(dirname(fileURLToPath(import.meta.url)));
// A storm otherwise leaves 60 MB of young heap behind in a process that is idle most of the time.
process.env.NODE_OPTIONS = `--max-semi-space-size=8 ${process.env.NODE_OPTIONS ?? ''}`.trim();
await main([join(appFolder, 'src', 'main.ts'), ...process.argv.slice(2)]);
