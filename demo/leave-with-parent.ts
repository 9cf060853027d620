/** Loaded into the demo's own programs with --import: when the demo is gone, even by kill -9, they stop as on SIGTERM. */
const STOP_LIMIT_MILLISECONDS = 8_000;

process.channel?.unref(); // the channel is there to be closed; it must not keep the program alive
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), STOP_LIMIT_MILLISECONDS).unref();
});
