/** What goes wrong, and what an honest investigation must find. */

import type { Ports } from '../ports.ts';
import type { TrafficRequest } from '../traffic.ts';
import type { WatchedService } from '../watched-service.ts';

/** The cause as known by construction. null: there is none of it. undefined: whoever made the scenario does not say. */
export interface Expected {
  readonly class?: string | undefined;
  readonly service?: string | undefined;
  readonly commit?: string | null | undefined;
  readonly file?: string | null | undefined;
  readonly line?: number | null | undefined;
  /** Compared, not shown: the verdict's statement must name it. */
  readonly dependency?: string | undefined;
}

export interface Prepared {
  readonly repository: string;
  readonly services: readonly WatchedService[];
  /** The one that will break. */
  readonly broken: string;
  readonly expected: Expected;
  readonly traffic: readonly TrafficRequest[];
  /** Starts what the services need and the services themselves. */
  start(signal: AbortSignal): Promise<void>;
  breakIt(signal: AbortSignal): Promise<void>;
  /** Undoes it, as the person on call would; undefined: it stays broken, to be looked at. */
  readonly mendIt?: (signal: AbortSignal) => Promise<void>;
  /** Told of each answer that the traffic gets: its status class, or `none`. */
  readonly observe?: (request: TrafficRequest, outcome: string) => void;
  /** Stops everything that `start` and `breakIt` started. */
  stop(): Promise<void>;
}

export interface PrepareOptions {
  readonly ports: Ports;
  readonly scratch: string;
  readonly say: (line: string) => void;
}

export interface Scenario {
  readonly name: string;
  prepare(options: PrepareOptions): Promise<Prepared>;
}
