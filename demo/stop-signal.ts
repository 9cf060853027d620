/** Ctrl-C and its relatives as an AbortSignal. */

/** A Ctrl-C without a terminal may arrive twice, from the terminal's group and from npm: that is one wish, not two. */
const SAME_WISH_MILLISECONDS = 1_500;

export class Stopped extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super('Stopped');
    this.exitCode = exitCode;
  }
}

/** Aborts with `Stopped` at the first signal. A second one, later, ends the process at once; the children see that and stop. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  let firstAt: number | undefined;
  function stop(exitCode: number): void {
    if (firstAt === undefined) {
      firstAt = performance.now();
      stopping.abort(new Stopped(exitCode));
    } else if (performance.now() - firstAt > SAME_WISH_MILLISECONDS) process.exit(exitCode);
  }
  process.on('SIGINT', () => stop(130));
  process.on('SIGTERM', () => stop(143));
  process.on('SIGHUP', () => stop(129));
  return stopping.signal;
}
