/** The kinds of failure we can name. One per kind of cause; METHODS: signals required and excluded live in analyze/fault-classes. */
import { z } from 'zod';

export const FaultClass = z.enum([
  'process-down',
  'out-of-memory',
  'memory-leak',
  'dependency-refused',
  'dns',
  'tls-certificate',
  'auth-secret',
  'pool-exhaustion',
  'timeout-latency',
  'disk-full',
  'file-descriptor-limit',
  'bad-config',
  'schema-migration',
  'code-error',
  'rate-limit',
  'external-api-down',
  'deadlock-stall',
  'cpu-saturation',
  'traffic-spike',
  'queue-backlog',
  'clock-skew',
  'host-network',
]);
export type FaultClass = z.infer<typeof FaultClass>;

/** `code`: a commit is guilty. `none`: nothing is wrong (the alert is not confirmed). */
export const CauseKind = z.enum(['code', 'config', 'dependency', 'infrastructure', 'none']);
export type CauseKind = z.infer<typeof CauseKind>;
