/** What a caller says of a dependency against what that says of itself: whose fault is it (METHODS §5). */

export interface DependencyView {
  /** As the caller's own check or its connection errors say; undefined: it does not say. */
  readonly callerReachesIt: boolean | undefined;
  /** As its own health address or the scraper says. */
  readonly answersItself: boolean | undefined;
  /** Whether others that call it get through; undefined: nobody else is known, or nobody looked. */
  readonly othersReachIt: boolean | undefined;
  /** Whether the caller's requests take longer than before, and whether its own do. */
  readonly callerIsSlow?: boolean | undefined;
  readonly isSlowItself?: boolean | undefined;
}

/**
 * `dependency`: it fails itself. `way-of-caller`: link, name, credentials or configuration of this one caller.
 * `way-of-all`: network, balancer or certificate before it. `way`: one of both. `call`: pool, queue or network between.
 * `none`: it is well. `open`: too little was seen.
 */
export type DependencyBlame = 'dependency' | 'way-of-caller' | 'way-of-all' | 'way' | 'call' | 'none' | 'open';

export function blameOf(view: DependencyView): DependencyBlame {
  const { callerReachesIt, answersItself, othersReachIt, callerIsSlow, isSlowItself } = view;
  if (answersItself === false) return callerReachesIt === true ? 'open' : 'dependency';
  if (callerReachesIt === false) {
    if (answersItself === undefined) return othersReachIt === true ? 'way-of-caller' : 'open';
    if (othersReachIt === undefined) return 'way';
    return othersReachIt ? 'way-of-caller' : 'way-of-all';
  }
  if (isSlowItself === true) return 'dependency';
  if (callerIsSlow === true && isSlowItself === false) return answersItself === true ? 'call' : 'open';
  return callerReachesIt === true || answersItself === true ? 'none' : 'open';
}
