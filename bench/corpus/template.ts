/**
 * The words of the corpus: services of a small shop, the changes its team makes, the faults it suffers, and the world in
 * which one case of a fault is played and recorded. Everything here is a type; who plays is recorder/.
 */
import type { CauseKind, FaultClass } from '../../apps/incident-agent-workflow/src/domain/fault-class.ts';
import type { Tree } from '../../demo/repository.ts';
import type { TrafficRequest } from '../../demo/traffic.ts';

export type ServiceName = 'storefront' | 'orders' | 'ledger' | 'weather-app1' | 'mongo-api-service';
/** What the services lean on and the team does not own: no code, no log. */
export type BackendName = 'mongodb' | 'open-meteo' | 'payments';

/** What a service is started with in one case. */
export interface Running {
  /** Absolute: the service's folder in the tree that is deployed. */
  readonly folder: string;
  readonly port: number;
  readonly logFile: string;
  readonly revision: string;
  /** http://127.0.0.1:port of every other service and backend of the case. */
  readonly addresses: Readonly<Partial<Record<ServiceName | BackendName, string>>>;
}

/** One change to the sources, as a commit of the team. `change` throws when what it edits is not there. */
export interface Change {
  /** Says what a colleague would say; never that something breaks. */
  readonly message: string;
  readonly change: (tree: Tree) => Tree;
}

export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly language: 'typescript' | 'python' | 'java';
  /** Inside the case's repository: `services/orders`. */
  readonly folder: string;
  readonly dependsOn: readonly (ServiceName | BackendName)[];
  readonly healthPath: string;
  readonly readyPath?: string;
  /** A process of its kind in memory and start time: at most four `jvm` cases run at once. */
  readonly weight: 'light' | 'jvm';
  /** All its files (paths inside the repository) as they were when the history begins. */
  readonly beginning: () => Tree;
  /** Harmless changes in their order, at least ten; each applies after those before it. Code, tests, settings, docs, dependencies. */
  readonly changes: readonly Change[];
  /** Compiles what was checked out; absent: nothing to do. Throws with the compiler's words. */
  build?(folder: string, signal: AbortSignal): Promise<void>;
  command(running: Running): {
    readonly program: string;
    readonly commandLine: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
  };
}

/** What varies between the cases of one template. The same seed gives the same case but for real time and scheduling. */
export interface Variant {
  readonly seed: number;
  /** 0 ≤ x < 1, the next of this case's own sequence. */
  readonly random: () => number;
  readonly magnitude: 'low' | 'middle' | 'high';
  readonly traffic: 'low' | 'middle' | 'high';
}

/** A change that breaks something, and the place that a reviewer would point at. */
export interface Culprit extends Change {
  readonly service: ServiceName;
  /** Path inside the repository; `marker`: a text that only the guilty line has after the change. */
  readonly file: string;
  readonly marker: string;
}

export interface TrafficPlan {
  readonly requests: readonly TrafficRequest[];
  readonly requestsPerSecond: number;
}

export interface FaultTemplate {
  /** For us and the label; nothing that the engine sees may hold it. */
  readonly id: string;
  readonly class: FaultClass | null;
  readonly kind: CauseKind;
  readonly services: readonly ServiceName[];
  readonly backends: readonly BackendName[];
  /** Where the cause sits. */
  readonly service: ServiceName;
  /** The backend or service that failed it, where that is the cause. */
  readonly dependency?: ServiceName | BackendName;
  /** Whose alert is answered: the service itself, or a victim. */
  readonly alerting: ServiceName;
  readonly weight: 'light' | 'jvm' | 'cpu';
  /** Real seconds of each part; METHODS: 60 / 30–60 / 15, leaks 240 of baseline. */
  readonly seconds: { readonly baseline: number; readonly incident: number; readonly recovery: number };
  /** Of a commit that is guilty. Deployed by the recorder just before `inject` (`deploy`), or minutes earlier (`latent`). */
  readonly culprit?: { readonly when: 'deploy' | 'latent'; change(variant: Variant): Culprit };
  /** Settings beside those of `command`, from the start. `scratch` is the world's. */
  environment?(variant: Variant, scratch: string): Partial<Record<ServiceName, Readonly<Record<string, string>>>>;
  traffic(world: { readonly addresses: Running['addresses'] }, variant: Variant): TrafficPlan;
  /** At the onset. Must end; what it starts is ended by the recorder. */
  inject(world: CaseWorld, variant: Variant): Promise<void>;
  /** After the incident; absent: whatever was changed stays so to the end. */
  recover?(world: CaseWorld, variant: Variant): Promise<void>;
}

/** What a fault can do to a running case. Times are real seconds. */
export interface CaseWorld {
  /** Empty folder of the case's own, for files that a fault needs. */
  readonly scratch: string;
  readonly addresses: Running['addresses'];
  readonly signal: AbortSignal;
  /** SIGTERM, then start again from the deployed tree, with settings added (undefined removes one). */
  restart(service: ServiceName, environment?: Readonly<Record<string, string | undefined>>): Promise<void>;
  stop(service: ServiceName): Promise<void>;
  kill(service: ServiceName, signal: NodeJS.Signals): Promise<void>;
  /** Start attempts that may fail, as a supervisor makes them: again after each exit until told otherwise. */
  keepRestarting(service: ServiceName, everySeconds: number): void;
  backend(name: BackendName): BackendControl;
  setTraffic(plan: TrafficPlan): void;
  pause(seconds: number): Promise<void>;
}

/** Each backend knows `well`; the others where they make sense for it. */
export type BackendMode =
  | { readonly mode: 'well' }
  | { readonly mode: 'slow'; readonly milliseconds: number }
  | { readonly mode: 'status'; readonly status: number; readonly share: number; readonly retryAfterSeconds?: number }
  /** The certificate that callers are shown has expired; nothing listens for TLS where there is no openssl. */
  | { readonly mode: 'certificate' }
  | { readonly mode: 'hang' }
  | { readonly mode: 'reset' };
export interface BackendControl {
  set(mode: BackendMode): Promise<void>;
  /** Nothing listens any more. */
  stop(): Promise<void>;
  start(): Promise<void>;
}
/** As the recorder holds it: one process per case, which ends it with the case. */
export interface RunningBackend extends BackendControl {
  close(): Promise<void>;
}
