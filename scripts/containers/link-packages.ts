/** `npm ci` without a network: what it would install is linked from the packages that are installed here already. */
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { linkTree } from './link-tree.ts';
import { packagesOf } from './lock-packages.ts';

/** `from` is a checkout with all packages installed. Throws when one is missing there. */
export function linkPackages(from: string): (folder: string, workspace: string) => void {
  return (folder, workspace) => {
    const { packages, links } = packagesOf(from, workspace);
    for (const path of packages) {
      if (!existsSync(join(from, path))) throw new Error(`${path} is not installed`);
      // Those nested in it are in the list themselves.
      linkTree(join(from, path), join(folder, path), 'node_modules');
    }
    for (const [path, target] of links) {
      const place = join(folder, path);
      mkdirSync(dirname(place), { recursive: true });
      symlinkSync(relative(dirname(place), join(folder, target)), place);
    }
  };
}
