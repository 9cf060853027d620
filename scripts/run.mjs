// Every npm script comes through here: `node scripts/run.mjs <file.ts> [arguments]`, with any Node from 18 on.
// It installs what the lock file names if that is missing, then runs the file under the Node that is pinned there.
// Nothing is imported before the version is known to be good enough, not even a syntax that an old Node refuses.
const OLDEST_NODE_MAJOR = 18;

const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE_MAJOR) {
  console.error(
    `Node ${process.versions.node} is too old to start from: install Node 20 or newer (https://nodejs.org), the exact version to run with is then fetched by itself.`,
  );
  process.exitCode = 1;
} else {
  import('./bootstrap.mjs').then(
    (bootstrap) => bootstrap.main(process.argv.slice(2)),
    (error) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
