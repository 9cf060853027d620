// Is everything installed that the lock file names? Compared with the record that npm itself leaves in node_modules.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedNodePackage, pinnedNodePath } from './pinned-node.mjs';

/** One sentence that says what is missing; undefined: nothing is. */
export function whatIsMissing(root, environment = process.env) {
  const lock = packagesOf(join(root, 'package-lock.json'));
  if (lock === undefined) return 'package-lock.json is missing or unreadable.';
  if (pinnedNodePackage() === undefined) {
    return `There is no pinned Node for ${process.platform}-${process.arch}: use Linux, macOS or Windows on x64, or arm64 on Linux or macOS.`;
  }
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'The packages are not installed yet.';
  const changed = firstChanged(lock, installed, isWithoutDevelopment(environment));
  if (changed !== undefined) return `node_modules does not match package-lock.json (${changed}).`;
  const gone = Object.keys(installed).find((path) => !existsSync(join(root, path)));
  if (gone !== undefined) return `${gone} is missing.`;
  return pinnedNodePath(root) === undefined ? `${pinnedNodePackage()} is not installed.` : undefined;
}

function firstChanged(lock, installed, withoutDevelopment) {
  for (const [path, wanted] of Object.entries(lock)) {
    // The first is the project itself; `link`s and the folders behind them are our own workspaces.
    if (!path.includes('node_modules/') || wanted.link) continue;
    const found = installed[path];
    if (found === undefined && (wanted.optional || wanted.devOptional || (wanted.dev && withoutDevelopment))) continue;
    if (found?.version !== wanted.version || found?.integrity !== wanted.integrity) return path;
  }
  return undefined;
}

/** The same settings that make npm leave development packages out. */
function isWithoutDevelopment(environment) {
  return environment.NODE_ENV === 'production' || /\bdev\b/.test(environment.npm_config_omit ?? '');
}

function packagesOf(path) {
  try {
    const { packages } = JSON.parse(readFileSync(path, 'utf8'));
    return packages !== null && typeof packages === 'object' ? packages : undefined;
  } catch {
    return undefined;
  }
}
